"""Reading what became of a receipt: verdict, standing, where the money is. Nothing here writes but `witness`."""

from __future__ import annotations

import hmac
import unicodedata
from typing import Any, Literal

import msgspec

from server.limits import WITNESSES_PER_SERIES_MAX
from server.ports import OfficeWork, Reader, StoredOperation, Writer
from server.services.money.confirmed import is_confirmed
from sync.clock import format_wall
from sync.encoding import unb64
from sync.errors import DoorstepError, NotAllowed, Refused
from sync.operations.envelope import Actor, Operation
from sync.operations.field import PaymentCollected, PaymentVoided
from sync.operations.kinds import settlement_key
from sync.operations.money import SettlementMatched
from sync.operations.office import ReceiptWitnessed, VisitPlanned
from sync.operations.understand import Held, understand
from sync.receipt import FLAG_PAYER, Receipt, read_receipt, short_number, verify_receipt
from sync.reconcile.payment_status import same_receipt
from sync.side_records import content_of
from sync.signing import load_public_key
from sync.visit_code import normal_code

__all__ = ["Check", "ReceiptAnswer", "Verdict", "Where", "is_witnessed", "receipt_answer", "receipts_of", "witness"]

Verdict = Literal[
    "genuine",
    "not_yet_reported",
    "key_reported_lost",
    "void_pending",
    "voided",
    "differs",
    "unknown_number",
    "not_genuine",
]
Where = Literal["", "with_agent", "at_branch", "shown_not_confirmed", "confirmed", "with_creditor", "on_your_account"]
Check = Literal["", "matches", "does_not_match", "cannot_be_checked"]

_WALLETS = frozenset({"alipay", "wechat", "transfer", "card"})
_SYSTEM = Actor("system", "system")
_CARRIERS_MAX = 8
"""Records under one receipt number that are compared; more than one is a fork already."""


class ReceiptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All that anybody is told. Members are empty (0) where the receipt is not known to be ours.

    `differs`: signed by our phone, while the office holds something else under its number. `unknown_number`: a short
    number that no record carries yet. `taken_at` is RFC 3339 by the phone's clock; `void_reason` a code.
    """

    verdict: Verdict
    signature: Literal["valid", "invalid", "unchecked"]
    where: Where = ""
    kind: str = ""
    amount_minor: int = 0
    currency: str = ""
    method: str = ""
    taken_at: str = ""
    short: str = ""
    agent: str = ""
    void_reason: str = ""
    payer_checked: bool = False
    check: Check = ""
    official_address: str = ""
    office_phone: str = ""


class _Record(msgspec.Struct, frozen=True):
    """The operation that carries a receipt."""

    stored: StoredOperation
    operation: Operation
    body: PaymentCollected | PaymentVoided


def receipt_answer(reader: Reader, receipt: Receipt, check: str = "") -> ReceiptAnswer:
    """What the office says about these 120 bytes, and whether `check` belongs to them."""
    body = receipt.body
    device = reader.device(body.key_id)
    if device is None or not device.agent:
        return ReceiptAnswer(verdict="not_genuine", signature="invalid")
    try:
        verify_receipt(receipt, load_public_key(unb64(device.public_key, 65)))
    except NotAllowed:
        return ReceiptAnswer(verdict="not_genuine", signature="invalid")
    carriers = _carriers(reader, body.series)
    record = next((item for item in carriers if same_receipt(item.body.receipt, receipt.text)), None)
    answer = ReceiptAnswer(
        verdict="not_yet_reported",
        signature="valid",
        kind=body.kind,
        amount_minor=body.amount_minor,
        currency=body.currency,
        method=body.method,
        taken_at=format_wall(body.at_s * 1000, body.offset_minutes),
        short=short_number(receipt),
        agent=device.agent,
        payer_checked=bool(body.flags & FLAG_PAYER),
        check=_check(reader, receipt, record, check),
    )
    if record is None and carriers:
        return msgspec.structs.replace(answer, verdict="differs")
    if record is None or record.stored.held:
        return msgspec.structs.replace(answer, verdict="key_reported_lost") if device.revoked_ms else answer
    return _standing(reader, answer, record)


def _standing(reader: Reader, answer: ReceiptAnswer, record: _Record) -> ReceiptAnswer:
    """Verdict, place and reason of a payment (or of the payment that a void names) that is recorded."""
    body = record.body
    if isinstance(body, PaymentVoided):
        status = _status(reader, body.voided, body.payment)
        verdict: Verdict = "voided" if status == "voided" else "void_pending"
        return msgspec.structs.replace(answer, verdict=verdict, void_reason=body.reason)
    status = _status(reader, _series(record), record.stored.hash)
    if status in {"void_pending", "void_contested"}:
        return msgspec.structs.replace(answer, verdict="void_pending", where=_where(reader, record, body))
    if status == "voided":
        return msgspec.structs.replace(answer, verdict="voided", void_reason=_void_reason(reader, record))
    if status == "reversed":
        return msgspec.structs.replace(answer, verdict="voided", void_reason="instrument_failed")
    return msgspec.structs.replace(answer, verdict="genuine", where=_where(reader, record, body))


def _series(record: _Record) -> str:
    return read_receipt(record.body.receipt).body.series


def _payments(reader: Reader, series: str) -> list[dict[str, Any]]:
    state = reader.aggregate(f"payment:{series}") or {}
    return list(state.get("payments", ()))[:_CARRIERS_MAX]


def _status(reader: Reader, series: str, hash_: str) -> str:
    return next((p["status"] for p in _payments(reader, series) if p["operation"] == hash_), "")


def _void_reason(reader: Reader, record: _Record) -> str:
    voids = (_understood(stored) for stored in reader.facts([f"payment:{_series(record)}"]).popitem()[1])
    return next(
        (
            item.body.reason
            for item in voids
            if item is not None and isinstance(item.body, PaymentVoided) and item.body.payment == record.stored.hash
        ),
        "other",
    )


def _where(reader: Reader, record: _Record, body: PaymentCollected) -> Where:
    """Where the money of a payment that stands is, as far as the office knows; it never guesses ahead."""
    if passed_on := _passed_on(reader, record, body):
        return passed_on
    if body.method in _WALLETS:
        return "confirmed" if _is_confirmed(reader, body) else "shown_not_confirmed"
    day, _, agent = record.operation.pack.partition("/")
    drawer = reader.aggregate(f"drawer:{agent}/{day}") or {}
    counted = any(
        equation["counted"] is not None and equation["currency"] == body.currency
        for equation in drawer.get("equations", ())
    )
    if body.method == "cheque" and _is_confirmed(reader, body):
        return "confirmed"
    return "at_branch" if body.method == "cash" and counted else "with_agent"


def _passed_on(reader: Reader, record: _Record, body: PaymentCollected) -> Where:
    """With the creditor once a line of a batch carries it; on the account once the creditor's own statement has it."""
    mine = next((p for p in _payments(reader, _series(record)) if p["operation"] == record.stored.hash), None)
    lines = [line for line in (mine["remitted"] if mine else ()) if not line["rejected"]]
    if not lines:
        return ""
    account = reader.aggregate(f"account:{body.account}") or {"creditor": "", "absorbs_through": 0}
    absorbed = all(
        (line["creditor"] == account["creditor"] and line["batch"] <= account["absorbs_through"]) for line in lines
    )
    return "on_your_account" if absorbed else "with_creditor"


