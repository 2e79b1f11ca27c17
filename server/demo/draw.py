"""Seeded choices that stay the same for ever.

Python promises only that `Random.random()` yields the same numbers for the same seed in every version;
`choice`, `sample` and `shuffle` may change. So everything here is built on `random()` alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

__all__ = ["Draw"]

T = TypeVar("T")


class Draw:
    """A stream of choices fixed by a seed and a purpose; streams of other purposes do not disturb it."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = Random(f"{seed}/{purpose}").random  # noqa: S311 - invents people, guards nothing

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1; `bound` is at least 1."""
        return int(self._random() * bound)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, permille: int) -> bool:
        """True in `permille` of a thousand draws."""
        return self.below(1000) < permille

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in drawn order; `items` holds at least that many."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def weighted(self, weights: Sequence[int]) -> WeightedDraw:
        """A repeated choice of an index, likely as its weight, from this stream."""
        return WeightedDraw(self, weights)

    def in_disk(self, radius: int) -> tuple[int, int]:
        """A point (east, north) of the disk, in whole units; needs no sine, so equal on every machine."""
        while True:
            east, north = self.between(-radius, radius), self.between(-radius, radius)
            if east * east + north * north <= radius * radius:
                return east, north


class WeightedDraw:
    """Chooses indexes by weight; made by `Draw.weighted`."""

    def __init__(self, draw: Draw, weights: Sequence[int]) -> None:
        self._draw = draw
        self._bounds = list(accumulate(weights))

    def index(self) -> int:
        """An index of the weights."""
        return bisect_right(self._bounds, self._draw.below(self._bounds[-1]))
