"""Rules about an account: too much, twice, unknown."""

from __future__ import annotations

from sync.operations.office import ExternalPaymentRecorded
from sync.reconcile.ledger import balances, imbalances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import START_MS, World, account_of, found, same_in_any_order, sentences


def external(world: World, amount_minor: int, *, id_: str = "E1", paid_ms: int | None = None) -> None:
    """The creditor reports a payment made elsewhere."""
    paid = START_MS + 1 if paid_ms is None else paid_ms
    world.office(
        ExternalPaymentRecorded(
            external=id_, account="A1", amount_minor=amount_minor, currency="CNY", paid_ms=paid, channel="online"
        )
    )


def test_a_payment_within_the_payoff_reduces_the_debt_and_raises_nothing(world: World, phone: Phone) -> None:
    """The plain case: cash with the agent, debt down, nothing to decide."""
    phone.check()
    phone.collect(30_000)
    phone.sync()
    result = same_in_any_order(world)
    assert balances(result.postings) == {"agent_cash:agent-1": {"CNY": 30_000}, "debt:A1": {"CNY": -30_000}}
    assert result.discrepancies == []
    assert account_of(result)["debt_left"] == 70_000


def test_pay_over_leaves_the_debt_at_zero_and_the_rest_as_credit(world: World, phone: Phone) -> None:
    """The customer paid online before the agent came, and the agent took the whole payoff."""
    phone.check()
    phone.collect(100_000)
    phone.sync()
    external(world, 40_000)
    result = same_in_any_order(world)
    over = found(result, "PAY-OVER")
    assert over is not None
    assert (over.subject, over.severity, over.open, over.agent) == ("account:A1", "review", True, "")
    english, chinese = sentences(over)
    assert "400.00 CNY" in english
    assert "400.00 CNY" in chinese
    assert account_of(result) == {
        "payoff": 100_000,
        "external": 40_000,
        "collected": 100_000,
        "debt_left": 0,
        "credit": 40_000,
        "suspense": 0,
    }
    assert balances(result.postings)["credit:A1"] == {"CNY": -40_000}
    assert imbalances(result.postings) == []


def test_pay_over_does_not_fire_at_the_payoff_to_the_cent(world: World, phone: Phone) -> None:
    """Payments that reach the payoff exactly are no excess, and one cent more is."""
    phone.check()
    phone.collect(60_000)
    phone.sync()
    external(world, 40_000)
    assert found(world.replay(), "PAY-OVER") is None
    phone.collect(1)
    phone.sync()
    over = found(world.replay(), "PAY-OVER")
    assert over is not None
    assert over.values["over_minor"] == 1


def test_an_import_absorbs_external_payments_up_to_its_as_of_in_any_order(world: World, phone: Phone) -> None:
    """The latest as-of wins even when it was journaled before an older one; what it knew is not counted again."""
    external(world, 40_000, paid_ms=START_MS + 10)
    world.account(payoff_minor=60_000, as_of_ms=START_MS + 10)
    world.account(payoff_minor=99_000, as_of_ms=START_MS + 5)
    phone.check()
    phone.collect(60_000)
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "PAY-OVER") is None
    assert account_of(result)["debt_left"] == 0
    assert account_of(result)["external"] == 0


def test_an_external_payment_delivered_twice_counts_once(world: World) -> None:
    """The creditor's id of a payment names it once, however often a file lists it."""
    external(world, 40_000)
    external(world, 40_000)
    result = same_in_any_order(world)
    assert account_of(result)["debt_left"] == 60_000
    assert balances(result.postings)["external:A1"] == {"CNY": 40_000}


def test_pay_twice_fires_for_two_equal_payments_possibly_close(world: World, phone: Phone) -> None:
    """Two agents take the same amount within a quarter of an hour; both stand."""
    other = world.phone("agent-2")
    for one in (phone, other):
        one.check()
        one.collect(20_000)
    phone.sync()
    other.sync()
    result = same_in_any_order(world)
    twice = found(result, "PAY-TWICE")
    assert twice is not None
    assert twice.severity == "review"
    assert len(twice.operations) == 2
    assert "200.00 CNY" in sentences(twice)[0]
    assert balances(result.postings)["debt:A1"] == {"CNY": -40_000}


def test_pay_twice_does_not_fire_when_the_payments_were_certainly_far_apart(world: World, phone: Phone) -> None:
    """Signed times and the monotonic clock of one boot put them an hour apart."""
    phone.check()
    phone.collect(20_000)
    phone.sync()
    world.tick(60)
    phone.collect(20_000)
    phone.sync()
    assert found(same_in_any_order(world), "PAY-TWICE") is None


def test_pay_twice_does_not_fire_for_other_amounts_or_for_one_that_was_voided(world: World, phone: Phone) -> None:
    """A payment that was taken back with the customer's confirmation is not a second one."""
    phone.check()
    first = phone.collect(20_000)
    phone.void(first)
    phone.collect(20_000)
    phone.collect(20_001)
    phone.sync()
    world.confirm_void(first)
    assert found(same_in_any_order(world), "PAY-TWICE") is None


