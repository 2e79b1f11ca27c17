"""One seed draws everything: a stream of choices for each purpose, so that one does not disturb another."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["Chance"]

T = TypeVar("T")


class Chance:
    """A stream of choices named by the seed and a purpose."""

    def __init__(self, seed: int, purpose: str = "world") -> None:
        self.seed = seed
        self.purpose = purpose
        self._random = random.Random(f"doorstep/{seed}/{purpose}")

    def stream(self, purpose: str) -> Chance:
        """Another stream of the same seed."""
        return Chance(self.seed, f"{self.purpose}/{purpose}")

    def permille(self, chance: int) -> bool:
        """True in so many of a thousand."""
        return self._random.randrange(1000) < chance

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self._random.randrange(len(items))]

    def weighted(self, items: Sequence[tuple[T, int]]) -> T:
        """One of the items, likely as its weight."""
        return self._random.choices([item for item, _ in items], [weight for _, weight in items])[0]

    def unit(self) -> float:
        """Evenly from 0 to 1."""
        return self._random.random()

    def take(self, count: int) -> bytes:
        """So many bytes: where the product asks for randomness."""
        return self._random.randbytes(count)

    def takes(self, purpose: str) -> Callable[[int], bytes]:
        """A source of bytes of its own."""
        return self.stream(purpose).take
