"""Batches of remittance lines, what comes back of them, and what a statement has absorbed: the folds."""

from __future__ import annotations

from typing import Any

import pytest

from sync.journal import Entry
from sync.operations.money import PaymentRemitted, RejectionReason, RemittanceRejected
from sync.reconcile.ledger import balances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, START_MS, World, account_of, found, same_in_any_order, sentences


def due(world: World) -> list[dict[str, Any]]:
    """What of the account's payments no creditor has."""
    members: list[dict[str, Any]] = world.replay().outcomes["account:A1"].state["unremitted"]
    return members


def reject(world: World, sent: Entry, reason: RejectionReason = "account_closed") -> Entry:
    """The creditor sends a line back."""
    line = sent.operation.body
    assert isinstance(line, PaymentRemitted)
    return world.office(
        RemittanceRejected(
            creditor=line.creditor,
            batch=line.batch,
            line=line.line,
            payment=line.payment,
            series=line.series,
            account=line.account,
            reason=reason,
            day=DAY,
        ),
        role="creditor",
    )


def collect(phone: Phone, amount_minor: int = 30_000) -> Entry:
    """A cash payment that the office has."""
    phone.check()
    entry = phone.collect(amount_minor)
    phone.sync()
    return entry


def test_a_batch_moves_money_from_the_bank_to_the_creditor(world: World, phone: Phone) -> None:
    """The debt stays reduced, nothing is due any more, and header and lines agree."""
    collect(phone)
    (line,) = due(world)
    assert (line["amount_minor"], line["method"], line["why"]) == (30_000, "cash", "")
    world.remit([line])
    result = same_in_any_order(world)
    held = balances(result.postings)
    assert (held["remitted:bank"], held["bank:cash/B1"]) == ({"CNY": 30_000}, {"CNY": -30_000})
    assert held["debt:A1"] == {"CNY": -30_000}
    assert due(world) == []
    batch = result.outcomes["remittance:bank/1"].state
    assert (batch["complete"], batch["lines"], batch["rejected"]) == (True, 1, 0)
    assert result.outcomes["creditor:bank"].state == {"creditor": "bank", "batches": 1, "last": 1}
    payment = next(outcome.state for key, outcome in result.outcomes.items() if key.startswith("payment:"))
    assert payment["payments"][0]["remitted"] == [
        {"creditor": "bank", "batch": 1, "amount_minor": 30_000, "rejected": ""}
    ]


def test_only_what_reduced_the_debt_is_due(world: World, phone: Phone) -> None:
    """What is the customer's credit stays; what waits in suspense or under a void says so."""
    collect(phone, 90_000)
    collect(phone, 30_000)
    assert [(item["amount_minor"], item["why"]) for item in due(world)] == [(90_000, ""), (10_000, "")]
    phone.collect(7_000, visit="")
    voided = phone.collect(3_000)
    phone.void(voided)
    phone.sync()
    assert ("visit", 7_000) in {(item["why"], item["amount_minor"]) for item in due(world)}
    world.account(payoff_minor=500_000, as_of_ms=START_MS + 1)
    assert ("void", 3_000) in {(item["why"], item["amount_minor"]) for item in due(world)}


@pytest.mark.parametrize("reason", ["amount", "reference", "duplicate", "other"])
def test_a_line_that_is_only_sent_back_is_payable_again(world: World, phone: Phone, reason: RejectionReason) -> None:
    """It returns to the bank and may be in the next batch; nobody has to decide."""
    collect(phone)
    _, line = world.remit(due(world))
    reject(world, line, reason)
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert "remitted:bank" not in balances(result.postings)
    assert [(item["amount_minor"], item["why"]) for item in due(world)] == [(30_000, "")]
    world.remit(due(world))
    result = same_in_any_order(world)
    assert balances(result.postings)["remitted:bank"] == {"CNY": 30_000}
    assert due(world) == []
    assert (result.outcomes["remittance:bank/1"].state["rejected_minor"], account_of(result)["debt_left"]) == (
        30_000, 70_000,
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["account_unknown", "account_closed", "recalled"])
def test_a_line_without_an_account_waits_in_suspense_until_somebody_decides(
    world: World, phone: Phone, reason: RejectionReason
) -> None:
    """The debt is back meanwhile; accepted, it is payable again and a second rejection opens it anew."""
    collect(phone)
    _, line = world.remit(due(world))
    reject(world, line, reason)
    result = same_in_any_order(world)
    item = found(result, "REMIT-REJECTED")
    assert item is not None
    assert (item.severity, item.open, item.agent) == ("review", True, "")
    assert "bank did not take 300.00 CNY for account A1" in sentences(item)[0]
    assert balances(result.postings)["suspense:A1"] == {"CNY": -30_000}
    assert account_of(result)["debt_left"] == 100_000
    assert [entry["why"] for entry in due(world)] == ["rejected"]
    world.decide(item, "accept")
    assert account_of(same_in_any_order(world))["debt_left"] == 70_000
    _, second = world.remit(due(world))
    assert due(world) == []
    assert found(same_in_any_order(world), "REMIT-REJECTED") is not None
    reject(world, second, reason)
    item = found(same_in_any_order(world), "REMIT-REJECTED")
    assert item is not None
    assert item.open


