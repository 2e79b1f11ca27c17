"""What became of one payment: does it stand, is a void pending, contested or effective?

The payment, account and drawer folds each need the answer, and each computes it from the same facts with this
one function; the touch index brings every void, witness, confirmation, decision and hand-over concerned to all
three.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from sync.encoding import unb64
from sync.operations.field import CashHandedOver, PaymentCollected, PaymentVoided
from sync.operations.kinds import series_of
from sync.operations.office import DiscrepancyDecided, ReceiptWitnessed, VoidConfirmed
from sync.reconcile.facts import Fact, canonical_order

__all__ = ["PaymentStatus", "Status", "payment_statuses", "same_receipt"]

Status = Literal["stands", "void_pending", "void_contested", "voided", "void_refused"]


class PaymentStatus(msgspec.Struct, frozen=True):
    """One PaymentCollected with its status, the voids of it, and why a void is contested (empty: it is not)."""

    fact: Fact
    body: PaymentCollected
    series: str
    status: Status
    voids: tuple[Fact, ...]
    contested: str = ""
    confirmed: bool = False
    """Whether the customer confirmed the void."""

    @property
    def counts(self) -> bool:
        """Whether the customer's account keeps the credit: everything but an effective void."""
        return self.status != "voided"


def payment_statuses(facts: Iterable[Fact]) -> list[PaymentStatus]:
    """Every payment among the facts, in canonical order, held ones left out."""
    usable = [fact for fact in facts if not fact.held]
    voids: dict[str, list[Fact]] = {}
    related: dict[str, list[Fact]] = {}
    handovers: list[Fact] = []
    payments: list[Fact] = []
    for fact in usable:
        body = fact.operation.body
        if isinstance(body, PaymentCollected):
            payments.append(fact)
        elif isinstance(body, PaymentVoided):
            voids.setdefault(body.payment, []).append(fact)
        elif isinstance(body, ReceiptWitnessed):
            related.setdefault(series_of(body.receipt), []).append(fact)
        elif isinstance(body, VoidConfirmed):
            related.setdefault(body.payment, []).append(fact)
        elif isinstance(body, DiscrepancyDecided):
            related.setdefault(body.subject, []).append(fact)
        elif isinstance(body, CashHandedOver):
            handovers.append(fact)
    if not voids:
        return [
            PaymentStatus(fact, fact.operation.body, series_of(fact.operation.body.receipt), "stands", ())
            for fact in canonical_order(payments)
            if isinstance(fact.operation.body, PaymentCollected)
        ]
    return [_status(fact, voids.get(fact.hash, []), related, handovers) for fact in canonical_order(payments)]


def _status(
    fact: Fact, voids: Sequence[Fact], related: dict[str, list[Fact]], handovers: Sequence[Fact]
) -> PaymentStatus:
    body = fact.operation.body
    if not isinstance(body, PaymentCollected):
        raise TypeError("a payment status is asked for something that is no payment")
    series = series_of(body.receipt)
    # A void counts only from the device that took the payment; anybody else's is no more than a claim.
    own = tuple(canonical_order(void for void in voids if void.operation.device == fact.operation.device))
    if not own:
        return PaymentStatus(fact, body, series, "stands", ())
    confirmed = any(isinstance(other.operation.body, VoidConfirmed) for other in related.get(fact.hash, ()))
    witnessed = any(
        isinstance(other.operation.body, ReceiptWitnessed) and same_receipt(other.operation.body.receipt, body.receipt)
        for other in related.get(series, ())
    )
    contested = ""
    if any(fact.covered and void.covered != fact.covered for void in own):
        contested = "closed"
    elif any(void.operation.pack != fact.operation.pack for void in own):
        contested = "other_day"
    elif any(_handed_over_between(fact, void, handovers) for void in own):
        contested = "handed_over"
    elif witnessed and not confirmed:
        contested = "witnessed"
    rule = "VOID-CONTESTED" if contested else "VOID-UNCONFIRMED"
    outcome = _decided(rule, f"payment:{series}", related.get(f"payment:{series}", ()))
    if outcome in {"void", "confirm_pass"}:
        return PaymentStatus(fact, body, series, "voided", own, contested, confirmed)
    if outcome in {"accept", "excuse", "confirm_fail"}:
        return PaymentStatus(fact, body, series, "void_refused", own, contested, confirmed)
    if contested:
        return PaymentStatus(fact, body, series, "void_contested", own, contested, confirmed)
    return PaymentStatus(fact, body, series, "voided" if confirmed else "void_pending", own, "", confirmed)


def same_receipt(one: str, other: str) -> bool:
    """Whether two receipts have the same identity: the same 56 bytes, whatever the signature."""
    return one == other or (series_of(one) != "" and unb64(one)[:56] == unb64(other, None)[:56])


def _handed_over_between(payment: Fact, void: Fact, handovers: Sequence[Fact]) -> bool:
    """Whether the same journal handed cash over after the payment and before the void, by chain order."""
    if not isinstance(payment.operation.body, PaymentCollected) or payment.operation.body.method != "cash":
        return False
    start = (payment.operation.epoch, payment.operation.seq)
    end = (void.operation.epoch, void.operation.seq)
    return any(
        handover.operation.device == payment.operation.device
        and start < (handover.operation.epoch, handover.operation.seq) < end
        for handover in handovers
    )


def _decided(rule: str, subject: str, facts: Iterable[Fact]) -> str:
    for fact in canonical_order(facts):
        body = fact.operation.body
        if isinstance(body, DiscrepancyDecided) and body.rule == rule and body.subject == subject:
            return body.outcome
    return ""
