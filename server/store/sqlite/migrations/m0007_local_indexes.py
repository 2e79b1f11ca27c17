"""Version 7: indexes of what is written in the evening lie where the evening writes.

Each index whose order has nothing to do with the day costs every row a page of its own once the books have grown. So
shared places are ordered by day (an agent's cash of one day is one page, not one for each account that paid), what is
not open is not among the open ones, a discrepancy whose subject is its key is found by the key alone, and the
operations that it names are taken off by what it says itself.
"""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["apply"]

_STATEMENTS = (
    "DROP INDEX posting_debit",
    "DROP INDEX posting_credit",
    "CREATE INDEX posting_debit ON posting (debit, service_day) WHERE debit_shared = 1",
    "CREATE INDEX posting_credit ON posting (credit, service_day) WHERE credit_shared = 1",
    "DROP INDEX discrepancy_operation_key",
    "DROP INDEX discrepancy_open",
    "CREATE INDEX discrepancy_open ON discrepancy (id) WHERE open = 1",
    "DROP INDEX discrepancy_subject",
    "CREATE INDEX discrepancy_subject ON discrepancy (subject) WHERE subject <> key",
)


def apply(database: Database, /) -> None:
    """Drop five indexes, and build four of them anew."""
    for statement in _STATEMENTS:
        database.execute(statement)
