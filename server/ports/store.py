"""The store as a whole: snapshots to read, works to write, the office journal, and its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from server.ports.reader import Reader
from server.ports.writer import Writer
from sync.journal import JournalHead

__all__ = ["Store"]

T = TypeVar("T")


class Store(Protocol):
    """Opened by `server.app` and the command line only; every service gets it as an argument."""

    @property
    def incarnation(self) -> str:
        """Random identity of this database; a restored or new one has another when it is told so."""
        ...

    def read(self) -> AbstractContextManager[Reader]:
        """A snapshot; usable from any thread, not across threads."""
        ...

    async def write(self, work: Callable[[Writer], T]) -> T:
        """Run a work in the writer's next group; returns after its commit. Raises what the work raised.

        STORE-FULL, STORE-LOCKED: nothing of the work was kept. RATE-LIMITED is never raised here; a full queue
        is STORE-LOCKED.
        """
        ...

    def write_now(self, work: Callable[[Writer], T]) -> T:
        """The same for threads that may block; never call it from the event loop or from inside a work."""
        ...

    def open_office(self, process: str, public_key: str, key: str) -> JournalHead:
        """Take the office journal under this process's lease and open an epoch in it (`OfficeOpened`).

        Raises STORE-LOCKED when another living process holds it.
        """
        ...

    def wait_for_pending(self, timeout_s: float) -> bool:
        """Block until operations were stored since the last call, or the time is over; whether there were any."""
        ...

    def check(self) -> None:
        """Whether a write would succeed now; raises STORE-LOCKED or STORE-FULL."""
        ...

    def close(self) -> None:
        """Finish the queue, release the lease, close every connection."""
        ...
