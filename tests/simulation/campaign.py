"""What many worlds add up to: one summary line, and a census of what was drawn and what was found."""

from __future__ import annotations

from collections import Counter

import msgspec

from tests.simulation.plan import FAMILIES
from tests.simulation.world import Outcome

__all__ = ["Tally"]

_FOUND, _NO_TRACE = "found: ", "no trace: "
_TABLE = "{:<28} {:>8} {:>8} {:>8}"


class Tally(msgspec.Struct):
    """Adds outcomes up; `worlds_with` counts worlds in which something happened at all."""

    worlds: int = 0
    failed: int = 0
    days: int = 0
    stops: int = 0
    operations: int = 0
    payments: int = 0
    cpu_s: float = 0.0
    families: Counter[str] = msgspec.field(default_factory=Counter)
    faults: Counter[str] = msgspec.field(default_factory=Counter)
    frauds: Counter[str] = msgspec.field(default_factory=Counter)
    traceless: Counter[str] = msgspec.field(default_factory=Counter)
    worlds_with: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """One more world."""
        self.worlds += 1
        self.failed += bool(outcome.law)
        self.days += outcome.days
        self.stops += outcome.stops
        self.operations += outcome.operations
        self.payments += outcome.payments
        self.cpu_s += outcome.cpu_s
        self.families.update(outcome.families or ("none",))
        for kinds, total in (
            (outcome.faults, self.faults),
            (outcome.frauds, self.frauds),
            (outcome.traceless, self.traceless),
        ):
            total.update(kinds)
        self.worlds_with.update(outcome.faults.keys())
        self.worlds_with.update(f"{_FOUND}{kind}" for kind in outcome.frauds)
        self.worlds_with.update(f"{_NO_TRACE}{kind}" for kind in outcome.traceless)

    def line(self, seconds: float) -> str:
        """The whole campaign in one line."""
        faults = ", ".join(f"{count} {kind}" for kind, count in self.faults.most_common())
        return (
            f"{self.worlds} worlds, {self.failed} failed: {self.days} days, {self.stops} stops, {self.operations}"
            f" operations, {self.payments} payments, {self.faults.total()} faults, {self.frauds.total()} frauds found,"
            f" {self.traceless.total()} left no trace; {seconds:.0f} s, {self.cpu_s / max(1, self.worlds):.2f} s of"
            f" processor a world; faults: {faults}"
        )

    def census(self) -> list[str]:
        """Every family with how often it was drawn, every kind with how often it happened and in how many worlds."""
        lines = [_TABLE.format("family", "worlds", "of 1000", "")]
        for family in (*FAMILIES, "none"):
            drawn = self.families[family]
            lines.append(_TABLE.format(family, drawn, 1000 * drawn // max(1, self.worlds), "").rstrip())
        lines.append(_TABLE.format("fault or fraud", "times", "worlds", "of 1000"))
        for title, kinds in (("", self.faults), (_FOUND, self.frauds), (_NO_TRACE, self.traceless)):
            for kind, count in sorted(kinds.items()):
                within = self.worlds_with[title + kind]
                lines.append(_TABLE.format(title + kind, count, within, 1000 * within // max(1, self.worlds)))
        return lines
