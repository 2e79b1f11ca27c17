"""Version 9: operations are found by hash through two tables, one for those of the last days.

A unique index took a page of the log for nearly every operation once it held some hundred thousand; see `hashes`.
"""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    "CREATE TABLE hash_recent (hash BLOB PRIMARY KEY, operation INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE hash_settled (hash BLOB PRIMARY KEY, operation INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO hash_settled (hash, operation) SELECT hash, id FROM operation ORDER BY hash",
    "DROP INDEX operation_hash",
    """CREATE VIEW operation_hash AS
        SELECT hash, operation FROM hash_recent UNION ALL SELECT hash, operation FROM hash_settled""",
)


def apply(database: Database, /) -> None:
    """Enter every operation's hash, and drop the index."""
    for statement in _STATEMENTS:
        database.execute(statement)
