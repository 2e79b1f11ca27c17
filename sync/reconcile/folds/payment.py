"""The fold of one receipt series (key id, epoch, number): the payment, its voids, its witnesses.

It books the door's side: money comes to rest with the agent or in clearing against `collected`, moves to
`void_pending` while a void waits, back out when it is effective, and into suspense when only a witness knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from sync.encoding import unb64
from sync.errors import DoorstepError
from sync.operations.field import PaymentCollected, PaymentVoided
from sync.operations.kinds import series_of
from sync.operations.office import ReceiptCheckAnswered, ReceiptUnreported, ReceiptWitnessed
from sync.receipt import Receipt, read_receipt, verify_receipt
from sync.reconcile import places
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order
from sync.reconcile.payment_status import PaymentStatus, payment_statuses
from sync.reconcile.remitted_lines import RemittedLine, lines_of_payments
from sync.signing import load_public_key

__all__ = [
    "PaymentView",
    "identity_of",
    "payment_postings",
    "payment_state",
    "payment_view",
    "payment_whereabouts",
]


class PaymentView(msgspec.Struct, frozen=True):
    """What the rules see of one series."""

    series: str
    payments: tuple[PaymentStatus, ...]
    own_voids: tuple[Fact, ...]
    """Voids whose own receipt has this series."""
    witnesses: tuple[tuple[Fact, Receipt], ...]
    """One per distinct receipt body, the first in canonical order."""
    scans: int
    unreported: tuple[Fact, ...]
    contradictions: tuple[tuple[Fact, str], ...]
    """Operations that contradict their own receipt, with the field concerned."""
    registry: Registry
    held: tuple[Fact, ...] = ()
    """Operations that carry a receipt of this series and are kept without effect."""
    shared: tuple[Fact, ...] = ()
    """Scans whose check value was another account's (`ReceiptCheckAnswered`)."""
    remitted: dict[str, list[RemittedLine]] = {}
    """Hash of a payment → what of it was passed to its creditor."""

    @property
    def carriers(self) -> tuple[Fact, ...]:
        """Operations that carry a receipt of this series."""
        return tuple(status.fact for status in self.payments) + self.own_voids

    @property
    def unmatched(self) -> tuple[tuple[Fact, Receipt], ...]:
        """Witnesses whose receipt no operation carries."""
        carried = {identity_of(fact) for fact in self.carriers}
        return tuple(pair for pair in self.witnesses if pair[1].identity not in carried)


def payment_view(key: str, facts: Sequence[Fact], registry: Registry) -> PaymentView:
    """Sort the facts of ``payment:series`` by what they say about it."""
    series = key.partition(":")[2]
    usable = canonical_order(fact for fact in facts if not fact.held)
    own_voids: list[Fact] = []
    witnesses: dict[str, tuple[Fact, Receipt]] = {}
    scans = 0
    unreported: list[Fact] = []
    shared: list[Fact] = []
    for fact in usable:
        body = fact.operation.body
        if isinstance(body, ReceiptWitnessed):
            scans += 1
            # Only a receipt that could be read was journaled; one of a later version is left to a later office.
            if (receipt := _readable(body.receipt)) is not None:
                witnesses.setdefault(receipt.identity, (fact, receipt))
        elif isinstance(body, ReceiptUnreported):
            unreported.append(fact)
        elif isinstance(body, ReceiptCheckAnswered):
            shared.append(fact)
        elif isinstance(body, PaymentVoided) and series_of(body.receipt) == series:
            own_voids.append(fact)
    statuses = tuple(status for status in payment_statuses(usable) if status.series == series)
    contradictions = [
        (fact, field)
        for fact in [*(status.fact for status in statuses), *own_voids]
        if (field := _contradiction(fact, registry))
    ]
    return PaymentView(
        series,
        statuses,
        tuple(own_voids),
        tuple(witnesses.values()),
        scans,
        tuple(unreported),
        tuple(contradictions),
        registry,
        tuple(canonical_order(fact for fact in facts if fact.held and _carries(fact, series))),
        tuple(shared),
        lines_of_payments(usable),
    )


def _carries(fact: Fact, series: str) -> bool:
    body = fact.operation.body
    return isinstance(body, PaymentCollected | PaymentVoided) and series_of(body.receipt) == series


def identity_of(fact: Fact) -> str:
    """Identity of the receipt that an operation carries; empty if it cannot be read."""
    body = fact.operation.body
    if not isinstance(body, PaymentCollected | PaymentVoided):
        return ""
    receipt = _readable(body.receipt)
    return receipt.identity if receipt else ""


def _contradiction(fact: Fact, registry: Registry) -> str:
    """The field in which an operation contradicts the receipt that it carries, or empty."""
    operation, body = fact.operation, fact.operation.body
    if not isinstance(body, PaymentCollected | PaymentVoided):
        return ""
    receipt = _readable(body.receipt)
    if receipt is None:
        return "receipt"
    said = receipt.body
    expected: list[tuple[str, Any, Any]] = [
        ("key", said.key_id, operation.device),
        ("epoch", said.epoch, operation.epoch),
        ("seq", said.seq, operation.seq),
        ("before", said.before, operation.prev[:32]),
        ("kind", said.kind, "payment" if isinstance(body, PaymentCollected) else "void"),
    ]
    if isinstance(body, PaymentCollected):
        expected += [
            ("amount", said.amount_minor, body.amount_minor),
            ("currency", said.currency, body.currency),
            ("method", said.method, body.method),
        ]
    for field, on_receipt, in_operation in expected:
        if on_receipt != in_operation:
            return field
    author = registry.get(operation.device)
    if author is not None and author.public_key:
        try:
            verify_receipt(receipt, _public_key(author.public_key))
        except DoorstepError:
            return "signature"
    return ""


