"""Decisions, blind counts and lost journals: who may, on what ground, and never on one's own."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.services.cash import count_cash
from server.services.decisions import DecisionCommand, decide, find_discrepancy
from server.services.journals_lost import declare_journal_lost
from server.services.listing import list_drawers
from server.services.office import Office, Person
from server.services.visits import assign_visit
from sync.operations.field import CashHandedOver, DayEnded, Denomination, VisitConcluded
from sync.operations.office import CashCounted, DiscrepancyDecided, JournalLost
from tests.office.conftest import ADMIN, CASHIER, COMPLIANCE, SUPERVISOR, reconcile
from tests.office.looking import DAY, bodies, refused, write
from tests.office.phone import Phone

ONE = "AG-YC-1"


@pytest.fixture
def worked(tiny: Office) -> Office:
    """A day with a payment too large, handed over and ended."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    phone = Phone(tiny, ONE)
    phone.collect("V1", "AC00001", "CU00001", 120_000)
    phone.write(VisitConcluded(visit="V1", account="AC00001", customer="CU00001", reason="paid"))
    phone.write(CashHandedOver(amount_minor=120_000, currency="CNY"))
    phone.write(DayEnded(seq=4, receipt_last=1, receipts=1, cash_minor=0, currency="CNY", concluded=1))
    reconcile(tiny)
    return tiny


def _decide(office: Office, rule: str, subject: str, person: Person = SUPERVISOR, **more: Any) -> str:
    with office.store.read() as reader:
        ground = more.pop("ground", None) or find_discrepancy(reader, rule, subject).ground
    command = DecisionCommand(rule=rule, subject=subject, ground=ground, **more)
    return write(office, lambda w: decide(w, person, command))


def test_a_decision_is_journaled_on_its_ground_and_closes_the_discrepancy(worked: Office) -> None:
    """The supervisor decides PAY-OVER; the decision names ground and operations and holds after folding."""
    _decide(worked, "PAY-OVER", "account:AC00001", outcome="refund", amount_minor=20_000, note="paid too much")
    (body,) = bodies(worked, DiscrepancyDecided)
    assert (body.outcome, body.amount_minor, body.note) == ("refund", 20_000, "paid too much")
    reconcile(worked)
    with worked.store.read() as reader:
        found = find_discrepancy(reader, "PAY-OVER", "account:AC00001")
    assert not found.open
    assert found.decision is not None
    assert found.decision.by == "qian"
    with refused("STATE-FORBIDS", "decided by qian"):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="carry")


def test_a_refund_is_capped_by_the_credit_that_is_left(worked: Office) -> None:
    """Nobody authorises more than the customer has in credit, nor nothing at all."""
    for amount in (20_001, 0):
        with refused("STATE-FORBIDS", "20000"):
            _decide(worked, "PAY-OVER", "account:AC00001", outcome="refund", amount_minor=amount)


def test_an_old_ground_an_unknown_outcome_and_an_unknown_subject_are_refused(worked: Office) -> None:
    """A decision rests on the ground that stands now and on what the rule offers."""
    with refused("STATE-STALE", "another ground"):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="carry", ground="0" * 64)
    with refused("ARGUMENT-WRONG", "void"):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="void")
    with refused("NOT-FOUND", "account:AC00009"):
        _decide(worked, "PAY-OVER", "account:AC00009", outcome="carry")
    with refused("STATE-STALE", "account:AC00001"):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="carry", basis="1" * 64)


def test_the_rule_names_who_decides(worked: Office) -> None:
    """An admin, a cashier and a compliance officer do not decide what a supervisor decides."""
    for person in (ADMIN, CASHIER, COMPLIANCE):
        with refused("ROLE-MISSING", "supervisor"):
            _decide(worked, "PAY-OVER", "account:AC00001", person, outcome="carry")


