"""What is agreed and told at the door: promises, contact details, notes; plans stand in `plans`."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from agent_client.progress import VisitProgress
from agent_client.recording import Desk, Draft, Moment, Recorded
from agent_client.refusals import refuse
from agent_client.work.days import frame_of_visit, visit_document
from agent_client.work.open_visit import Made, at_open_visit, personal_content
from agent_client.work.sealed import personal_record
from sync.errors import Refused
from sync.messages import VisitDocument
from sync.money import check_amount
from sync.operations import field

__all__ = ["ReportedField", "parse_day", "promise", "report_details", "take_note"]

ReportedField: TypeAlias = Literal["phone", "address", "email", "employer", "language"]


def promise(desk: Desk, visit: str, amount_minor: int, due: str, *, currency_code: str = "") -> Recorded:
    """The customer promises to pay an amount by a day, `YYYY-MM-DD`, not before the service day."""
    check_amount(amount_minor)
    day_due = parse_day(due)

    def make(_moment: Moment, document: VisitDocument, _progress: VisitProgress) -> Made:
        pack = frame_of_visit(desk, visit)
        if day_due < date.fromisoformat(pack.service_day):
            raise refuse("promise-past", due=due, day=pack.service_day)
        body = field.PromiseMade(
            visit=visit,
            account=document.account,
            customer=document.customer,
            amount_minor=amount_minor,
            currency=_currency(currency_code, document),
            due=due,
        )
        return body, (), ()

    return at_open_visit(desk, visit, make)


def report_details(desk: Desk, visit: str, reported: ReportedField, value: str) -> Recorded:
    """A contact field as told at the door; its value is a side record."""
    content = personal_content(value)

    def make(_moment: Moment, document: VisitDocument, _progress: VisitProgress) -> Made:
        record = personal_record(desk, content)
        body = field.DetailsReported(visit=visit, customer=document.customer, field=reported, value=record.sha256)
        return body, (record,), ()

    return at_open_visit(desk, visit, make)


def take_note(desk: Desk, visit: str, note: str) -> Recorded:
    """A note about a visit, open or not; its text is a side record."""
    content = personal_content(note)

    def write(_moment: Moment) -> Draft:
        visit_document(desk, visit)
        pack = frame_of_visit(desk, visit)
        record = personal_record(desk, content)
        body = field.NoteTaken(visit=visit, note=record.sha256)
        return Draft(body=body, pack=pack.pack, policy=pack.policy, side_records=(record,))

    return desk.record(write)


def _currency(given: str, document: VisitDocument) -> str:
    if given and given != document.currency:
        raise refuse("currency", given=given, account=document.currency)
    return document.currency


def parse_day(text: str) -> date:
    """A day as people type it, YYYY-MM-DD; raises ARGUMENT-WRONG."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"{text[:20]!r} is not a day written YYYY-MM-DD") from error
    if day.isoformat() != text:
        raise Refused("ARGUMENT-WRONG", f"{text[:20]!r} is not a day written YYYY-MM-DD")
    return day
