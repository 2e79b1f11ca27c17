"""Where an operation lies by its hash: entered in a small table, and merged from there in order into the large one.

Hashes come in no order, so among a million of them each new one changes a page of its own, and a commit of some
hundred operations writes as many pages of an index. Among the few thousand of the last days they share pages. What has
gathered there is merged in the order of the hashes when nobody waits, several to a page and a slice at a time: a
log-structured merge-tree (O'Neil, Cheng, Gawlick, O'Neil 1996) in its smallest form. Whoever looks a hash up asks the
view `operation_hash`, which looks in both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain

__all__ = ["enter", "recent_count", "settle"]

_ROWS_AT_ONCE = 64


def enter(connection: sqlite3.Connection, hashes: Sequence[bytes], first: int) -> None:
    """Enter the hashes of operations that lie in successive rows from `first` on; none of them is entered yet."""
    places = list(zip(hashes, range(first, first + len(hashes)), strict=True))
    for start in range(0, len(places), _ROWS_AT_ONCE):
        some = places[start : start + _ROWS_AT_ONCE]
        connection.execute(_enter_sql(len(some)), list(chain.from_iterable(some)))


def recent_count(connection: sqlite3.Connection) -> int:
    """How many wait to be merged."""
    return int(connection.execute("SELECT count(*) FROM hash_recent").fetchone()[0])


def settle(connection: sqlite3.Connection, after: bytes, limit: int) -> bytes | None:
    """Merge recent hashes above one, inside a transaction: the last of so many, None when there were no more."""
    last = connection.execute(
        "SELECT hash FROM hash_recent WHERE hash > ? ORDER BY hash LIMIT 1 OFFSET ?", (after, limit - 1)
    ).fetchone()
    # A hash has 32 bytes, so nothing is above 33 of the highest.
    span = (after, last[0] if last else b"\xff" * 33)
    connection.execute(
        "INSERT INTO hash_settled SELECT hash, operation FROM hash_recent WHERE hash > ? AND hash <= ? ORDER BY hash",
        span,
    )
    connection.execute("DELETE FROM hash_recent WHERE hash > ? AND hash <= ?", span)
    return last[0] if last else None


@cache
def _enter_sql(rows: int) -> str:
    return "INSERT INTO hash_recent (hash, operation) VALUES (?, ?)" + ", (?, ?)" * (rows - 1)
