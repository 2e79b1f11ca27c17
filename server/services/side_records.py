"""Large side records, which travel apart from the operations that name them.

A request proves itself by the device's signature under ``doorstep/side-record/1`` over the method, a line feed and
the record's hash: repeating it does no harm, and a signature made to upload does not download.
"""

from __future__ import annotations

from server.ports import Store
from server.services.device_keys import DeviceKeys
from sync.encoding import is_hash, unb64
from sync.errors import NotAllowed, Refused
from sync.side_records import check_side_record
from sync.signing import TAG_SIDE_RECORD, verify

__all__ = ["SideRecords"]


class SideRecords:
    """Answers `PUT` and `GET /api/v1/side-records/{sha256}`."""

    def __init__(self, store: Store, devices: DeviceKeys) -> None:
        self._store = store
        self._devices = devices

    def verify(self, device: str, signature: str, method: str, sha256: str) -> None:
        """Raises DEVICE-UNKNOWN, SIGNATURE-WRONG, or SIDE-RECORD-MISMATCH for what is not a hash."""
        if not is_hash(sha256):
            raise Refused("SIDE-RECORD-MISMATCH", f"{sha256[:64]!r} is not a SHA-256 in lower-case hexadecimal")
        key = self._devices.of(device)
        try:
            raw = unb64(signature, 64)
        except Refused as error:
            raise NotAllowed("SIGNATURE-WRONG", f"Doorstep-Signature: {error.cause}") from error
        verify(key, TAG_SIDE_RECORD, f"{method}\n{sha256}".encode("ascii"), raw)

    async def put(self, sha256: str, data: bytes) -> bool:
        """Keep it, encrypted; False if it was here. Raises SIDE-RECORD-MISMATCH."""
        record = check_side_record(sha256, data)
        return await self._store.write(lambda writer: writer.put_side_record(record.sha256, record.data))

    def get(self, device: str, sha256: str) -> bytes:
        """Its salted bytes; raises DEVICE-REVOKED, DEVICE-LOCKED or SIDE-RECORD-UNKNOWN."""
        with self._store.read() as reader:
            known = reader.device(device)
            if known is None or known.revoked_ms:
                raise NotAllowed("DEVICE-REVOKED", f"device {device} was revoked and downloads nothing")
            if known.locked_ms:
                raise NotAllowed("DEVICE-LOCKED", f"device {device} is locked and downloads nothing")
            data = reader.side_record(sha256)
        if data is None:
            raise Refused("SIDE-RECORD-UNKNOWN", f"no side record {sha256} is held")
        return data
