"""Refunds: the folds, and the office's commands."""

from __future__ import annotations

from typing import Literal

import pytest

from server.ports import Writer
from server.services.cash import count_cash
from server.services.decisions import DecisionCommand, decide
from server.services.money.deposits import deposit_branch_cash
from server.services.money.refunds import authorise_refund, list_refunds, pay_refund
from server.services.office import Office, Person
from server.services.verify import verify
from server.services.visits import assign_visit
from sync.journal import Entry
from sync.operations.field import CashHandedOver
from sync.operations.money import RefundAuthorised, RefundPaid
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.ledger import balances
from sync.reconcile.refunds import NEED_TWO
from tests.office.conftest import CASHIER, SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, refused, write
from tests.office.phone import Phone as OfficePhone
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY as WORLD_DAY
from tests.reconcile.worlds import START_MS, World, account_of, found, same_in_any_order

__all__ = ["key_folder", "office", "tiny"]

OTHER = Person(user="zhou", roles=("supervisor", "cashier"))
ONE = "AG-YC-1"


# -- the folds
def authorise(
    world: World,
    decision: Entry,
    amount_minor: int,
    source: Literal["credit", "suspense"] = "credit",
    name: str = "A1.R1",
    second: str = "",
) -> Entry:
    """A refund is authorised."""
    body = RefundAuthorised(
        refund=name, account="A1", amount_minor=amount_minor, currency="CNY", source=source,
        decision=decision.hash, second=second,
    )  # fmt: skip
    return world.office(body, role="supervisor", user="ms-li")


def pay_out(
    world: World, amount_minor: int, *, user: str = "mr-chen", provider: str = "", name: str = "A1.R1"
) -> Entry:
    """It is paid out."""
    body = RefundPaid(
        refund=name,
        account="A1",
        amount_minor=amount_minor,
        currency="CNY",
        branch="B1",
        service_day=WORLD_DAY,
        provider=provider,
    )
    return world.office(body, role="cashier", user=user)


def too_much(world: World, phone: Phone) -> Entry:
    """1,300.00 on a debt of 1,000.00, decided to be refunded; the decision."""
    phone.check()
    phone.collect(130_000)
    phone.sync()
    item = found(world.replay(), "PAY-OVER")
    assert item is not None
    return world.decide(item, "refund")


def test_an_authorised_refund_is_promised_and_a_paid_one_is_gone(world: World, phone: Phone) -> None:
    """Credit becomes a refund that is due, and nothing at all once it left the branch; the decision stays current."""
    decision = too_much(world, phone)
    authorise(world, decision, 30_000)
    result = same_in_any_order(world)
    assert balances(result.postings)["refund:A1"] == {"CNY": -30_000}
    assert account_of(result)["credit"] == 0
    item = found(result, "PAY-OVER")
    assert item is not None
    assert not item.open
    pay_out(world, 30_000)
    result = same_in_any_order(world)
    held = balances(result.postings)
    assert (held.get("refund:A1"), held["branch_cash:B1"]) == (None, {"CNY": -30_000})
    assert result.outcomes["account:A1"].state["refunds"][0]["status"] == "paid"


def test_a_refund_reduces_no_later_debt(world: World, phone: Phone) -> None:
    """The creditor states a larger debt afterwards: what went back to the customer pays none of it."""
    decision = too_much(world, phone)
    authorise(world, decision, 30_000)
    pay_out(world, 30_000)
    world.account(payoff_minor=500_000, as_of_ms=START_MS + 1)
    assert account_of(same_in_any_order(world))["debt_left"] == 400_000


def test_a_refund_of_what_waits_empties_suspense(world: World, phone: Phone) -> None:
    """A walk-up's money goes back, in part; the rest goes on waiting, and another payment keeps its place."""
    phone.check()
    phone.collect(40_000)
    phone.collect(20_000, visit="")
    phone.sync()
    item = found(world.replay(), "PAY-UNKNOWN")
    assert item is not None
    decision = world.decide(item, "refund")
    authorise(world, decision, 15_000, "suspense")
    pay_out(world, 15_000, provider="alipay")
    result = same_in_any_order(world)
    held = balances(result.postings)
    assert (held["suspense:A1"], held["bank:alipay"]) == ({"CNY": -5_000}, {"CNY": -15_000})
    assert account_of(result)["debt_left"] == 60_000


