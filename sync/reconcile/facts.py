"""What goes into a fold and what comes out of it.

A fold's inputs are a *set* of facts about one aggregate and the registry of authors; nothing else. The same set
gives the same outcome, in whatever order, in whatever batches, however often. Nothing here reads a clock: rules
about absence see office operations only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sync.clock import Interval, effective_interval, parse_wall
from sync.operations.envelope import Operation

__all__ = [
    "FOLD_VERSION",
    "Arrival",
    "Author",
    "Decision",
    "Discrepancy",
    "Fact",
    "Outcome",
    "Posting",
    "Registry",
    "canonical_order",
    "probable_ms",
    "written_ms",
]

FOLD_VERSION = 3
"""Part of every digest: another version may read the same facts otherwise. A database that an older one folded is
folded anew. Version 2: a planned and a concluded visit touch their customer, conduct and agreements are judged.
Version 3: a device's lock and its answered recoveries are told."""


class Arrival(msgspec.Struct, frozen=True):
    """The first exchange that brought an operation: receive time and the phone's boot and monotonic clock in it."""

    received_ms: int
    boot: str
    mono_ms: int


class Author(msgspec.Struct, frozen=True):
    """Who a journal speaks for: an agent of a branch, or the office (`agent` empty)."""

    device: str
    agent: str
    branch: str
    public_key: str = ""

    @property
    def is_office(self) -> bool:
        """Whether this journal belongs to an office process."""
        return not self.agent


Registry = Mapping[str, Author]
"""Device id → author; itself a fold of `DeviceEnrolled` and `OfficeOpened`."""


class Fact(msgspec.Struct, frozen=True):
    """An operation with what the office knows about it without understanding it.

    `held` names the rule that keeps it without effect (empty: it counts). `covered` is the number (six digits) of
    its branch's first closing at or below whose heads it lies, empty while no closing covers it.
    """

    hash: str
    operation: Operation
    arrival: Arrival | None = None
    held: str = ""
    covered: str = ""

    @property
    def interval(self) -> Interval:
        """When it can have happened."""
        operation, arrival = self.operation, self.arrival
        return effective_interval(
            boot=operation.boot,
            mono_ms=operation.mono_ms,
            seen=operation.seen,
            received_ms=arrival.received_ms if arrival else None,
            received_boot=arrival.boot if arrival else "",
            received_mono_ms=arrival.mono_ms if arrival else 0,
        )


def canonical_order(facts: Iterable[Fact]) -> list[Fact]:
    """By last signed server time inside the operation, then HLC, then hash: from its own bytes, so it never changes."""
    return sorted(facts, key=lambda f: (f.operation.seen.at_ms if f.operation.seen else 0, f.operation.hlc, f.hash))


def written_ms(fact: Fact) -> int:
    """When an office operation was written, by the office's own clock."""
    return parse_wall(fact.operation.at)[0]


def probable_ms(fact: Fact) -> int:
    """When a field operation was most probably written: what its clock says, drawn into what can be true.

    A deadline that ran from the clock alone would begin when its owner likes: in a year, or half a century ago.
    """
    wall_ms, interval = parse_wall(fact.operation.at)[0], fact.interval
    if interval.low_ms is not None:
        wall_ms = max(wall_ms, interval.low_ms)
    return wall_ms if interval.high_ms is None else min(wall_ms, interval.high_ms)


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """Money moves from `credit` to `debit`; places are ``family:identifier``. Both legs come from one fold.

    `id` is unique in the books and stable: the operation's hash and what the line is for.
    """

    id: str
    debit: str
    credit: str
    amount_minor: int
    currency: str
    branch: str
    service_day: str
    operation: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, by whom; `current` is false when the ground has changed since."""

    operation: str
    outcome: str
    by: str
    second: str
    note: str
    current: bool


class Discrepancy(msgspec.Struct, frozen=True, kw_only=True):
    """Where field and office, or two facts, disagree. Its identity is rule and subject.

    `ground` is the digest of its operations and of the outcome stated; a decision names it. `values` fill the
    rule's sentence in either language. `agent` is set only by rules with suspicion.
    """

    rule: str
    subject: str
    severity: str
    ground: str
    operations: tuple[str, ...]
    values: dict[str, Any]
    branch: str
    service_day: str
    agent: str = ""
    decision: Decision | None = None

    @property
    def id(self) -> str:
        """``RULE|subject``."""
        return f"{self.rule}|{self.subject}"

    @property
    def open(self) -> bool:
        """Whether somebody still has to decide: `info` needs nobody, and passing it on settles nothing."""
        decided = self.decision is not None and self.decision.current and self.decision.outcome != "escalate"
        return self.severity != "info" and not decided


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one fold says: the aggregate's state, its postings and its discrepancies."""

    key: str
    state: dict[str, Any]
    postings: tuple[Posting, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
