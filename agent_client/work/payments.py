"""Taking a payment, and taking one back.

DESIGN chapter 9: under the lock the place in the chain is fixed, the 56 bytes are built and signed, and all 120
go into the operation, which is on disk before the receipt is shown.
"""

from __future__ import annotations

from typing import Final, Literal

from agent_client.progress import Payment, VisitProgress, mark_voided, payment_of
from agent_client.recording import Desk, Draft, Moment, Recorded
from agent_client.refusals import Advice, refuse
from agent_client.work.advice import cash_advice, clock_is_trusted, visit_advice
from agent_client.work.days import day_of, frame_of_visit, present_frame, visit_document
from agent_client.work.sealed import sealed_record
from sync.messages import VisitDocument
from sync.money import check_amount, currency, format_amount
from sync.operations import Position, field
from sync.operations.field import Method
from sync.receipt import (
    FLAG_CLOCK,
    FLAG_CONFIRMED,
    FLAG_PAYER,
    FLAG_VOID,
    Receipt,
    ReceiptBody,
    read_receipt,
    short_number,
    sign_receipt,
)

__all__ = ["VoidReason", "collect", "find_payment", "payments", "void"]

VoidReason = Literal["typing_error", "customer_changed_mind", "wrong_account", "instrument_failed", "other"]

_RECEIPT_KINDS: Final = ("PaymentCollected", "PaymentVoided")
_NO_TAG: Final = "00000000"
_SECONDS_MAX: Final = 2**32 - 1


def collect(
    desk: Desk,
    visit: str,
    amount_minor: int,
    method: Method,
    *,
    currency_code: str = "",
    walk_up: bool = False,
    account: str = "",
    customer: str = "",
    provider_order: str = "",
    provider_confirmed: bool = False,
    cheque: str = "",
    payer: Literal["customer", "third_party"] = "customer",
    position: Position | None = None,
) -> Recorded:
    """Record a payment and return it with its receipt.

    With `walk_up` the stop need not be started, and `visit` may be empty: then `account` (and `customer`, if
    known) says whose debt it is, and the receipt carries no account tag. Raises WORK-REFUSED for a stop that is
    not open, another currency than the account's, a cheque without number; ARGUMENT-WRONG for an amount that
    is not above zero.
    """
    check_amount(amount_minor)
    if method == "cheque" and not cheque:
        raise refuse("cheque-number")
    if not visit and not (walk_up and account):
        raise refuse("walk-up-account")

    def write(moment: Moment) -> Draft:
        document = desk.store.documents.visit(visit) if walk_up else visit_document(desk, visit)
        pack = frame_of_visit(desk, visit) if visit else present_frame(desk)
        day = day_of(desk, pack)
        progress = day.visit(visit)
        if not walk_up and not progress.is_open:
            raise refuse("concluded" if progress.concluded else "not-started", visit=visit)
        code = currency_code or (document.currency if document else pack.currency)
        if document is not None and code != document.currency:
            raise refuse("currency", given=currency(code).code, account=document.currency)
        receipt = _sign(
            desk,
            moment,
            amount_minor=amount_minor,
            currency=code,
            method=method,
            kind="payment",
            flags=(FLAG_PAYER if progress.identity == "answered" else 0) | (FLAG_CONFIRMED * provider_confirmed),
            last_four=_last_four(document),
            tag=document.account_tag if document is not None and not account else _NO_TAG,
        )
        body = field.PaymentCollected(
            visit=visit,
            account=account or (document.account if document else ""),
            customer=customer or (document.customer if document and not account else ""),
            amount_minor=amount_minor,
            currency=code,
            method=method,
            receipt=receipt.text,
            provider_order=provider_order,
            cheque=cheque,
            payer=payer,
        )
        removed = desk.store.documents.is_removed(visit)
        advice = visit_advice(moment, pack, day, document, removed=removed, task="collect")
        advice += _payment_advice(document, progress, amount_minor)
        if method == "cash" and code == pack.currency:
            advice += cash_advice(pack, day, amount_minor)
        return Draft(body=body, pack=pack.pack, policy=pack.policy, receipt=receipt, advice=advice)

    return desk.record(write, position=position)


