"""Writing the log back into the database, in a thread and on a connection of its own.

SQLite would do it inside the commit that fills the log, and everybody in that commit's group would wait for it. Here
commits go on meanwhile; only a log that has outgrown its bound, because commits never paused, is written back by the
writer itself.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from server.limits import CHECKPOINT_CHANGES, CHECKPOINT_PAUSE_S
from server.store.sqlite.connection import open_connection

__all__ = ["Checkpoints"]


class Checkpoints:
    """Writes back whenever `noted` rows changed; `close` ends the thread."""

    def __init__(self, path: Path) -> None:
        self._connection = open_connection(path, writing=True)
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
            self._done = self._noted
            try:
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            except sqlite3.Error:
                # Nothing is lost: the log keeps what was committed, and the next one writes it back.
                self._stop.wait(CHECKPOINT_PAUSE_S)
