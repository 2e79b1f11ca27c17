"""What became of one payment: does it stand, is a void pending, contested or effective, did its provider take it back?

The payment, account and drawer folds each need the answer, and each computes it from the same facts with this
one function; the touch index brings every void, witness, confirmation, decision and hand-over concerned to all
three. So a decision about voids is read here too, on the ground that the rules about voids state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from sync.encoding import unb64
from sync.money import format_amount
from sync.operations.field import CashHandedOver, PaymentCollected, PaymentVoided
from sync.operations.kinds import series_of
from sync.operations.office import DiscrepancyDecided, ReceiptWitnessed, VoidConfirmed
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact, canonical_order
from sync.reconcile.remitted_lines import lines_of_payments
from sync.reconcile.settlement_lines import is_reversed, net_of_orders, settlement_keys, taken_back

__all__ = ["PaymentStatus", "Status", "payment_statuses", "same_receipt", "void_ground"]

Status = Literal["stands", "void_pending", "void_contested", "voided", "void_refused", "reversed"]

_WHY = {
    "witnessed": ("the customer showed the receipt to the office", "客户已向办公室出示收据"),
    "handed_over": ("the cash had been handed over before", "现金此前已交接"),
    "other_day": ("the payment belongs to another day's drawer", "该收款属于另一日的钱箱"),
    "closed": ("the payment belongs to a closed day", "该收款属于已结日"),
    "remitted": ("the money had been passed to the creditor", "款项已转付债权方"),
}


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
    witnessed: bool = False
    """Whether the customer showed the office the receipt of the payment."""
    reversed_minor: int = 0
    """What of it the provider took back while the rest stands."""

    @property
    def amount_minor(self) -> int:
        """What stands of it, if it counts."""
        return self.body.amount_minor - self.reversed_minor

    @property
    def counts(self) -> bool:
        """Whether the customer's account keeps the credit: everything but an effective void or a reversal."""
        return self.status not in {"voided", "reversed"}

    @property
    def void_rule(self) -> str:
        """The rule that waits for a decision about the void, or empty: not voided, or the customer confirmed it."""
        if not self.voids:
            return ""
        if self.contested:
            return "VOID-CONTESTED"
        return "" if self.confirmed else "VOID-UNCONFIRMED"


class _Related(msgspec.Struct):
    """What concerns payments among the facts."""

    voids: dict[str, list[Fact]]
    witnesses: dict[str, list[str]]
    confirmed: set[tuple[str, str]]
    handovers: list[Fact]
    decisions: dict[str, list[Fact]]
    remitted: set[str]
    """Hashes of payments of which a creditor has something."""


def payment_statuses(facts: Iterable[Fact]) -> list[PaymentStatus]:
    """Every payment among the facts, in canonical order, held ones left out."""
    known = list(facts)
    nets = net_of_orders(known)
    found = _after_voids(known)
    if not nets:
        return found
    matched = settlement_keys(known)
    parts = taken_back(known, nets, matched)
    return [_after_reversals(status, is_reversed(status.body, nets, matched), parts) for status in found]


def _after_reversals(status: PaymentStatus, whole: bool, parts: Mapping[str, int]) -> PaymentStatus:
    if not status.counts:
        return status
    if whole:
        return msgspec.structs.replace(status, status="reversed")
    part = parts.get(status.series, 0)
    return msgspec.structs.replace(status, reversed_minor=part) if 0 < part < status.body.amount_minor else status


def _after_voids(facts: Iterable[Fact]) -> list[PaymentStatus]:
    known = list(facts)
    related = _Related({}, {}, set(), [], {}, set())
    payments: list[tuple[Fact, PaymentCollected]] = []
    for fact in canonical_order(fact for fact in known if not fact.held):
        body = fact.operation.body
        if isinstance(body, PaymentCollected):
            payments.append((fact, body))
        elif isinstance(body, PaymentVoided):
            related.voids.setdefault(body.payment, []).append(fact)
        elif isinstance(body, ReceiptWitnessed):
            related.witnesses.setdefault(series_of(body.receipt), []).append(body.receipt)
        elif isinstance(body, VoidConfirmed):
            related.confirmed.add((body.payment, body.voided))
        elif isinstance(body, DiscrepancyDecided):
            related.decisions.setdefault(body.subject, []).append(fact)
        elif isinstance(body, CashHandedOver):
            related.handovers.append(fact)
    if related.voids:
        lines = lines_of_payments(known)
        related.remitted.update(payment for payment, mine in lines.items() if any(line.live for line in mine))
    undecided = [_undecided(fact, body, related) for fact, body in payments]
    if not related.voids:
        return undecided
    by_series: dict[str, list[PaymentStatus]] = {}
    for status in undecided:
        by_series.setdefault(status.series, []).append(status)
    outcomes = {series: _outcomes(series, group, related) for series, group in by_series.items()}
    return [_decided(status, outcomes[status.series]) for status in undecided]


