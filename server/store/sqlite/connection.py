"""Opening connections, and telling SQLite's errors in our words.

WAL lets readers go on while the writer commits; `synchronous=FULL` puts every commit on disk before it returns,
which an acknowledgement promises. Connections are in autocommit mode: each transaction is begun by name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from server.limits import (
    BUSY_TIMEOUT_MS,
    DATABASE_MAPPED_BYTES,
    PAGE_BYTES,
    READER_CACHE_KIB,
    WAL_PAGES_MAX,
    WRITER_CACHE_KIB,
)
from server.store.sqlite.migrations import SCHEMA_VERSION, migrate
from sync.errors import Corrupt, DoorstepError, Unavailable

__all__ = ["open_connection", "prepare", "translated", "translation"]

_CACHED_STATEMENTS = 512
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_FORMAT}


def open_connection(path: Path, *, writing: bool = False) -> sqlite3.Connection:
    """A connection that may be used from any one thread at a time; reading ones cannot write."""
    with translation(path):
        connection = sqlite3.connect(
            path,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_MS / 1000,
            cached_statements=_CACHED_STATEMENTS,
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB if writing else READER_CACHE_KIB}")
        connection.execute(f"PRAGMA mmap_size = {DATABASE_MAPPED_BYTES}")
        if writing:
            # The log is written back between bursts (`checkpoints`), and within a commit only beyond this bound.
            connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES_MAX}")
            # A file that had to grow beyond it, because somebody held a snapshot for long, is cut when it begins anew.
            connection.execute(f"PRAGMA journal_size_limit = {WAL_PAGES_MAX * PAGE_BYTES}")
            # What is erased is overwritten, not left in free pages.
            connection.execute("PRAGMA secure_delete = ON")
        else:
            connection.execute("PRAGMA query_only = ON")
        return connection


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Migrate through sqlite-utils; raises STORE-VERSION for a database of a newer program."""
    with translation(path):
        held = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if held != SCHEMA_VERSION:
            migrate(Database(connection))


def translated(error: sqlite3.Error, path: Path | str) -> DoorstepError:
    """The same failure as one of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL or "disk is full" in str(error):
        return Unavailable("STORE-FULL", f"{path}: {error}")
    if code in _LOCKED:
        return Unavailable("STORE-LOCKED", f"{path}: {error}")
    if code in _CORRUPT:
        return Corrupt("STORE-CORRUPT", f"{path}: {error}")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return Unavailable("FILE-UNREADABLE", f"{path}: {error}")
    return Corrupt("INTERNAL", f"{path}: {error}")


@contextmanager
def translation(path: Path | str) -> Iterator[None]:
    """Raise SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error, path) from error
