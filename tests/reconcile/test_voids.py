"""Voids: only the customer confirms that money went back, and nobody voids what others rely on already."""

from __future__ import annotations

import pytest

from sync.operations.field import CashHandedOver
from sync.operations.office import VoidConfirmed
from sync.receipt import read_receipt
from sync.reconcile.ledger import balances, imbalances
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, World, found, receipt_of, same_in_any_order, sentences


def cash(result: Replay) -> dict[str, int]:
    """Balances in yuan by place."""
    return {place: amounts["CNY"] for place, amounts in balances(result.postings).items()}


def status_of(result: Replay, phone: Phone, number: int = 1) -> tuple[str, str]:
    """(status, contested) of the payment with a receipt number."""
    (payment,) = result.outcomes[f"payment:{phone.device}/1/{number}"].state["payments"]
    return payment["status"], payment["contested"]


def test_a_void_without_confirmation_is_pending_and_still_credits_the_customer(world: World, phone: Phone) -> None:
    """VOID-UNCONFIRMED: the account keeps the credit; the amount is a line of its own, out of the agent's cash."""
    phone.check()
    phone.void(phone.collect(20_000))
    phone.sync()
    result = same_in_any_order(world)
    void = found(result, "VOID-UNCONFIRMED")
    assert void is not None
    assert (void.severity, void.open, void.branch, void.service_day) == ("review", True, "B1", "2026-11-23")
    english, chinese = sentences(void)
    assert "200.00 CNY" in english
    assert "200.00 CNY" in chinese
    assert cash(result) == {"void_pending:agent-1": 20_000, "debt:A1": -20_000}
    assert status_of(result, phone) == ("void_pending", "")
    assert found(result, "VOID-CONTESTED") is None


def test_a_void_that_the_customer_confirmed_takes_effect_without_a_discrepancy(world: World, phone: Phone) -> None:
    """The void code that only the customer holds is confirmation enough: the debt is back, nobody decides."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    phone.sync()
    world.confirm_void(payment)
    result = same_in_any_order(world)
    assert found(result, "VOID-UNCONFIRMED") is None
    assert cash(result) == {}
    assert status_of(result, phone) == ("voided", "")


@pytest.mark.parametrize(("outcome", "status", "rest"), [("void", "voided", 0), ("accept", "void_refused", 20_000)])
def test_one_person_decides_an_unconfirmed_void(
    world: World, phone: Phone, outcome: str, status: str, rest: int
) -> None:
    """`void` lets it take effect, `accept` lets the payment stand; the discrepancy stays in sight, decided."""
    phone.check()
    phone.void(phone.collect(20_000))
    phone.sync()
    void = found(world.replay(), "VOID-UNCONFIRMED")
    assert void is not None
    world.decide(void, "void" if outcome == "void" else "accept")
    result = same_in_any_order(world)
    assert status_of(result, phone)[0] == status
    assert cash(result).get("debt:A1", 0) == -rest
    assert cash(result).get("agent_cash:agent-1", 0) == rest
    decided = found(result, "VOID-UNCONFIRMED")
    assert decided is not None
    assert not decided.open


@pytest.mark.parametrize("before", [True, False])
def test_a_witness_contests_a_void_whenever_it_came(world: World, phone: Phone, before: bool) -> None:
    """The customer shows the receipt before or after the void: VOID-CONTESTED, an alarm."""
    phone.check()
    payment = phone.collect(20_000)
    if before:
        phone.sync()
        world.witness(payment)
    phone.void(payment)
    phone.sync()
    if not before:
        world.witness(payment)
    result = same_in_any_order(world)
    contested = found(result, "VOID-CONTESTED")
    assert contested is not None
    assert contested.severity == "alarm"
    assert "showed the receipt" in sentences(contested)[0]
    assert status_of(result, phone) == ("void_contested", "witnessed")
    assert cash(result) == {"void_pending:agent-1": 20_000, "debt:A1": -20_000}
    assert found(result, "VOID-UNCONFIRMED") is None


def test_a_witness_does_not_contest_a_void_that_the_customer_confirmed(world: World, phone: Phone) -> None:
    """Scanning the receipt and then confirming the void with the code are both the customer's own doing."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    phone.sync()
    world.witness(payment)
    world.confirm_void(payment)
    result = same_in_any_order(world)
    assert found(result, "VOID-CONTESTED") is None
    assert status_of(result, phone)[0] == "voided"


