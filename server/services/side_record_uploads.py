"""Side records that arrive in part, over as many connections as it takes.

The draft of HTTP's resumable uploads (draft-ietf-httpbis-resumable-upload) lends its words: a phone asks how far it
came (`Upload-Offset`), appends from there, and says with the last bytes that the upload is complete. Only then are the
bytes looked at: under the hash that they have they become the record, under another they are thrown away.

What came is a convenience and no fact: the phone holds the whole record until it is acknowledged. So what one phone may
leave half-sent is bounded, the longest untouched gives way to the newest, and a job forgets the rest after some days.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from server.limits import (
    SIDE_RECORD_UPLOAD_BYTES_MAX,
    SIDE_RECORD_UPLOAD_LIFE_MS,
    SIDE_RECORD_UPLOADS_MAX,
)
from server.ports import Clock, Store, Writer
from sync.errors import Conflict, Refused
from sync.limits import SIDE_RECORD_BYTES_MAX
from sync.side_records import check_side_record

__all__ = ["SideRecordUploads", "Upload", "forget_stale"]


class Upload(msgspec.Struct, frozen=True):
    """How far an upload came, in bytes; complete once the office holds the record."""

    offset: int
    complete: bool


class SideRecordUploads:
    """Answers `HEAD` and `PATCH /api/v1/side-records/{sha256}`; who asks was verified before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def state(self, device: str, sha256: str) -> Upload:
        """How far the device's upload came; complete with 0 bytes for a record that was erased."""
        with self._store.read() as reader:
            if sha256 in reader.side_records_held([sha256]):
                return Upload(len(reader.side_record(sha256) or b""), complete=True)
            return Upload(reader.side_record_offset(device, sha256), complete=False)

    async def append(
        self, device: str, sha256: str, offset: int, pieces: AsyncIterator[bytes], *, complete: bool
    ) -> Upload:
        """Append pieces from an offset on, each kept as it comes; at the end check the whole if it is `complete`.

        A record that is held already takes no bytes: the answer to its last part was lost. Raises UPLOAD-OFFSET-WRONG,
        EXCHANGE-TOO-LARGE, and SIDE-RECORD-MISMATCH, after which the upload begins anew.
        """
        state = await asyncio.to_thread(self.state, device, sha256)
        if state.complete:
            return state
        if offset != state.offset:
            # Said before the body is read: a phone with a bad signal sends nothing in vain.
            raise Conflict(
                "UPLOAD-OFFSET-WRONG", f"{state.offset} bytes came, not {offset}", expected_offset=state.offset
            )
        async for piece in pieces:
            if offset + len(piece) > SIDE_RECORD_BYTES_MAX:
                raise Refused("EXCHANGE-TOO-LARGE", f"a side record has at most {SIDE_RECORD_BYTES_MAX} bytes")
            offset = await self._append(device, sha256, offset, piece)
        if not complete:
            return Upload(offset, complete=False)
        await self._finish(device, sha256)
        return Upload(offset, complete=True)

    async def _append(self, device: str, sha256: str, offset: int, piece: bytes) -> int:
        now_ms = self._clock.now_ms()

        def work(writer: Writer) -> int:
            end = writer.append_side_record_part(device, sha256, offset, piece, now_ms)
            _make_room(writer, device, sha256)
            return end

        return await self._store.write(work)

    async def _finish(self, device: str, sha256: str) -> None:
        try:
            record = await asyncio.to_thread(self._checked, device, sha256)
        except Refused:
            await self._store.write(lambda writer: writer.drop_side_record_upload(device, sha256))
            raise
        # Whoever keeps the record forgets the parts with it.
        await self._store.write(lambda writer: writer.put_side_record(sha256, record))

    def _checked(self, device: str, sha256: str) -> bytes:
        with self._store.read() as reader:
            return check_side_record(sha256, reader.side_record_parts(device, sha256)).data


def forget_stale(store: Store, now_ms: int, limit: int) -> int:
    """Forget uploads that nobody went on with; how many."""
    before_ms = now_ms - SIDE_RECORD_UPLOAD_LIFE_MS
    return store.write_now(lambda writer: writer.drop_stale_side_record_uploads(before_ms, limit))


def _make_room(writer: Writer, device: str, sha256: str) -> None:
    others = [one for one in writer.side_record_uploads(device) if one.sha256 != sha256]
    total = sum(one.bytes for one in others) + writer.side_record_offset(device, sha256)
    while others and (len(others) + 1 > SIDE_RECORD_UPLOADS_MAX or total > SIDE_RECORD_UPLOAD_BYTES_MAX):
        oldest = others.pop(0)
        total -= oldest.bytes
        writer.drop_side_record_upload(device, oldest.sha256)
