"""The tables of the phone's database, as numbered steps: a step is never changed once it was released."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from sync.errors import Unavailable

__all__ = ["migrate"]

_STEPS: Final = Migrations("agent")


def migrate(db: Database) -> None:
    """Bring the database to this version; raises STORE-VERSION when a newer version wrote it."""
    known = {step.name for step in _STEPS.applied(db)} | {step.name for step in _STEPS.pending(db)}
    newer = known - _NAMES
    if newer:
        raise Unavailable("STORE-VERSION", f"this phone's database has the step {min(newer)}, unknown here")
    if _STEPS.pending(db):
        _STEPS.apply(db)


@_STEPS(name="0001_journal")
def _journal(db: Database) -> None:
    """Operations as their exact bytes, and the head that the next one continues."""
    db.execute(
        """CREATE TABLE operation (
            id INTEGER PRIMARY KEY,
            epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            pack TEXT NOT NULL,
            visit TEXT NOT NULL,
            data BLOB NOT NULL,
            acknowledged INTEGER NOT NULL DEFAULT 0,
            UNIQUE (epoch, seq))"""
    )
    db.execute("CREATE INDEX operation_pack ON operation (pack, id)")
    db.execute("CREATE INDEX operation_unsent ON operation (epoch, seq) WHERE acknowledged = 0")
    db.execute(
        """CREATE TABLE head (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            hash TEXT NOT NULL,
            hlc TEXT,
            receipt INTEGER NOT NULL)"""
    )


@_STEPS(name="0002_documents")
def _documents(db: Database) -> None:
    """What the office sends; a day's frame outlives its pack, because the day must still be ended."""
    db.execute(
        """CREATE TABLE document (
            name TEXT PRIMARY KEY,
            n INTEGER NOT NULL,
            incarnation TEXT NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0,
            data BLOB NOT NULL)"""
    )
    db.execute("CREATE TABLE day (pack TEXT PRIMARY KEY, data BLOB NOT NULL)")


@_STEPS(name="0003_side_records")
def _side_records(db: Database) -> None:
    """Personal content beside the operation that names it."""
    db.execute(
        """CREATE TABLE side_record (
            sha256 TEXT PRIMARY KEY,
            operation TEXT NOT NULL,
            data BLOB NOT NULL,
            uploaded INTEGER NOT NULL DEFAULT 0)"""
    )
    db.execute("CREATE INDEX side_record_operation ON side_record (operation)")


@_STEPS(name="0004_state")
def _state(db: Database) -> None:
    """Who this phone is, and how far it has synchronised: one JSON text a name."""
    db.execute("CREATE TABLE state (name TEXT PRIMARY KEY, data BLOB NOT NULL)")


_NAMES: Final = frozenset({"0001_journal", "0002_documents", "0003_side_records", "0004_state"})
