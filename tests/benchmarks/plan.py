"""How much of everything one run measures."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

__all__ = ["Plan", "Say"]

Say = Callable[[str], None]
"""Tells how far the run is."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much of everything."""

    devices: int = 200
    operations: int = 40
    connections: int = 16
    rounds: int = 3
    documents: int = 40
    """Visit documents of one agent in the morning."""
