"""Choices that are the same on every machine and in every version: SHA-256 of a seed, a purpose and a count."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Dice"]

_T = TypeVar("_T")


class Dice:
    """A stream of choices for one purpose; another purpose does not disturb it."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._name = f"{seed}/{purpose}"
        self._count = 0

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        self._count += 1
        digest = hashlib.sha256(f"{self._name}/{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % bound

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, permille: int) -> bool:
        """True in so many of a thousand."""
        return self.below(1000) < permille

    def pick(self, items: Sequence[_T]) -> _T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[_T, int]]) -> _T:
        """One of the items, likely as its weight."""
        turn = self.below(sum(weight for _, weight in items))
        for item, weight in items:
            if turn < weight:
                return item
            turn -= weight
        raise AssertionError("unreachable: the turn is below the sum of the weights")