def test_nobody_decides_on_what_they_recorded(worked: Office) -> None:
    """Neither the agent who took the money nor the cashier who counted it decides, alone or as the second."""
    agent = Person(user=ONE, roles=("supervisor",))
    with refused("OWN-RECORD", ONE):
        _decide(worked, "PAY-OVER", "account:AC00001", agent, outcome="carry")
    with refused("OWN-RECORD", ONE):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="carry", second=ONE)
    write(worked, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=119_000))
    reconcile(worked)
    both = Person(user="bai", roles=("cashier", "supervisor"))
    with refused("OWN-RECORD", "bai"):
        _decide(worked, "CASH-VARIANCE", f"drawer:{ONE}/{DAY}", both, outcome="accept")
    _decide(worked, "CASH-VARIANCE", f"drawer:{ONE}/{DAY}", outcome="accept")


def test_alarms_about_money_need_two_persons(worked: Office) -> None:
    """A contested void is decided by two different people."""
    phone = Phone(worked, "AG-YC-2", 2)
    paid = phone.collect("V1", "AC00001", "CU00001", 100)
    phone.write(CashHandedOver(amount_minor=100, currency="CNY"))
    phone.void(paid, phone.series(1))
    reconcile(worked)
    subject = f"payment:{phone.series(1)}"
    for second in ("", "qian"):
        with refused("TWO-PERSONS"):
            _decide(worked, "VOID-CONTESTED", subject, outcome="accept", second=second)
    _decide(worked, "VOID-CONTESTED", subject, outcome="accept", second="sun")
    assert bodies(worked, DiscrepancyDecided)[-1].second == "sun"


def test_what_was_passed_on_is_decided_by_somebody_else_and_passed_on_once(worked: Office) -> None:
    """Escalated it stays open; another supervisor settles it, and then nobody decides again."""
    _decide(worked, "PAY-OVER", "account:AC00001", outcome="escalate")
    reconcile(worked)
    with worked.store.read() as reader:
        assert find_discrepancy(reader, "PAY-OVER", "account:AC00001").open
    with refused("STATE-FORBIDS", "escalate"):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="escalate")
    gao = Person(user="gao", roles=("supervisor",))
    _decide(worked, "PAY-OVER", "account:AC00001", gao, outcome="carry")
    reconcile(worked)
    with worked.store.read() as reader:
        assert not find_discrepancy(reader, "PAY-OVER", "account:AC00001").open
    with refused("STATE-FORBIDS", "gao"):
        _decide(worked, "PAY-OVER", "account:AC00001", outcome="accept")


def test_information_is_nobodys_to_decide(worked: Office) -> None:
    """A discrepancy of severity info has no decision."""
    with worked.store.read() as reader:
        infos = [item for item in reader.discrepancies() if item.severity == "info"]
    for item in infos:
        with refused("STATE-FORBIDS", "nobody decides"):
            _decide(worked, item.rule, item.subject, outcome="accept")
    assert find_rules(worked) >= {"PAY-OVER"}


def find_rules(office: Office) -> set[str]:
    """Rules with a discrepancy."""
    with office.store.read() as reader:
        return {item.rule for item in reader.discrepancies()}


# -- counting


def test_a_count_tells_the_cashier_only_what_they_said(worked: Office) -> None:
    """Neither the answer nor the list of drawers shows what was declared before counting."""
    with worked.store.read() as reader:
        before = list_drawers(reader, CASHIER, "YC", DAY)
        open_eyes = list_drawers(reader, SUPERVISOR, "YC", DAY)
    assert (before[0].blind, before[0].equations) == (True, [])
    assert open_eyes[0].equations[0]["handed_over"] == 120_000
    pieces = (Denomination(10_000, 11), Denomination(5_000, 1))
    counted = write(worked, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", denominations=pieces))
    assert counted.amount_minor == 115_000
    assert b"120000" not in msgspec.json.encode(counted)
    reconcile(worked)
    with worked.store.read() as reader:
        assert not list_drawers(reader, CASHIER, "YC", DAY)[0].blind


def test_a_recount_is_a_compare_and_set(worked: Office) -> None:
    """A second count replaces the first when it names it, and is refused when another came between."""
    with worked.store.read() as reader:
        seen = reader.aggregate_head(f"drawer:{ONE}/{DAY}")
    write(worked, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=1, basis=seen))
    with refused("STATE-STALE", "drawer"):
        write(worked, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=2, basis=seen))
    write(worked, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=2))
    assert [body.amount_minor for body in bodies(worked, CashCounted)] == [1, 2]


