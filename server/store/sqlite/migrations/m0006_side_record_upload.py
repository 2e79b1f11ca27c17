"""Side records that came in part: one row an upload, and what came of it in pieces, encrypted like the record itself.

An upload belongs to the device that sends it; two phones that send the same record do not get into each other's way.
"""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    """CREATE TABLE side_record_upload (
        device TEXT NOT NULL, sha256 BLOB NOT NULL, bytes INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
        PRIMARY KEY (device, sha256)) WITHOUT ROWID""",
    "CREATE INDEX side_record_upload_by ON side_record_upload (sha256)",
    "CREATE INDEX side_record_upload_changed ON side_record_upload (changed_ms)",
    """CREATE TABLE side_record_part (
        id INTEGER PRIMARY KEY, device TEXT NOT NULL, sha256 BLOB NOT NULL, starts INTEGER NOT NULL,
        bytes INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (device, sha256, starts))""",
    "CREATE INDEX side_record_part_by ON side_record_part (sha256)",
)


def apply(database: Database, /) -> None:
    """Create the two tables."""
    for statement in _STATEMENTS:
        database.execute(statement)
