"""What was done so far on a day: a fold over this phone's own operations, for checks, the route and the drawer.

It says what the *phone* recorded, nothing about what the office made of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agent_client.store import Stored
from sync.operations import Operation, field, understand
from sync.receipt import read_receipt

__all__ = ["DayProgress", "Payment", "VisitProgress", "fold_day", "mark_voided", "payment_of"]


class Payment(msgspec.Struct, kw_only=True):
    """A receipt that this phone issued; `kind` is `payment` or `void`.

    `voids` is the series of the receipt that a void takes back, `voided_by` that of the void.
    """

    hash: str
    epoch: int
    seq: int
    pack: str
    series: str
    number: int
    identity: str
    visit: str
    account: str
    amount_minor: int
    currency: str
    method: str
    kind: str
    at: str
    receipt: str
    voids: str = ""
    voided_by: str = ""


class VisitProgress(msgspec.Struct, kw_only=True):
    """One visit as recorded on this phone."""

    visit: str
    started_at: str = ""
    is_open: bool = False
    starts: int = 0
    identity: str = ""
    """Result of the last identity check since the last start: answered, refused, third_party, or nothing."""
    paid: list[Payment] = []
    delivered: list[str] = []
    promised: list[str] = []
    contacts: int = 0
    concluded: str = ""
    """Reason of the last conclusion; empty while the visit is open or untouched."""

    @property
    def standing(self) -> list[Payment]:
        """Payments that were not voided."""
        return [payment for payment in self.paid if payment.kind == "payment" and not payment.voided_by]


class DayProgress(msgspec.Struct, kw_only=True):
    """A service day as recorded on this phone; cash by currency, in minor units, without the float."""

    visits: dict[str, VisitProgress] = {}
    receipts: list[Payment] = []
    cash: dict[str, int] = {}
    handed_over: dict[str, int] = {}
    transfers: set[str] = set()
    """Ids of transfers that were recorded; one that is recorded again counts once, as at the office."""
    ended_at: str = ""
    ended_seq: int = 0
    """Sequence number of the last `DayEnded`; 0 without one."""
    after_end: int = 0
    """Operations written after the last `DayEnded`, hand-overs aside."""

    def visit(self, visit: str) -> VisitProgress:
        """What is known about a visit; empty for one that was not touched."""
        return self.visits.get(visit) or VisitProgress(visit=visit)

    @property
    def concluded(self) -> int:
        """How many visits were concluded."""
        return sum(1 for visit in self.visits.values() if visit.concluded)


def fold_day(operations: Iterable[Stored], agent: str) -> DayProgress:
    """Fold one day's operations, oldest first; `agent` is whose drawer it is."""
    day = DayProgress(visits={}, receipts=[], cash={}, handed_over={}, transfers=set())
    for stored in operations:
        operation = understand(stored.data)
        if isinstance(operation, Operation):
            _take(day, stored, operation, agent)
    return day


def payment_of(stored: Stored) -> Payment | None:
    """The receipt that an operation carries, or None."""
    operation = understand(stored.data)
    if not isinstance(operation, Operation):
        return None
    body = operation.body
    if not isinstance(body, field.PaymentCollected | field.PaymentVoided):
        return None
    receipt = read_receipt(body.receipt)
    return Payment(
        hash=stored.hash,
        epoch=stored.epoch,
        seq=stored.seq,
        pack=stored.pack,
        series=receipt.body.series,
        number=receipt.body.number,
        identity=receipt.identity,
        visit=body.visit,
        account=body.account,
        amount_minor=receipt.body.amount_minor,
        currency=receipt.body.currency,
        method=receipt.body.method,
        kind=receipt.body.kind,
        at=operation.at,
        receipt=body.receipt,
        voids=body.voided if isinstance(body, field.PaymentVoided) else "",
    )


def mark_voided(earlier: Iterable[Payment], void: Payment) -> None:
    """Note on a payment the void that takes it back."""
    for payment in earlier:
        if void.voids and payment.series == void.voids:
            payment.voided_by = void.series


def _take(day: DayProgress, stored: Stored, operation: Operation, agent: str) -> None:
    body = operation.body
    match body:
        case field.DayEnded():
            day.ended_at, day.ended_seq, day.after_end = operation.at, operation.seq, 0
            return
        case field.CashHandedOver():
            _add(day.cash, body.currency, -body.amount_minor)
            _add(day.handed_over, body.currency, body.amount_minor)
            return
        case field.CashDeposited() | field.CashLossReported():
            _add(day.cash, body.currency, -body.amount_minor)
        case field.CashTransferred():
            if body.transfer not in day.transfers:
                _add(day.cash, body.currency, body.amount_minor if body.to_agent == agent else -body.amount_minor)
            day.transfers.add(body.transfer)
        case field.PaymentCollected() | field.PaymentVoided():
            _take_payment(day, stored)
        case _:
            _take_visit(day, stored, operation)
    if day.ended_seq:
        day.after_end += 1


def _take_payment(day: DayProgress, stored: Stored) -> None:
    payment = payment_of(stored)
    if payment is None:
        return
    mark_voided(day.receipts, payment)
    day.receipts.append(payment)
    _visit(day, stored.visit).paid.append(payment)
    if payment.method == "cash":
        sign = 1 if payment.kind == "payment" else -1
        _add(day.cash, payment.currency, sign * payment.amount_minor)


def _take_visit(day: DayProgress, stored: Stored, operation: Operation) -> None:
    if not stored.visit:
        return
    visit = _visit(day, stored.visit)
    match operation.body:
        case field.VisitStarted():
            visit.started_at, visit.is_open, visit.concluded, visit.identity = operation.at, True, "", ""
            visit.starts += 1
        case field.IdentityChecked(result=result):
            visit.identity = result
        case field.NoticeDelivered(notice=notice):
            visit.delivered.append(notice)
        case field.PromiseMade(due=due):
            visit.promised.append(due)
        case field.ContactMade():
            visit.contacts += 1
        case field.VisitConcluded(reason=reason):
            visit.is_open, visit.concluded = False, reason


def _visit(day: DayProgress, visit: str) -> VisitProgress:
    return day.visits.setdefault(visit, VisitProgress(visit=visit, paid=[], delivered=[], promised=[]))


def _add(amounts: dict[str, int], currency: str, amount_minor: int) -> None:
    amounts[currency] = amounts.get(currency, 0) + amount_minor
