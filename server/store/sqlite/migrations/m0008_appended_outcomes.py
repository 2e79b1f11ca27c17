"""Version 8: what folds say is appended and found through narrow indexes, as operations are.

Clustered by key, wide rows left room for few on a page: each new one split a page and moved its neighbours, and the
state of an account did not fit beside its key at all but took a page of its own. Now a day's states, postings and
discrepancies fill pages one after the other. Lines to be booked lie by the key that opened them, not by a hash; and
operations are named only by the discrepancies that dispute them, which somebody still has to decide.
"""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    # -- states
    "CREATE TABLE aggregate_appended (id INTEGER PRIMARY KEY, key TEXT NOT NULL, state BLOB NOT NULL)",
    "INSERT INTO aggregate_appended (key, state) SELECT key, state FROM aggregate ORDER BY key",
    "DROP TABLE aggregate",
    "ALTER TABLE aggregate_appended RENAME TO aggregate",
    "CREATE UNIQUE INDEX aggregate_key ON aggregate (key)",
    # -- postings
    """CREATE TABLE posting_appended (
        row INTEGER PRIMARY KEY, key TEXT NOT NULL, id TEXT NOT NULL, debit TEXT NOT NULL, credit TEXT NOT NULL,
        amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, branch TEXT NOT NULL, service_day TEXT NOT NULL,
        operation TEXT NOT NULL, debit_shared INTEGER NOT NULL, credit_shared INTEGER NOT NULL)""",
    """INSERT INTO posting_appended (key, id, debit, credit, amount_minor, currency, branch, service_day, operation,
            debit_shared, credit_shared)
        SELECT key, id, debit, credit, amount_minor, currency, branch, service_day, operation,
            debit_shared, credit_shared FROM posting ORDER BY key, id""",
    "DROP TABLE posting",
    "ALTER TABLE posting_appended RENAME TO posting",
    "CREATE UNIQUE INDEX posting_key ON posting (key, id)",
    "CREATE INDEX posting_branch ON posting (branch, service_day)",
    "CREATE INDEX posting_debit ON posting (debit, service_day) WHERE debit_shared = 1",
    "CREATE INDEX posting_credit ON posting (credit, service_day) WHERE credit_shared = 1",
    # -- discrepancies
    """CREATE TABLE discrepancy_appended (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL, key TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL,
        branch TEXT NOT NULL, service_day TEXT NOT NULL, open INTEGER NOT NULL, data BLOB NOT NULL)""",
    """INSERT INTO discrepancy_appended (id, key, rule, subject, branch, service_day, open, data)
        SELECT id, key, rule, subject, branch, service_day, open, data FROM discrepancy ORDER BY id, key""",
    "DROP TABLE discrepancy",
    "ALTER TABLE discrepancy_appended RENAME TO discrepancy",
    "CREATE UNIQUE INDEX discrepancy_id ON discrepancy (id, key)",
    "CREATE INDEX discrepancy_key ON discrepancy (key)",
    "CREATE INDEX discrepancy_subject ON discrepancy (subject) WHERE subject <> key",
    "CREATE INDEX discrepancy_branch ON discrepancy (branch, service_day, open)",
    "CREATE INDEX discrepancy_open ON discrepancy (id) WHERE open = 1",
    # -- which of them dispute an operation
    """CREATE TABLE dispute (
        operation TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL,
        PRIMARY KEY (operation, id, key)) WITHOUT ROWID""",
    """INSERT INTO dispute (operation, id, key) SELECT o.operation, o.id, o.key
        FROM discrepancy_operation o JOIN discrepancy d ON d.id = o.id AND d.key = o.key WHERE d.open = 1""",
    "DROP TABLE discrepancy_operation",
    # -- lines to be booked
    """CREATE TABLE open_line_by_key (
        branch TEXT NOT NULL, key TEXT NOT NULL, posting TEXT NOT NULL,
        PRIMARY KEY (branch, key, posting)) WITHOUT ROWID""",
    "INSERT INTO open_line_by_key (branch, key, posting) SELECT branch, key, posting FROM open_line",
    "DROP TABLE open_line",
    "ALTER TABLE open_line_by_key RENAME TO open_line",
)


def apply(database: Database, /) -> None:
    """Rebuild the five tables with what they hold."""
    for statement in _STATEMENTS:
        database.execute(statement)