def void(
    desk: Desk, receipt: str, reason: VoidReason, *, void_code: str = "", position: Position | None = None
) -> Recorded:
    """Take back a payment named by its receipt (number, short number or series), and return the void's receipt.

    `void_code` is what the customer alone holds; it is sealed to the office. Raises WORK-REFUSED for a receipt
    that this phone did not issue, one that is a void itself, and one that was voided already.
    """

    def write(moment: Moment) -> Draft:
        payment = find_payment(desk, receipt)
        if payment.kind != "payment":
            raise refuse("void-of-void", receipt=receipt)
        if payment.voided_by:
            raise refuse("voided-already", receipt=receipt)
        pack = next((pack for pack in desk.store.documents.days() if pack.pack == payment.pack), None)
        original = read_receipt(payment.receipt)
        signed = _sign(
            desk,
            moment,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            method=payment.method,
            kind="void",
            flags=FLAG_VOID | (original.body.flags & FLAG_PAYER),
            last_four=original.body.last_four,
            tag=original.identity[:8],
        )
        record = sealed_record(desk, moment, payment.visit, void_code) if void_code else None
        body = field.PaymentVoided(
            visit=payment.visit,
            account=payment.account,
            payment=payment.hash,
            voided=payment.series,
            reason=reason,
            receipt=signed.text,
            void_code=record.sha256 if record else "",
        )
        advice = () if void_code else (Advice("void-unconfirmed"),)
        policy = pack.policy if pack else ""
        records = (record,) if record else ()
        return Draft(body=body, pack=payment.pack, policy=policy, receipt=signed, side_records=records, advice=advice)

    return desk.record(write, position=position)


def payments(desk: Desk) -> list[Payment]:
    """Every receipt that this phone issued, oldest first, each with the void that took it back."""
    found: list[Payment] = []
    for stored in desk.store.journal.of_kinds(_RECEIPT_KINDS):
        payment = payment_of(stored)
        if payment is not None:
            mark_voided(found, payment)
            found.append(payment)
    return found


def find_payment(desk: Desk, receipt: str) -> Payment:
    """A receipt by its number in the present epoch, its short number, its series, or `last`."""
    wanted = receipt.strip().upper()
    found = payments(desk)
    if wanted == "LAST" and found:
        return found[-1]
    for payment in reversed(found):
        names = (str(payment.number), payment.series.upper(), short_number(read_receipt(payment.receipt)))
        if wanted in names:
            return payment
    raise refuse("receipt-unknown", receipt=receipt)


def _sign(
    desk: Desk,
    moment: Moment,
    *,
    amount_minor: int,
    currency: str,
    method: str,
    kind: str,
    flags: int,
    last_four: int,
    tag: str,
) -> Receipt:
    reading, head = moment.reading, moment.head
    body = ReceiptBody(
        key_id=desk.device,
        epoch=head.epoch,
        seq=head.seq + 1,
        number=moment.receipt + 1,
        before=head.hash[:32],
        amount_minor=amount_minor,
        currency=currency,
        method=method,
        kind=kind,
        # A clock that stands outside the four bytes must not keep the customer from a receipt.
        at_s=min(max(reading.wall_ms // 1000, 0), _SECONDS_MAX),
        offset_minutes=reading.offset_minutes // 15 * 15,
        flags=flags | (FLAG_CLOCK if clock_is_trusted(moment) else 0),
        last_four=last_four,
        tag=tag,
    )
    return sign_receipt(desk.signing_key, body)


def _last_four(document: VisitDocument | None) -> int:
    text = document.last_four if document else ""
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else 0


def _payment_advice(document: VisitDocument | None, progress: VisitProgress, amount_minor: int) -> tuple[Advice, ...]:
    found: list[Advice] = []
    if progress.identity != "answered":
        found.append(Advice("unidentified"))
    if document is None:
        return (*found, Advice("walk-up"))
    paid = sum(payment.amount_minor for payment in progress.standing)
    if paid + amount_minor > document.payoff_minor:
        over = format_amount(paid + amount_minor - document.payoff_minor, document.currency)
        found.append(Advice("over-payoff", {"over": over}))
    if any(payment.amount_minor == amount_minor for payment in progress.standing):
        found.append(Advice("same-amount", {"amount": format_amount(amount_minor, document.currency)}))
    return tuple(found)
