"""When faults strike, how often, and what they are; with `over` set none does."""

from __future__ import annotations

import sqlite3
from typing import Literal

import msgspec
import sqlcipher3

from tests.simulation.chance import Chance
from tests.simulation.disk import Gate
from tests.simulation.limits import OFFICE_STATEMENTS_MAX, STATEMENTS_MAX

__all__ = ["Fate", "Faults", "Violation"]

Fate = Literal[
    "well",
    "request_lost",
    "answer_lost",
    "answer_cut",
    "request_cut",
    "twice",
    "again_later",
    "late",
    "slow",
]
"""What becomes of one request and its answer."""

_FATES: tuple[tuple[Fate, int], ...] = (
    ("well", 60),
    ("request_lost", 9),
    ("answer_lost", 10),
    ("answer_cut", 3),
    ("request_cut", 2),
    ("twice", 4),
    ("again_later", 4),
    ("late", 4),
    ("slow", 6),
)


class Violation(Exception):
    """A checker found that a promise was broken; `law` names it."""

    def __init__(self, law: str, detail: str) -> None:
        super().__init__(f"{law}: {detail}")
        self.law = law
        self.detail = detail


class Counts(msgspec.Struct):
    """How often each thing happened, for the report."""

    faults: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, name: str) -> None:
        """Once more."""
        self.faults[name] = self.faults.get(name, 0) + 1


class Faults:
    """Draws faults for the families that this world has."""

    def __init__(self, families: frozenset[str], chance: Chance) -> None:
        self.families = families
        self.counts = Counts()
        self.over = False
        self._network = chance.stream("network")
        self._phone = chance.stream("phone")
        self._office = chance.stream("office")

    def has(self, family: str) -> bool:
        """Whether faults of this family can still happen."""
        return family in self.families and not self.over

    def fate(self) -> Fate:
        """Of one request."""
        found = self._network.weighted(_FATES) if self.has("network") else "well"
        if found != "well":
            self.counts.add(found)
        return found

    def arm_phone(self, gate: Gate) -> None:
        """Before a step of a phone: perhaps it will crash, or its disk be full."""
        draw = self._phone
        if self.has("phone_crash") and draw.permille(35):
            self.counts.add("phone_crash")
            self._strike(gate, draw, None)
        elif self.has("disk") and draw.permille(20):
            self.counts.add("phone_full")
            self._strike(gate, draw, sqlcipher3.OperationalError)

    def arm_office(self, gate: Gate) -> None:
        """Before a request or command at the office."""
        draw = self._office
        if self.has("office_crash") and draw.permille(35):
            self.counts.add("office_crash")
            self._strike(gate, draw, None, OFFICE_STATEMENTS_MAX)
        elif self.has("disk") and draw.permille(20):
            self.counts.add("office_full")
            self._strike(gate, draw, sqlite3.OperationalError, OFFICE_STATEMENTS_MAX)

    def _strike(self, gate: Gate, draw: Chance, full: type[Exception] | None, most: int = STATEMENTS_MAX) -> None:
        kind = draw.between(0, 9)
        if kind < 2:
            gate.arm(at="COMMIT", full=full)
        elif kind < 4 and full is None:
            gate.arm(at="COMMIT", after=True)
        else:
            gate.arm(left=draw.between(0, draw.pick((STATEMENTS_MAX, STATEMENTS_MAX, most))), full=full)
