"""What a store's tests need: keys, a clock that stands still, and stores opened by a factory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from server.clock import FixedClock
from server.keys import OfficeKeys, load_keys, make_keys
from server.ports import Store

__all__ = ["NOON_MS", "MakeStore", "fixed_clock", "keys_in", "open_office"]

NOON_MS = 1_795_406_400_000
"""2026-11-23T12:00+08:00."""


class MakeStore(Protocol):
    """Opens the same database again and again: each call is another process as far as a store can tell."""

    def __call__(self) -> Store:
        """A store; the test closes it."""
        ...


def fixed_clock() -> FixedClock:
    """Noon."""
    return FixedClock(NOON_MS)


def keys_in(folder: Path) -> OfficeKeys:
    """Keys in a folder, made at the first call."""
    if not folder.exists():
        make_keys(folder, NOON_MS)
    return load_keys(folder)


def open_office(make: Callable[[], Store]) -> Store:
    """A store that holds the office journal."""
    store = make()
    store.open_office("process-1", "K" * 87, "key-1")
    return store
