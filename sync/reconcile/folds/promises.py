"""Promises on one account against the money that came: kept, broken or open, whatever arrived first.

A payment counts for a promise if it was possibly made after it and possibly in time; each minor unit counts once,
for the promise that is due first. A promise is broken only when the office has looked as of a later day and the
money is not there; it is whole again when a payment possibly in time arrives after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import msgspec

from sync.operations.field import PromiseMade
from sync.operations.office import PromiseJudged
from sync.policy.zones import day_start_ms, zone_of
from sync.reconcile.facts import Fact

__all__ = ["Money", "PromiseStanding", "promise_standings"]

_LAST_MIDNIGHT = timedelta(hours=12)
"""Where no zone is known, a day ends where it ends last: at UTC-12."""


class Money(msgspec.Struct, frozen=True):
    """A payment that may keep a promise; `low_ms` and `high_ms` bound when it was made."""

    fact: Fact
    amount_minor: int
    currency: str
    low_ms: int | None
    high_ms: int | None


class PromiseStanding(msgspec.Struct, frozen=True):
    """One promise with what became of it and the payments that count for it."""

    fact: Fact
    body: PromiseMade
    status: Literal["open", "kept", "broken"]
    paid_minor: int
    payments: tuple[str, ...]
    judged: tuple[str, ...]
    """The office's operations that looked for the money after the day."""


def promise_standings(
    promises: Sequence[Fact], money: Iterable[Money], judgements: Sequence[Fact], zone: str
) -> tuple[PromiseStanding, ...]:
    """Every promise by due day; `zone` is the customer's, empty where none is known."""
    items = list(money)
    left = [item.amount_minor for item in items]
    # Money that a promise has used up is looked at no more, so that a long history costs each promise little.
    live = list(range(len(items)))
    said = _judged_after(judgements)
    bodies = [(fact, body) for fact in promises if isinstance(body := fact.operation.body, PromiseMade)]
    found: list[PromiseStanding] = []
    for fact, body in sorted(bodies, key=lambda pair: pair[1].due):
        end_ms = _end_ms(body.due, zone)
        made_ms = fact.interval.low_ms
        paid, used = 0, []
        for place in live:
            if paid >= body.amount_minor:
                break
            item = items[place]
            if left[place] > 0 and _counts(item, fact, body, made_ms, end_ms):
                taken = min(left[place], body.amount_minor - paid)
                left[place] -= taken
                paid += taken
                used.append(item.fact.hash)
        if used:
            live = [place for place in live if left[place] > 0]
        judged = tuple(hash_ for hash_, as_of in said.get(fact.hash, ()) if as_of > body.due)
        status: Literal["open", "kept", "broken"] = "broken" if judged else "open"
        if paid >= body.amount_minor:
            status = "kept"
        found.append(PromiseStanding(fact, body, status, paid, tuple(used), judged))
    return tuple(found)


def _judged_after(judgements: Sequence[Fact]) -> dict[str, list[tuple[str, str]]]:
    """Promise → (judgement, as of which day)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for judgement in judgements:
        body = judgement.operation.body
        if isinstance(body, PromiseJudged):
            found.setdefault(body.promise, []).append((judgement.hash, body.as_of_day))
    return found


def _counts(item: Money, promise: Fact, body: PromiseMade, made: int | None, end_ms: int) -> bool:
    if item.currency != body.currency or (item.low_ms is not None and item.low_ms >= end_ms):
        return False
    mine, theirs = item.fact.operation, promise.operation
    if mine.device == theirs.device:
        return (mine.epoch, mine.seq) > (theirs.epoch, theirs.seq)
    return item.high_ms is None or made is None or item.high_ms >= made


def _end_ms(due: str, zone: str) -> int:
    """The first instant after the day promised."""
    day = date.fromisoformat(due)
    after = day + timedelta(days=1) if day < date.max else day
    if zone:
        return day_start_ms(after, zone_of(zone))
    latest = datetime(after.year, after.month, after.day, tzinfo=UTC) + _LAST_MIDNIGHT
    return int(latest.timestamp()) * 1000
