"""What every part of the SQLite store shares: the connection, small query helpers, caches, row shapes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from server.limits import QUERY_CHUNK
from server.ports import Clock, Device, Keys, StoredOperation
from sync.reconcile.facts import Arrival, Author, Registry
from sync.segments import Summary

__all__ = [
    "OPERATION_COLUMNS",
    "Base",
    "Office",
    "Shared",
    "chunks",
    "decode_summary",
    "device_of",
    "encode_summary",
    "marks",
    "read_registry",
    "stored",
]

T = TypeVar("T")

OPERATION_COLUMNS = (
    "o.id, o.hash, o.data, j.device, j.epoch, o.seq, x.received_ms, x.boot, x.mono_ms, o.held, o.covered"
    " FROM operation o JOIN journal j ON j.id = o.journal LEFT JOIN exchange x ON x.id = o.exchange"
)
"""What `stored` reads, with its joins."""

_SUMMARY = msgspec.json.Decoder(Summary)
_ENCODER = msgspec.json.Encoder()


class Office(msgspec.Struct):
    """The office journal that this process holds: its head as last committed."""

    device: str
    epoch: int
    seq: int
    hash: str
    hlc: str | None
    start: str
    """What the epoch's first operation continues."""


class Shared:
    """State of one open store that outlives a transaction; caches are dropped after the commit that changes them."""

    def __init__(self, path: Path, keys: Keys, clock: Clock, holder: str) -> None:
        self.path = path
        self.keys = keys
        self.clock = clock
        self.holder = holder
        """Random name of this process, which the lease row carries."""
        self.incarnation = ""
        self.office: Office | None = None
        self._registry: Registry | None = None
        self._lock = threading.Lock()
        self.places: dict[int, tuple[str, int]] = {}
        """Journal row → (device, epoch), as committed: such rows never change and never go."""
        self.arrivals: dict[int, Arrival] = {}
        """Exchange row → what it says, as committed; the same holds. Emptied when it has grown."""
        self.registry_version = 0
        """Counts the commits that changed a device."""

    def registry(self, connection: sqlite3.Connection, version: int) -> Registry:
        """Every journal's author, read once until `forget_registry`.

        `version` is `registry_version` from before the caller's snapshot was taken: what an older snapshot shows is
        right for its own caller alone, and never kept for others.
        """
        with self._lock:
            found = self._registry
        if found is None:
            found = read_registry(connection)
            with self._lock:
                if version == self.registry_version:
                    self._registry = found
        return found

    def forget_registry(self) -> None:
        """A commit changed a device."""
        with self._lock:
            self.registry_version += 1
            self._registry = None


def read_registry(connection: sqlite3.Connection) -> dict[str, Author]:
    """Authors as the connection sees them now."""
    rows = connection.execute("SELECT device, agent, branch, public_key FROM device")
    return {row[0]: Author(*row) for row in rows}


class Base:
    """A connection inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, shared: Shared) -> None:
        self._connection = connection
        self._shared = shared
        # A snapshot begins with a transaction's first read, so this number is never newer than it.
        self._registry_version = shared.registry_version
        # What a transaction that may still be undone has read stays its own.
        self._places: dict[int, tuple[str, int]] = {}
        self._arrivals: dict[int, Arrival] = {}

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self._connection.execute(sql, values).fetchone()

    def _in(self, sql: str, values: Collection[Any]) -> Iterator[Any]:
        """Rows of a query whose ``{}`` becomes a bounded list of places, once for each chunk of values."""
        for chunk in chunks(values):
            yield from self._connection.execute(sql.format(marks(len(chunk))), chunk)


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """Lists of at most `QUERY_CHUNK` values."""
    source = iter(values)
    while chunk := list(islice(source, QUERY_CHUNK)):
        yield chunk


def marks(count: int) -> str:
    """``?,?,?``. Short lists share statements by being written alike."""
    return ",".join("?" * count)


def decode_summary(data: bytes) -> Summary:
    """Segments as a journal row keeps them."""
    return _SUMMARY.decode(data)


def encode_summary(summary: Summary) -> bytes:
    """Inverse of `decode_summary`."""
    return _ENCODER.encode(summary)


def stored(row: Any) -> StoredOperation:
    """A row of `OPERATION_COLUMNS`."""
    id_, hash_, data, device, epoch, seq, received_ms, boot, mono_ms, held, covered = row
    return StoredOperation(
        id_,
        hash_.hex(),
        data,
        device,
        epoch,
        seq,
        None if received_ms is None else Arrival(received_ms, boot, mono_ms),
        held or "",
        covered or "",
    )


def device_of(row: Any) -> Device:
    """A row of the device table."""
    device, agent, branch, public_key, enrolled_ms, model, revoked_ms, locked_ms, wipe = row
    return Device(
        device=device,
        agent=agent,
        branch=branch,
        public_key=public_key,
        enrolled_ms=enrolled_ms,
        model=model,
        revoked_ms=revoked_ms,
        locked_ms=locked_ms,
        wipe_after_upload=bool(wipe),
    )
