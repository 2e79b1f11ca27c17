"""At the door: arriving, checking whom one speaks to, letters, promises, plans, notes, and leaving again."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from agent_client.conduct import own_contacts
from agent_client.progress import VisitProgress
from agent_client.recording import Desk, Draft, Moment, Recorded
from agent_client.refusals import Advice, refuse
from agent_client.work.advice import visit_advice
from agent_client.work.days import day_of, frame_of_visit, present_frame, visit_document
from agent_client.work.open_visit import Made, at_open_visit, personal_content
from agent_client.work.sealed import personal_record, sealed_record
from sync.messages import NoticeDocument, VisitDocument
from sync.operations import Position, field
from sync.visit_code import code_fits

__all__ = [
    "ContactChannel",
    "IdentityMethod",
    "IdentityResult",
    "Manner",
    "Reason",
    "Recipient",
    "SafetyLevel",
    "check_identity",
    "conclude",
    "confirm_companion",
    "deliver_notice",
    "make_contact",
    "raise_safety",
    "start_visit",
]

IdentityMethod: TypeAlias = Literal["visit_code", "document_digits", "signature", "photo"]
IdentityResult: TypeAlias = Literal["answered", "refused", "third_party"]
Manner: TypeAlias = Literal["handed_sealed", "handed_open", "posted", "refused"]
Recipient: TypeAlias = Literal["customer", "household", "neighbour", "nobody"]
ContactChannel: TypeAlias = Literal["visit", "call", "message", "letter"]
Reason: TypeAlias = Literal[
    "paid", "part_paid", "promised", "refused", "nobody_home", "moved", "third_party", "delivered", "unsafe"
]
SafetyLevel: TypeAlias = Literal["uneasy", "threatened", "emergency"]

_NEEDS_PAYMENT: Final = ("paid", "part_paid")


def start_visit(desk: Desk, visit: str, *, again: bool = False, position: Position | None = None) -> Recorded:
    """The agent arrived. `again` allows a second arrival after the visit was concluded."""

    def write(moment: Moment) -> Draft:
        document = visit_document(desk, visit)
        pack = frame_of_visit(desk, visit)
        day = day_of(desk, pack)
        progress = day.visit(visit)
        if progress.is_open:
            raise refuse("started-already", visit=visit, at=progress.started_at)
        if progress.concluded and not again:
            raise refuse("concluded", visit=visit)
        removed = desk.store.documents.is_removed(visit)
        advice = visit_advice(moment, pack, day, document, removed=removed)
        return Draft(body=field.VisitStarted(visit=visit), pack=pack.pack, policy=pack.policy, advice=advice)

    return desk.record(write, position=position)


def confirm_companion(desk: Desk, visit: str, companion: str, proof: str) -> Recorded:
    """The second person confirmed with their own badge; `proof` is what the badge's code says."""

    def make(_moment: Moment, _document: VisitDocument, _progress: VisitProgress) -> Made:
        return field.CompanionConfirmed(visit=visit, companion=companion, proof=proof), (), ()

    return at_open_visit(desk, visit, make)


def check_identity(
    desk: Desk,
    visit: str,
    method: IdentityMethod,
    result: IdentityResult,
    *,
    answer: str = "",
    position: Position | None = None,
) -> Recorded:
    """Record a check. An `answer` is sealed to the office; the phone only catches typing errors in a visit code.

    Raises WORK-REFUSED for an answered code or digits without the answer, an answer to a check that was not
    answered, and a visit code that is certainly mistyped.
    """
    if result == "answered" and method in ("visit_code", "document_digits") and not answer:
        raise refuse("answer-missing")
    if result != "answered" and answer:
        raise refuse("answer-unwanted")

    def make(moment: Moment, document: VisitDocument, _progress: VisitProgress) -> Made:
        if method == "visit_code" and answer and not code_fits(answer, document.code_salt, document.code_bits):
            raise refuse("code-mistyped")
        records = (sealed_record(desk, moment, visit, answer),) if answer else ()
        body = field.IdentityChecked(
            visit=visit,
            account=document.account,
            customer=document.customer,
            method=method,
            result=result,
            sealed=records[0].sha256 if records else "",
        )
        advice = (Advice("third-party"),) if result == "third_party" else ()
        return body, records, advice

    return at_open_visit(desk, visit, make, position=position)


