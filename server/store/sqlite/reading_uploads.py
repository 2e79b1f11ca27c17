"""Reading side records that came in part."""

from __future__ import annotations

from server.ports import PartialUpload
from server.store.sqlite.base import Base

__all__ = ["UploadReading", "part_context"]


def part_context(device: str, sha256: str, starts: int) -> bytes:
    """What an encrypted part is bound to: no part opens in another's place."""
    return f"side-record-part\0{device}\0{sha256}\0{starts}".encode()


class UploadReading(Base):
    """What came of records, by the device that sends them."""

    def side_record_uploads(self, device: str) -> list[PartialUpload]:
        """Uploads of a device that are not complete, the one longest untouched first."""
        rows = self._rows(
            "SELECT sha256, bytes, changed_ms FROM side_record_upload WHERE device = ? ORDER BY changed_ms, sha256",
            (device,),
        )
        return [PartialUpload(row[0].hex(), row[1], row[2]) for row in rows]

    def side_record_offset(self, device: str, sha256: str) -> int:
        """How many bytes of a record came from a device; 0 for none."""
        row = self._one(
            "SELECT bytes FROM side_record_upload WHERE device = ? AND sha256 = ?", (device, bytes.fromhex(sha256))
        )
        return int(row[0]) if row else 0

    def side_record_parts(self, device: str, sha256: str) -> bytes:
        """The bytes that came, in order."""
        rows = self._rows(
            "SELECT starts, data FROM side_record_part WHERE device = ? AND sha256 = ? ORDER BY starts",
            (device, bytes.fromhex(sha256)),
        )
        decrypt = self._shared.keys.decrypt
        return b"".join(decrypt(data, part_context(device, sha256, starts)) for starts, data in rows)
