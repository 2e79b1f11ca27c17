"""`server.ports.Store` on one SQLite file."""

from __future__ import annotations

import os
import queue
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from server.limits import HASHES_AT_ONCE, HASHES_RECENT, READ_CONNECTIONS_MAX, READ_WAIT_S
from server.ports import Clock, Keys, Writer
from server.store.sqlite.base import Shared
from server.store.sqlite.checkpoints import Checkpoints
from server.store.sqlite.connection import open_connection, prepare, translation
from server.store.sqlite.group import GroupWriter
from server.store.sqlite.lease import Lease
from server.store.sqlite.transaction import SqliteReader, SqliteWriter
from sync.errors import Unavailable
from sync.journal import JournalHead

__all__ = ["SqliteStore"]

T = TypeVar("T")


class SqliteStore:
    """Opens, migrates and serves one database file.

    Raises STORE-VERSION for a database of a newer program, STORE-LOCKED, STORE-FULL, STORE-CORRUPT.
    """

    def __init__(self, path: Path, keys: Keys, clock: Clock, random: Callable[[int], bytes] = os.urandom) -> None:
        self._random = random
        self._shared = Shared(path, keys, clock, random(8).hex())
        connection = open_connection(path, writing=True)
        try:
            prepare(connection, path)
            with translation(path):
                connection.execute(
                    "INSERT OR IGNORE INTO meta (name, value) VALUES ('incarnation', ?)", (random(8).hex(),)
                )
                row = connection.execute("SELECT value FROM meta WHERE name = 'incarnation'").fetchone()
        except BaseException:
            connection.close()
            raise
        self._shared.incarnation = row[0]
        self._connection = connection
        self._checkpoints = Checkpoints(path, self._settle)
        self._group = GroupWriter(connection, self._shared, self._checkpoints)
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._opened: list[sqlite3.Connection] = []
        self._lease: Lease | None = None
        self._closed = False

    @property
    def incarnation(self) -> str:
        """Random identity of this database."""
        return self._shared.incarnation

    @contextmanager
    def read(self) -> Iterator[SqliteReader]:
        """A snapshot on a connection of the pool."""
        path = self._shared.path
        connection = self._take()
        try:
            with translation(path):
                connection.execute("BEGIN")
                yield SqliteReader(connection, self._shared)
        finally:
            with translation(path):
                connection.execute("ROLLBACK")
            self._idle.put(connection)

    def _take(self) -> sqlite3.Connection:
        if self._closed:
            raise Unavailable("STORE-LOCKED", f"{self._shared.path} was closed")
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        if len(self._opened) < READ_CONNECTIONS_MAX:
            connection = open_connection(self._shared.path)
            self._opened.append(connection)
            return connection
        try:
            return self._idle.get(timeout=READ_WAIT_S)
        except queue.Empty as error:
            raise Unavailable("STORE-LOCKED", f"{READ_CONNECTIONS_MAX} readers are busy for {READ_WAIT_S} s") from error

    async def write(self, work: Callable[[Writer], T]) -> T:
        """Run a work in the writer's next group; returns after its commit."""
        result: T = await self._group.submit(work)
        return result

    def write_now(self, work: Callable[[Writer], T]) -> T:
        """The same for a thread that may block."""
        result: T = self._group.submit_blocking(work)
        return result

    def open_office(self, process: str, public_key: str, key: str) -> JournalHead:
        """Take the office journal under this process's lease and open an epoch in it."""
        if self._lease is None:
            self._lease = Lease(self._shared.path.with_name(self._shared.path.name + ".lock"))
        fresh_id = self._random(4).hex()
        head: JournalHead = self._group.submit_blocking(
            lambda writer: writer.open_office(process, public_key, key, fresh_id)
        )
        return head

    def wait_for_pending(self, timeout_s: float) -> bool:
        """Block until operations were stored since the last call, or the time is over."""
        stored = self._group.stored.wait(timeout_s)
        self._group.stored.clear()
        return stored

    def check(self) -> None:
        """Write a small fact, to know that writing works."""
        holder = self._shared.holder
        self.write_now(lambda writer: writer.put_setting("checked_by", holder))

    def _settle(self) -> None:
        """Merge recent hashes when there are many, in works between which others have their turn."""
        with self.read() as reader:
            if reader.recent_hashes() < HASHES_RECENT:
                return
        after: bytes | None = b""
        while after is not None:
            after = self._group.submit_blocking(partial(SqliteWriter.settle_hashes, after=after, limit=HASHES_AT_ONCE))

    def close(self) -> None:
        """Finish the queue, release the lease, close every connection."""
        if self._closed:
            return
        self._closed = True
        # First whoever may still hand the writer a work.
        self._checkpoints.close()
        self._group.close()
        for connection in self._opened:
            connection.close()
        self._connection.close()
        if self._lease is not None:
            self._lease.release()
