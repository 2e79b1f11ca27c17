"""The database's versions, one numbered file each, applied in order and recorded by sqlite-utils."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from server.store.sqlite.migrations import (
    m0001_foundation,
    m0002_booking,
    m0003_fold_version,
    m0004_posting_by_key,
    m0005_device_lock,
    m0006_side_record_upload,
    m0007_local_indexes,
    m0008_appended_outcomes,
    m0009_settled_hashes,
)
from sync.errors import Corrupt

__all__ = ["SCHEMA_VERSION", "migrate"]

_STEPS = (
    m0001_foundation.apply,
    m0002_booking.apply,
    m0003_fold_version.apply,
    m0004_posting_by_key.apply,
    m0005_device_lock.apply,
    m0006_side_record_upload.apply,
    m0007_local_indexes.apply,
    m0008_appended_outcomes.apply,
    m0009_settled_hashes.apply,
)

SCHEMA_VERSION = len(_STEPS)
"""Version of the tables that this code reads and writes; stands in `PRAGMA user_version`."""


def _migrations() -> Migrations:
    found = Migrations("doorstep")
    for number, step in enumerate(_STEPS, start=1):
        found(name=f"{number:04d}")(step)
    return found


def migrate(database: Database) -> None:
    """Bring an older or empty database to this version; raises STORE-VERSION for a newer one."""
    held = int(database.execute("PRAGMA user_version").fetchone()[0])
    if held > SCHEMA_VERSION:
        raise Corrupt("STORE-VERSION", f"the database has version {held}, this program knows {SCHEMA_VERSION}")
    if held < SCHEMA_VERSION:
        _migrations().apply(database)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
