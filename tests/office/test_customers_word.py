"""Identity checks, voids and receipts: where only the customer's word, seen by the office, counts."""

from __future__ import annotations

import msgspec
import pytest

from server.ports import OfficeWork
from server.services.identity import judge_pending, judge_visits
from server.services.office import SYSTEM, Office, Person
from server.services.unreported import sweep
from server.services.visits import assign_visit
from server.services.voids import confirm_pending_voids, confirm_void, void_code
from sync.journal import Entry
from sync.operations.field import DayEnded, IdentityChecked, NoteTaken, PaymentCollected
from sync.operations.office import IdentityJudged, ReceiptUnreported, ReceiptWitnessed, VoidConfirmed
from tests.office.conftest import CASHIER, SUPERVISOR, reconcile
from tests.office.looking import bodies, refused, write
from tests.office.phone import Phone

ONE = "AG-YC-1"
HOUR_MS = 3_600_000


@pytest.fixture
def phone(tiny: Office) -> Phone:
    """The phone of an agent who has V1 and V3, both with visit codes."""
    for visit in ("V1", "V3"):
        write(tiny, lambda w, v=visit: assign_visit(w, tiny, SUPERVISOR, v, ONE))  # type: ignore[misc]  # bound early
    return Phone(tiny, ONE)


# -- identity


@pytest.mark.parametrize(("answer", "matched"), [("100001", True), ("100002", False)])
def test_a_sealed_answer_is_opened_and_compared(tiny: Office, phone: Phone, answer: str, matched: bool) -> None:
    """The job judges each reconciled check once; only the office's comparison makes it matched."""
    check = phone.check("V1", "AC00001", "CU00001", answer)
    reconcile(tiny)
    assert judge_pending(tiny.store, tiny.keys, 100) == 1
    assert bodies(tiny, IdentityJudged) == [IdentityJudged(visit="V1", check=check.hash, matched=matched)]
    assert judge_pending(tiny.store, tiny.keys, 100) == 0
    reconcile(tiny)
    assert judge_pending(tiny.store, tiny.keys, 100) == 0
    with tiny.store.read() as reader:
        state = reader.aggregate("visit:V1")
    assert state is not None
    assert state["identity"] == ("matched" if matched else "failed")


def test_a_seal_for_another_visit_does_not_open_and_fails(tiny: Office, phone: Phone) -> None:
    """An answer moved from one visit to another counts as a failed comparison."""
    phone.check("V1", "AC00001", "CU00001", "100001", sealed_for="V3")
    reconcile(tiny)
    judge_pending(tiny.store, tiny.keys, 100)
    assert [body.matched for body in bodies(tiny, IdentityJudged)] == [False]


def test_an_answer_that_has_not_arrived_waits(tiny: Office, phone: Phone) -> None:
    """Without its side record a check is judged by nobody; with it, in a later round."""
    entry = phone.check("V1", "AC00001", "CU00001", "100001")
    assert isinstance(entry.operation.body, IdentityChecked)
    late = msgspec.structs.replace(entry.operation.body, sealed="ab" * 32)
    phone.write(late)
    reconcile(tiny)
    assert judge_pending(tiny.store, tiny.keys, 100) == 1
    assert [body.check for body in bodies(tiny, IdentityJudged)] == [entry.hash]


def test_a_visit_without_a_code_is_not_judged(tiny: Office, phone: Phone) -> None:
    """Where the customer has no code there is nothing to compare with."""
    phone.check("V2", "AC00002", "CU00002", "123456")
    reconcile(tiny)
    assert judge_pending(tiny.store, tiny.keys, 100) == 0
    assert write(tiny, lambda w: judge_visits(w, tiny.keys, ["V2"])) == []


def test_the_job_goes_on_where_it_ended(tiny: Office, phone: Phone) -> None:
    """Looking at one visit at a time, every check is judged after a few rounds, each once."""
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.check("V3", "AC00003", "CU00003", "100003")
    reconcile(tiny)
    assert sum(judge_pending(tiny.store, tiny.keys, 1) for _ in range(8)) == 2
    assert all(body.matched for body in bodies(tiny, IdentityJudged))


