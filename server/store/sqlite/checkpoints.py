"""What is put off until nobody waits for it: tidying up, then writing the log back into the database.

SQLite would write it back inside the commit that fills the log, and everybody in that commit's group would wait. Here a
thread does it, on a connection of its own, at the end of a burst, because commits that go on meanwhile share the disk
with it. A burst that never ends is not waited for. Only a log that has outgrown its bound all the same is written back
by the writer itself.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from server.limits import (
    CHECKPOINT_CHANGES,
    CHECKPOINT_CHANGES_MAX,
    CHECKPOINT_PAUSE_S,
    CHECKPOINT_RETRY_S,
    CHECKPOINT_WAIT_MS,
    LOG_PAGES_RESTART,
)
from server.store.sqlite.connection import open_connection
from sync.errors import DoorstepError

__all__ = ["Checkpoints"]

_LOG = logging.getLogger("doorstep.store")


class Checkpoints:
    """Tidies up and writes back in the first pause after so many changed rows; `close` ends the thread.

    `tidy` changes what is better changed in a pause, through the writer; the log is written back after it.
    """

    def __init__(self, path: Path, tidy: Callable[[], None]) -> None:
        self._path = path
        self._tidy = tidy
        self._connection = open_connection(path, writing=True)
        self._connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_WAIT_MS}")
        self._wanted = threading.Event()
        self._stop = threading.Event()
        self._done = 0
        self._noted = 0
        self._thread = threading.Thread(target=self._run, name="doorstep-checkpoints", daemon=True)
        self._thread.start()

    def note(self, changes: int) -> None:
        """How many rows have changed by now (`Connection.total_changes` of the writer)."""
        self._noted = changes
        if changes - self._done >= CHECKPOINT_CHANGES:
            self._wanted.set()

    def close(self) -> None:
        """Finish what is under way."""
        self._stop.set()
        self._wanted.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._stop.is_set():
                return
            self._wanted.clear()
            self._wait_for_pause()
            if self._stop.is_set():
                return
            try:
                self._tidy()
            except DoorstepError as error:
                # All is still there, untidied: a full disk, or a store that was damaged, which `verify` tells more of.
                _LOG.warning("%s was not tidied up: %s", self._path, error)
            self._done = self._noted
            try:
                self._write_back()
            except sqlite3.Error:
                # Nothing is lost: the log keeps what was committed, and the next one writes it back.
                self._stop.wait(CHECKPOINT_RETRY_S)

    def _write_back(self) -> None:
        """Beside commits and readers; a log that is long all the same is made to begin anew."""
        _, pages, written = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        # While a backlog is folded readers follow one another without a gap, and the log would grow as long as that
        # lasts. Writers wait until the readers of this moment are through. A snapshot that somebody holds for long,
        # for a backup, keeps much from being written back: to wait for that one would help nobody.
        if pages >= LOG_PAGES_RESTART and written * 4 >= pages * 3:
            self._connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()

    def _wait_for_pause(self) -> None:
        """Until nothing was committed for a moment, or so much that it may not wait longer."""
        seen = -1
        while seen != self._noted and self._noted - self._done < CHECKPOINT_CHANGES_MAX:
            seen = self._noted
            if self._stop.wait(CHECKPOINT_PAUSE_S):
                return
