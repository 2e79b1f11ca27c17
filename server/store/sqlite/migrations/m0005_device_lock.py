"""Version 5: a phone may be locked from afar, and asked to remove what it downloaded."""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    "ALTER TABLE device ADD COLUMN locked_ms INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE device ADD COLUMN wipe INTEGER NOT NULL DEFAULT 0",
)


def apply(database: Database, /) -> None:
    """Add the lock to every device; none is locked."""
    for statement in _STATEMENTS:
        database.execute(statement)