def test_a_line_and_a_rejection_count_once_however_often_they_are_stated(world: World, phone: Phone) -> None:
    """A second statement of the same line says nothing new, nor does one of another's role."""
    collect(phone)
    header, line = world.remit(due(world))
    world.office(line.operation.body, role="cashier")
    held = world.office(line.operation.body, role="auditor")
    result = same_in_any_order(world)
    assert result.held == {held.hash: "AUTHOR-NOT-ALLOWED"}
    assert balances(result.postings)["remitted:bank"] == {"CNY": 30_000}
    reject(world, line, "other")
    reject(world, line, "account_closed")
    assert found(same_in_any_order(world), "REMIT-REJECTED") is None
    assert header.head.seq < line.head.seq


def test_a_void_of_what_the_creditor_has_is_contested_even_when_the_customer_confirms(
    world: World, phone: Phone
) -> None:
    """Nobody takes back by phone what was passed on; once the line came back it is an ordinary void again."""
    payment = collect(phone)
    _, line = world.remit(due(world))
    phone.void(payment)
    phone.sync()
    world.confirm_void(payment)
    item = found(same_in_any_order(world), "VOID-CONTESTED")
    assert item is not None
    assert "passed to the creditor" in sentences(item)[0]
    assert (item.severity, item.open) == ("alarm", True)
    assert [entry["why"] for entry in due(world)] == []
    reject(world, line, "other")
    result = same_in_any_order(world)
    assert found(result, "VOID-CONTESTED") is None
    assert account_of(result)["debt_left"] == 100_000


def test_what_the_creditor_has_of_a_payment_that_was_taken_back_is_named(world: World, phone: Phone) -> None:
    """Two persons let the void stand: the creditor has too much, and the account says how much."""
    payment = collect(phone)
    world.remit(due(world))
    phone.void(payment)
    phone.sync()
    item = found(world.replay(), "VOID-CONTESTED")
    assert item is not None
    world.decide(item, "void", second="ms-gao")
    result = same_in_any_order(world)
    assert result.outcomes["account:A1"].state["over_remitted_minor"] == 30_000
    assert account_of(result)["debt_left"] == 100_000


def test_a_late_payment_never_takes_the_place_of_one_that_the_creditor_has(world: World, phone: Phone) -> None:
    """It came first by its own bytes and arrives last: what it is too much is refunded, not what was passed on."""
    late = phone.collect(80_000)
    world.phones[1].check()
    world.phones[1].collect(70_000)
    world.phones[1].sync()
    world.remit(due(world))
    phone.sync()
    assert late.hash
    allocations = {item["amount_minor"] for item in due(world)}
    assert allocations == {30_000}
    assert account_of(same_in_any_order(world))["credit"] == 50_000


def test_a_statement_that_absorbed_a_batch_has_its_lines_in_its_amounts(world: World, phone: Phone) -> None:
    """Absorbed lines reduce nothing more, later batches still do, in whatever order statements arrive."""
    collect(phone, 30_000)
    world.remit(due(world))
    collect(phone, 20_000)
    world.remit(due(world))
    assert account_of(same_in_any_order(world))["debt_left"] == 50_000
    world.account(payoff_minor=70_000, as_of_ms=START_MS + 2, absorbs_through=1)
    world.account(payoff_minor=100_000, as_of_ms=START_MS + 1)
    result = same_in_any_order(world)
    assert account_of(result)["debt_left"] == 50_000
    assert result.outcomes["account:A1"].state["absorbed_minor"] == 30_000
    world.account(payoff_minor=50_000, as_of_ms=START_MS + 3, absorbs_through=2)
    assert account_of(same_in_any_order(world))["debt_left"] == 50_000


def test_a_rejected_line_is_not_absorbed(world: World, phone: Phone) -> None:
    """The statement says that it has batch 1, but not this line of it: the payment reduces the debt by itself."""
    collect(phone, 30_000)
    _, line = world.remit(due(world))
    reject(world, line, "amount")
    world.account(payoff_minor=100_000, as_of_ms=START_MS + 2, absorbs_through=1)
    assert account_of(same_in_any_order(world))["debt_left"] == 70_000
