"""Version 3: the database says by which version of the folds its outcomes were made.

What was folded before anybody wrote that down was folded by version 1, and is folded anew by a job.
"""

from __future__ import annotations

from sqlite_utils import Database

from sync.reconcile.facts import FOLD_VERSION

__all__ = ["apply"]


def apply(database: Database, /) -> None:
    """Version 1 where there are operations, this program's own where there are none yet."""
    lived = database.execute("SELECT EXISTS (SELECT 1 FROM operation)").fetchone()[0]
    database.execute(
        "INSERT OR IGNORE INTO meta (name, value) VALUES ('fold/version', ?)", (str(1 if lived else FOLD_VERSION),)
    )