def _undecided(fact: Fact, body: PaymentCollected, related: _Related) -> PaymentStatus:
    series = series_of(body.receipt)
    # A void counts only from the device that took the payment, and only if it names the receipt that the payment
    # carries; anything else is no more than a claim, and would not reach every fold that has to hear of it.
    own = tuple(void for void in related.voids.get(fact.hash, ()) if _is_own(void, fact, series))
    if not own:
        return PaymentStatus(fact, body, series, "stands", ())
    confirmed = (fact.hash, series) in related.confirmed
    witnessed = any(same_receipt(receipt, body.receipt) for receipt in related.witnesses.get(series, ()))
    contested = ""
    if any(fact.covered and void.covered != fact.covered for void in own):
        contested = "closed"
    elif any(void.operation.pack != fact.operation.pack for void in own):
        contested = "other_day"
    elif any(_handed_over_between(fact, void, related.handovers) for void in own):
        contested = "handed_over"
    elif fact.hash in related.remitted:
        contested = "remitted"
    elif witnessed and not confirmed:
        contested = "witnessed"
    status: Status = "void_contested" if contested else "voided" if confirmed else "void_pending"
    return PaymentStatus(fact, body, series, status, own, contested, confirmed, witnessed)


def _is_own(void: Fact, payment: Fact, series: str) -> bool:
    body = void.operation.body
    return (
        isinstance(body, PaymentVoided) and body.voided == series and void.operation.device == payment.operation.device
    )


def void_ground(rule: str, series: str, group: Sequence[PaymentStatus]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that VOID-UNCONFIRMED or VOID-CONTESTED states for a series; both empty if it does not.

    They follow from what happened alone, never from a decision, so that a decision can name them.
    """
    concerned = [status for status in group if status.void_rule == rule]
    if not concerned:
        return (), {}
    whys = [_WHY[status.contested] for status in concerned if status.contested]
    values: dict[str, Any] = {
        "series": series,
        "amount": _each(format_amount(status.body.amount_minor, status.body.currency) for status in concerned),
    }
    if rule == "VOID-CONTESTED":
        values |= {
            "why": _each(why for why, _ in whys),
            "why_zh": _each(why for _, why in whys),
            "witnessed": any(status.witnessed for status in concerned),
        }
    return tuple(h for s in concerned for h in (s.fact.hash, *(void.hash for void in s.voids))), values


def _each(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))


_VOID_RULES = {"VOID-UNCONFIRMED": ("review", False), "VOID-CONTESTED": ("alarm", True)}
"""Rule → severity and whether two persons must decide, as the catalogue has them."""


def _outcomes(series: str, group: Sequence[PaymentStatus], related: _Related) -> dict[str, str]:
    subject = f"payment:{series}"
    decisions = related.decisions.get(subject, ())
    found: dict[str, str] = {}
    for rule, (severity, needs_two) in _VOID_RULES.items():
        operations, values = void_ground(rule, series, group)
        if operations and decisions:
            ground = ground_of(rule, subject, operations, values, severity)
            found[rule] = outcome_on(rule, subject, ground, decisions, needs_two=needs_two)
    return found


def _decided(status: PaymentStatus, outcomes: Mapping[str, str]) -> PaymentStatus:
    outcome = outcomes.get(status.void_rule, "")
    if outcome in {"void", "confirm_pass"}:
        return msgspec.structs.replace(status, status="voided")
    if outcome:
        return msgspec.structs.replace(status, status="void_refused")
    return status


def same_receipt(one: str, other: str) -> bool:
    """Whether two receipts have the same identity: the same 56 bytes, whatever the signature."""
    if one == other:
        return True
    return series_of(one) != "" and series_of(one) == series_of(other) and unb64(one)[:56] == unb64(other)[:56]


def _handed_over_between(payment: Fact, void: Fact, handovers: Sequence[Fact]) -> bool:
    """Whether the same journal emptied the same drawer after the payment and before the void, by chain order."""
    if not isinstance(payment.operation.body, PaymentCollected) or payment.operation.body.method != "cash":
        return False
    start = (payment.operation.epoch, payment.operation.seq)
    end = (void.operation.epoch, void.operation.seq)
    return any(
        handover.operation.device == payment.operation.device
        and handover.operation.pack == payment.operation.pack
        and start < (handover.operation.epoch, handover.operation.seq) < end
        for handover in handovers
    )
