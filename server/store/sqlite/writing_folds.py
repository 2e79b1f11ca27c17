"""Writing what folds said, and what is still to be folded. Only rows that changed are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from server.ports import Folded
from server.store.sqlite.base import chunks
from server.store.sqlite.reading_folds import FoldReading, decode_discrepancy
from sync.encoding import canonical_json
from sync.reconcile.ledger import Line, lines_between
from sync.reconcile.places import is_shared

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

    def put_outcomes(self, outcomes: Iterable[Folded]) -> set[str]:
        """Replace state, discrepancies and postings of these keys."""
        changed: set[str] = set()
        for chunk in chunks(list(outcomes)):
            keys = [outcome.key for outcome in chunk]
            states = dict(self._in("SELECT key, state FROM aggregate WHERE key IN ({})", keys))
            discrepancies = self._held("SELECT key, id, data FROM discrepancy WHERE key IN ({})", keys)
            postings = self._held(_POSTINGS, keys)
            rows = _Rows([], [], [], [], [], [], [], [])
            for outcome in chunk:
                key = outcome.key
                before = rows.count()
                if states.get(key) != outcome.state:
                    rows.states.append((key, outcome.state))
                _compare_discrepancies(outcome, discrepancies.get(key, {}), rows)
                _compare_postings(outcome, postings.get(key, {}), rows)
                if before != rows.count():
                    changed.add(key)
            self._write(rows)
        return changed

    def _held(self, sql: str, keys: Collection[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for key, id_, *rest in self._in(sql, keys):
            found.setdefault(key, {})[id_] = rest[0] if len(rest) == 1 else tuple(rest)
        return found

    def _write(self, rows: _Rows) -> None:
        """Each statement once for all keys; what goes leaves first, so that a posting may move between keys."""
        for sql, values in (
            (_PUT_STATE, rows.states),
            ("DELETE FROM discrepancy WHERE id = ? AND key = ?", rows.settled),
            ("DELETE FROM dispute WHERE operation = ? AND id = ? AND key = ?", rows.undisputed),
            (_PUT_DISCREPANCY, rows.discrepancies),
            ("INSERT OR IGNORE INTO dispute (operation, id, key) VALUES (?, ?, ?)", rows.disputed),
            ("DELETE FROM posting WHERE key = ? AND id = ?", rows.gone),
            (_PUT_POSTING, rows.postings),
            ("INSERT OR IGNORE INTO open_line (branch, key, posting) VALUES (?, ?, ?)", rows.open),
        ):
            if values:
                self._connection.executemany(sql, values)

    def book(self, branch: str, lines: Iterable[Line]) -> None:
        """Record lines as booked; the net of each posting's lines is what is booked of it. What differs stays open."""
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
        # A payment that was voided before anything was booked is done with too: else each closing looked at it again.
        current, booked = self.open_lines(branch)
        standing = {line.posting for line in lines_between(booked, current)}
        opened = self._rows("SELECT key, posting FROM open_line WHERE branch = ?", (branch,))
        self._connection.executemany(
            "DELETE FROM open_line WHERE branch = ? AND key = ? AND posting = ?",
            [(branch, key, posting) for key, posting in opened if posting not in standing],
        )


class _Rows(msgspec.Struct, frozen=True):
    """What differs from what is held, as rows for each statement."""

    states: list[tuple[str, bytes]]
    discrepancies: list[tuple[Any, ...]]
    settled: list[tuple[str, str]]
    """(id, key) of discrepancies that are gone."""
    disputed: list[tuple[str, str, str]]
    """(operation, id, key): the operations that an open discrepancy names."""
    undisputed: list[tuple[str, str, str]]
    """The same of what it said before."""
    postings: list[tuple[Any, ...]]
    gone: list[tuple[str, str]]
    """(key, id) of postings that this key no longer makes; another may have taken them over."""
    open: list[tuple[str, str, str]]
    """(branch, key, id) of postings that may now differ from what is booked, gone ones among them."""

    def count(self) -> tuple[int, int, int, int]:
        """Grows when something differs."""
        return len(self.states), len(self.discrepancies), len(self.settled), len(self.open)


def _compare_discrepancies(outcome: Folded, held: dict[str, Any], rows: _Rows) -> None:
    key = outcome.key
    wanted: set[str] = set()
    for item in outcome.discrepancies:
        id_, data = item.id, canonical_json(item)
        wanted.add(id_)
        if held.get(id_) == data:
            continue
        rows.undisputed.extend(_disputes(held.get(id_), id_, key))
        place = (id_, key, item.rule, item.subject, item.branch, item.service_day, int(item.open), data)
        rows.discrepancies.append(place)
        if item.open:
            rows.disputed.extend((operation, id_, key) for operation in item.operations)
    for id_ in held:
        if id_ not in wanted:
            rows.settled.append((id_, key))
            rows.undisputed.extend(_disputes(held[id_], id_, key))


def _disputes(data: bytes | None, id_: str, key: str) -> list[tuple[str, str, str]]:
    """What a held discrepancy disputes; nothing of one that is new."""
    if data is None or not (item := decode_discrepancy(data)).open:
        return []
    return [(operation, id_, key) for operation in item.operations]


def _compare_postings(outcome: Folded, held: dict[str, Any], rows: _Rows) -> None:
    wanted: set[str] = set()
    for p in outcome.postings:
        wanted.add(p.id)
        row = (p.debit, p.credit, p.amount_minor, p.currency, p.branch, p.service_day, p.operation)
        if held.get(p.id) != row:
            rows.postings.append((outcome.key, p.id, *row, is_shared(p.debit), is_shared(p.credit)))
            rows.open.append((p.branch, outcome.key, p.id))
    for id_ in held:
        if id_ not in wanted:
            rows.gone.append((outcome.key, id_))
            rows.open.append((held[id_][4], outcome.key, id_))


_POSTINGS = (
    "SELECT key, id, debit, credit, amount_minor, currency, branch, service_day, operation"
    " FROM posting WHERE key IN ({})"
)
_PUT_STATE = "INSERT INTO aggregate (key, state) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state"
_PUT_DISCREPANCY = (
    "INSERT INTO discrepancy (id, key, rule, subject, branch, service_day, open, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id, key) DO UPDATE SET branch = excluded.branch, service_day = excluded.service_day,"
    " open = excluded.open, data = excluded.data"
)
_PUT_POSTING = (
    "INSERT INTO posting (key, id, debit, credit, amount_minor, currency, branch, service_day, operation,"
    " debit_shared, credit_shared) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key, id) DO UPDATE SET debit = excluded.debit, credit = excluded.credit,"
    " amount_minor = excluded.amount_minor, currency = excluded.currency, branch = excluded.branch,"
    " service_day = excluded.service_day, operation = excluded.operation, debit_shared = excluded.debit_shared,"
    " credit_shared = excluded.credit_shared"
)
