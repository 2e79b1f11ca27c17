"""The default store: one SQLite file, one writer with group commit, a pool of readers."""

from server.store.sqlite.snapshots import SqliteSnapshots
from server.store.sqlite.store import SqliteStore

__all__ = ["SqliteSnapshots", "SqliteStore"]
