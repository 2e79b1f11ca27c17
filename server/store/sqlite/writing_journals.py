"""Writing operations: device runs, the office's own journal, and what a closing covers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain

import msgspec

from server.ports import OfficeWork
from server.store.sqlite import hashes
from server.store.sqlite.base import Office, Shared, decode_summary, encode_summary
from server.store.sqlite.reading_folds import FoldReading
from server.store.sqlite.reading_journals import JournalReading
from sync.errors import Conflict, Refused, Unavailable
from sync.journal import Entry, JournalHead, Placed, append
from sync.limits import OPERATION_BYTES_MAX
from sync.operations.kinds import touches
from sync.operations.office import ExchangeReceived, Head
from sync.reconcile.facts import Arrival
from sync.segments import End, Start, Summary, extend

__all__ = ["JournalWriting"]

_INSERT = "INSERT INTO operation (id, hash, journal, seq, prev, exchange, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ROWS_AT_ONCE = 64
_UP = """WITH RECURSIVE chain (id, prev, seq) AS (
    SELECT id, prev, seq FROM operation
    WHERE id = (SELECT operation FROM operation_hash WHERE hash = ?1) AND covered IS NULL
    UNION ALL
    SELECT o.id, o.prev, o.seq FROM chain c
    JOIN operation o ON o.id = (SELECT operation FROM operation_hash WHERE hash = c.prev)
    WHERE o.journal = ?2 AND o.seq = c.seq - 1 AND o.covered IS NULL)
SELECT id FROM chain"""

_ABOVE = """SELECT min(o.covered) FROM operation o
    WHERE o.covered IS NOT NULL AND o.prev = ?1 AND (
        (o.journal = ?2 AND o.seq = ?3 + 1)
        OR (o.seq = 1 AND o.journal IN (
            SELECT n.id FROM epoch e JOIN journal n ON n.device = e.device AND n.epoch = e.epoch
            WHERE e.device = ?4 AND e.continues = ?5)))"""
"""The first closing that covers something that directly continues an operation, in its epoch or a later one."""

_BELOW = """WITH RECURSIVE chain (id, prev) AS (
    SELECT id, prev FROM operation WHERE id = (SELECT operation FROM operation_hash WHERE hash = ?1)
    UNION ALL
    SELECT o.id, o.prev FROM chain c
    JOIN operation o ON o.id = (SELECT operation FROM operation_hash WHERE hash = c.prev)
    JOIN journal j ON j.id = o.journal
    WHERE j.device = ?2 AND (o.covered IS NULL OR o.covered > ?3))