def test_pay_twice_states_every_pair(world: World, phone: Phone) -> None:
    """A second pair with another amount changes the ground, so that a decision about the first does not hide it."""
    phone.check()
    for amount in (20_000, 20_000):
        phone.collect(amount)
    phone.sync()
    first = found(world.replay(), "PAY-TWICE")
    assert first is not None
    world.decide(first, "accept")
    decided = found(world.replay(), "PAY-TWICE")
    assert decided is not None
    assert not decided.open
    for amount in (500, 500):
        phone.collect(amount)
    phone.sync()
    both = found(same_in_any_order(world), "PAY-TWICE")
    assert both is not None
    assert both.open
    assert len(both.operations) == 4
    assert both.decision is not None
    assert not both.decision.current


def test_pay_unknown_waits_in_suspense(world: World, phone: Phone) -> None:
    """A payment for an account that the office does not know rests in suspense; the cash is with the agent."""
    phone.collect(5_000, visit="", account="A9")
    phone.sync()
    result = same_in_any_order(world)
    unknown = found(result, "PAY-UNKNOWN")
    assert unknown is not None
    assert (unknown.subject, unknown.severity) == ("account:A9", "review")
    english, chinese = sentences(unknown)
    assert "no such account" in english
    assert "没有该账户" in chinese
    assert balances(result.postings) == {"agent_cash:agent-1": {"CNY": 5_000}, "suspense:A9": {"CNY": -5_000}}
    assert found(result, "PAY-UNIDENTIFIED") is None


def test_pay_unknown_names_the_sum_of_each_currency(world: World, phone: Phone) -> None:
    """Yuan and dollars are never added up."""
    phone.collect(5_000, visit="", account="A9")
    phone.collect(700, visit="", account="A9", currency="USD")
    phone.sync()
    unknown = found(same_in_any_order(world), "PAY-UNKNOWN")
    assert unknown is not None
    assert unknown.values["amount"] == "50.00 CNY, 7.00 USD"


def test_pay_unknown_does_not_fire_once_the_import_and_the_plan_arrive(world: World, phone: Phone) -> None:
    """The money leaves suspense by itself when the office learns of the account and the visit."""
    phone.check("V9", account="A9")
    phone.collect(5_000, visit="V9", account="A9")
    phone.sync()
    world.account("A9", 5_000)
    waiting = found(world.replay(), "PAY-UNKNOWN")
    assert waiting is not None
    assert "no such visit" in sentences(waiting)[0]
    world.visit("V9", "A9")
    result = same_in_any_order(world)
    assert found(result, "PAY-UNKNOWN") is None
    assert balances(result.postings) == {"agent_cash:agent-1": {"CNY": 5_000}, "debt:A9": {"CNY": -5_000}}


def test_pay_unknown_waits_for_another_currency_even_if_accepted(world: World, phone: Phone) -> None:
    """An account in yuan cannot take dollars, whoever accepts them."""
    phone.check()
    phone.collect(700, currency="USD")
    phone.sync()
    unknown = found(world.replay(), "PAY-UNKNOWN")
    assert unknown is not None
    assert "another currency" in sentences(unknown)[0]
    world.decide(unknown, "accept")
    result = same_in_any_order(world)
    assert balances(result.postings)["suspense:A1"] == {"USD": -700}


def test_accepting_a_walk_up_allocates_it_and_the_next_one_asks_again(world: World, phone: Phone) -> None:
    """A decision covers the payments that it was made on, never those that come later."""
    phone.collect(5_000, visit="")
    phone.sync()
    first = found(world.replay(), "PAY-UNKNOWN")
    assert first is not None
    world.decide(first, "accept")
    accepted = world.replay()
    known = found(accepted, "PAY-UNKNOWN")
    assert known is not None
    assert not known.open
    assert account_of(accepted)["debt_left"] == 95_000
    phone.collect(7_000, visit="")
    phone.sync()
    result = same_in_any_order(world)
    again = found(result, "PAY-UNKNOWN")
    assert again is not None
    assert again.open
    assert account_of(result)["suspense"] == 12_000
    assert imbalances(result.postings) == []


def test_the_earlier_of_two_decisions_on_a_walk_up_holds(world: World, phone: Phone) -> None:
    """Two supervisors decide differently on one ground: the first in canonical order holds, with DECISION-CLASH."""
    phone.collect(5_000, visit="")
    phone.sync()
    unknown = found(world.replay(), "PAY-UNKNOWN")
    assert unknown is not None
    world.decide(unknown, "refund", user="ms-li")
    world.decide(unknown, "accept", user="mr-wu")
    result = same_in_any_order(world)
    assert account_of(result)["suspense"] == 5_000
    clash = found(result, "DECISION-CLASH")
    assert clash is not None
    assert "PAY-UNKNOWN" in sentences(clash)[1]
