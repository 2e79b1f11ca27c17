"""Writing what folds said, and what is still to be folded. Only rows that changed are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from server.store.sqlite.base import chunks
from server.store.sqlite.reading_folds import FoldReading
from sync.encoding import canonical_json
from sync.reconcile.facts import Outcome
from sync.reconcile.ledger import Line

__all__ = ["FoldWriting"]


class FoldWriting(FoldReading):
    """Pending marks, the touch index, outcomes."""

    def mark_reconciled(self, op_ids: Collection[int]) -> None:
        """These are no longer pending."""
        self._connection.executemany("DELETE FROM pending WHERE id = ?", [(id_,) for id_ in op_ids])

    def mark_pending(self, op_ids: Collection[int]) -> None:
        """Look at these again."""
        self._connection.executemany("INSERT OR IGNORE INTO pending (id) VALUES (?)", [(id_,) for id_ in op_ids])

    def add_touches(self, touches: Iterable[tuple[str, int]]) -> None:
        """Index (aggregate key, operation id)."""
        self._connection.executemany("INSERT OR IGNORE INTO touch (key, operation) VALUES (?, ?)", touches)

    def set_held(self, held: Mapping[int, str]) -> None:
        """Row id → rule that keeps the operation without effect."""
        self._connection.executemany(
            "UPDATE operation SET held = ?1 WHERE id = ?2 AND held IS NOT ?1",
            [(rule or None, id_) for id_, rule in held.items()],
        )

    def set_covered(self, op_ids: Collection[int], closing: str) -> None:
        """Mark single rows as covered by a closing."""
        value = closing or None
        self._connection.executemany("UPDATE operation SET covered = ? WHERE id = ?", [(value, id_) for id_ in op_ids])

    def put_outcomes(self, outcomes: Iterable[Outcome]) -> set[str]:
        """Replace state, discrepancies and postings of these keys."""
        changed: set[str] = set()
        for chunk in chunks(list(outcomes)):
            keys = [outcome.key for outcome in chunk]
            states = dict(self._in("SELECT key, state FROM aggregate WHERE key IN ({})", keys))
            discrepancies = self._held("SELECT key, id, data FROM discrepancy WHERE key IN ({})", keys)
            postings = self._held(_POSTINGS, keys)
            for outcome in chunk:
                state = canonical_json(outcome.state)
                if states.get(outcome.key) != state:
                    changed.add(outcome.key)
                    self._connection.execute(
                        "INSERT OR REPLACE INTO aggregate (key, state) VALUES (?, ?)", (outcome.key, state)
                    )
                if self._put_discrepancies(outcome, discrepancies.get(outcome.key, {})):
                    changed.add(outcome.key)
                if self._put_postings(outcome, postings.get(outcome.key, {})):
                    changed.add(outcome.key)
        return changed

    def _held(self, sql: str, keys: Collection[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for key, id_, *rest in self._in(sql, keys):
            found.setdefault(key, {})[id_] = rest[0] if len(rest) == 1 else tuple(rest)
        return found

    def _put_discrepancies(self, outcome: Outcome, held: dict[str, Any]) -> bool:
        wanted = {item.id: (item, canonical_json(item)) for item in outcome.discrepancies}
        gone = [id_ for id_ in held if id_ not in wanted]
        fresh = [(item, data) for id_, (item, data) in wanted.items() if held.get(id_) != data]
        places = [(id_, outcome.key) for id_ in (*gone, *(item.id for item, _ in fresh))]
        if not places:
            return False
        self._connection.executemany("DELETE FROM discrepancy WHERE id = ? AND key = ?", places)
        self._connection.executemany("DELETE FROM discrepancy_operation WHERE key = ?2 AND id = ?1", places)
        self._connection.executemany(
            "INSERT INTO discrepancy (id, key, rule, subject, branch, service_day, open, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(d.id, outcome.key, d.rule, d.subject, d.branch, d.service_day, int(d.open), data) for d, data in fresh],
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO discrepancy_operation (operation, id, key) VALUES (?, ?, ?)",
            [(operation, item.id, outcome.key) for item, _ in fresh for operation in item.operations],
        )
        return True

    def _put_postings(self, outcome: Outcome, held: dict[str, Any]) -> bool:
        wanted = {
            p.id: (p.debit, p.credit, p.amount_minor, p.currency, p.branch, p.service_day, p.operation)
            for p in outcome.postings
        }
        gone = [(id_,) for id_ in held if id_ not in wanted]
        fresh = [(id_, outcome.key, *row) for id_, row in wanted.items() if held.get(id_) != row]
        if gone:
            self._connection.executemany("DELETE FROM posting WHERE id = ?", gone)
        if fresh:
            self._connection.executemany(
                "INSERT OR REPLACE INTO posting"
                " (id, key, debit, credit, amount_minor, currency, branch, service_day, operation)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                fresh,
            )
        branches = [(held[id_][4], id_) for (id_,) in gone] + [(row[6], row[0]) for row in fresh]
        if branches:
            self._connection.executemany("INSERT OR IGNORE INTO open_line (branch, posting) VALUES (?, ?)", branches)
        return bool(gone or fresh)

    def book(self, branch: str, lines: Iterable[Line]) -> None:
        """Record lines as booked; the net of each posting's lines is what is booked of it."""
        for line in lines:
            row = (line.posting, line.debit, line.credit, line.amount_minor, line.currency, line.service_day)
            reversal = self._connection.execute(
                "DELETE FROM booked WHERE posting = ?1 AND debit = ?3 AND credit = ?2 AND amount_minor = ?4"
                " AND currency = ?5",
                row[:5],
            )
            if reversal.rowcount == 0:
                self._connection.execute(
                    "INSERT INTO booked (posting, debit, credit, amount_minor, currency, service_day)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    row,
                )
            self._connection.execute("DELETE FROM open_line WHERE posting = ? AND branch = ?", (line.posting, branch))


_POSTINGS = (
    "SELECT key, id, debit, credit, amount_minor, currency, branch, service_day, operation"
    " FROM posting WHERE key IN ({})"
)
