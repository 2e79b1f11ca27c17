"""Side records on the phone: personal content, kept until the office has it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from sync.side_records import SideRecord

__all__ = ["SideRecordStore"]


class SideRecordStore:
    """Salted bytes by hash, each with the operation that names it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, record: SideRecord, operation: str) -> None:
        """Keep a record, written together with the operation that names it."""
        self._db.execute(
            "INSERT OR IGNORE INTO side_record (sha256, operation, data) VALUES (?, ?, ?)",
            [record.sha256, operation, record.data],
        )

    def of_operations(self, operations: Iterable[str], bytes_max: int) -> list[SideRecord]:
        """The small records of some operations."""
        found: list[SideRecord] = []
        for operation in operations:
            rows = self._db.execute(
                "SELECT sha256, data FROM side_record WHERE operation = ? AND length(data) <= ? ORDER BY sha256",
                [operation, bytes_max],
            )
            found += [SideRecord(sha256, bytes(data)) for sha256, data in rows]
        return found

    def missing(self, limit: int, *, small: bool, bytes_max: int) -> list[SideRecord]:
        """Records that the office lacks although it has their operations: small ones, or those that go apart."""
        comparison = "<=" if small else ">"
        rows = self._db.execute(
            "SELECT side_record.sha256, side_record.data FROM side_record"  # noqa: S608  # one of two fixed texts
            " JOIN operation ON operation.hash = side_record.operation"
            f" WHERE uploaded = 0 AND acknowledged = 1 AND length(side_record.data) {comparison} ?"
            " ORDER BY operation.id LIMIT ?",
            [bytes_max, limit],
        )
        return [SideRecord(sha256, bytes(data)) for sha256, data in rows]

    def get(self, sha256: str) -> bytes | None:
        """The salted bytes, or None."""
        row = self._db.execute("SELECT data FROM side_record WHERE sha256 = ?", [sha256]).fetchone()
        return None if row is None else bytes(row[0])

    def mark(self, hashes: Iterable[str], *, uploaded: bool) -> None:
        """Note what the office has, or lacks."""
        for sha256 in hashes:
            self._db.execute("UPDATE side_record SET uploaded = ? WHERE sha256 = ?", [int(uploaded), sha256])

    def unsent_count(self) -> int:
        """How many records the office does not have yet."""
        return int(self._db.execute("SELECT count(*) FROM side_record WHERE uploaded = 0").fetchone()[0])

    def wipe_uploaded(self) -> None:
        """Drop what the office has."""
        self._db.execute("DELETE FROM side_record WHERE uploaded = 1")
