"""The raw limit: what this disk and SQLite allow for the same bytes, with nothing around them."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["raw_limit"]


def raw_limit(folder: Path, batches: Sequence[Sequence[bytes]]) -> float:
    """Operations per second into an appended table with a unique index on the hash, one commit a batch.

    The same durability as the office promises: WAL, `synchronous=FULL`. Hashes are made beforehand.
    """
    rows = [[(hashlib.sha256(line).digest(), line) for line in batch] for batch in batches]
    path = folder / "raw-limit.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("CREATE TABLE operation (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, data BLOB NOT NULL)")
    connection.execute("CREATE UNIQUE INDEX operation_hash ON operation (hash)")
    started = time.perf_counter()
    for batch in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO operation (hash, data) VALUES (?, ?)", batch)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return sum(map(len, batches)) / seconds
