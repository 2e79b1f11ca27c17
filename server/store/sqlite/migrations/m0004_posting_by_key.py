"""Version 4: postings lie beside the others of their aggregate.

Keyed by their identity (a hash) they were scattered over the whole table and six indexes, so that each wrote a dozen
pages of its own once the books had grown. The two place indexes now hold shared places only (an agent's cash, a
branch's, a provider's); what concerns one account is found by the account's key.
"""

from __future__ import annotations

from sqlite_utils import Database

from sync.reconcile.places import OWN_FAMILIES

__all__ = ["apply"]

_OWN = ", ".join(f"'{family}'" for family in sorted(OWN_FAMILIES))

_STATEMENTS = (
    """CREATE TABLE posting_by_key (
        key TEXT NOT NULL, id TEXT NOT NULL, debit TEXT NOT NULL, credit TEXT NOT NULL,
        amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, branch TEXT NOT NULL, service_day TEXT NOT NULL,
        operation TEXT NOT NULL, debit_shared INTEGER NOT NULL, credit_shared INTEGER NOT NULL,
        PRIMARY KEY (key, id)) WITHOUT ROWID""",
    f"""INSERT INTO posting_by_key
        SELECT key, id, debit, credit, amount_minor, currency, branch, service_day, operation,
            substr(debit, 1, instr(debit, ':') - 1) NOT IN ({_OWN}),
            substr(credit, 1, instr(credit, ':') - 1) NOT IN ({_OWN}) FROM posting""",  # noqa: S608  # our constants
    """CREATE TABLE open_line_by_key (
        branch TEXT NOT NULL, posting TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (branch, posting)) WITHOUT ROWID""",
    """INSERT INTO open_line_by_key
        SELECT o.branch, o.posting, coalesce(p.key, '') FROM open_line o LEFT JOIN posting p ON p.id = o.posting""",
    "DROP TABLE open_line",
    "DROP TABLE posting",
    "ALTER TABLE open_line_by_key RENAME TO open_line",
    "ALTER TABLE posting_by_key RENAME TO posting",
    "CREATE INDEX posting_branch ON posting (branch, service_day)",
    "CREATE INDEX posting_debit ON posting (debit) WHERE debit_shared = 1",
    "CREATE INDEX posting_credit ON posting (credit) WHERE credit_shared = 1",
)


def apply(database: Database, /) -> None:
    """Rebuild the tables of postings and of open lines."""
    for statement in _STATEMENTS:
        database.execute(statement)
