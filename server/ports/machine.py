"""What a store and a scheduler need of others: the clock, encryption of single fields, the reconciler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sync.clock import Reading

__all__ = ["Clock", "Keys", "Reconciling"]


class Clock(Protocol):
    """The office's documented clock."""

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        ...

    def reading(self) -> Reading:
        """All that an operation's envelope says about time."""
        ...


class Keys(Protocol):
    """The part of the office's keys that a store needs: encryption of single fields, and blind indexes."""

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        """AEAD envelope that names its key; opens only with the same context."""
        ...

    def decrypt(self, envelope: bytes, context: bytes) -> bytes:
        """Inverse of `encrypt`; raises STORE-CORRUPT when it does not open."""
        ...

    def blind(self, field: str, value: str) -> bytes:
        """Keyed index of a value: equal values are found, none is read from it. 16 bytes."""
        ...


class Reconciling(Protocol):
    """What the reconciler gives to the scheduler: `run_pending` is called in a background thread until it returns 0."""

    def run_pending(self, limit: int, more: Callable[[], bool] = ...) -> int:
        """Understand and fold `limit` pending operations, and as many again while `more` agrees; how many."""
        ...
