"""Version 2: what closings booked, and which postings differ from it.

`open_line` names every posting that changed since it was booked, so that a closing never scans history.
"""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    """CREATE TABLE booked (
        posting TEXT PRIMARY KEY, debit TEXT NOT NULL, credit TEXT NOT NULL, amount_minor INTEGER NOT NULL,
        currency TEXT NOT NULL, service_day TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE open_line (branch TEXT NOT NULL, posting TEXT NOT NULL, PRIMARY KEY (branch, posting)) WITHOUT ROWID",
    "CREATE INDEX open_line_posting ON open_line (posting)",
    "INSERT INTO open_line (branch, posting) SELECT branch, id FROM posting",
)


def apply(database: Database, /) -> None:
    """Create the tables of version 2; everything posted so far is open."""
    for statement in _STATEMENTS:
        database.execute(statement)
