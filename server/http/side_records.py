"""For phones: side records that travel apart from the exchange, whole or in part.

Every request carries the device's signature over its own method and the record's hash, so that one made to ask does not
upload, and one made to upload does not download.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, head, patch, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from server.http.problems import problems
from server.http.reading import body_pieces, read_body
from server.limits import SIDE_RECORD_PART_BYTES, SIDE_RECORD_UPLOAD_LIFE_MS
from server.services.side_record_uploads import SideRecordUploads, Upload
from server.services.side_records import SideRecords
from sync.errors import Refused
from sync.limits import SIDE_RECORD_BYTES_MAX

__all__ = ["PARTIAL_UPLOAD", "side_record_routes"]

PARTIAL_UPLOAD = "application/partial-upload"
"""Media type of a part, as the draft of resumable uploads names it."""

_LIMIT = f"max-size={SIDE_RECORD_BYTES_MAX}, max-age={SIDE_RECORD_UPLOAD_LIFE_MS // 1_000}"
_OFFSET = re.compile(r"[0-9]{1,15}")
_BOOLEANS = {"?0": False, "?1": True}


def side_record_routes(side_records: SideRecords, uploads: SideRecordUploads) -> Sequence[HTTPRouteHandler]:
    """``/api/v1/side-records/{sha256}``."""

    def prove(request: Request[Any, Any, Any], sha256: str) -> str:
        device = request.headers.get("doorstep-device", "")
        side_records.verify(device, request.headers.get("doorstep-signature", ""), request.method, sha256)
        return device

    @put(
        "/api/v1/side-records/{sha256:str}",
        status_code=204,
        request_max_body_size=SIDE_RECORD_BYTES_MAX,
        summary="Upload a large side record",
        description=(
            "Body: its bytes. Headers Doorstep-Device and Doorstep-Signature: the device's signature under"
            " doorstep/side-record/1 over `PUT`, LF and the hash."
        ),
        responses=problems(400, 401, 413, 503),
    )
    async def put_side_record(request: Request[Any, Any, Any], sha256: FromPath[str]) -> None:
        prove(request, sha256)
        await side_records.put(sha256, await read_body(request, SIDE_RECORD_BYTES_MAX))

    @get(
        "/api/v1/side-records/{sha256:str}",
        summary="Fetch a side record",
        description="Headers as for PUT, signed over `GET`, LF and the hash. A revoked device gets nothing.",
        responses=problems(401, 403, 404),
    )
    async def get_side_record(request: Request[Any, Any, Any], sha256: FromPath[str]) -> Response[bytes]:
        device = prove(request, sha256)
        data = await asyncio.to_thread(side_records.get, device, sha256)
        return Response(data, media_type="application/octet-stream", headers={"cache-control": "no-store"})

    @head(
        "/api/v1/side-records/{sha256:str}",
        status_code=204,
        summary="How far an upload came",
        description=(
            "Headers as for PUT, signed over `HEAD`, LF and the hash. Answers Upload-Offset (bytes), Upload-Complete"
            " (`?1` once the record is held) and Upload-Limit."
        ),
        responses=problems(400, 401),
    )
    async def ask_upload(request: Request[Any, Any, Any], sha256: FromPath[str]) -> Response[None]:
        device = prove(request, sha256)
        return _state(await asyncio.to_thread(uploads.state, device, sha256))

    @patch(
        "/api/v1/side-records/{sha256:str}",
        status_code=204,
        request_max_body_size=SIDE_RECORD_BYTES_MAX,
        summary="Upload a part of a large side record",
        description=(
            f"Body: bytes from Upload-Offset on, as {PARTIAL_UPLOAD}; Upload-Complete `?1` with the last ones."
            " Headers as for PUT, signed over `PATCH`, LF and the hash. What came before a connection broke is kept."
        ),
        responses=problems(400, 401, 409, 413, 503),
    )
    async def append_part(request: Request[Any, Any, Any], sha256: FromPath[str]) -> Response[None]:
        device = prove(request, sha256)
        offset, complete = _part_headers(request)
        pieces = body_pieces(request, SIDE_RECORD_PART_BYTES)
        return _state(await uploads.append(device, sha256, offset, pieces, complete=complete))

    return [put_side_record, get_side_record, ask_upload, append_part]


def _part_headers(request: Request[Any, Any, Any]) -> tuple[int, bool]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != PARTIAL_UPLOAD:
        raise Refused("ARGUMENT-WRONG", f"content-type {media_type[:80]!r} is not {PARTIAL_UPLOAD}")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        # Offsets count bytes of the record; those of a compressed stream would be others.
        raise Refused("EXCHANGE-ENCODING", "a part is sent as it is, without content-encoding")
    offset, complete = request.headers.get("upload-offset", ""), request.headers.get("upload-complete", "")
    if not _OFFSET.fullmatch(offset):
        raise Refused("ARGUMENT-WRONG", f"Upload-Offset {offset[:80]!r} is not a number of bytes")
    if complete not in _BOOLEANS:
        raise Refused("ARGUMENT-WRONG", f"Upload-Complete {complete[:80]!r} is neither ?0 nor ?1")
    return int(offset), _BOOLEANS[complete]


def _state(upload: Upload) -> Response[None]:
    return Response(
        None,
        status_code=204,
        headers={
            "Cache-Control": "no-store",
            "Upload-Offset": str(upload.offset),
            "Upload-Complete": "?1" if upload.complete else "?0",
            "Upload-Limit": _LIMIT,
        },
    )