# -- voids


@pytest.fixture
def voided(tiny: Office, phone: Phone) -> Entry:
    """A payment at V1 that was voided without the customer's word."""
    paid = phone.collect("V1", "AC00001", "CU00001", 5_000)
    phone.void(paid, phone.series(1))
    reconcile(tiny)
    return paid


def test_the_void_code_confirms_once(tiny: Office, phone: Phone, voided: Entry) -> None:
    """The customer's code makes the void effective; at the same visit it works no second time."""
    code = void_code(tiny.keys, "V1")
    write(tiny, lambda w: confirm_void(w, tiny.keys, SUPERVISOR, phone.series(1), "void_code", code=code))
    (body,) = bodies(tiny, VoidConfirmed)
    assert (body.payment, body.means) == (voided.hash, "void_code")
    reconcile(tiny)
    with tiny.store.read() as reader:
        state = reader.aggregate(f"payment:{phone.series(1)}")
    assert state is not None
    assert state["payments"][0]["status"] == "voided"
    again = phone.collect("V1", "AC00001", "CU00001", 6_000)
    phone.void(again, phone.series(3))
    reconcile(tiny)
    with refused("STATE-FORBIDS", "was used"):
        write(tiny, lambda w: confirm_void(w, tiny.keys, SUPERVISOR, phone.series(3), "void_code", code=code))
    write(tiny, lambda w: confirm_void(w, tiny.keys, SUPERVISOR, phone.series(3), "registered_contact"))


def test_what_confirms_nothing_is_refused(tiny: Office, phone: Phone, voided: Entry) -> None:
    """A wrong code, an unknown receipt, a payment without a void, a void confirmed before, and a wrong role."""

    def confirm(series: str, code: str = "", person: Person = SUPERVISOR) -> None:
        means = "void_code" if code else "registered_contact"
        write(tiny, lambda w: confirm_void(w, tiny.keys, person, series, means, code=code))  # type: ignore[arg-type]  # two words

    with refused("ARGUMENT-WRONG", "not the void code"):
        confirm(phone.series(1), "000000" if void_code(tiny.keys, "V1") != "000000" else "000001")
    with refused("NOT-FOUND", "ff/1/1"):
        confirm("ff/1/1")
    with refused("ROLE-MISSING"):
        confirm(phone.series(1), person=CASHIER)
    phone.collect("V1", "AC00001", "CU00001", 7_000)
    reconcile(tiny)
    with refused("STATE-FORBIDS", "no void"):
        confirm(phone.series(3))
    confirm(phone.series(1))
    reconcile(tiny)
    with refused("STATE-FORBIDS", "no void"):
        confirm(phone.series(1))
    assert voided.hash


def test_a_code_sealed_at_the_door_confirms_by_itself(tiny: Office, phone: Phone) -> None:
    """The job opens sealed void codes: a right one confirms, a wrong one leaves the void waiting."""
    right = phone.collect("V1", "AC00001", "CU00001", 5_000)
    phone.void(right, phone.series(1), code=void_code(tiny.keys, "V1"))
    wrong = phone.collect("V3", "AC00003", "CU00003", 5_000)
    phone.void(wrong, phone.series(3), code=void_code(tiny.keys, "V1"))
    reconcile(tiny)
    assert confirm_pending_voids(tiny.store, tiny.keys, 100) == 1
    assert [body.payment for body in bodies(tiny, VoidConfirmed)] == [right.hash]
    reconcile(tiny)
    assert confirm_pending_voids(tiny.store, tiny.keys, 100) == 0


def test_void_codes_differ_by_visit(tiny: Office) -> None:
    """A code for one visit is not another's."""
    codes = {void_code(tiny.keys, f"V{n}") for n in range(50)}
    assert len(codes) > 45
    assert all(len(code) == 6 and code.isdigit() for code in codes)


# -- unreported receipts


def _witness(office: Office, entry: Entry) -> None:
    paid = entry.operation.body
    assert isinstance(paid, PaymentCollected)
    _scan(office, paid.receipt)


