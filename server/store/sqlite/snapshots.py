"""Reading the database from a process that holds no key: what a fold worker needs, and nothing that is encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.ports import Reader
from server.store.sqlite.base import Shared
from server.store.sqlite.connection import open_connection, translation
from server.store.sqlite.transaction import SqliteReader
from sync.clock import Reading
from sync.errors import Corrupt

__all__ = ["SqliteSnapshots"]


class _Nothing:
    """Neither keys nor a clock: reading operations asks for none."""

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        """Never asked for."""
        raise self._refused(data, context)

    def decrypt(self, envelope: bytes, context: bytes) -> bytes:
        """Never asked for."""
        raise self._refused(envelope, context)

    def blind(self, field: str, value: str) -> bytes:
        """Never asked for."""
        raise self._refused(field, value)

    def now_ms(self) -> int:
        """Never asked for."""
        raise self._refused()

    def reading(self) -> Reading:
        """Never asked for."""
        raise self._refused()

    def _refused(self, *_: object) -> Corrupt:
        return Corrupt("INTERNAL", "this process reads operations only")


class SqliteSnapshots:
    """Snapshots of one database on one connection. Raises STORE-LOCKED, STORE-CORRUPT."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = open_connection(path)
        nothing = _Nothing()
        self._shared = Shared(path, nothing, nothing, "")
        self._authors = 0

    @contextmanager
    def read(self, authors: int) -> Iterator[Reader]:
        """A snapshot; `authors` says how many journals its caller knows, and they are read anew when there are more."""
        if authors > self._authors:
            self._shared.forget_registry()
        try:
            with translation(self._path):
                self._connection.execute("BEGIN")
                reader = SqliteReader(self._connection, self._shared)
                self._authors = len(reader.registry())
                yield reader
        finally:
            with translation(self._path):
                self._connection.execute("ROLLBACK")
