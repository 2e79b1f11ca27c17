"""Reading what is to be folded and what folds said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from server.limits import PENDING_COUNT_MAX
from server.ports import StoredOperation
from server.store.sqlite.base import OPERATION_COLUMNS, Base, stored
from sync.reconcile.facts import Arrival, Discrepancy, Posting
from sync.reconcile.ledger import Line
from sync.reconcile.places import is_shared

__all__ = ["FoldReading", "decode_discrepancy"]

_STATE = msgspec.json.Decoder(dict[str, Any])
decode_discrepancy = msgspec.json.Decoder(Discrepancy).decode
_ROWS = "SELECT id, hash, data, journal, seq, exchange, held, covered FROM operation WHERE id IN ({})"
_POSTING = "SELECT id, debit, credit, amount_minor, currency, branch, service_day, operation FROM posting"


class FoldReading(Base):
    """Pending operations, facts by key, outcomes."""

    def pending(self, limit: int, *, after: int = 0) -> list[StoredOperation]:
        """Operations that were stored and not yet reconciled."""
        rows = self._rows(
            f"SELECT {OPERATION_COLUMNS} WHERE o.id IN (SELECT id FROM pending WHERE id > ? ORDER BY id LIMIT ?)"  # noqa: S608  # our constant
            " ORDER BY o.id",
            (after, limit),
        )
        return [stored(row) for row in rows]

    def pending_count(self, limit: int = PENDING_COUNT_MAX) -> int:
        """How many are pending, counted up to a bound."""
        return int(self._one("SELECT count(*) FROM (SELECT 1 FROM pending LIMIT ?)", (limit,))[0])

    def facts(self, keys: Collection[str]) -> dict[str, list[StoredOperation]]:
        """Every operation that touches each key."""
        found: dict[str, list[StoredOperation]] = {key: [] for key in keys}
        touches = list(self._in("SELECT operation, key FROM touch WHERE key IN ({})", found))
        # One operation touches several keys; it is read once, and without joins: journals and exchanges are few.
        rows = list(self._in(_ROWS, {id_ for id_, _ in touches}))
        self._know({row[3] for row in rows}, {row[5] for row in rows if row[5] is not None})
        operations = {row[0]: self._joined(row) for row in rows}
        for id_, key in touches:
            found[key].append(operations[id_])
        return found

    def _know(self, journals: set[int], exchanges: set[int]) -> None:
        if unknown := journals - self._places.keys():
            found = self._in("SELECT id, device, epoch FROM journal WHERE id IN ({})", unknown)
            self._places.update((row[0], (row[1], row[2])) for row in found)
        if fresh := exchanges - self._arrivals.keys():
            found = self._in("SELECT id, received_ms, boot, mono_ms FROM exchange WHERE id IN ({})", fresh)
            self._arrivals.update((row[0], Arrival(row[1], row[2], row[3])) for row in found)

    def _joined(self, row: Any) -> StoredOperation:
        id_, hash_, data, journal, seq, exchange, held, covered = row
        device, epoch = self._places[journal]
        arrival = None if exchange is None else self._arrivals[exchange]
        return StoredOperation(id_, hash_.hex(), data, device, epoch, seq, arrival, held or "", covered or "")

    def touched_keys(self, op_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """Keys that each operation touches."""
        found: dict[int, tuple[str, ...]] = dict.fromkeys(op_ids, ())
        rows = self._in("SELECT operation, key FROM touch WHERE operation IN ({}) ORDER BY operation, key", found)
        for operation, key in rows:
            found[operation] += (key,)
        return found

    def keys_starting(self, prefix: str, *, after: str = "", limit: int = 1000) -> list[str]:
        """Touched keys that begin with a prefix, in order."""
        rows = self._rows(
            "SELECT DISTINCT key FROM touch WHERE key >= ?1 AND key < ?2 AND key > ?3 ORDER BY key LIMIT ?4",
            (prefix, _beyond(prefix), after, limit),
        )
        return [row[0] for row in rows]

    def aggregate(self, key: str) -> dict[str, Any] | None:
        """State that the last fold of a key gave."""
        row = self._one("SELECT state FROM aggregate WHERE key = ?", (key,))
        return _STATE.decode(row[0]) if row else None

    def aggregates(self, keys: Collection[str]) -> dict[str, dict[str, Any]]:
        """States of several keys."""
        return {row[0]: _STATE.decode(row[1]) for row in self._in(_AGGREGATES, keys)}

    def aggregates_of(self, family: str, *, after: str = "", limit: int = 1000) -> list[tuple[str, dict[str, Any]]]:
        """(key, state) of a family in key order."""
        rows = self._rows(
            "SELECT key, state FROM aggregate WHERE key >= ?1 AND key < ?2 AND key > ?3 ORDER BY key LIMIT ?4",
            (f"{family}:", _beyond(f"{family}:"), after, limit),
        )
        return [(row[0], _STATE.decode(row[1])) for row in rows]

    def aggregate_head(self, key: str) -> str:
        """Hash of the last office operation that touches the key."""
        row = self._one("SELECT hash FROM aggregate_head WHERE key = ?", (key,))
        return row[0].hex() if row else ""

    def discrepancies(
        self,
        *,
        branch: str | None = None,
        service_day: str | None = None,
        open_only: bool = False,
        rule: str | None = None,
        subject: str | None = None,
        key: str | None = None,
        after: str = "",
        limit: int = 1000,
    ) -> list[Discrepancy]:
        """Discrepancies by id, filtered."""
        # `+` takes a column from the planner: few are open, a branch's of all days are many.
        of_branch = "+branch" if open_only and service_day is None else "branch"
        where, values = _equal({of_branch: branch, "service_day": service_day, "rule": rule, "key": key})
        if subject is not None:
            # Where the subject is the key, the key's index has it; the subjects' own has the others.
            where.append("((key = ? AND subject = key) OR (subject = ? AND subject <> key))")
            values += [subject, subject]
        if open_only:
            where.append("open = 1")
        sql = f"SELECT data FROM discrepancy WHERE {' AND '.join([*where, 'id > ?'])} ORDER BY id LIMIT ?"  # noqa: S608  # our constants
        return [decode_discrepancy(row[0]) for row in self._rows(sql, (*values, after, limit))]

    def discrepancies_of(self, keys: Collection[str]) -> dict[str, list[Discrepancy]]:
        """Discrepancies that the last folds of these keys raised; keys without any are absent."""
        found: dict[str, list[Discrepancy]] = {}
        for key, data in self._in("SELECT key, data FROM discrepancy WHERE key IN ({})", keys):
            found.setdefault(key, []).append(decode_discrepancy(data))
        return found

    def disputes(self, operation: str) -> list[Discrepancy]:
        """Open discrepancies that name an operation, by id."""
        rows = self._rows(
            "SELECT data FROM discrepancy WHERE (id, key) IN (SELECT id, key FROM dispute WHERE operation = ?)"
            " ORDER BY id",
            (operation,),
        )
        return [decode_discrepancy(row[0]) for row in rows]

    def open_lines(self, branch: str) -> tuple[dict[str, Posting], dict[str, Line]]:
        """What stands now and what is booked, by posting, for every posting of a branch that may differ."""
        open_ = dict(self._rows("SELECT posting, key FROM open_line WHERE branch = ?", (branch,)))
        ids = list(open_)
        # A posting's key is where it lay when the line was opened; there it still lies, or it is gone.
        sql = f"{_POSTING} WHERE (key, id) IN (SELECT key, posting FROM open_line WHERE branch = ?)"  # noqa: S608  # our constant
        current = {row[0]: _posting(row) for row in self._rows(sql, (branch,))}
        rows = self._in(
            "SELECT posting, debit, credit, amount_minor, currency, service_day FROM booked WHERE posting IN ({})", ids
        )
        booked = {
            r[0]: Line(posting=r[0], debit=r[1], credit=r[2], amount_minor=r[3], currency=r[4], service_day=r[5])
            for r in rows
        }
        return current, booked

    def postings(
        self,
        *,
        branch: str | None = None,
        service_day: str | None = None,
        key: str | None = None,
    ) -> list[Posting]:
        """Postings by id, filtered."""
        where, values = _equal({"branch": branch, "service_day": service_day, "key": key})
        filtered = f" WHERE {' AND '.join(where)}" if where else ""
        return [_posting(row) for row in self._rows(f"{_POSTING}{filtered} ORDER BY id", values)]

    def postings_at(self, place: str) -> Iterator[Posting]:
        """Postings that leave or reach a shared place."""
        if not is_shared(place):
            raise ValueError(f"{place} is one account's own: its postings are found by the account")
        for side in ("debit", "credit"):
            for row in self._connection.execute(f"{_POSTING} WHERE {side} = ? AND {side}_shared = 1", (place,)):
                yield _posting(row)

    def every_posting(self, branch: str | None = None) -> Iterator[Posting]:
        """All postings, or all of a branch, in no order that says anything."""
        where, values = ("", []) if branch is None else (" WHERE branch = ?", [branch])
        for row in self._connection.execute(_POSTING + where, values):
            yield _posting(row)


_AGGREGATES = "SELECT key, state FROM aggregate WHERE key IN ({})"


def _posting(row: Any) -> Posting:
    return Posting(
        id=row[0],
        debit=row[1],
        credit=row[2],
        amount_minor=row[3],
        currency=row[4],
        branch=row[5],
        service_day=row[6],
        operation=row[7],
    )


def _beyond(prefix: str) -> str:
    """The smallest text after everything that begins with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _equal(filters: dict[str, str | None]) -> tuple[list[str], list[Any]]:
    used = {name: value for name, value in filters.items() if value is not None}
    return [f"{name} = ?" for name in used], list(used.values())
