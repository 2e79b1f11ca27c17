"""The rule about cash in hand."""

from __future__ import annotations

from sync.operations.field import CashDeposited, CashHandedOver
from sync.reconcile.ledger import imbalances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, World, found, same_in_any_order, sentences


def limited(limit_minor: int = 50_000, *, float_minor: int = 0, carried_minor: int = 0) -> tuple[World, Phone]:
    """A world whose agent may hold so much."""
    world = World()
    phone = world.phone()
    world.account(payoff_minor=1_000_000)
    world.visit()
    world.issue_pack(cash_limit_minor=limit_minor, float_minor=float_minor, carried_minor=carried_minor)
    phone.check()
    return world, phone


def test_limit_fires_when_cash_in_hand_passes_it() -> None:
    """Float and carried cash count too; every payment stands, nobody is named."""
    world, phone = limited(float_minor=10_000, carried_minor=5_000)
    phone.collect(20_000)
    over = phone.collect(30_000)
    phone.sync()
    result = same_in_any_order(world)
    limit = found(result, "PAY-LIMIT")
    assert limit is not None
    assert (limit.subject, limit.severity, limit.agent) == (f"drawer:agent-1/{DAY}", "review", "")
    assert limit.operations == (over.hash,)
    assert "650.00 CNY" in sentences(limit)[0]
    assert "500.00 CNY" in sentences(limit)[1]
    assert result.outcomes["account:A1"].state["debt_left_minor"] == 950_000
    assert imbalances(result.postings) == []


def test_limit_does_not_fire_at_the_limit_or_when_cash_left_in_between() -> None:
    """A deposit, a hand-over and a void on the way make room, by chain order; a wallet payment is no cash."""
    world, phone = limited()
    phone.collect(50_000)
    phone.write(CashDeposited(amount_minor=40_000, currency="CNY", bank="b"))
    phone.collect(40_000)
    phone.write(CashHandedOver(amount_minor=50_000, currency="CNY"))
    wrong = phone.collect(50_000)
    phone.void(wrong)
    phone.collect(50_000)
    phone.collect(90_000, method="alipay")
    phone.sync()
    assert found(same_in_any_order(world), "PAY-LIMIT") is None


def test_what_left_afterwards_does_not_undo_it() -> None:
    """A cent too much is too much, whatever is handed over later."""
    world, phone = limited()
    phone.collect(50_001)
    phone.write(CashHandedOver(amount_minor=50_001, currency="CNY"))
    phone.sync()
    assert found(same_in_any_order(world), "PAY-LIMIT") is not None


def test_a_pack_without_a_limit_limits_nothing() -> None:
    """Packs of older offices say none."""
    world, phone = limited(0)
    phone.collect(900_000)
    phone.sync()
    assert found(same_in_any_order(world), "PAY-LIMIT") is None