SELECT id FROM chain"""
"""An operation and what it goes back to, as far as an earlier closing does not cover it."""


class JournalWriting(JournalReading, FoldReading):
    """Appending, inside one transaction; `finish` runs once before its commit."""

    def __init__(self, connection: sqlite3.Connection, shared: Shared) -> None:
        super().__init__(connection, shared)
        self._journals: dict[tuple[str, int], tuple[int, Summary, int]] = {}
        office = shared.office
        self._office = msgspec.structs.replace(office) if office else None
        self._office_committed = msgspec.structs.replace(office) if office else None
        self._first_id = self._next_id = 0

    # -- for the group writer
    def mark(self) -> Office | None:
        """What `undo` needs when the work that follows fails."""
        return msgspec.structs.replace(self._office) if self._office else None

    def undo(self, mark: Office | None) -> None:
        """Forget what the failed work had in memory; its savepoint was rolled back."""
        self._office = mark
        self._journals.clear()

    def finish(self) -> bool:
        """Mark what was appended as pending and advance the office's head under its fence; whether anything was."""
        office, before = self._office, self._office_committed
        if office is not None and (before is None or office.hash != before.hash):
            changed = self._connection.execute(
                "UPDATE office SET epoch = ?, seq = ?, hash = ?, hlc = ?"
                " WHERE name = 'office' AND holder = ? AND hash = ?",
                (office.epoch, office.seq, office.hash, office.hlc, self._shared.holder, before.hash if before else ""),
            ).rowcount
            if changed != 1:
                raise Unavailable("STORE-LOCKED", "another process took the office journal over; start again")
            journal, _, covered_seq = self._journal(office.device, office.epoch)
            self._put_journal(office.device, office.epoch, journal, self._office_summary(office), covered_seq)
        if not self._next_id:
            return False
        # Rows of works that failed are gone, so this marks exactly what stays.
        marked = self._connection.execute(
            "INSERT OR IGNORE INTO pending (id) SELECT id FROM operation WHERE id >= ?", (self._first_id,)
        )
        return marked.rowcount > 0

    def committed(self) -> Office | None:
        """The office's head after the commit."""
        return self._office

    # -- the port
    def summary(self, device: str, epoch: int) -> Summary:
        """Segments of one epoch, from this transaction's memory where it has them."""
        office = self._office
        if office is not None and (device, epoch) == (office.device, office.epoch):
            return self._office_summary(office)
        found = self._journals.get((device, epoch))
        return found[1] if found else super().summary(device, epoch)

    def _office_summary(self, office: Office) -> Summary:
        """Our own journal has no gap and no fork: one start, and its head."""
        if not office.seq:
            return Summary()
        return Summary((Start(1, office.start),), (End(office.seq, office.hash),))

    def office_head(self) -> JournalHead | None:
        """Where this process's office journal stands inside this transaction."""
        office = self._office
        return JournalHead(office.device, office.epoch, office.seq, office.hash, office.hlc) if office else None

    def append_device_run(self, device: str, epoch: int, placed: Sequence[Placed], arrival: Arrival | None) -> Summary:
        """Store one contiguous run of operations that are not yet held."""
        journal, summary, covered_seq = self._journal(device, epoch)
        exchange = None
        if arrival is not None:
            exchange = self._connection.execute(
                "INSERT INTO exchange (received_ms, boot, mono_ms) VALUES (?, ?, ?)",
                (arrival.received_ms, arrival.boot, arrival.mono_ms),
            ).lastrowid
        self._insert(journal, placed, exchange)
        summary = extend(summary, placed)
        first = placed[0].header.seq
        covered_seq = min(covered_seq, first - 1)
        self._put_journal(device, epoch, journal, summary, covered_seq)
        self._inherit_cover(device, journal, placed[-1])
        return summary

    def _inherit_cover(self, device: str, journal: int, last: Placed) -> None:
        """What lies below a covered operation is covered with it, however late it came; it is looked at again."""
        unhex = bytes.fromhex
        above = self._one(_ABOVE, (unhex(last.hash), journal, last.header.seq, device, last.hash))[0]
        if above is None:
            return
        ids = [row[0] for row in self._rows(_BELOW, (unhex(last.hash), device, above))]
        self._connection.executemany("UPDATE operation SET covered = ? WHERE id = ?", [(above, id_) for id_ in ids])
        self._connection.executemany("INSERT OR IGNORE INTO pending (id) VALUES (?)", [(id_,) for id_ in ids])

    def append_office(self, works: Sequence[OfficeWork], *, expect: Mapping[str, str] | None = None) -> list[Entry]:
        """Append to this process's office journal."""
        office = self._office
        if office is None:
            raise Unavailable("STORE-LOCKED", "this process does not hold the office journal")
        for key, basis in (expect or {}).items():
            if (found := self.aggregate_head(key)) != basis:
                raise Conflict(
                    "STATE-STALE", f"{key} stands at {found[:12] or 'nothing'}, not {basis[:12] or 'nothing'}"
                )
        if not works:
            return []
        reading = self._shared.clock.reading()
        head = JournalHead(office.device, office.epoch, office.seq, office.hash, office.hlc)
        before = head
        entries: list[Entry] = []
        for work in works:
            entry = append(
                head,
                work.body,
                reading,
                by=work.by,
                rests_on=work.rests_on,
                pack=work.pack,
                policy=work.policy,
            )
            if len(entry.data) > OPERATION_BYTES_MAX:
                raise Refused(
                    "OPERATION-TOO-LARGE",
                    f"{type(work.body).__name__} would have {len(entry.data)} bytes, allowed are {OPERATION_BYTES_MAX}",
                )
            head = entry.head
            entries.append(entry)
        self._insert_office(office, before, entries)
        office.seq, office.hash, office.hlc = head.seq, head.hash, head.hlc
        return entries

    def _insert_office(self, office: Office, before: JournalHead, entries: list[Entry]) -> None:
        journal, _, _ = self._journal(office.device, office.epoch)
        first_id = self._take_ids(len(entries))
        previous = [before.hash, *(entry.hash for entry in entries)]
        self._connection.executemany(
            _INSERT,
            [
                (
                    first_id + place,
                    bytes.fromhex(entry.hash),
                    journal,
                    entry.head.seq,
                    bytes.fromhex(prev),
                    None,
                    entry.data,
                )
                for place, (entry, prev) in enumerate(zip(entries, previous, strict=False))
            ],
        )
        hashes.enter(self._connection, [bytes.fromhex(entry.hash) for entry in entries], first_id)
        # An arrival decides nothing: it must not make stale what a cashier or a supervisor is looking at.
        arrivals = {
            bytes.fromhex(entry.hash) for entry in entries if isinstance(entry.operation.body, ExchangeReceived)
        }
        touched = [
            (key, first_id + place, bytes.fromhex(entry.hash))
            for place, entry in enumerate(entries)
            for key in touches(entry.operation)
        ]
        if touched:
            self._connection.executemany(
                "INSERT INTO touch (key, operation) VALUES (?, ?)", [(key, id_) for key, id_, _ in touched]
            )
            self._connection.executemany(
                "INSERT INTO aggregate_head (key, hash) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET hash = excluded.hash",
                [(key, hash_) for key, _, hash_ in touched if hash_ not in arrivals],
            )

    def cover(self, heads: Iterable[Head], closing: str) -> list[int]:
        """Mark everything at or below the heads that no closing covers yet."""
        covered: list[int] = []
        for head in heads:
            journal, summary, covered_seq = self._journal(head.device, head.epoch)
            if summary.whole and self._is_at(head.device, head.epoch, head.seq, head.hash):
                rows = self._rows(
                    "SELECT id FROM operation WHERE journal = ? AND seq > ? AND seq <= ? AND covered IS NULL",
                    (journal, covered_seq, head.seq),
                )
                self._put_journal(head.device, head.epoch, journal, summary, max(covered_seq, head.seq))
            else:
                rows = self._rows(_UP, (bytes.fromhex(head.hash), journal))
            ids = [row[0] for row in rows]
            self._connection.executemany(
                "UPDATE operation SET covered = ? WHERE id = ?", [(closing, id_) for id_ in ids]
            )
            covered += ids
        return covered

    def settle_hashes(self, *, after: bytes, limit: int) -> bytes | None:
        """Merge recent hashes above one with the others: the last of so many, None when there were no more."""
        return hashes.settle(self._connection, after, limit)

    # -- rows
    def _journal(self, device: str, epoch: int) -> tuple[int, Summary, int]:
        found = self._journals.get((device, epoch))
        if found is None:
            row = self._one(
                "SELECT id, segments, covered_seq FROM journal WHERE device = ? AND epoch = ?", (device, epoch)
            )
            if row is None:
                id_ = self._connection.execute(
                    "INSERT INTO journal (device, epoch, segments) VALUES (?, ?, ?)",
                    (device, epoch, encode_summary(Summary())),
                ).lastrowid
                found = (int(id_ or 0), Summary(), 0)
            else:
                found = (row[0], decode_summary(row[1]), row[2])
            self._journals[device, epoch] = found
        return found

    def _put_journal(self, device: str, epoch: int, journal: int, summary: Summary, covered_seq: int) -> None:
        self._journals[device, epoch] = (journal, summary, covered_seq)
        self._connection.execute(
            "UPDATE journal SET segments = ?, covered_seq = ? WHERE id = ?",
            (encode_summary(summary), covered_seq, journal),
        )

    def _take_ids(self, count: int) -> int:
        if not self._next_id:
            self._first_id = self._next_id = self._one("SELECT coalesce(max(id), 0) FROM operation")[0] + 1
        first = self._next_id
        self._next_id += count
        return first

    def _insert(self, journal: int, placed: Sequence[Placed], exchange: int | None) -> None:
        first_id = self._take_ids(len(placed))
        unhex = bytes.fromhex
        rows = [
            (id_, unhex(item.hash), journal, item.header.seq, unhex(item.header.prev), exchange, item.data)
            for id_, item in enumerate(placed, start=first_id)
        ]
        # One statement for many rows: each statement gives the interpreter's lock away and must win it back.
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            self._connection.execute(_insert_sql(len(some)), list(chain.from_iterable(some)))
        hashes.enter(self._connection, [row[1] for row in rows], first_id)


@cache
def _insert_sql(rows: int) -> str:
    return _INSERT + ", (?, ?, ?, ?, ?, ?, ?)" * (rows - 1)
