"""Group commit: one thread, one write connection, many callers' works in each transaction.

The thread takes whatever waits (bounded), runs each work in its own savepoint, commits once, and only then hands
out results. A work that fails is undone alone. When the commit itself fails nothing of the group was kept, and
every caller is told so.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from server.limits import WRITE_GROUP_MAX, WRITE_QUEUE_MAX
from server.store.sqlite.base import Shared
from server.store.sqlite.checkpoints import Checkpoints
from server.store.sqlite.connection import translated
from server.store.sqlite.transaction import SqliteWriter
from sync.errors import Unavailable

__all__ = ["GroupWriter"]

T = TypeVar("T")
Work = Callable[[SqliteWriter], Any]


class _Item:
    """A work with the way back to its caller: a loop's future, or a future that a thread waits for."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Work, loop: asyncio.AbstractEventLoop | None, future: Any) -> None:
        self.work = work
        self.loop = loop
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class GroupWriter:
    """The only user of the write connection."""

    def __init__(self, connection: sqlite3.Connection, shared: Shared, checkpoints: Checkpoints) -> None:
        self._connection = connection
        self._shared = shared
        self._checkpoints = checkpoints
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._closed = False
        self.stored = threading.Event()
        """Set after every commit that left operations pending."""
        self._thread = threading.Thread(target=self._run, name="doorstep-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> asyncio.Future[Any]:
        """Queue a work from an event loop."""
        self._admit()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._queue.put(_Item(work, loop, future))
        return future

    def submit_blocking(self, work: Work) -> Any:
        """Queue a work and wait for its commit."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a work must not wait for another work")
        self._admit()
        future: Future[Any] = Future()
        self._queue.put(_Item(work, None, future))
        return future.result()

    def _admit(self) -> None:
        if self._closed:
            raise Unavailable("STORE-LOCKED", f"{self._shared.path} was closed")
        if self._queue.qsize() >= WRITE_QUEUE_MAX:
            raise Unavailable("STORE-LOCKED", f"{WRITE_QUEUE_MAX} works wait for the writer already")

    def close(self) -> None:
        """Finish what is queued, then stop."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                return
            group = [item]
            last = False
            while len(group) < WRITE_GROUP_MAX:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                    break
                group.append(more)
            self._commit(group)
            _hand_out(group)
            self._checkpoints.note(self._connection.total_changes)
            if last:
                return

    def _commit(self, group: list[_Item]) -> None:
        """One transaction. Afterwards every item has a result that is on disk, or an error."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            writer = SqliteWriter(self._connection, self._shared)
            if len(group) == 1:
                # A savepoint keeps a copy of every page that changes; a work alone is undone with the transaction.
                group[0].result = group[0].work(writer)
            else:
                for item in group:
                    self._work(writer, item)
            stored = writer.finish()
            self._connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001  # reaches every caller of the group
            self._roll_back()
            told = translated(error, self._shared.path) if isinstance(error, sqlite3.Error) else error
            for item in group:
                item.error = item.error or told
            return
        self._shared.office = writer.committed()
        if writer.devices_changed:
            self._shared.forget_registry()
        if writer.settings_changed:
            self._shared.incarnation = writer.setting("incarnation")
        if stored:
            self.stored.set()

    def _work(self, writer: SqliteWriter, item: _Item) -> None:
        mark = writer.mark()
        self._connection.execute("SAVEPOINT work")
        try:
            item.result = item.work(writer)
        except BaseException as error:  # reaches this work's caller
            if not self._connection.in_transaction:
                # SQLite gave the whole transaction up, and with it the works before this one.
                raise
            self._connection.execute("ROLLBACK TO work")
            self._connection.execute("RELEASE work")
            writer.undo(mark)
            item.error = translated(error, self._shared.path) if isinstance(error, sqlite3.Error) else error
        else:
            self._connection.execute("RELEASE work")

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # A connection that cannot even roll back is replaced by restarting; each caller has its error.
            self._closed = True


def _hand_out(group: list[_Item]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Item]] = {}
    for item in group:
        if item.loop is not None:
            by_loop.setdefault(item.loop, []).append(item)
        elif item.error is not None:
            item.future.set_exception(item.error)
        else:
            item.future.set_result(item.result)
    for loop, items in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, items)


def _settle(items: list[_Item]) -> None:
    for item in items:
        if item.future.done():
            continue  # its caller went away
        if item.error is not None:
            item.future.set_exception(item.error)
        else:
            item.future.set_result(item.result)
