"""What became of each record: on this phone, durable at the office, applied, held or disputed."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from agent_client.recording import Desk
from agent_client.store import Stored
from sync.messages import VerdictDocument
from sync.money import format_amount
from sync.operations import Operation, field, understand
from sync.receipt import read_receipt

__all__ = ["PhoneStatus", "RecordState", "RecordStatus", "phone_status"]

RecordState: TypeAlias = Literal["on_phone", "at_office", "applied", "held", "disputed"]
"""How far a record has come; `held` and `disputed` carry the rule and its sentence."""


class RecordStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One operation and what became of it."""

    epoch: int
    seq: int
    hash: str
    kind: str
    at: str
    visit: str
    what: str
    state: RecordState
    rule: str = ""
    title: str = ""
    title_zh: str = ""
    sentence: str = ""
    sentence_zh: str = ""
    holds: str = ""
    holds_zh: str = ""


class PhoneStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The phone and its records."""

    device: str
    agent: str
    agent_name: str
    branch: str
    office_url: str
    epoch: int
    seq: int
    receipt_last: int
    unsent: int
    unsent_side_records: int
    held_documents: int
    total_documents: int
    complete: bool
    synced_ms: int
    locked: bool
    wiped: bool
    days_not_ended: list[str]
    records: list[RecordStatus]


def phone_status(desk: Desk, day: str = "", *, everything: bool = False) -> PhoneStatus:
    """All records that are not applied yet or belong to `day`; with `everything`, the whole journal."""
    store = desk.store
    with store.snapshot():
        state = store.state.sync()
        writer = store.journal.writer(desk.device)
        verdicts = store.documents.verdicts()
        reconciled: dict[int, int] = {}
        records: list[RecordStatus] = []
        worked: set[str] = set()
        ended: set[str] = set()
        for stored in store.journal.all():
            worked.add(stored.pack)
            if stored.kind == "DayEnded":
                ended.add(stored.pack)
            if stored.epoch not in reconciled:
                document = store.documents.journal(desk.device, stored.epoch)
                reconciled[stored.epoch] = document.reconciled_seq if document else 0
            record = _record(stored, verdicts.get(stored.hash), reconciled[stored.epoch])
            if everything or record.state != "applied" or (day and stored.pack.startswith(day + "/")):
                records.append(record)
        answer = desk.enrolment.answer
        held = store.documents.count(state.cursor.incarnation) if state.cursor else 0
        return PhoneStatus(
            device=desk.device,
            agent=answer.agent,
            agent_name=answer.agent_name,
            branch=answer.branch,
            office_url=desk.enrolment.office_url,
            epoch=writer.head.epoch,
            seq=writer.head.seq,
            receipt_last=writer.receipt,
            unsent=store.journal.unsent_count(),
            unsent_side_records=store.side_records.unsent_count(),
            held_documents=held,
            total_documents=state.total,
            complete=state.complete and held == state.total,
            synced_ms=state.synced_ms,
            locked=state.locked,
            wiped=state.wiped,
            days_not_ended=sorted(pack.partition("/")[0] for pack in worked - ended if pack),
            records=records,
        )


def _record(stored: Stored, verdict: VerdictDocument | None, reconciled_seq: int) -> RecordStatus:
    operation = understand(stored.data)
    known = operation if isinstance(operation, Operation) else None
    state: RecordState = "on_phone"
    if stored.acknowledged:
        state = "applied" if stored.seq <= reconciled_seq else "at_office"
        if verdict is not None:
            state = verdict.verdict
    status = RecordStatus(
        epoch=stored.epoch,
        seq=stored.seq,
        hash=stored.hash,
        kind=stored.kind,
        at=known.at if known else "",
        visit=stored.visit,
        what=_what(known),
        state=state,
    )
    if verdict is None or not stored.acknowledged:
        return status
    return msgspec.structs.replace(
        status,
        rule=verdict.rule,
        title=verdict.title,
        title_zh=verdict.title_zh,
        sentence=verdict.sentence,
        sentence_zh=verdict.sentence_zh,
        holds=verdict.holds,
        holds_zh=verdict.holds_zh,
    )


def _what(operation: Operation | None) -> str:
    """The one thing that tells this record from another of its kind."""
    if operation is None:
        return ""
    match operation.body:
        case field.PaymentCollected(amount_minor=amount, currency=currency, method=method):
            return f"{format_amount(amount, currency)} {method} #{read_receipt(operation.body.receipt).body.number}"
        case field.PaymentVoided(voided=voided):
            return f"#{voided.rpartition('/')[2]}"
        case field.CashHandedOver(amount_minor=amount, currency=currency):
            return format_amount(amount, currency)
        case field.DayEnded(cash_minor=amount, currency=currency):
            return format_amount(amount, currency)
        case field.PromiseMade(amount_minor=amount, currency=currency, due=due):
            return f"{format_amount(amount, currency)} {due}"
        case field.VisitConcluded(reason=reason):
            return reason
        case field.IdentityChecked(result=result):
            return result
        case field.NoticeDelivered(notice=notice, version=version):
            return f"{notice} v{version}"
        case _:
            return ""
