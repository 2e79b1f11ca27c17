"""Money that waited on one account belongs to another: the folds, and the decision that says so."""

from __future__ import annotations

from functools import partial

import pytest

from server.services.decisions import DecisionCommand, decide
from server.services.office import Office
from server.services.verify import verify
from server.services.visits import assign_visit
from sync.journal import Entry
from sync.operations.money import PaymentMoved
from sync.receipt import read_receipt
from sync.reconcile.ledger import balances, imbalances
from tests.office.conftest import SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import refused, write
from tests.office.phone import Phone as OfficePhone
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World, account_of, found, receipt_of, same_in_any_order

__all__ = ["key_folder", "office", "tiny"]


def walk_up(world: World, phone: Phone) -> Entry:
    """200.00 for account A1 at no visit of it, while A2 owes 1,000.00 as well."""
    world.account("A2")
    phone.check()
    payment = phone.collect(20_000, visit="")
    phone.sync()
    return payment


def move(world: World, payment: Entry, to: str = "A2", *, rule: str = "PAY-UNKNOWN", second: str = "") -> Entry:
    """A supervisor moves it."""
    body = PaymentMoved(
        payment=payment.hash,
        series=read_receipt(receipt_of(payment)).body.series,
        from_account="A1",
        to_account=to,
        rule=rule,
        second=second,
    )
    return world.office(body, role="supervisor", user="ms-li")


def test_a_moved_payment_reduces_the_other_debt_and_waits_nowhere(world: World, phone: Phone) -> None:
    """Nothing is left on the first account, and nothing in passing."""
    payment = walk_up(world, phone)
    assert found(world.replay(), "PAY-UNKNOWN") is not None
    move(world, payment)
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings)["debt:A2"] == {"CNY": -20_000}
    assert account_of(result, "A2")["debt_left"] == 80_000
    assert (account_of(result)["collected"], result.outcomes["account:A1"].state["moved_minor"]) == (0, 20_000)
    assert imbalances(result.postings) == []
    assert [item["amount_minor"] for item in result.outcomes["account:A2"].state["unremitted"]] == [20_000]


def test_the_last_move_counts_and_back_is_back(world: World, phone: Phone) -> None:
    """On to a third account, or back to where it waited."""
    payment = walk_up(world, phone)
    world.account("A3")
    move(world, payment)
    move(world, payment, "A3")
    assert account_of(same_in_any_order(world), "A3")["debt_left"] == 80_000
    assert account_of(world.replay(), "A2")["debt_left"] == 100_000
    move(world, payment, "A1")
    result = same_in_any_order(world)
    assert account_of(result, "A3")["debt_left"] == 100_000
    assert account_of(result)["suspense"] == 20_000


def test_a_void_of_a_moved_payment_gives_the_debt_back(world: World, phone: Phone) -> None:
    """Whichever comes last, the other account hears of the void."""
    payment = walk_up(world, phone)
    phone.void(payment)
    move(world, payment)
    phone.sync()
    world.confirm_void(payment)
    result = same_in_any_order(world)
    assert account_of(result, "A2")["debt_left"] == 100_000
    assert balances(result.postings) == {}


def test_to_an_account_that_nobody_knows_it_waits_there(world: World, phone: Phone) -> None:
    """It is suspense until a statement comes."""
    payment = walk_up(world, phone)
    move(world, payment, "A9")
    assert balances(same_in_any_order(world).postings)["suspense:A9"] == {"CNY": -20_000}
    world.account("A9")
    assert account_of(same_in_any_order(world), "A9")["debt_left"] == 80_000


def test_after_an_alarm_one_person_alone_moves_nothing(world: World, phone: Phone) -> None:
    """Nor does somebody without the role."""
    payment = walk_up(world, phone)
    move(world, payment, rule="PAY-WRITTEN-OFF")
    move(world, payment, rule="PAY-WRITTEN-OFF", second="ms-li")
    world.office(move(World(), payment).operation.body, role="cashier")
    assert account_of(same_in_any_order(world))["suspense"] == 20_000
    move(world, payment, rule="PAY-WRITTEN-OFF", second="ms-gao")
    assert account_of(same_in_any_order(world), "A2")["debt_left"] == 80_000


@pytest.fixture
def waiting(tiny: Office) -> Office:
    """AC00001 got 50.00 at a visit that was planned for another account."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", "AG-YC-1"))
    phone = OfficePhone(tiny, "AG-YC-1")
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V9", "AC00001", "CU00001", 5_000)
    reconcile(tiny)
    return tiny


def command(office: Office, account: str) -> DecisionCommand:
    """The decision to move what waits."""
    with office.store.read() as reader:
        (item,) = reader.discrepancies(rule="PAY-UNKNOWN")
    return DecisionCommand(rule=item.rule, subject=item.subject, ground=item.ground, outcome="move", account=account)


def test_a_decision_moves_the_money_at_once(waiting: Office) -> None:
    """The decision and the moves are one work; the discrepancy is gone, and a replay finds the same books."""
    for account, code in (("AC99999", "NOT-FOUND"), ("", "NOT-FOUND"), ("AC00001", "ARGUMENT-WRONG")):
        wrong = command(waiting, account)
        with refused(code):
            write(waiting, partial(decide, person=SUPERVISOR, command=wrong))
    with waiting.store.read() as reader:
        before = (reader.aggregate("account:AC00002") or {})["debt_left_minor"]
    chosen = command(waiting, "AC00002")
    write(waiting, lambda w: decide(w, SUPERVISOR, chosen))
    reconcile(waiting)
    with waiting.store.read() as reader:
        assert reader.discrepancies(rule="PAY-UNKNOWN") == []
        assert (reader.aggregate("account:AC00002") or {})["debt_left_minor"] == before - 5_000
        assert verify(reader, from_closing=True).sound