def test_what_was_not_decided_or_not_by_two_hands_pays_nothing(world: World, phone: Phone) -> None:
    """Another outcome, the same person, another amount, a name never authorised, a second payment: none counts."""
    decision = too_much(world, phone)
    authorise(world, decision, 10_000)
    for amount, user, name in ((10_000, "ms-li", "A1.R1"), (9_999, "mr-chen", "A1.R1"), (10_000, "mr-chen", "A1.R9")):
        pay_out(world, amount, user=user, name=name)
    result = same_in_any_order(world)
    assert [refund["status"] for refund in result.outcomes["account:A1"].state["refunds"]] == ["authorised"]
    assert "branch_cash:B1" not in balances(result.postings)
    pay_out(world, 10_000)
    pay_out(world, 10_000, user="mr-wu")
    assert balances(same_in_any_order(world).postings)["branch_cash:B1"] == {"CNY": -10_000}
    world.office(
        RefundAuthorised(
            refund="A1.R2", account="A1", amount_minor=5_000, currency="CNY", source="credit", decision="0" * 64
        ),
        role="supervisor",
    )
    assert len(same_in_any_order(world).outcomes["account:A1"].state["refunds"]) == 1


def test_a_payment_voided_after_its_refund_leaves_the_customer_owing(world: World, phone: Phone) -> None:
    """More was paid out than stands of the payments: the place shows what the customer owes back."""
    phone.check()
    payment = phone.collect(130_000)
    phone.sync()
    item = found(world.replay(), "PAY-OVER")
    assert item is not None
    authorise(world, world.decide(item, "refund"), 30_000)
    pay_out(world, 30_000)
    phone.void(payment)
    phone.sync()
    world.confirm_void(payment)
    assert balances(same_in_any_order(world).postings)["refund:A1"] == {"CNY": 30_000}


def test_after_an_alarm_about_money_one_person_alone_refunds_nothing(world: World, phone: Phone) -> None:
    """A written-off account: decision and authorisation each need a second person."""
    world.account(as_of_ms=START_MS - 1, status="written_off")
    world.account(as_of_ms=START_MS + 1, status="written_off")
    phone.check()
    phone.collect(20_000)
    phone.sync()
    item = found(world.replay(), "PAY-WRITTEN-OFF")
    assert item is not None
    assert CATALOGUE["PAY-WRITTEN-OFF"].two_persons == ("PAY-WRITTEN-OFF" in NEED_TWO)
    alone, both = world.decide(item, "refund"), world.decide(item, "refund", second="ms-gao")
    for number, (decision, second) in enumerate(((alone, "ms-gao"), (both, ""), (both, "ms-li"), (both, "ms-gao"))):
        authorise(world, decision, 20_000, "suspense", name=f"A1.R{number}", second=second)
    refunds = same_in_any_order(world).outcomes["account:A1"].state["refunds"]
    assert [refund["refund"] for refund in refunds] == ["A1.R3"]