def deliver_notice(
    desk: Desk,
    visit: str,
    manner: Manner,
    recipient: Recipient,
    *,
    notice: str = "",
    version: int = 0,
    position: Position | None = None,
) -> Recorded:
    """A letter left the agent's hands; notice and version are the visit's own unless given."""

    def make(_moment: Moment, document: VisitDocument, _progress: VisitProgress) -> Made:
        name = notice or document.notice
        if not name:
            raise refuse("no-notice", visit=visit)
        letter = desk.store.documents.notice(name)
        if letter is None and not version:
            raise refuse("notice-version", notice=name)
        number = version or (letter.version if letter else 0)
        body = field.NoticeDelivered(
            visit=visit, account=document.account, notice=name, version=number, manner=manner, recipient=recipient
        )
        return body, (), _notice_advice(letter, number, manner, recipient)

    return at_open_visit(desk, visit, make, position=position, task="notice")


def make_contact(
    desk: Desk, visit: str, channel: ContactChannel, *, effective: bool, position: Position | None = None
) -> Recorded:
    """A contact, or an attempt, with the customer of a visit, whether or not the agent stands at the door."""

    def write(moment: Moment) -> Draft:
        document = visit_document(desk, visit)
        pack = frame_of_visit(desk, visit)
        body = field.ContactMade(
            customer=document.customer, account=document.account, channel=channel, effective=effective, visit=visit
        )
        removed = desk.store.documents.is_removed(visit)
        advice = visit_advice(
            moment,
            pack,
            day_of(desk, pack),
            document,
            removed=removed,
            task="contact",
            channel=channel,
            history=own_contacts(desk, pack, document.customer),
        )
        return Draft(body=body, pack=pack.pack, policy=pack.policy, advice=advice)

    return desk.record(write, position=position)


def raise_safety(
    desk: Desk, level: SafetyLevel, *, visit: str = "", note: str = "", position: Position | None = None
) -> Recorded:
    """The agent felt unsafe or called for help; nothing keeps this from being written."""
    content = personal_content(note) if note else b""

    def write(_moment: Moment) -> Draft:
        record = personal_record(desk, content) if content else None
        known = bool(desk.store.documents.days())
        pack = (frame_of_visit(desk, visit) if visit else present_frame(desk)) if known else None
        body = field.SafetyRaised(level=level, visit=visit, note=record.sha256 if record else "")
        return Draft(
            body=body,
            pack=pack.pack if pack else "",
            policy=pack.policy if pack else "",
            side_records=(record,) if record else (),
        )

    return desk.record(write, position=position, when_locked=True)


def conclude(
    desk: Desk,
    visit: str,
    reason: Reason,
    *,
    sub_reason: str = "",
    next_action: str = "",
    position: Position | None = None,
) -> Recorded:
    """The visit is over. Raises WORK-REFUSED for a reason that nothing recorded here supports."""

    def make(_moment: Moment, document: VisitDocument, progress: VisitProgress) -> Made:
        if reason in _NEEDS_PAYMENT and not progress.standing:
            raise refuse("no-payment", reason=reason)
        if reason == "promised" and not progress.promised:
            raise refuse("no-promise")
        if reason == "delivered" and not progress.delivered:
            raise refuse("no-delivery")
        body = field.VisitConcluded(
            visit=visit,
            account=document.account,
            customer=document.customer,
            reason=reason,
            sub_reason=sub_reason,
            next_action=next_action,
        )
        advice = (Advice("identity-skipped"),) if progress.standing and not progress.identity else ()
        return body, (), advice

    return at_open_visit(desk, visit, make, position=position)


def _notice_advice(
    letter: NoticeDocument | None, version: int, manner: Manner, recipient: Recipient
) -> tuple[Advice, ...]:
    found: list[Advice] = []
    if letter is not None and letter.withdrawn:
        found.append(Advice("notice-withdrawn"))
    if letter is not None and version != letter.version:
        found.append(Advice("notice-version", {"given": version, "current": letter.version}))
    if manner == "handed_open" and recipient != "customer":
        found.append(Advice("notice-disclosed"))
    return tuple(found)
