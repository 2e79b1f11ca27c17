"""Cash that passes between agents: one id, two reports, each leg once."""

from __future__ import annotations

import pytest

from sync.operations.field import CashTransferred
from sync.reconcile.ledger import balances, imbalances
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, World, found, same_in_any_order, sentences


def transfer(amount_minor: int = 20_000, giver: str = "agent-1", taker: str = "agent-2") -> CashTransferred:
    """The report of a transfer T1."""
    return CashTransferred(transfer="T1", from_agent=giver, to_agent=taker, amount_minor=amount_minor, currency="CNY")


def open_in(result: Replay, agent: str, day: str = DAY) -> list[str]:
    """Transfers that keep a drawer open."""
    ids: list[str] = result.outcomes[f"drawer:{agent}/{day}"].state["transfers_open"]
    return ids


def equation_of(result: Replay, agent: str, day: str = DAY) -> dict[str, int]:
    """The first equation of a drawer."""
    found: dict[str, int] = result.outcomes[f"drawer:{agent}/{day}"].state["equations"][0]
    return found


def test_a_transfer_that_both_report_is_posted_once_on_each_side(world: World, phone: Phone, other: Phone) -> None:
    """Giver and taker journal the same id: nothing stays on the way, nothing is disputed, both drawers can close."""
    phone.check()
    phone.collect(30_000)
    phone.write(transfer())
    phone.write(transfer())
    other.write(transfer())
    other.write(transfer())
    phone.end_day(10_000)
    other.end_day(20_000)
    for one in (phone, other):
        one.sync()
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings) == {
        "agent_cash:agent-1": {"CNY": 10_000},
        "agent_cash:agent-2": {"CNY": 20_000},
        "debt:A1": {"CNY": -30_000},
    }
    assert result.outcomes["transfer:T1"].state["complete"] is True
    assert (open_in(result, "agent-1"), open_in(result, "agent-2")) == ([], [])


@pytest.mark.parametrize("side", [0, 1])
def test_a_transfer_that_one_side_reports_is_shown_and_keeps_that_drawer_open(world: World, side: int) -> None:
    """The cash is on the way; only the drawer that reported is concerned."""
    world.phones[side].write(transfer())
    for one in world.phones:
        one.end_day(0)
        one.sync()
    result = same_in_any_order(world)
    half = found(result, "CASH-TRANSFER")
    assert half is not None
    assert (half.severity, half.subject, half.agent) == ("review", "transfer:T1", "")
    assert f"agent-{side + 1} alone" in sentences(half)[0]
    assert open_in(result, f"agent-{side + 1}") == ["T1"]
    assert open_in(result, f"agent-{2 - side}") == []
    assert balances(result.postings)["in_transfer:T1"] == {"CNY": -20_000 if side else 20_000}


def test_two_reports_with_different_amounts_leave_the_difference_on_the_way(
    world: World, phone: Phone, other: Phone
) -> None:
    """Each agent's own report counts for their own drawer; nobody's is overruled."""
    phone.write(transfer(20_000))
    other.write(transfer(15_000))
    for one in (phone, other):
        one.sync()
    result = same_in_any_order(world)
    assert imbalances(result.postings) == []
    assert balances(result.postings)["in_transfer:T1"] == {"CNY": 5_000}
    differs = found(result, "CASH-TRANSFER")
    assert differs is not None
    assert "reported differently" in sentences(differs)[0]
    assert equation_of(result, "agent-1")["transferred_out"] == 20_000
    assert equation_of(result, "agent-2")["transferred_in"] == 15_000


def test_the_same_id_reported_again_on_another_day_counts_in_the_first_drawer_alone(
    world: World, phone: Phone, other: Phone
) -> None:
    """A phone that repeats itself on the next day takes nothing out of that day's drawer."""
    phone.write(transfer())
    phone.day = NEXT_DAY
    phone.write(transfer())
    other.write(transfer())
    for one in (phone, other):
        one.sync()
    result = same_in_any_order(world)
    assert equation_of(result, "agent-1")["transferred_out"] == 20_000
    assert equation_of(result, "agent-1", NEXT_DAY)["transferred_out"] == 0
    assert found(result, "CASH-TRANSFER") is None


def test_a_transfer_that_a_third_agent_claims_is_disputed(world: World, phone: Phone) -> None:
    """A transfer between others is held; one from an agent to the same agent is malformed."""
    strange = phone.write(transfer(giver="agent-2", taker="agent-3"))
    own = phone.write(transfer(giver="agent-1", taker="agent-1"))
    phone.sync()
    result = same_in_any_order(world)
    assert result.held == {strange.hash: "AUTHOR-NOT-ALLOWED", own.hash: "OPERATION-MALFORMED"}
    assert result.postings == []