@lru_cache(maxsize=1024)
def _public_key(text: str) -> EllipticCurvePublicKey:
    """Remembered: a day brings a device's receipts by the dozen, and loading a key costs half a verification."""
    return load_public_key(unb64(text))


def payment_postings(view: PaymentView) -> tuple[Posting, ...]:
    """The door's side of every payment of the series, and what only a witness knows."""
    lines = [line for status in view.payments for line in _payment_lines(status, view.registry)]
    return (*lines, *_witness_lines(view))


def _payment_lines(status: PaymentStatus, registry: Registry) -> list[Posting]:
    fact, body = status.fact, status.body
    author = registry[fact.operation.device]
    holding = places.agent_holding(body.method, author.agent)
    day = fact.operation.pack.partition("/")[0]

    def line(purpose: str, debit: str, credit: str, amount_minor: int = body.amount_minor) -> Posting:
        return Posting(
            id=f"{fact.hash}:{purpose}",
            debit=debit,
            credit=credit,
            amount_minor=amount_minor,
            currency=body.currency,
            branch=author.branch,
            service_day=day,
            operation=fact.hash,
        )

    lines = [line("collected", holding, places.collected(body.account))]
    if status.reversed_minor:
        lines.append(line("reversed", places.collected(body.account), holding, status.reversed_minor))
    if status.status in {"void_pending", "void_contested"}:
        lines.append(line("void_pending", places.void_pending(author.agent), holding, status.amount_minor))
    elif status.status == "voided":
        lines.append(line("voided", places.collected(body.account), holding))
    elif status.status == "reversed":
        lines.append(line("reversed", places.collected(body.account), holding))
    return lines


def _witness_lines(view: PaymentView) -> list[Posting]:
    """What only a witness knows waits in suspense, outside every drawer, only while that is so."""
    reported = {fact.hash for fact in view.unreported}
    lines: list[Posting] = []
    for fact, receipt in view.unmatched:
        body = receipt.body
        if body.kind != "payment":
            continue
        if view.carriers:
            amount = max(0, body.amount_minor - _carried(view, receipt))
        elif reported:
            amount = body.amount_minor
        else:
            continue
        author = view.registry.get(body.key_id)
        if amount:
            lines.append(
                Posting(
                    id=f"{fact.hash}:witnessed",
                    debit=places.witnessed_unreported(body.key_id),
                    credit=places.suspense(f"receipt/{view.series}"),
                    amount_minor=amount,
                    currency=body.currency,
                    branch=author.branch if author else "",
                    service_day="",
                    operation=fact.hash,
                )
            )
    return lines


def _carried(view: PaymentView, witness: Receipt) -> int:
    """The most that an operation of the series carries for the witness's own account and currency.

    A tag of zero names no account (a walk-up), so it is never the same as another.
    """
    tag, code = witness.body.tag, witness.body.currency
    if not int(tag, 16):
        return 0
    return max(
        (
            status.body.amount_minor
            for status in view.payments
            if (read := _readable(status.body.receipt)) is not None
            and read.body.tag == tag
            and status.body.currency == code
        ),
        default=0,
    )


@lru_cache(maxsize=1024)
def _readable(receipt: str) -> Receipt | None:
    """Remembered, since one fold asks four times for the same."""
    try:
        return read_receipt(receipt)
    except DoorstepError:
        return None


def payment_whereabouts(view: PaymentView) -> tuple[str, str]:
    """Branch and service day that the discrepancies of this series belong to."""
    for fact in view.carriers:
        author = view.registry.get(fact.operation.device)
        return (author.branch if author else ""), fact.operation.pack.partition("/")[0]
    author = view.registry.get(view.series.partition("/")[0])
    return (author.branch if author else ""), ""


def payment_state(view: PaymentView) -> dict[str, Any]:
    """What is stored and shown of the series."""
    return {
        "series": view.series,
        "payments": [
            {
                "operation": status.fact.hash,
                "account": status.body.account,
                "amount_minor": status.body.amount_minor,
                "currency": status.body.currency,
                "method": status.body.method,
                "status": status.status,
                "contested": status.contested,
                "drawer": status.fact.operation.pack,
                "reversed_minor": status.reversed_minor,
                "remitted": [
                    {
                        "creditor": sent.body.creditor,
                        "batch": sent.body.batch,
                        "amount_minor": sent.body.amount_minor,
                        "rejected": sent.rejected[1].reason if sent.rejected else "",
                    }
                    for sent in view.remitted.get(status.fact.hash, ())
                ],
            }
            for status in view.payments
        ],
        "voids": [fact.hash for fact in view.own_voids],
        "witnesses": [receipt.identity for _, receipt in view.witnesses],
        "scans": view.scans,
        "unreported": bool(view.unreported) and not view.carriers,
    }
