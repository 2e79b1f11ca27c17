"""Reading operations, journals and their segments."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from server.ports import JournalState, StoredOperation
from server.store.sqlite.base import OPERATION_COLUMNS, Base, decode_summary, stored
from server.store.sqlite.hashes import recent_count
from sync.operations.office import Head
from sync.segments import Summary

__all__ = ["JournalReading"]

_EMPTY = Summary()
_WALK = """WITH RECURSIVE chain (hash, prev, seq) AS (
    SELECT hash, prev, seq FROM operation WHERE id = (SELECT operation FROM operation_hash WHERE hash = ?)
    UNION ALL
    SELECT o.hash, o.prev, o.seq FROM chain c
    JOIN operation o ON o.id = (SELECT operation FROM operation_hash WHERE hash = c.prev)
    WHERE c.seq > ? AND o.seq = c.seq - 1)
SELECT hash, prev FROM chain WHERE seq = ?"""


class JournalReading(Base):
    """Operations by hash and by place."""

    def known(self, hashes: Collection[str]) -> set[str]:
        """Those of the hashes whose operations are held."""
        wanted = [bytes.fromhex(hash_) for hash_ in hashes]
        # What a phone repeats came lately: most are found in the small table, and the large one is left alone.
        found = {row[0] for row in self._in("SELECT hash FROM hash_recent WHERE hash IN ({})", wanted)}
        older = [hash_ for hash_ in wanted if hash_ not in found]
        found.update(row[0] for row in self._in("SELECT hash FROM hash_settled WHERE hash IN ({})", older))
        return {hash_.hex() for hash_ in found}

    def recent_hashes(self) -> int:
        """How many operations' hashes wait to be merged with the others."""
        return recent_count(self._connection)

    def operation(self, hash_: str) -> StoredOperation | None:
        """One operation by its hash."""
        row = self._one(
            f"SELECT {OPERATION_COLUMNS}"  # noqa: S608  # our constant
            " WHERE o.id = (SELECT operation FROM operation_hash WHERE hash = ?)",
            (bytes.fromhex(hash_),),
        )
        return stored(row) if row else None

    def operations(self, hashes: Collection[str]) -> dict[str, StoredOperation]:
        """Operations by hash; unknown ones are absent."""
        wanted = [bytes.fromhex(hash_) for hash_ in hashes]
        rows = self._in(
            f"SELECT {OPERATION_COLUMNS}"  # noqa: S608  # our constant
            " WHERE o.id IN (SELECT operation FROM operation_hash WHERE hash IN ({}))",
            wanted,
        )
        return {item.hash: item for item in map(stored, rows)}

    def operations_of(self, device: str, epoch: int, from_seq: int, limit: int) -> list[StoredOperation]:
        """Operations of one epoch by (seq, hash) from a number on."""
        rows = self._rows(
            f"SELECT {OPERATION_COLUMNS} WHERE j.device = ? AND j.epoch = ? AND o.seq >= ?"  # our constant
            " ORDER BY o.seq, o.hash LIMIT ?",
            (device, epoch, from_seq, limit),
        )
        return [stored(row) for row in rows]

    def export(self, device: str | None = None, epoch: int | None = None) -> Iterator[bytes]:
        """Exact lines: device, epoch, seq, hash."""
        for row in self._rows(
            "SELECT id FROM journal WHERE (?1 IS NULL OR device = ?1) AND (?2 IS NULL OR epoch = ?2)"
            " ORDER BY device, epoch",
            (device, epoch),
        ):
            lines = self._connection.execute("SELECT data FROM operation WHERE journal = ? ORDER BY seq, hash", row)
            for line in lines:
                yield line[0]

    def scan(self) -> Iterator[StoredOperation]:
        """Every stored operation in row order, as it stands on disk, nothing checked."""
        for row in self._connection.execute(f"SELECT {OPERATION_COLUMNS} ORDER BY o.id"):  # our constant
            yield stored(row)

    def operation_ids(self, after: int, limit: int) -> list[int]:
        """Row ids above a row's, ascending."""
        rows = self._rows("SELECT id FROM operation WHERE id > ? ORDER BY id LIMIT ?", (after, limit))
        return [row[0] for row in rows]

    def summary(self, device: str, epoch: int) -> Summary:
        """Segments of one epoch."""
        row = self._one("SELECT segments FROM journal WHERE device = ? AND epoch = ?", (device, epoch))
        return decode_summary(row[0]) if row else _EMPTY

    def journals(self, device: str | None = None) -> list[JournalState]:
        """Every (device, epoch) that holds operations."""
        # Two statements: an index is not used for "any device, or this one", and every device fold asks for its own.
        if device is None:
            rows = self._rows("SELECT device, epoch, segments FROM journal ORDER BY device, epoch")
        else:
            rows = self._rows(
                "SELECT device, epoch, segments FROM journal WHERE device = ? ORDER BY epoch",
                (device,),
            )
        return [JournalState(row[0], row[1], decode_summary(row[2])) for row in rows]

    def is_at_or_below(self, hash_: str, head: Head) -> bool:
        """Whether an operation is the head or an ancestor of it by hash."""
        if hash_ == head.hash:
            return bool(self.known([hash_]))
        row = self._one(
            "SELECT seq FROM operation WHERE id = (SELECT operation FROM operation_hash WHERE hash = ?)",
            (bytes.fromhex(hash_),),
        )
        if row is None or row[0] >= head.seq:
            return False
        summary = self.summary(head.device, head.epoch)
        way = [item for item in summary.stretches if row[0] <= item.last_seq and item.first_seq <= head.seq]
        if not way or any(item.copies == 0 for item in way):
            return False
        begun = any(row[0] < start.seq <= head.seq for start in summary.starts)
        if not begun and way[0].copies == 1 and self._is_at(head.device, head.epoch, head.seq, head.hash):
            # No branch begins on the way, and nothing else has its number: the head's chain leads down to it.
            return self._is_at(head.device, head.epoch, row[0], hash_)
        return self._walks_to(head.hash, row[0], hash_)

    def _walks_to(self, from_hash: str, seq: int, hash_: str) -> bool:
        return any(row[0].hex() == hash_ for row in self._rows(_WALK, (bytes.fromhex(from_hash), seq, seq)))

    def contiguous_below(self, device: str, epoch: int, seq: int, hash_: str) -> tuple[int, str]:
        """Highest (seq, hash) held without a gap from 1 that is at or below the named operation."""
        summary = self.summary(device, epoch)
        if [(end.seq, end.hash) for end in summary.ends] == [(seq, hash_)] and [s.seq for s in summary.starts] == [1]:
            return seq, hash_
        if not self._is_at(device, epoch, seq, hash_):
            return self._reached(summary, device, epoch, seq)
        at_seq, at_hash = seq, hash_
        for start in sorted({start.seq for start in summary.starts if 1 < start.seq <= seq}, reverse=True):
            prev = self._prev_at(summary, device, epoch, at_seq, at_hash, start)
            if not self._is_at(device, epoch, start - 1, prev):
                return self._reached(summary, device, epoch, start)
            at_seq, at_hash = start - 1, prev
        return seq, hash_

    def _prev_at(self, summary: Summary, device: str, epoch: int, seq: int, hash_: str, start: int) -> str:
        """What the operation numbered `start`, at or below the named one, continues."""
        forked = any(item.copies > 1 and item.last_seq >= start and item.first_seq <= seq for item in summary.stretches)
        if not forked:
            row = self._one(
                "SELECT o.prev FROM operation o JOIN journal j ON j.id = o.journal"
                " WHERE j.device = ? AND j.epoch = ? AND o.seq = ?",
                (device, epoch, start),
            )
            return str(row[0].hex())
        rows = self._rows(_WALK, (bytes.fromhex(hash_), start, start))
        return str(rows[0][1].hex()) if rows else ""

    def _reached(self, summary: Summary, device: str, epoch: int, below: int) -> tuple[int, str]:
        """The end of what is held from 1 without a gap, if it lies below a number; (0, "") otherwise."""
        reach = summary.reach
        if not 0 < reach < below:
            return 0, ""
        row = self._one(
            "SELECT o.hash FROM operation o JOIN journal j ON j.id = o.journal"
            " WHERE j.device = ? AND j.epoch = ? AND o.seq = ? ORDER BY o.hash LIMIT 1",
            (device, epoch, reach),
        )
        return reach, row[0].hex()

    def _is_at(self, device: str, epoch: int, seq: int, hash_: str) -> bool:
        if not hash_:
            return False
        row = self._one(
            "SELECT 1 FROM operation o JOIN journal j ON j.id = o.journal"
            " WHERE o.id = (SELECT operation FROM operation_hash WHERE hash = ?)"
            " AND o.seq = ? AND j.device = ? AND j.epoch = ?",
            (bytes.fromhex(hash_), seq, device, epoch),
        )
        return row is not None
