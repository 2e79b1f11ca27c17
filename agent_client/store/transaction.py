"""One transaction: everything in it is on disk when the block ends, or nothing is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import sqlcipher3
from sqlite_utils import Database

from sync.errors import Corrupt, Unavailable

__all__ = ["readable_errors", "snapshot", "transaction"]


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Take the database's write lock at once, commit at the end (synchronous=FULL), undo on any error.

    Raises STORE-LOCKED, STORE-FULL or STORE-CORRUPT for the machine's troubles; nothing was written then.
    """
    with readable_errors():
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
            raise


@contextlib.contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Several reads of one state; inside a transaction that is what they are anyway."""
    with readable_errors():
        if db.conn.in_transaction:
            yield
            return
        db.execute("BEGIN")
        try:
            yield
        finally:
            db.execute("ROLLBACK")


@contextlib.contextmanager
def readable_errors() -> Iterator[None]:
    """Translate the database's errors."""
    try:
        yield
    except sqlcipher3.DatabaseError as error:
        text = str(error).lower()
        if "full" in text or "i/o" in text:
            raise Unavailable("STORE-FULL", f"the phone's database: {error}") from error
        if "locked" in text or "busy" in text or "readonly" in text:
            raise Unavailable("STORE-LOCKED", f"the phone's database: {error}") from error
        raise Corrupt("STORE-CORRUPT", f"the phone's database: {error}") from error
