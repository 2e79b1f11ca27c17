"""The phone's own journal: exact bytes, in order, and the head that the next operation continues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlite_utils import Database

from sync.errors import Corrupt
from sync.journal import Entry, JournalHead
from sync.operations import kind_of

__all__ = ["JournalStore", "Stored", "Writer"]

_COLUMNS = "epoch, seq, hash, kind, pack, visit, data, acknowledged"


class Stored(msgspec.Struct, frozen=True):
    """An operation as it stands on disk."""

    epoch: int
    seq: int
    hash: str
    kind: str
    pack: str
    visit: str
    data: bytes
    acknowledged: bool


class Writer(msgspec.Struct, frozen=True):
    """Where the next operation goes, and the last receipt number of this epoch."""

    head: JournalHead
    receipt: int


class JournalStore:
    """Operations and head; callers hold the writer lock and a transaction around every change."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def writer(self, device: str) -> Writer:
        """The head; STORE-CORRUPT when it is not where the journal ends."""
        row = self._db.execute("SELECT epoch, seq, hash, hlc, receipt FROM head").fetchone()
        if row is None:
            raise Corrupt("STORE-CORRUPT", "the journal has no head")
        epoch, seq, digest, hlc, receipt = row
        last = self._db.execute("SELECT seq, hash FROM operation WHERE epoch = ? ORDER BY seq DESC", [epoch]).fetchone()
        if (seq, digest) != (last or (0, digest)):
            raise Corrupt("STORE-CORRUPT", f"the head names {epoch}/{seq}, the journal ends at {last}")
        return Writer(JournalHead(device, epoch, seq, digest, hlc), receipt)

    def set_head(self, head: JournalHead, receipt: int) -> None:
        """Move the head; at enrolment, after an operation, and into a new epoch."""
        self._db.execute(
            "INSERT OR REPLACE INTO head (only, epoch, seq, hash, hlc, receipt) VALUES (1, ?, ?, ?, ?, ?)",
            [head.epoch, head.seq, head.hash, head.hlc, receipt],
        )

    def add(self, entry: Entry, receipt: int) -> None:
        """Write an operation, and the head and receipt number after it."""
        operation = entry.operation
        visit = getattr(operation.body, "visit", "")
        self._db.execute(
            "INSERT INTO operation (epoch, seq, hash, kind, pack, visit, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [operation.epoch, operation.seq, entry.hash, kind_of(operation), operation.pack, visit, entry.data],
        )
        self.set_head(entry.head, receipt)

    def unsent(self, limit: int) -> list[Stored]:
        """The first operations that the office has not acknowledged, all of one epoch, in order."""
        return self._read(
            "WHERE acknowledged = 0 AND epoch = (SELECT min(epoch) FROM operation WHERE acknowledged = 0)"
            " ORDER BY seq LIMIT ?",
            [limit],
        )

    def unsent_count(self) -> int:
        """How many operations the office has not acknowledged."""
        return int(self._db.execute("SELECT count(*) FROM operation WHERE acknowledged = 0").fetchone()[0])

    def last(self) -> Stored | None:
        """The operation written last, of any epoch."""
        return next(iter(self._read("ORDER BY id DESC LIMIT 1", [])), None)

    def hash_at(self, epoch: int, seq: int) -> str | None:
        """Our own hash at a place, or None."""
        row = self._db.execute("SELECT hash FROM operation WHERE epoch = ? AND seq = ?", [epoch, seq]).fetchone()
        return None if row is None else str(row[0])

    def acknowledge(self, epoch: int, seq: int) -> int:
        """Everything of an epoch up to a number is durable at the office; returns how many are so anew."""
        cursor = self._db.execute(
            "UPDATE operation SET acknowledged = 1 WHERE epoch = ? AND seq <= ? AND acknowledged = 0", [epoch, seq]
        )
        return int(cursor.rowcount)

    def offer_again(self, epoch: int, seq: int) -> int:
        """The office lacks everything from this place on; returns how many operations are unsent again."""
        cursor = self._db.execute(
            "UPDATE operation SET acknowledged = 0 WHERE acknowledged = 1 AND (epoch > ? OR (epoch = ? AND seq >= ?))",
            [epoch, epoch, seq],
        )
        return int(cursor.rowcount)

    def of_pack(self, pack: str) -> list[Stored]:
        """The operations of a day, in the order in which they were written."""
        return self._read("WHERE pack = ? ORDER BY id", [pack])

    def of_kinds(self, kinds: Sequence[str]) -> list[Stored]:
        """All operations of some kinds, oldest first."""
        marks = ", ".join("?" * len(kinds))
        return self._read(f"WHERE kind IN ({marks}) ORDER BY id", list(kinds))

    def all(self) -> Iterator[Stored]:
        """The whole journal, oldest first."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM operation ORDER BY id")  # noqa: S608  # fixed columns
        return (_stored(row) for row in rows)

    def open_visits(self) -> set[str]:
        """Visits that were started and not concluded since."""
        rows = self._db.execute(
            "SELECT visit, kind FROM operation WHERE id IN (SELECT max(id) FROM operation"
            " WHERE kind IN ('VisitStarted', 'VisitConcluded') GROUP BY visit)"
        )
        return {visit for visit, kind in rows if kind == "VisitStarted"}

    def _read(self, rest: str, values: Sequence[object]) -> list[Stored]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM operation {rest}", values)  # noqa: S608  # fixed texts
        return [_stored(row) for row in rows]


def _stored(row: Sequence[Any]) -> Stored:
    epoch, seq, digest, kind, pack, visit, data, acknowledged = row
    return Stored(epoch, seq, digest, kind, pack, visit, bytes(data), bool(acknowledged))
