"""A fold that starts from the last closing: what nothing has touched since is carried over, the rest is folded anew.

A fold's input is a set, so an aggregate that got one more operation, late or not, is folded from all of its own; but a
day touches few aggregates of many. Whatever set of operations a start was made from, a fold that goes on from it gives
the digests of one from the beginning; a property test holds it, and `doorstep verify --from-closing` shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from sync.operations.office import DayClosed
from sync.policy import Policy
from sync.reconcile.engine import JournalContext
from sync.reconcile.facts import Arrival, Author, Outcome
from sync.reconcile.replay import (
    Gathered,
    Replay,
    fold_keys,
    gather,
    held_outcomes,
    index_of,
    journals_of,
)
from sync.reconcile.standing import ancestors

__all__ = ["Resumed", "Start", "lines_at_closings", "resume", "start_from"]

_Standing = tuple[str, str, Arrival | None]
"""What holds an operation, which closing covers it, how it arrived."""


class Start(msgspec.Struct, frozen=True):
    """What a fold of some operations left, with what it knew of each."""

    outcomes: dict[str, Outcome]
    standings: dict[str, _Standing]
    registry: Mapping[str, Author]
    journals: Mapping[str, JournalContext]
    policy: Policy | None


class Resumed(msgspec.Struct, frozen=True):
    """The whole fold, and how much of it was carried over."""

    result: Replay
    carried: int
    folded: int


def start_from(lines: Iterable[bytes], blobs: Mapping[str, bytes], policy: Policy | None = None) -> Start:
    """Fold these operations, to go on from them."""
    gathered = gather(lines, blobs)
    index = index_of(gathered)
    return Start(
        fold_keys(gathered, index, sorted(index), policy),
        _standings(gathered),
        gathered.registry,
        journals_of(gathered),
        policy,
    )


def resume(start: Start, lines: Iterable[bytes], blobs: Mapping[str, bytes]) -> Resumed:
    """Fold all of these operations, those of the start among them, by the start's policy."""
    gathered = gather(lines, blobs)
    index = index_of(gathered)
    keys = sorted(key for key in index if not key.startswith("operation:"))
    touched = _touched(start, gathered, index)
    anew = [key for key in keys if key in touched]
    carried = {key: start.outcomes[key] for key in keys if key not in touched}
    outcomes = carried | fold_keys(gathered, index, anew, start.policy) | held_outcomes(gathered, index)
    held = {hash_: fault.rule for hash_, fault in gathered.held.items()}
    result = Replay(outcomes, len(gathered.placed), held | dict.fromkeys(gathered.revoked, "DEVICE-REVOKED"))
    return Resumed(result, len(carried), len(anew))


def _standings(gathered: Gathered) -> dict[str, _Standing]:
    return {hash_: (fact.held, fact.covered, fact.arrival) for hash_, fact in gathered.facts.items()}


def _touched(start: Start, gathered: Gathered, index: Mapping[str, set[str]]) -> set[str]:
    """Aggregates that got an operation, or of whose operations, journals or authors the office knows something else."""
    standings, journals = _standings(gathered), journals_of(gathered)
    changed = {hash_ for hash_, standing in standings.items() if start.standings.get(hash_) != standing}
    found = {key for key, hashes in index.items() if key not in start.outcomes or not changed.isdisjoint(hashes)}
    none = JournalContext({})
    found |= {
        key
        for device in {*journals, *start.journals}
        if journals.get(device, none) != start.journals.get(device, none) and (key := f"device:{device}") in index
    }
    authors = {*gathered.registry, *start.registry}
    for device in (d for d in authors if gathered.registry.get(d) != start.registry.get(d)):
        # A fold may ask for the author of any device that is named in a key or in an operation.
        mark = device.encode()
        named = {hash_ for hash_, item in gathered.placed.items() if mark in item.data}
        found |= {key for key, hashes in index.items() if device in key or not named.isdisjoint(hashes)}
    return found


def lines_at_closings(lines: Iterable[bytes], blobs: Mapping[str, bytes]) -> list[bytes]:
    """What was there when the last closing was written: what closings cover, and the office's journals up to them."""
    gathered = gather(lines, blobs)
    closings = [hash_ for hash_, f in gathered.facts.items() if isinstance(f.operation.body, DayClosed) and not f.held]
    previous = {hash_: item.header.prev for hash_, item in gathered.placed.items()}
    office = ancestors(previous, closings)
    return [
        item.data
        for hash_, item in gathered.placed.items()
        if hash_ in office or (hash_ in gathered.facts and gathered.facts[hash_].covered)
    ]