def _is_confirmed(reader: Reader, body: PaymentCollected) -> bool:
    """Whether a statement of whoever settles it shows it, under its own order or one that it was matched with."""
    key = f"payment:{read_receipt(body.receipt).body.series}"
    matches = [item.body for stored in reader.facts([key])[key] if (item := _understood(stored)) is not None]
    orders = {settlement_key(body)}
    orders |= {f"settlement:{b.provider}/{b.order}" for b in matches if isinstance(b, SettlementMatched)}
    return any(is_confirmed(state, body.currency) for state in reader.aggregates(orders).values())


def _carriers(reader: Reader, series: str) -> list[_Record]:
    """Operations that carry a receipt of this series, payments and voids, as the last fold found them."""
    state = reader.aggregate(f"payment:{series}") or {}
    hashes = [p["operation"] for p in state.get("payments", ())] + list(state.get("voids", ()))
    found: list[_Record] = []
    for stored in reader.operations(hashes[:_CARRIERS_MAX]).values():
        operation = _understood(stored)
        if operation is not None and isinstance(operation.body, PaymentCollected | PaymentVoided):
            found.append(_Record(stored, operation, operation.body))
    return found


def _understood(stored: StoredOperation) -> Operation | None:
    operation = understand(stored.data)
    return None if isinstance(operation, Held) else operation


def _readable(text: str) -> Receipt | None:
    try:
        return read_receipt(text)
    except DoorstepError:
        return None


def _check(reader: Reader, receipt: Receipt, record: _Record | None, check: str) -> Check:
    """Compare what the scanner typed: four digits with the receipt's own, a longer code with the visit's."""
    typed = unicodedata.normalize("NFKC", check).strip()
    if not typed:
        return ""
    try:
        code = normal_code(typed)
    except Refused:
        return "does_not_match"
    if len(code) == 4:
        return "matches" if hmac.compare_digest(code.encode(), b"%04d" % receipt.body.last_four) else "does_not_match"
    expected = _visit_code(reader, record.body.visit) if record is not None and record.body.visit else ""
    if not expected:
        return "cannot_be_checked"
    return "matches" if hmac.compare_digest(code.encode(), expected.encode()) else "does_not_match"


def _visit_code(reader: Reader, visit: str) -> str:
    for stored in reader.facts([f"visit:{visit}"])[f"visit:{visit}"]:
        operation = _understood(stored)
        if operation is not None and isinstance(operation.body, VisitPlanned) and operation.body.code:
            data = reader.side_record(operation.body.code)
            return normal_code(content_of(data).decode()) if data is not None else ""
    return ""


def is_witnessed(reader: Reader, receipt: Receipt) -> bool:
    """Whether the first scan of this body is journaled and folded."""
    state = reader.aggregate(f"payment:{receipt.body.series}") or {}
    return receipt.identity in state.get("witnesses", ())


def receipts_of(reader: Reader, series: str) -> tuple[list[str], bool]:
    """Receipts under a number, recorded ones before witnessed ones, and whether any is recorded."""
    recorded = [record.body.receipt for record in _carriers(reader, series)]
    return recorded + _witnessed(reader, series), bool(recorded)


def _witnessed(reader: Reader, series: str) -> list[str]:
    key = f"payment:{series}"
    operations = map(_understood, reader.facts([key])[key])
    return [item.body.receipt for item in operations if item is not None and isinstance(item.body, ReceiptWitnessed)]


def witness(writer: Writer, receipt: Receipt, now_ms: int) -> bool:
    """Journal the first scan of this body, as one work; False if it was journaled before or its number has too many."""
    known = [_readable(text) for text in _witnessed(writer, receipt.body.series)]
    if len(known) >= WITNESSES_PER_SERIES_MAX or any(item and item.identity == receipt.identity for item in known):
        return False
    body = ReceiptWitnessed(receipt=receipt.text, scanned_ms=now_ms)
    writer.append_office([OfficeWork(body=body, by=_SYSTEM)])
    return True
