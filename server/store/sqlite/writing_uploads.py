"""Writing side records that came in part."""

from __future__ import annotations

from server.limits import SIDE_RECORD_PART_BYTES
from server.store.sqlite.reading_uploads import UploadReading, part_context
from sync.errors import Conflict

__all__ = ["UploadWriting"]


class UploadWriting(UploadReading):
    """Parts are appended, and gone together."""

    def append_side_record_part(self, device: str, sha256: str, offset: int, data: bytes, now_ms: int) -> int:
        """Append bytes at the end of what came; the new end."""
        held = self.side_record_offset(device, sha256)
        if offset != held:
            raise Conflict("UPLOAD-OFFSET-WRONG", f"{held} bytes came, not {offset}", expected_offset=held)
        if data:
            self._put_part(device, sha256, held, data)
            self._connection.execute(
                "INSERT INTO side_record_upload (device, sha256, bytes, changed_ms) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (device, sha256) DO UPDATE SET bytes = excluded.bytes, changed_ms = excluded.changed_ms",
                (device, bytes.fromhex(sha256), held + len(data), now_ms),
            )
        return held + len(data)

    def drop_side_record_upload(self, device: str, sha256: str) -> bool:
        """Forget what came of a record from a device."""
        values = (device, bytes.fromhex(sha256))
        self._connection.execute("DELETE FROM side_record_part WHERE device = ? AND sha256 = ?", values)
        return (
            self._connection.execute("DELETE FROM side_record_upload WHERE device = ? AND sha256 = ?", values).rowcount
            == 1
        )

    def drop_stale_side_record_uploads(self, before_ms: int, limit: int) -> int:
        """Forget uploads untouched since a time, the oldest first."""
        rows = self._rows(
            "SELECT device, sha256 FROM side_record_upload WHERE changed_ms < ? ORDER BY changed_ms LIMIT ?",
            (before_ms, limit),
        )
        return sum(self.drop_side_record_upload(device, sha256.hex()) for device, sha256 in rows)

    def _put_part(self, device: str, sha256: str, held: int, data: bytes) -> None:
        key = bytes.fromhex(sha256)
        last = self._one(
            "SELECT id, starts, bytes, data FROM side_record_part WHERE device = ? AND sha256 = ?"
            " ORDER BY starts DESC LIMIT 1",
            (device, key),
        )
        starts = held
        if last is not None and last[2] < SIDE_RECORD_PART_BYTES:
            # Small pieces join the one before them, so that a record never becomes thousands of rows.
            starts = last[1]
            data = self._shared.keys.decrypt(last[3], part_context(device, sha256, starts)) + data
            self._connection.execute("DELETE FROM side_record_part WHERE id = ?", (last[0],))
        envelope = self._shared.keys.encrypt(data, part_context(device, sha256, starts))
        self._connection.execute(
            "INSERT INTO side_record_part (device, sha256, starts, bytes, data) VALUES (?, ?, ?, ?, ?)",
            (device, key, starts, len(data), envelope),
        )
