"""Cash still held opens the next drawer, through the closing."""

from __future__ import annotations

from server.services.closing import close_day
from server.services.office import Office
from server.services.packs import issue_pack, refresh_after
from server.services.reconcile import Reconciler
from server.services.visits import assign_visit
from sync.operations.envelope import Actor
from sync.operations.field import DayEnded, VisitConcluded
from sync.operations.office import PackIssued
from tests.office.conftest import SUPERVISOR
from tests.office.looking import DAY, bodies, write
from tests.office.phone import Phone

ONE = "AG-YC-1"
NEXT = "2026-03-03"


def test_cash_that_was_not_handed_over_is_carried_into_the_next_pack(tiny: Office) -> None:
    """Tomorrow's pack, issued before the closing, learns of the cash when the day is closed."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    write(tiny, lambda w: issue_pack(w, tiny, ONE, NEXT))
    phone = Phone(tiny, ONE)
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V1", "AC00001", "CU00001", 5_000)
    phone.write(VisitConcluded(visit="V1", account="AC00001", customer="CU00001", reason="part_paid"))
    phone.write(DayEnded(seq=4, receipt_last=1, receipts=1, cash_minor=5_000, currency="CNY", concluded=1))
    reconciler = Reconciler(tiny.store, refresh_after(tiny))
    while reconciler.run_pending(100):
        pass
    assert bodies(tiny, PackIssued)[-1].carried_minor == 0
    close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"))
    while reconciler.run_pending(100):
        pass
    issued = bodies(tiny, PackIssued)[-1]
    assert (issued.service_day, issued.carried_minor) == (NEXT, 5_000)


def test_cash_is_carried_though_the_next_pack_has_left_the_phone(tiny: Office) -> None:
    """A day that is closed late still opens the drawer behind it, whose pack gave way to a later one."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    write(tiny, lambda w: issue_pack(w, tiny, ONE, NEXT, float_minor=700))
    write(tiny, lambda w: w.remove_document(ONE, f"pack/{NEXT}/{ONE}"))
    phone = Phone(tiny, ONE)
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V1", "AC00001", "CU00001", 5_000)
    phone.write(DayEnded(seq=3, receipt_last=1, receipts=1, cash_minor=5_000, currency="CNY", concluded=0))
    reconciler = Reconciler(tiny.store, refresh_after(tiny))
    while reconciler.run_pending(100):
        pass
    close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"))
    while reconciler.run_pending(100):
        pass
    issued = bodies(tiny, PackIssued)[-1]
    assert (issued.service_day, issued.carried_minor, issued.float_minor) == (NEXT, 5_000, 700)
    with tiny.store.read() as reader:
        assert reader.document(ONE, f"pack/{NEXT}/{ONE}") is None
