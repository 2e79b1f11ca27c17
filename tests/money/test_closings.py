"""What a closing fixes and whom it names: payments elsewhere, agents without a drawer."""

from __future__ import annotations

import msgspec
import pytest

from server.services.closing import close_day
from server.services.imports import import_file
from server.services.listing import list_drawers
from server.services.money.reports import agent_report
from server.services.office import Office
from server.services.packs import issue_pack
from server.services.verify import verify
from sync.operations.envelope import Actor
from sync.operations.field import DayEnded, NoteTaken
from sync.operations.office import DayClosed, ExternalPaymentRecorded
from sync.reconcile.ledger import Line
from tests.office.conftest import ADMIN, SUPERVISOR, TINY, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, bodies, refused, write
from tests.office.phone import Phone

__all__ = ["key_folder", "office", "tiny"]

ONE, TWO = "AG-YC-1", "AG-YC-2"
NEXT, THIRD = "2026-03-03", "2026-03-04"
QIAN = Actor("qian", "supervisor")
HEADER = "external_id,account_id,amount_minor,currency,paid_at,channel,creditor_reference"
ROW = "X9,AC00001,5000,CNY,2026-03-02T10:00:00+08:00,alipay,"


def ended(phone: Phone, seq: int = 1, cash_minor: int = 0) -> None:
    """The phone's day is over."""
    phone.write(DayEnded(seq=seq, receipt_last=0, receipts=0, cash_minor=cash_minor, currency="CNY", concluded=0))


def lines_of(office: Office) -> list[Line]:
    """Everything that closings booked."""
    with office.store.read() as reader:
        blobs = [reader.blob(body.lines_document) for body in bodies(office, DayClosed)]
    return [line for data in blobs if data for line in msgspec.json.decode(data, type=list[Line])]


def test_a_payment_made_elsewhere_is_fixed_by_its_branchs_closing(tiny: Office) -> None:
    """It stands in the books of its account's first visit; after the closing nothing of it is open."""
    import_file(tiny, ADMIN, "payments", "payments.csv", f"{HEADER}\r\n{ROW}\r\n".encode())
    assert bodies(tiny, ExternalPaymentRecorded)[0].branch == "YC"
    ended(Phone(tiny, ONE))
    reconcile(tiny)
    close_day(tiny.store, "YC", DAY, QIAN)
    reconcile(tiny)
    assert {line.debit for line in lines_of(tiny)} == {"external:AC00001"}
    with tiny.store.read() as reader:
        assert reader.open_lines("YC") == ({}, {})
        assert verify(reader).sound


def test_a_branch_may_be_stated_and_must_exist(tiny: Office) -> None:
    """An unknown one is a fault with row and column; stated or not, a repetition is the same payment."""
    with refused("IMPORT-MALFORMED", "row 2, branch_id 'XX'"):
        import_file(tiny, ADMIN, "payments", "p.csv", f"{HEADER},branch_id\r\n{ROW},XX\r\n".encode())
    assert import_file(tiny, ADMIN, "payments", "p.csv", f"{HEADER},branch_id\r\n{ROW},YC\r\n".encode()).new == 1
    assert import_file(tiny, ADMIN, "payments", "p.csv", f"{HEADER}\r\n{ROW}\r\n".encode()).same == 1


def test_an_account_without_a_visit_needs_a_branch_where_there_are_several(tiny: Office) -> None:
    """Nobody guesses in whose books it stands."""
    agents = (TINY / "agents.csv").read_text("utf-8-sig").replace("AG-YC-", "AG-XX-").replace(",YC,", ",XX,")
    import_file(tiny, ADMIN, "agents", "agents.csv", agents.encode())
    accounts = (TINY / "accounts.csv").read_text("utf-8-sig").splitlines()
    row = accounts[1].replace("AC00001", "AC00099")
    import_file(tiny, ADMIN, "accounts", "accounts.csv", f"{accounts[0]}\r\n{row}\r\n".encode())
    data = f"{HEADER}\r\n{ROW.replace('AC00001', 'AC00099')}\r\n".encode()
    with refused("IMPORT-MALFORMED", "row 2, branch_id", "AC00099 has no visit: state one of XX, YC"):
        import_file(tiny, ADMIN, "payments", "payments.csv", data)


@pytest.fixture
def two(tiny: Office) -> tuple[Office, Phone]:
    """Agent 1 had a drawer and ended the day; agent 2 has a phone and no drawer; the day is closed."""
    ended(Phone(tiny, ONE))
    second = Phone(tiny, TWO, 2)
    reconcile(tiny)
    close_day(tiny.store, "YC", DAY, QIAN)
    reconcile(tiny)
    return tiny, second


def test_what_an_agent_without_a_drawer_sends_later_is_late(two: tuple[Office, Phone]) -> None:
    """The closing names whoever has a phone, so the drawer that appears afterwards knows that it is closed."""
    office, second = two
    assert bodies(office, DayClosed)[0].agents == (ONE, TWO)
    second.write(NoteTaken(visit="V1", note="0" * 64))
    reconcile(office)
    with office.store.read() as reader:
        (late,) = reader.discrepancies(rule="DAY-LATE")
        assert late.subject == f"drawer:{TWO}/{DAY}"
        assert verify(reader).sound


def test_a_drawer_that_nobody_opened_is_shown_nowhere(two: tuple[Office, Phone]) -> None:
    """It is in no list and no report."""
    office, _ = two
    with office.store.read() as reader:
        assert [line.agent for line in list_drawers(reader, SUPERVISOR, "YC", DAY)] == [ONE]
        assert agent_report(reader, TWO).rows == []


def test_cash_is_carried_over_a_day_on_which_the_agent_had_no_drawer(tiny: Office) -> None:
    """Held on the first day, absent on the second, still held on the third."""
    write(tiny, lambda w: issue_pack(w, tiny, TWO, DAY, float_minor=7_000))
    ended(Phone(tiny, ONE))
    ended(Phone(tiny, TWO, 2), cash_minor=7_000)
    reconcile(tiny)
    close_day(tiny.store, "YC", DAY, QIAN)
    reconcile(tiny)
    ended(Phone(tiny, ONE, 3, day=NEXT))
    reconcile(tiny)
    close_day(tiny.store, "YC", NEXT, QIAN)
    reconcile(tiny)
    write(tiny, lambda w: issue_pack(w, tiny, TWO, THIRD))
    reconcile(tiny)
    with tiny.store.read() as reader:
        state = reader.aggregate(f"drawer:{TWO}/{THIRD}")
    assert state is not None
    assert state["equations"][0]["carried"] == 7_000