def _scan(office: Office, receipt: str) -> None:
    body = ReceiptWitnessed(receipt=receipt, scanned_ms=office.clock.now_ms())
    write(office, lambda w: w.append_office([OfficeWork(body=body, by=SYSTEM)]))
    reconcile(office)


def _sweep(office: Office, hours: int) -> int:
    done = sweep(office.store, office.clock.now_ms() + hours * HOUR_MS, 20 * HOUR_MS)
    reconcile(office)
    return done


def test_a_receipt_that_no_phone_reported_is_noted_after_the_deadline(tiny: Office, phone: Phone) -> None:
    """Before the deadline nothing is written; after it one operation, and then nothing more."""
    hidden = phone.collect("V1", "AC00001", "CU00001", 5_000, sent=False)
    _witness(tiny, hidden)
    assert _sweep(tiny, 19) == 0
    assert _sweep(tiny, 21) == 1
    assert _sweep(tiny, 22) == 0
    (body,) = bodies(tiny, ReceiptUnreported)
    assert (body.series, body.place, body.ended) == (phone.series(1), "free", "")
    with tiny.store.read() as reader:
        found = reader.discrepancies(rule="RECEIPT-ORPHAN")
    assert [item.agent for item in found] == [""]


def test_suspicion_comes_only_with_the_ended_day(tiny: Office, phone: Phone) -> None:
    """When the device's DayEnded covers the number and the place is free, the finding is written anew and accuses."""
    _scan(tiny, phone.receipt(5_000, "AC00001", ahead=9))
    assert _sweep(tiny, 21) == 1
    ended = phone.write(DayEnded(seq=1, receipt_last=1, receipts=1, cash_minor=0, currency="CNY", concluded=0))
    reconcile(tiny)
    assert _sweep(tiny, 22) == 1
    assert _sweep(tiny, 23) == 0
    body = bodies(tiny, ReceiptUnreported)[-1]
    assert (body.place, body.ended) == ("free", ended.hash)
    with tiny.store.read() as reader:
        assert [item.agent for item in reader.discrepancies(rule="RECEIPT-ORPHAN")] == [ONE]


def test_nobody_is_suspected_over_a_gap(tiny: Office, phone: Phone) -> None:
    """Where the journal lacks the receipt's own number the payment may be on its way: the gap is told, nobody named."""
    hidden = phone.collect("V1", "AC00001", "CU00001", 5_000, sent=False)
    _witness(tiny, hidden)
    phone.write(DayEnded(seq=2, receipt_last=1, receipts=1, cash_minor=0, currency="CNY", concluded=0))
    reconcile(tiny)
    assert _sweep(tiny, 21) == 1
    assert _sweep(tiny, 40) == 0
    with tiny.store.read() as reader:
        assert [item.agent for item in reader.discrepancies(rule="RECEIPT-ORPHAN")] == [""]
        assert [item.subject for item in reader.discrepancies(rule="JOURNAL-GAP")] == [f"device:{phone.device}"]


def test_a_place_taken_by_another_operation_is_said(tiny: Office, phone: Phone) -> None:
    """A phone restored from a backup may have gone on without the payment: nobody is suspected."""
    head, count = phone.head, phone.receipts
    hidden = phone.collect("V1", "AC00001", "CU00001", 5_000, sent=False)
    phone.head, phone.receipts = head, count
    phone.write(NoteTaken(visit="V1", note="ab" * 32))
    phone.write(DayEnded(seq=2, receipt_last=1, receipts=1, cash_minor=0, currency="CNY", concluded=0))
    reconcile(tiny)
    _witness(tiny, hidden)
    assert _sweep(tiny, 21) == 1
    assert bodies(tiny, ReceiptUnreported)[-1].place == "taken"
    with tiny.store.read() as reader:
        assert [item.agent for item in reader.discrepancies(rule="RECEIPT-ORPHAN")] == [""]


def test_a_reported_receipt_is_never_noted(tiny: Office, phone: Phone) -> None:
    """A payment that the phone reported, before or after the scan, is no orphan."""
    _witness(tiny, phone.collect("V1", "AC00001", "CU00001", 5_000))
    assert _sweep(tiny, 100) == 0
    assert bodies(tiny, ReceiptUnreported) == []
