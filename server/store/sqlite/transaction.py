"""The two faces of a transaction: a snapshot to read from, and a writer that reads what it writes."""

from __future__ import annotations

from server.store.sqlite.reading_content import ContentReading
from server.store.sqlite.reading_devices import DeviceReading
from server.store.sqlite.reading_folds import FoldReading
from server.store.sqlite.reading_journals import JournalReading
from server.store.sqlite.writing_content import ContentWriting
from server.store.sqlite.writing_devices import DeviceWriting
from server.store.sqlite.writing_folds import FoldWriting

__all__ = ["SqliteReader", "SqliteWriter"]


class SqliteReader(JournalReading, DeviceReading, FoldReading, ContentReading):
    """`server.ports.Reader` on SQLite."""


class SqliteWriter(DeviceWriting, FoldWriting, ContentWriting):
    """`server.ports.Writer` on SQLite."""