def test_counts_that_make_no_sense_are_refused(worked: Office) -> None:
    """Sums must agree, pieces must be cash, drawers must exist, and nobody counts their own."""

    def count(agent: str = ONE, person: Person = CASHIER, **more: Any) -> None:
        write(worked, lambda w: count_cash(w, person, agent, DAY, more.pop("currency", "CNY"), **more))

    with refused("ARGUMENT-WRONG", "make 10000"):
        count(amount_minor=1, denominations=(Denomination(10_000, 1),))
    with refused("ARGUMENT-WRONG", "neither"):
        count()
    with refused("ARGUMENT-WRONG", "not cash"):
        count(denominations=(Denomination(0, 1),))
    with refused("ARGUMENT-WRONG", "not above"):
        count(amount_minor=-1)
    with refused("ARGUMENT-WRONG", "XXX"):
        count(currency="XXX", amount_minor=1)
    with refused("NOT-FOUND", "AG-9"):
        count("AG-9", amount_minor=1)
    with refused("ROLE-MISSING", "cashier"):
        count(person=SUPERVISOR, amount_minor=1)
    with refused("OWN-RECORD", ONE):
        count(person=Person(user=ONE, roles=("cashier",)), amount_minor=1)
    assert bodies(worked, CashCounted) == []


# -- lost journals


def _lose(office: Office, device: str, *, person: Person = SUPERVISOR, **more: Any) -> str:
    given: dict[str, Any] = {
        "epoch": 1,
        "from_seq": 9,
        "to_seq": 0,
        "pack": "",
        "reason": "stolen",
        "second": "sun",
    } | more
    return write(
        office,
        lambda w: declare_journal_lost(
            w, person, device, given["epoch"], given["from_seq"], given["to_seq"], given["pack"], given["reason"],
            given["second"],
        ),
    )  # fmt: skip


def test_two_persons_close_over_a_lost_tail(worked: Office) -> None:
    """The operation names both, the device and the drawer concerned."""
    _lose(worked, f"{1:016x}", pack=f"{DAY}/{ONE}")
    (body,) = bodies(worked, JournalLost)
    assert (body.second, body.from_seq, body.to_seq, body.pack) == ("sun", 9, 0, f"{DAY}/{ONE}")
    reconcile(worked)
    with worked.store.read() as reader:
        state = reader.aggregate(f"drawer:{ONE}/{DAY}")
    assert state is not None
    assert state["lost"]


def test_a_lost_journal_that_makes_no_sense_is_refused(worked: Office) -> None:
    """One person, held numbers, unknown devices and epochs, foreign packs and empty reasons are refused."""
    device = f"{1:016x}"
    for second in ("", "qian"):
        with refused("TWO-PERSONS", "lost journal"):
            _lose(worked, device, second=second)
    with refused("STATE-FORBIDS", "1/4"):
        _lose(worked, device, from_seq=4)
    with refused("STATE-FORBIDS", "is held"):
        _lose(worked, device, from_seq=1, to_seq=1)
    with refused("DEVICE-UNKNOWN", "ffff"):
        _lose(worked, "ffff")
    with refused("NOT-FOUND", "epoch 7"):
        _lose(worked, device, epoch=7)
    with refused("ARGUMENT-WRONG", "stretch"):
        _lose(worked, device, from_seq=9, to_seq=8)
    with refused("ARGUMENT-WRONG", "pack"):
        _lose(worked, device, pack=f"{DAY}/AG-YC-2")
    with refused("ARGUMENT-WRONG", "reason"):
        _lose(worked, device, reason=" ")
    with refused("ROLE-MISSING"):
        _lose(worked, device, person=CASHIER)
    assert bodies(worked, JournalLost) == []
