"""Failing worlds, kept as files and run again by a test."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.simulation.plan import Setup
from tests.simulation.world import Outcome

__all__ = ["FOLDER", "Regression", "keep", "regressions"]

FOLDER = Path(__file__).parents[2] / "fixtures" / "regressions"


class Regression(msgspec.Struct, frozen=True, kw_only=True):
    """One file: the world, the law that it broke, and why."""

    setup: Setup
    law: str
    why: str


def keep(setup: Setup, outcome: Outcome) -> Path:
    """Write a failing world down; `why` begins as what the checker said."""
    path = FOLDER / f"{outcome.law}-{setup.seed}.json"
    found = Regression(setup=setup, law=outcome.law, why=outcome.detail[:400])
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    return path


def regressions() -> list[tuple[str, Regression]]:
    """(name, world) of every file."""
    return [
        (path.stem, msgspec.json.decode(path.read_bytes(), type=Regression)) for path in sorted(FOLDER.glob("*.json"))
    ]
