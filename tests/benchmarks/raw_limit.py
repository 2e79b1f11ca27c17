"""The raw limit: what this disk and SQLite allow for the same bytes, with nothing around them."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["raw_limit"]

_INSERT = "INSERT INTO operation (hash, data) VALUES (?, ?)"
_FILLED_AT_ONCE = 20_000


def raw_limit(folder: Path, batches: Sequence[Sequence[bytes]], stored: int = 0) -> float:
    """Operations per second into an appended table with a unique index on the hash, one commit a batch.

    The same durability as the office promises: WAL, `synchronous=FULL`. Hashes are made beforehand. `stored` rows of
    the first batch's lengths are there already.
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
    if stored:
        _fill(connection, [len(line) for line in batches[0]], stored)
    started = time.perf_counter()
    for batch in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INSERT, batch)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return sum(map(len, batches)) / seconds


def _fill(connection: sqlite3.Connection, lengths: Sequence[int], stored: int) -> None:
    chance = random.Random(stored)
    for start in range(0, stored, _FILLED_AT_ONCE):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            _INSERT,
            [
                (chance.randbytes(32), chance.randbytes(lengths[place % len(lengths)]))
                for place in range(start, min(start + _FILLED_AT_ONCE, stored))
            ],
        )
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
