"""One receipt shown to two customers: the check value that was typed is another account's, visited that day.

A plain mismatch is only answered. It is journaled when the value is the last four digits or the visit code of another
customer's account at which the same agent was under the same pack; whoever scanned learns nothing of that.
"""

from __future__ import annotations

import unicodedata

from server.limits import WITNESSES_PER_SERIES_MAX
from server.ports import OfficeWork, Reader, Writer
from server.services.office import SYSTEM
from server.services.present import VisitNow, accounts_now, facts_now, visits_now
from sync.errors import Refused
from sync.operations.field import IdentityChecked, NoticeDelivered, PaymentCollected, VisitConcluded, VisitStarted
from sync.operations.kinds import drawer_key
from sync.operations.office import ReceiptCheckAnswered
from sync.receipt import Receipt
from sync.reconcile.payment_status import same_receipt
from sync.side_records import content_of
from sync.visit_code import normal_code

__all__ = ["note_shared", "shared_with"]

_LAST_FOUR = 4


def shared_with(reader: Reader, receipt: Receipt, check: str) -> ReceiptCheckAnswered | None:
    """What to journal when the value belongs to another account visited that day, the first by visit; else None."""
    try:
        code = normal_code(unicodedata.normalize("NFKC", check).strip())
    except Refused:
        return None
    series = receipt.body.series
    for fact in facts_now(reader, [f"payment:{series}"])[f"payment:{series}"]:
        body = fact.operation.body
        if isinstance(body, PaymentCollected) and same_receipt(body.receipt, receipt.text):
            others = [
                visit
                for visit in _visits_under(reader, fact.operation.pack)
                if visit.planned.account != body.account and visit.planned.customer != body.customer
            ]
            return _matching(reader, series, others, code)
    return None


def _visits_under(reader: Reader, pack: str) -> list[VisitNow]:
    """Planned visits at whose door somebody was under this pack, by id."""
    key = drawer_key(pack)
    if not key:
        return []
    visits = {
        body.visit
        for fact in facts_now(reader, [key])[key]
        if isinstance(
            body := fact.operation.body,
            VisitStarted | IdentityChecked | PaymentCollected | NoticeDelivered | VisitConcluded,
        )
        and fact.operation.pack == pack
        and body.visit
    }
    return [visit for _, visit in sorted(visits_now(reader, visits).items())]


def _matching(reader: Reader, series: str, visits: list[VisitNow], code: str) -> ReceiptCheckAnswered | None:
    accounts = accounts_now(reader, {visit.planned.account for visit in visits}) if len(code) == _LAST_FOUR else {}
    for visit in visits:
        view = accounts.get(visit.planned.account)
        if view is not None and view.statement is not None and view.statement.last_four == code:
            return ReceiptCheckAnswered(
                series=series, matches="last_four", account=visit.planned.account, visit=visit.visit
            )
        if len(code) != _LAST_FOUR and _code_of(reader, visit) == code:
            return ReceiptCheckAnswered(
                series=series, matches="visit_code", account=visit.planned.account, visit=visit.visit
            )
    return None


def _code_of(reader: Reader, visit: VisitNow) -> str:
    data = reader.side_record(visit.planned.code) if visit.planned.code else None
    return normal_code(content_of(data).decode()) if data is not None else ""


def note_shared(writer: Writer, body: ReceiptCheckAnswered) -> bool:
    """Journal it, as one work; False if it was journaled before or the receipt's number has too many."""
    key = f"payment:{body.series}"
    bodies = [fact.operation.body for fact in facts_now(writer, [key])[key]]
    known = [item for item in bodies if isinstance(item, ReceiptCheckAnswered)]
    if body in known or len(known) >= WITNESSES_PER_SERIES_MAX:
        return False
    writer.append_office([OfficeWork(body=body, by=SYSTEM)])
    return True