# -- the commands
@pytest.fixture
def paid(tiny: Office) -> Office:
    """AC00001's payoff and 50.00 more in cash, handed over and counted; decided: refund 50.00."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    with tiny.store.read() as reader:
        state = reader.aggregate("account:AC00001")
    assert state is not None
    phone = OfficePhone(tiny, ONE)
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V1", "AC00001", "CU00001", state["debt_left_minor"] + 5_000)
    phone.write(CashHandedOver(amount_minor=state["debt_left_minor"] + 5_000, currency="CNY"))
    reconcile(tiny)
    write(tiny, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=state["debt_left_minor"] + 5_000))
    reconcile(tiny)
    write(tiny, lambda w: decide(w, OTHER, refund_of(w, 5_000)))
    reconcile(tiny)
    return tiny


def refund_of(writer: Writer, amount_minor: int) -> DecisionCommand:
    """The decision to refund what was too much."""
    (item,) = writer.discrepancies(rule="PAY-OVER", subject="account:AC00001")
    return DecisionCommand(
        rule=item.rule, subject=item.subject, ground=item.ground, outcome="refund", amount_minor=amount_minor
    )


def test_a_refund_from_decision_to_cash(paid: Office) -> None:
    """Authorised by one, paid by another, out of counted cash; a replay of the journals finds the same books."""
    made = write(paid, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-OVER"))
    assert (made.refund, made.amount_minor, made.status) == ("AC00001.R1", 5_000, "authorised")
    reconcile(paid)
    done = pay_refund(paid.store, CASHIER, made.refund, "YC", DAY, slip="9")
    assert (done.status, done.paid_by, done.paid_from) == ("paid", CASHIER.user, "branch_cash:YC")
    reconcile(paid)
    with paid.store.read() as reader:
        assert [line.status for line in list_refunds(reader, "AC00001")] == ["paid"]
        assert list_refunds(reader, "AC00002") == []
        held = balances(reader.postings())
        assert verify(reader).sound
    assert "refund:AC00001" not in held
    assert "credit:AC00001" not in held


def test_never_more_than_is_decided_or_there(paid: Office) -> None:
    """Amounts beyond the decision, twice the same, from an empty bank, after the cash went to the bank: refused."""
    with refused("STATE-FORBIDS", "50.01", "50.00"):
        write(paid, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-OVER", amount_minor=5_001))
    made = write(paid, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-OVER", amount_minor=3_000))
    with refused("STATE-FORBIDS", "30.00", "20.00"):
        write(paid, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-OVER", amount_minor=3_000))
    reconcile(paid)
    with refused("STATE-FORBIDS", "bank:alipay", "0.00"):
        pay_refund(paid.store, CASHIER, made.refund, "YC", DAY, provider="alipay")
    with paid.store.read() as reader:
        cash = balances(reader.postings())["branch_cash:YC"]["CNY"]
    write(paid, lambda w: deposit_branch_cash(w, CASHIER, "YC", DAY, cash - 1_000, "CNY", "1"))
    reconcile(paid)
    with refused("STATE-FORBIDS", "branch_cash:YC has 10.00"):
        pay_refund(paid.store, CASHIER, made.refund, "YC", DAY)


def test_two_hands_and_the_right_roles(paid: Office) -> None:
    """Who authorised does not pay, a cashier does not authorise, and nothing is paid twice or on a wrong name."""
    with refused("ROLE-MISSING", "supervisor"):
        write(paid, lambda w: authorise_refund(w, CASHIER, "AC00001", "PAY-OVER"))
    with refused("NOT-FOUND", "PAY-TWICE"):
        write(paid, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-TWICE"))
    made = write(paid, lambda w: authorise_refund(w, OTHER, "AC00001", "PAY-OVER"))
    reconcile(paid)
    with refused("STATE-FORBIDS", "authorised before"):
        write(paid, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-OVER"))
    with refused("OWN-RECORD", "zhou"):
        pay_refund(paid.store, OTHER, made.refund, "YC", DAY)
    with refused("NOT-FOUND", "R7"):
        pay_refund(paid.store, CASHIER, "AC00001.R7", "YC", DAY)
    with refused("NOT-FOUND", "XX"):
        pay_refund(paid.store, CASHIER, made.refund, "XX", DAY)
    with refused("ARGUMENT-WRONG", "deposit"):
        pay_refund(paid.store, CASHIER, made.refund, "YC", DAY, provider="deposit")
    with refused("STATE-STALE"):
        pay_refund(paid.store, CASHIER, made.refund, "YC", DAY, basis="0" * 64)
    pay_refund(paid.store, CASHIER, made.refund, "YC", DAY)
    reconcile(paid)
    with refused("STATE-FORBIDS", "before"):
        pay_refund(paid.store, CASHIER, made.refund, "YC", DAY)
