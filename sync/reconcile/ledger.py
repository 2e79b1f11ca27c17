"""Books: balances over postings, their digest, and the lines that a closing books.

Each posting moves one amount from a place to another, so every set of postings balances by construction; what
must be *checked* is that nothing rests where it may only pass (`collected`), and that identities never repeat.

A closing books *lines*: a posting as it stands now, or the difference to what earlier closings booked under the
same identity. The open day is the fold of everything minus the lines of all closings, so a later change appears
exactly once, as a correction.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from sync.encoding import canonical_json
from sync.reconcile.facts import FOLD_VERSION, Discrepancy, Posting

__all__ = [
    "Line",
    "balances",
    "books_digest",
    "imbalances",
    "left_in_passing",
    "lines_between",
    "state_digest",
    "total_of",
]


class Line(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A booked movement; `posting` is the identity that it books or corrects, `correction` says which."""

    posting: str
    debit: str
    credit: str
    amount_minor: int
    currency: str
    service_day: str
    correction: bool = False


def balances(postings: Iterable[Posting | Line]) -> dict[str, dict[str, int]]:
    """Place → currency → minor units (debits less credits), zero balances left out, sorted."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for posting in postings:
        sums[posting.debit, posting.currency] += posting.amount_minor
        sums[posting.credit, posting.currency] -= posting.amount_minor
    found: dict[str, dict[str, int]] = {}
    for (place, currency), amount in sorted(sums.items()):
        if amount:
            found.setdefault(place, {})[currency] = amount
    return found


def imbalances(postings: Iterable[Posting]) -> list[str]:
    """Sentences that name what does not balance: repeated identities, amounts not above zero, money left in passing."""
    seen: set[str] = set()
    faults: list[str] = []
    kept: list[Posting] = []
    for posting in postings:
        if posting.id in seen:
            faults.append(f"posting {posting.id} stands twice")
        if posting.amount_minor <= 0:
            faults.append(f"posting {posting.id} moves {posting.amount_minor}")
        seen.add(posting.id)
        kept.append(posting)
    return faults + left_in_passing(kept)


def left_in_passing(postings: Iterable[Posting | Line]) -> list[str]:
    """Sentences that name money resting where it may only pass; of lines, what they would leave there when booked."""
    return [
        f"{place} holds {amount} {code} that no account took"
        for place, amounts in balances(postings).items()
        if place.startswith("collected:")
        for code, amount in amounts.items()
    ]


def total_of(balance: Mapping[str, Mapping[str, int]], family: str, currency: str) -> int:
    """Sum over the places of a family."""
    return sum(amounts.get(currency, 0) for place, amounts in balance.items() if place.partition(":")[0] == family)


def lines_between(booked: Mapping[str, Line], current: Mapping[str, Posting]) -> list[Line]:
    """The lines that turn what is booked (net, by posting identity) into what stands now, sorted."""
    lines: list[Line] = []
    for identity in sorted(set(booked) | set(current)):
        old, new = booked.get(identity), current.get(identity)
        if old is not None and (new is None or _differs(old, new)):
            lines.append(
                Line(
                    posting=identity,
                    debit=old.credit,
                    credit=old.debit,
                    amount_minor=old.amount_minor,
                    currency=old.currency,
                    service_day=old.service_day,
                    correction=True,
                )
            )
        if new is not None and (old is None or _differs(old, new)):
            lines.append(_line(new, correction=old is not None))
    return lines


def _differs(old: Line, new: Posting) -> bool:
    return (old.debit, old.credit, old.amount_minor, old.currency) != (
        new.debit,
        new.credit,
        new.amount_minor,
        new.currency,
    )


def _line(posting: Posting, *, correction: bool) -> Line:
    return Line(
        posting=posting.id,
        debit=posting.debit,
        credit=posting.credit,
        amount_minor=posting.amount_minor,
        currency=posting.currency,
        service_day=posting.service_day,
        correction=correction,
    )


def books_digest(postings: Iterable[Posting]) -> str:
    """SHA-256 over the fold version and every posting in order of identity, one canonical line each."""
    digest = hashlib.sha256(b"doorstep/books/%d\n" % FOLD_VERSION)
    for posting in sorted(postings, key=lambda item: item.id):
        digest.update(canonical_json(msgspec.to_builtins(posting)) + b"\n")
    return digest.hexdigest()


def state_digest(states: Iterable[tuple[str, Mapping[str, object]]], discrepancies: Iterable[Discrepancy]) -> str:
    """SHA-256 over every aggregate's state and every discrepancy, in order of key: books and all else."""
    digest = hashlib.sha256(b"doorstep/state/%d\n" % FOLD_VERSION)
    for key, state in sorted(states, key=lambda item: item[0]):
        digest.update(canonical_json([key, state]) + b"\n")
    for found in sorted(discrepancies, key=lambda item: item.id):
        digest.update(canonical_json(msgspec.to_builtins(found)) + b"\n")
    return digest.hexdigest()
