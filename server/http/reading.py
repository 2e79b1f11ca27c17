"""Reading request bodies within bounds: what is compressed is cut at the limit while it is inflated; or in pieces."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request

from sync.errors import Refused, Unavailable

__all__ = ["body_pieces", "inflate", "read_body"]

_GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request[Any, Any, Any], bytes_max: int) -> bytes:
    """The body, decompressed; at most `bytes_max` before and after.

    Raises EXCHANGE-TOO-LARGE, or EXCHANGE-ENCODING for a broken stream or an encoding other than gzip.
    """
    body = await _received(request, bytes_max)
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Refused("EXCHANGE-ENCODING", f"content-encoding {encoding[:40]!r} is not known here")
    return inflate(body, bytes_max)


async def body_pieces(request: Request[Any, Any, Any], piece_bytes: int) -> AsyncIterator[bytes]:
    """The body as it comes, in pieces of at least `piece_bytes` but for the last.

    Raises NETWORK-DOWN behind the last piece where the connection broke before the body's end.
    """
    held = bytearray()
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            if held:
                yield bytes(held)
            raise Unavailable("NETWORK-DOWN", "the connection broke inside the body; what came is kept")
        held += message["body"]
        more = message["more_body"]
        if len(held) >= piece_bytes or (held and not more):
            yield bytes(held)
            held.clear()


async def _received(request: Request[Any, Any, Any], bytes_max: int) -> bytes:
    """The body as it came. Read from ASGI's messages themselves: nearly every exchange is one of them, and the
    framework's stream costs more than the rest of reading it."""
    pieces: list[bytes] = []
    total = 0
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Refused("EXCHANGE-MALFORMED", "the connection ended before the body did")
        piece = message["body"]
        total += len(piece)
        if total > bytes_max:
            raise Refused("EXCHANGE-TOO-LARGE", f"the body has more than {bytes_max} bytes")
        pieces.append(piece)
        more = message["more_body"]
    return b"".join(pieces)


def inflate(body: bytes, bytes_max: int) -> bytes:
    """One complete gzip stream of at most `bytes_max` bytes, never inflated further than one byte beyond."""
    stream = zlib.decompressobj(_GZIP)
    try:
        content = stream.decompress(body, bytes_max + 1)
    except zlib.error as error:
        raise Refused("EXCHANGE-ENCODING", f"not a gzip stream: {error}") from error
    if len(content) > bytes_max:
        raise Refused("EXCHANGE-TOO-LARGE", f"the body has more than {bytes_max} bytes when decompressed")
    if not stream.eof:
        raise Refused("EXCHANGE-ENCODING", "the gzip stream ends too early")
    if stream.unused_data:
        raise Refused("EXCHANGE-ENCODING", "something follows the gzip stream")
    return content
