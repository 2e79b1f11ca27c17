"""The encrypted database: SQLCipher under the vault's key, used through sqlite-utils."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final, cast

import sqlcipher3
import sqlite_utils

from agent_client.vault.durable import set_aside, touch_private
from agent_client.vault.errors import VaultCorrupt
from agent_client.vault.limits import BUSY_TIMEOUT_MS
from agent_client.vault.slots import DATABASE_NAME
from sync.errors import Unavailable

__all__ = ["connect_database", "create_database", "discard_unfinished"]

_DAMAGE: Final = ("not a database", "malformed", "hmac check failed")
_SUFFIXES: Final = ("", "-wal", "-shm", "-journal")


def create_database(folder: Path, database_key: bytes) -> None:
    """Make the encrypted file, mode 0600, with its first page on disk; harmless to repeat with the same key."""
    path = folder / DATABASE_NAME
    touch_private(path)
    _open(path, database_key).close()


def connect_database(folder: Path, database_key: bytes) -> sqlite_utils.Database:
    """A connection with the key and our pragmas, proven to read.

    Raises VAULT-CORRUPT (and sets copies aside) when the file is gone, empty, damaged or of another key;
    STORE-LOCKED and STORE-FULL for the machine's troubles. An empty file is refused because SQLite would
    take it for a new database and the loss would go unnoticed.
    """
    path = folder / DATABASE_NAME
    if not path.exists():
        raise VaultCorrupt(f"{path} is gone")
    if path.stat().st_size == 0:
        raise VaultCorrupt(f"{path} is empty")
    return _open(path, database_key)


def discard_unfinished(folder: Path) -> None:
    """Remove what an interrupted creation left, in which no record can be."""
    for suffix in _SUFFIXES:
        (folder / (DATABASE_NAME + suffix)).unlink(missing_ok=True)


def _open(path: Path, database_key: bytes) -> sqlite_utils.Database:
    # mode=rw: a missing file is an error here, never a new and empty database.
    connection = None
    try:
        connection = sqlcipher3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
        _prepare(connection, database_key)
    except sqlcipher3.DatabaseError as error:
        if connection is not None:
            connection.close()
        raise _translated(path, error) from error
    # sqlcipher3's connection has sqlite3's interface without being its class.
    return sqlite_utils.Database(cast("sqlite3.Connection", connection))


def _prepare(connection: sqlcipher3.Connection, database_key: bytes) -> None:
    # The key comes first and as raw bytes, so that SQLCipher does no derivation of its own.
    connection.execute(f"PRAGMA key = \"x'{database_key.hex()}'\"")
    if connection.execute("PRAGMA cipher_version").fetchone() is None:
        # A SQLite without the cipher ignores the key and would write everything in clear.
        raise sqlcipher3.NotSupportedError("this SQLite cannot encrypt")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _translated(path: Path, error: sqlcipher3.DatabaseError) -> Exception:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return Unavailable("STORE-LOCKED", f"{path}: {error}")
    if "full" in text:
        return Unavailable("STORE-FULL", f"{path}: {error}")
    if any(sign in text for sign in _DAMAGE):
        files = (path.with_name(path.name + suffix) for suffix in ("", "-wal"))
        return VaultCorrupt(f"{path}: {error}", tuple(set_aside(file) for file in files if file.exists()))
    return Unavailable("STORE-LOCKED", f"{path}: {error}")