def test_a_witness_of_another_receipt_does_not_contest_it(world: World, phone: Phone) -> None:
    """Only the very receipt of the payment counts."""
    phone.check()
    first, second = phone.collect(20_000), phone.collect(30_000)
    phone.void(first)
    phone.sync()
    world.witness(second)
    result = same_in_any_order(world)
    assert found(result, "VOID-CONTESTED") is None
    assert status_of(result, phone) == ("void_pending", "")


def test_a_void_after_the_cash_was_handed_over_is_contested_even_if_confirmed(world: World, phone: Phone) -> None:
    """Any void of a payment that left the agent's hands needs two persons."""
    phone.check()
    payment = phone.collect(20_000)
    phone.write(CashHandedOver(amount_minor=20_000, currency="CNY"))
    phone.void(payment)
    phone.sync()
    world.confirm_void(payment)
    result = same_in_any_order(world)
    contested = found(result, "VOID-CONTESTED")
    assert contested is not None
    assert "handed over" in sentences(contested)[0]
    assert status_of(result, phone) == ("void_contested", "handed_over")
    assert imbalances(result.postings) == []


def test_a_void_before_the_hand_over_is_not_contested_by_it(world: World, phone: Phone) -> None:
    """What was taken back first was never handed over; nor does a hand-over concern a wallet payment."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    wallet = phone.collect(7_000, method="wechat")
    phone.write(CashHandedOver(amount_minor=1, currency="CNY"))
    phone.void(wallet)
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "VOID-CONTESTED") is None
    assert status_of(result, phone) == ("void_pending", "")


def test_a_void_of_a_closed_day_is_contested(world: World, phone: Phone) -> None:
    """The closing covers the payment and not the void."""
    phone.check()
    payment = phone.collect(20_000)
    phone.end_day(20_000)
    phone.sync()
    world.close()
    phone.void(payment)
    phone.sync()
    result = same_in_any_order(world)
    contested = found(result, "VOID-CONTESTED")
    assert contested is not None
    assert "closed day" in sentences(contested)[0]
    assert status_of(result, phone) == ("void_contested", "closed")


def test_a_void_that_the_closing_covers_too_is_not_contested_by_it(world: World, phone: Phone) -> None:
    """Payment and void lie under the same heads."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    phone.end_day(0)
    phone.sync()
    world.close()
    result = same_in_any_order(world)
    assert status_of(result, phone) == ("void_pending", "")


def test_a_void_under_another_days_pack_is_contested(world: World, phone: Phone) -> None:
    """The payment belongs to another drawer than the void."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment, pack=f"{NEXT_DAY}/agent-1")
    phone.sync()
    result = same_in_any_order(world)
    contested = found(result, "VOID-CONTESTED")
    assert contested is not None
    assert "another day" in sentences(contested)[0]
    assert status_of(result, phone) == ("void_contested", "other_day")
    assert cash(result) == {"void_pending:agent-1": 20_000, "debt:A1": -20_000}


@pytest.mark.parametrize("second", ["", "ms-li"])
def test_one_person_alone_does_not_decide_a_contested_void(world: World, phone: Phone, second: str) -> None:
    """Without a second name, or with one's own as the second, nothing is decided."""
    contested_void(world, phone)
    contested = found(world.replay(), "VOID-CONTESTED")
    assert contested is not None
    world.decide(contested, "void", second=second)
    result = same_in_any_order(world)
    still = found(result, "VOID-CONTESTED")
    assert still is not None
    assert still.open
    assert status_of(result, phone)[0] == "void_contested"


def test_two_persons_decide_a_contested_void(world: World, phone: Phone) -> None:
    """Then it takes effect on the account and in the drawer alike."""
    contested_void(world, phone)
    contested = found(world.replay(), "VOID-CONTESTED")
    assert contested is not None
    world.decide(contested, "void", second="mr-wu")
    result = same_in_any_order(world)
    decided = found(result, "VOID-CONTESTED")
    assert decided is not None
    assert not decided.open
    assert cash(result) == {}
    assert imbalances(result.postings) == []


