"""Payments without the provider's order number, beside statement lines that nobody claims.

A line may be a payment's when provider, currency and amount are the same and the times lie within a day. Closer times
and an account that the payer named raise the confidence. By rule only what fits best in both directions is matched,
and only from `MATCH_CONFIDENCE_MIN` on; the rest is proposed to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from server.limits import MATCH_CONFIDENCE_MIN, MATCH_NEAR_MS, MATCH_WINDOW_MS, SETTLEMENTS_WAITING_MAX
from server.ports import OfficeWork, Reader, Store, Writer
from server.services.office import SYSTEM, Person, actor_for
from server.services.present import facts_now
from sync.errors import Conflict, Refused
from sync.operations.envelope import Actor
from sync.operations.money import Provider, SettlementMatched
from sync.reconcile.folds.settlement import SettlementView, settlement_view

__all__ = ["Proposal", "match_by_hand", "match_by_rule", "proposals"]

Means = Literal["amount_time", "amount_time_account"]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A line that may be a payment's; `certain` when it fits best in both directions and confidently enough."""

    provider: Provider
    order: str
    series: str
    account: str
    amount_minor: int
    currency: str
    apart_s: int
    confidence: int
    means: Means
    certain: bool


def proposals(reader: Reader) -> list[Proposal]:
    """Every pair that may belong together, the most confident first; bounded by what waits."""
    waiting = list(_waiting(reader))
    payments = [(state, paid) for state in waiting for paid in state["payments"] if _is_claim(state, paid)]
    lines = [(state, state["lines"][0]) for state in waiting if len(state["lines"]) == 1 and not state["payments"]]
    found = [
        pair
        for claim, paid in payments
        for state, line in lines
        if claim["provider"] == state["provider"] and (pair := _pair(state, line, paid)) is not None
    ]
    ordered = sorted(found, key=lambda p: (-p.confidence, p.apart_s, p.provider, p.order, p.series))
    return [msgspec.structs.replace(pair, certain=_is_certain(pair, found)) for pair in ordered]


def _waiting(reader: Reader) -> Iterator[dict[str, Any]]:
    subjects: dict[str, None] = {}
    for rule in ("PAY-UNCONFIRMED", "WALLET-UNMATCHED"):
        rows = reader.discrepancies(rule=rule, limit=SETTLEMENTS_WAITING_MAX)
        subjects |= dict.fromkeys(item.subject for item in rows)
    yield from (state for _, state in sorted(reader.aggregates(list(subjects)).items()))


def _is_claim(state: dict[str, Any], paid: dict[str, Any]) -> bool:
    return state["order"].startswith("receipt/") and paid["status"] not in {"voided", "reversed"}


def _pair(state: dict[str, Any], line: dict[str, Any], paid: dict[str, Any]) -> Proposal | None:
    apart_ms = abs(line["at_ms"] - paid["at_ms"])
    same = (line["amount_minor"], line["currency"]) == (paid["amount_minor"], paid["currency"])
    if line["reversed"] or not same or apart_ms > MATCH_WINDOW_MS:
        return None
    hint = line["payer_hint"]
    named = bool(hint) and paid["account"].endswith(hint)
    means: Means = "amount_time_account" if named else "amount_time"
    return Proposal(
        provider=state["provider"],
        order=state["order"],
        series=paid["series"],
        account=paid["account"],
        amount_minor=paid["amount_minor"],
        currency=paid["currency"],
        apart_s=apart_ms // 1000,
        confidence=50 + (25 if apart_ms <= MATCH_NEAR_MS else 0) + (25 if named else 0),
        means=means,
        certain=False,
    )


def _is_certain(pair: Proposal, found: list[Proposal]) -> bool:
    rivals = [
        other.confidence
        for other in found
        if other is not pair
        and other.provider == pair.provider
        and (other.order == pair.order) != (other.series == pair.series)
    ]
    return pair.confidence >= MATCH_CONFIDENCE_MIN and all(pair.confidence > other for other in rivals)


def match_by_rule(store: Store) -> int:
    """Match what is certain; how many. Idempotent and bounded: a job."""
    with store.read() as reader:
        certain = [pair for pair in proposals(reader) if pair.certain]
    if not certain:
        return 0

    def work(writer: Writer) -> int:
        done = 0
        for pair in certain:
            if _fault(writer, pair.provider, pair.order, pair.series) is None:
                _write(writer, SYSTEM, pair.provider, pair.order, pair.series, pair.means, pair.confidence)
                done += 1
        return done

    return store.write_now(work)


def match_by_hand(
    writer: Writer, person: Person, provider: str, order: str, series: str, *, basis: str | None = None
) -> str:
    """A person says which order a payment belongs to, as one work; the operation's hash.

    Raises ROLE-MISSING, NOT-FOUND without such a line or payment, STATE-FORBIDS when either is taken, STATE-STALE.
    """
    by = actor_for(person, "SettlementMatched")
    fault = _fault(writer, provider, order, series)
    if fault is not None:
        raise fault
    return _write(writer, by, provider, order, series, "person", 100, basis)  # type: ignore[arg-type]  # a line has it


def _view(reader: Reader, key: str) -> SettlementView:
    return settlement_view(key, facts_now(reader, [key])[key], reader.registry())


def _fault(reader: Reader, provider: str, order: str, series: str) -> Refused | Conflict | None:
    line = _view(reader, f"settlement:{provider}/{order}")
    claim = _view(reader, f"settlement:{provider}/receipt/{series}")
    if not line.lines:
        return Refused("NOT-FOUND", f"no statement line has the order {provider[:20]}/{order[:64]}")
    # A match that was just written is at the payment at once, and at its old place after reconciliation.
    paid = facts_now(reader, [f"payment:{series}"])[f"payment:{series}"]
    if claim.moved or any(isinstance(fact.operation.body, SettlementMatched) and not fact.held for fact in paid):
        return Conflict("STATE-FORBIDS", f"the payment {series} is matched already")
    if not claim.payments:
        return Refused("NOT-FOUND", f"no {provider[:20]} payment without an order number has the receipt {series[:64]}")
    taken = ", ".join({s.series: None for s in line.payments} | {body.series: None for _, body in line.matches})
    if taken:
        return Conflict("STATE-FORBIDS", f"{provider}/{order} is claimed by {taken}")
    return None


def _write(
    writer: Writer,
    by: Actor,
    provider: Provider,
    order: str,
    series: str,
    means: Literal["amount_time", "amount_time_account", "person"],
    confidence: int,
    basis: str | None = None,
) -> str:
    key = f"settlement:{provider}/{order}"
    head = writer.aggregate_head(key) if basis is None else basis
    body = SettlementMatched(
        provider=provider, order=order, series=series, means=means, confidence=confidence, basis=head
    )
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: head})
    return entry.hash
