"""Folding in other processes: what is sent there, what comes back."""

from __future__ import annotations

from typing import Protocol

import msgspec

from server.ports.rows import StoredOperation
from sync.encoding import canonical_json
from sync.reconcile.facts import Discrepancy, Outcome, Posting

__all__ = ["FoldJob", "FoldWorkers", "FoldWorkersGone", "Folded", "folded"]


class FoldJob(msgspec.Struct, frozen=True, array_like=True):
    """Aggregates to fold, with what no snapshot shows yet."""

    keys: tuple[str, ...]
    rows: list[StoredOperation]
    """Operations that `touches` names."""
    touches: list[tuple[str, int]]
    """(aggregate key, row id) not yet in the touch index."""
    held: dict[int, str]
    """Row id → rule that keeps the operation without effect; empty lifts what the row says."""
    authors: int
    """How many journals the registry knew. Authors are only ever added."""


class Folded(msgspec.Struct, frozen=True, array_like=True):
    """An outcome whose state is its canonical JSON: encoded where it was folded, never decoded again."""

    key: str
    state: bytes
    postings: tuple[Posting, ...]
    discrepancies: tuple[Discrepancy, ...]


def folded(outcome: Outcome) -> Folded:
    """An outcome, ready to be stored."""
    return Folded(outcome.key, canonical_json(outcome.state), outcome.postings, outcome.discrepancies)


class FoldWorkersGone(Exception):
    """A process ended, did not answer in time, or could not fold: the caller folds itself."""


class FoldWorkers(Protocol):
    """Processes that fold; each takes one job at a time. All calls come from one thread."""

    @property
    def count(self) -> int:
        """How many jobs can be under way; 0 when they cannot be used (any more)."""
        ...

    def send(self, worker: int, job: FoldJob) -> None:
        """Begin a job with a worker that has none. Raises FoldWorkersGone."""
        ...

    def receive(self, worker: int) -> list[Folded]:
        """Wait for its outcomes, bounded. Raises FoldWorkersGone."""
        ...

    def reset(self) -> None:
        """Forget every job under way."""
        ...

    def close(self) -> None:
        """End the processes."""
        ...
