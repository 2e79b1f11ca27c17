"""A receipt of this phone, ready to be shown, printed or sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, cast

import msgspec

from agent_client.progress import Payment
from agent_client.recording import Desk
from agent_client.work.payments import payments
from sync.clock import parse_wall
from sync.operations.field import Method
from sync.receipt import FLAG_CLOCK, FLAG_CONFIRMED, FLAG_PAYER, read_receipt, short_number, to_digits

if TYPE_CHECKING:
    from agent_client.printing import Language, ReceiptView

__all__ = ["ShownReceipt", "official_address", "receipt_prefix", "receipt_view", "shown_receipt"]


class ShownReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` says about a receipt; `url` is the code's text."""

    number: int
    short: str
    series: str
    identity: str
    kind: str
    amount_minor: int
    currency: str
    method: str
    at: str
    visit: str
    account: str
    voids: str
    voided_by: str
    operation: str
    url: str


def official_address(desk: Desk, pack: str = "") -> str:
    """Where customers check what a phone shows: as the day's pack says, or the enrolment; no slash at its end."""
    url = desk.enrolment.answer.public_url
    for day in desk.store.documents.days():
        if day.pack == pack and day.public_url:
            url = day.public_url
    return url.rstrip("/")


def receipt_prefix(desk: Desk, pack: str = "") -> str:
    """What stands before a receipt's digits: the official address and ``/r#``."""
    return official_address(desk, pack) + "/r#"


def shown_receipt(desk: Desk, payment: Payment) -> ShownReceipt:
    """A receipt's facts and its code's text."""
    receipt = read_receipt(payment.receipt)
    return ShownReceipt(
        number=payment.number,
        short=short_number(receipt),
        series=payment.series,
        identity=payment.identity,
        kind=payment.kind,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        method=payment.method,
        at=payment.at,
        visit=payment.visit,
        account=payment.account,
        voids=payment.voids,
        voided_by=payment.voided_by,
        operation=payment.hash,
        url=receipt_prefix(desk, payment.pack) + to_digits(receipt.data),
    )


def receipt_view(desk: Desk, payment: Payment, language: Language) -> ReceiptView:
    """Everything that a printer, a screen or a chat needs; names come from the day's pack."""
    from agent_client import printing  # loads pictures and fonts, which only this needs

    receipt = read_receipt(payment.receipt)
    body = receipt.body
    answer = desk.enrolment.answer
    frame = next((day for day in desk.store.documents.days() if day.pack == payment.pack), None)
    voided = next((other for other in payments(desk) if payment.voids and other.series == payment.voids), None)
    wall_ms, offset = parse_wall(payment.at)
    return printing.ReceiptView(
        prefix=receipt_prefix(desk, payment.pack),
        digits=to_digits(receipt.data),
        number=short_number(receipt),
        amount_minor=body.amount_minor,
        currency=body.currency,
        method=cast(Method, body.method),
        kind="void" if body.kind == "void" else "payment",
        taken_at=datetime.fromtimestamp(wall_ms // 1000, UTC).astimezone(timezone(timedelta(minutes=offset))),
        agent_name=answer.agent_name,
        agent_number=answer.agent,
        creditor_name=frame.creditor_name if frame and frame.creditor_name else "—",
        account_last_four=f"{body.last_four:04d}",
        office_phone=frame.office_phone if frame and frame.office_phone else "—",
        official_address=answer.public_url,
        identified=bool(body.flags & FLAG_PAYER),
        confirmed=bool(body.flags & FLAG_CONFIRMED),
        clock_trusted=bool(body.flags & FLAG_CLOCK),
        voided_number=short_number(read_receipt(voided.receipt)) if voided else None,
        language=language,
    )