def contested_void(world: World, phone: Phone) -> None:
    """A void with a witness of the payment."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    phone.sync()
    world.witness(payment)


def test_a_decided_void_reopens_when_a_witness_appears(world: World, phone: Phone) -> None:
    """A decision about an unconfirmed void does not settle the contested one that it becomes."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    phone.sync()
    void = found(world.replay(), "VOID-UNCONFIRMED")
    assert void is not None
    world.decide(void, "void")
    assert status_of(world.replay(), phone)[0] == "voided"
    world.witness(payment)
    result = same_in_any_order(world)
    contested = found(result, "VOID-CONTESTED")
    assert contested is not None
    assert contested.open
    assert status_of(result, phone)[0] == "void_contested"
    assert cash(result) == {"void_pending:agent-1": 20_000, "debt:A1": -20_000}


def test_a_new_decision_on_the_new_ground_holds_and_the_old_one_does_not(world: World, phone: Phone) -> None:
    """After a second void the matter is open again, and what is decided then counts, not what was decided first."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment)
    phone.sync()
    first = found(world.replay(), "VOID-UNCONFIRMED")
    assert first is not None
    world.decide(first, "accept")
    phone.void(payment)
    phone.sync()
    reopened = found(world.replay(), "VOID-UNCONFIRMED")
    assert reopened is not None
    assert reopened.open
    assert status_of(world.replay(), phone)[0] == "void_pending"
    world.decide(reopened, "void")
    result = same_in_any_order(world)
    assert status_of(result, phone)[0] == "voided"
    assert found(result, "DECISION-CLASH") is None


def test_a_void_by_another_device_is_no_more_than_a_claim(world: World, phone: Phone) -> None:
    """Agent-2 voids what agent-1 took: the payment stands on every side."""
    other = world.phone("agent-2")
    phone.check()
    payment = phone.collect(20_000)
    phone.sync()
    other.void(payment, pack=other.pack)
    other.sync()
    result = same_in_any_order(world)
    assert cash(result) == {"agent_cash:agent-1": 20_000, "debt:A1": -20_000}


def test_a_void_that_misnames_the_receipt_has_no_effect_in_any_fold(world: World, phone: Phone) -> None:
    """It would reach the account's and the drawer's fold but not the payment's, and leave money in passing."""
    phone.check()
    payment = phone.collect(20_000)
    phone.void(payment, voided=f"{phone.device}/1/77")
    phone.sync()
    world.confirm_void(payment)
    result = same_in_any_order(world)
    assert imbalances(result.postings) == []
    assert cash(result) == {"agent_cash:agent-1": 20_000, "debt:A1": -20_000}
    (equation,) = result.outcomes[f"drawer:agent-1/{DAY}"].state["equations"]
    assert (equation["collected"], equation["voided"], equation["void_pending"]) == (20_000, 0, 0)


def test_a_confirmation_that_misnames_the_receipt_confirms_nothing(world: World, phone: Phone) -> None:
    """It names another receipt of the same account: the void stays pending on every side."""
    phone.check()
    payment, other = phone.collect(20_000), phone.collect(5_000)
    phone.void(payment)
    phone.sync()
    series = read_receipt(receipt_of(other)).body.series
    world.office(VoidConfirmed(payment=payment.hash, voided=series, means="void_code"))
    result = same_in_any_order(world)
    assert imbalances(result.postings) == []
    assert status_of(result, phone) == ("void_pending", "")
    assert cash(result)["debt:A1"] == -25_000


def test_decisions_reach_every_fold_when_another_drawer_was_handed_over(world: World, phone: Phone) -> None:
    """Two voided payments of one account on two days: each drawer's hand-over concerns its own payment only."""
    phone.check()
    first = phone.collect(20_000)
    phone.day = NEXT_DAY
    second = phone.collect(30_000)
    phone.write(CashHandedOver(amount_minor=30_000, currency="CNY"))
    phone.void(second)
    phone.void(first)
    phone.sync()
    assert status_of(world.replay(), phone) == ("void_pending", "")
    assert status_of(world.replay(), phone, 2) == ("void_contested", "handed_over")
    pending = found(world.replay(), "VOID-UNCONFIRMED")
    assert pending is not None
    world.decide(pending, "void")
    result = same_in_any_order(world)
    assert imbalances(result.postings) == []
    assert status_of(result, phone)[0] == "voided"
