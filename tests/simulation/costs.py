"""What is made cheaper for a world, and nothing else: key derivation, waiting, and saying the same thing twice.

Nothing here changes what the product answers. Signatures follow from their message, so that a seed runs the same way
twice; pure functions of bytes are remembered for the length of one world; where the office waits, true time passes.
The checkers at the end use the product's functions as they are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from server.planning import leg_distance_m
from sync.operations.understand import decode_understood, understand
from tests.simulation.clocks import Time

__all__ = ["test_costs"]

_UNDERSTOOD_MAX = 20_000
"""More operations than any world writes."""


class WorldClock:
    """Stands where a module reads the machine's clock and waits on it."""

    def __init__(self, time: Time) -> None:
        self._time = time

    def monotonic(self) -> float:
        """Seconds."""
        return self._time.now_ms / 1000

    def sleep(self, seconds: float) -> None:
        """True time passes."""
        self._time.pass_ms(int(seconds * 1000) + 1)


@contextlib.contextmanager
def test_costs(page: int, time: Time) -> Iterator[None]:
    """Cheap keys and codes, small pages, no real waiting, and a memory for what follows from bytes alone."""
    deterministic = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    remembered: Callable[[Any], Any] = lru_cache(_UNDERSTOOD_MAX)
    known, decoded = remembered(understand), remembered(decode_understood)
    with contextlib.ExitStack() as stack:
        for target, value in (
            ("sync.signing._ECDSA", deterministic),
            ("sync.visit_code._N", 16),
            ("agent_client.syncing.EXCHANGE_OPERATIONS_MAX_WRITER", page),
            ("server.services.closing.close.time", WorldClock(time)),
            ("server.services.money.reconciled.time", WorldClock(time)),
            ("server.services.pack_documents.leg_distance_m", remembered(leg_distance_m)),
            ("server.services.reconcile.intake.understand", known),
            ("server.services.reconcile.intake.decode_understood", decoded),
            ("server.services.packs.decode_understood", decoded),
            ("server.services.imports.known.decode_understood", decoded),
            ("agent_client.progress.understand", known),
        ):
            stack.enter_context(mock.patch(target, value))
        yield
