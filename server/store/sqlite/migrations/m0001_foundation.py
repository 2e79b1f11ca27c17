"""Version 1: operations and their index, folds, documents, personal content, devices, the office journal.

Operations are appended by row number with a unique index on their hash: rows clustered by hash were three times
slower to write. What is pending stands in a table of its own, so that finding it never scans history.
"""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # -- operations and journals
    """CREATE TABLE journal (
        id INTEGER PRIMARY KEY, device TEXT NOT NULL, epoch INTEGER NOT NULL,
        segments BLOB NOT NULL, covered_seq INTEGER NOT NULL DEFAULT 0, UNIQUE (device, epoch))""",
    """CREATE TABLE exchange (
        id INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, boot TEXT NOT NULL, mono_ms INTEGER NOT NULL)""",
    """CREATE TABLE operation (
        id INTEGER PRIMARY KEY, hash BLOB NOT NULL, journal INTEGER NOT NULL, seq INTEGER NOT NULL,
        prev BLOB NOT NULL, exchange INTEGER, held TEXT, covered TEXT, data BLOB NOT NULL)""",
    "CREATE UNIQUE INDEX operation_hash ON operation (hash)",
    "CREATE INDEX operation_place ON operation (journal, seq)",
    "CREATE TABLE pending (id INTEGER PRIMARY KEY)",
    "CREATE TABLE touch (key TEXT NOT NULL, operation INTEGER NOT NULL, PRIMARY KEY (key, operation)) WITHOUT ROWID",
    "CREATE INDEX touch_operation ON touch (operation)",
    # -- what folds said
    "CREATE TABLE aggregate (key TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE aggregate_head (key TEXT PRIMARY KEY, hash BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE discrepancy (
        id TEXT NOT NULL, key TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, branch TEXT NOT NULL,
        service_day TEXT NOT NULL, open INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (id, key)) WITHOUT ROWID""",
    "CREATE INDEX discrepancy_key ON discrepancy (key)",
    "CREATE INDEX discrepancy_subject ON discrepancy (subject)",
    "CREATE INDEX discrepancy_branch ON discrepancy (branch, service_day, open)",
    "CREATE INDEX discrepancy_open ON discrepancy (open, id)",
    """CREATE TABLE discrepancy_operation (
        operation TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL,
        PRIMARY KEY (operation, id, key)) WITHOUT ROWID""",
    "CREATE INDEX discrepancy_operation_key ON discrepancy_operation (key)",
    """CREATE TABLE posting (
        id TEXT PRIMARY KEY, key TEXT NOT NULL, debit TEXT NOT NULL, credit TEXT NOT NULL,
        amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, branch TEXT NOT NULL, service_day TEXT NOT NULL,
        operation TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX posting_key ON posting (key)",
    "CREATE INDEX posting_branch ON posting (branch, service_day)",
    "CREATE INDEX posting_operation ON posting (operation)",
    "CREATE INDEX posting_debit ON posting (debit)",
    "CREATE INDEX posting_credit ON posting (credit)",
    # -- documents, side records, personal content, blobs
    """CREATE TABLE document (
        agent TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, sealed INTEGER NOT NULL, data BLOB)""",
    "CREATE UNIQUE INDEX document_n ON document (agent, n)",
    "CREATE UNIQUE INDEX document_name ON document (agent, name)",
    "CREATE TABLE document_count (agent TEXT PRIMARY KEY, n INTEGER NOT NULL, held INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE side_record (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, data BLOB)",
    """CREATE TABLE side_record_wanted (
        device TEXT NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY (device, sha256)) WITHOUT ROWID""",
    "CREATE INDEX side_record_wanted_by ON side_record_wanted (sha256)",
    """CREATE TABLE personal (
        rowid INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (kind, id))""",
    """CREATE TABLE personal_index (
        kind TEXT NOT NULL, field TEXT NOT NULL, blind BLOB NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (kind, field, blind, id)) WITHOUT ROWID""",
    "CREATE INDEX personal_index_id ON personal_index (kind, id)",
    "CREATE TABLE blob (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, data BLOB NOT NULL)",
    # -- devices
    """CREATE TABLE device (
        device TEXT PRIMARY KEY, agent TEXT NOT NULL, branch TEXT NOT NULL, public_key TEXT NOT NULL,
        enrolled_ms INTEGER NOT NULL, model TEXT NOT NULL, revoked_ms INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX device_agent ON device (agent, device)",
    """CREATE TABLE epoch (
        device TEXT NOT NULL, epoch INTEGER NOT NULL, continues TEXT NOT NULL, request TEXT NOT NULL,
        reason TEXT NOT NULL, PRIMARY KEY (device, epoch)) WITHOUT ROWID""",
    """CREATE TABLE enrol_code (
        code BLOB PRIMARY KEY, agent TEXT NOT NULL, branch TEXT NOT NULL, expires_ms INTEGER NOT NULL,
        device TEXT NOT NULL DEFAULT '') WITHOUT ROWID""",
    "CREATE TABLE nonce (device TEXT NOT NULL, nonce TEXT NOT NULL, PRIMARY KEY (device, nonce)) WITHOUT ROWID",
    # -- the office process
    """CREATE TABLE office (
        name TEXT PRIMARY KEY, device TEXT NOT NULL, holder TEXT NOT NULL, epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL, hash TEXT NOT NULL, hlc TEXT) WITHOUT ROWID""",
    "CREATE TABLE office_key (key TEXT PRIMARY KEY, public_key TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE job (
        name TEXT PRIMARY KEY, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, result TEXT NOT NULL,
        error TEXT NOT NULL, runs INTEGER NOT NULL) WITHOUT ROWID""",
)


def apply(database: Database, /) -> None:
    """Create every table and index of version 1."""
    for statement in _STATEMENTS:
        database.execute(statement)
