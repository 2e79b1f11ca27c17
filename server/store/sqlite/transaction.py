"""The two faces of a transaction: a snapshot to read from, and a writer that reads what it writes."""

from __future__ import annotations

import sqlite3

from server.limits import ARRIVALS_KEPT
from server.store.sqlite.base import Shared
from server.store.sqlite.reading_content import ContentReading
from server.store.sqlite.reading_devices import DeviceReading
from server.store.sqlite.reading_folds import FoldReading
from server.store.sqlite.reading_journals import JournalReading
from server.store.sqlite.reading_uploads import UploadReading
from server.store.sqlite.writing_content import ContentWriting
from server.store.sqlite.writing_devices import DeviceWriting
from server.store.sqlite.writing_folds import FoldWriting
from server.store.sqlite.writing_uploads import UploadWriting

__all__ = ["SqliteReader", "SqliteWriter"]


class SqliteReader(JournalReading, DeviceReading, FoldReading, ContentReading, UploadReading):
    """`server.ports.Reader` on SQLite."""

    def __init__(self, connection: sqlite3.Connection, shared: Shared) -> None:
        super().__init__(connection, shared)
        if len(shared.arrivals) > ARRIVALS_KEPT:
            shared.arrivals = {}
        self._places, self._arrivals = shared.places, shared.arrivals


class SqliteWriter(DeviceWriting, FoldWriting, ContentWriting, UploadWriting):
    """`server.ports.Writer` on SQLite."""
