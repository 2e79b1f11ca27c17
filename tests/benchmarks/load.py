"""The load: prebuilt requests over kept-alive connections, as little work for each as Python allows.

It shares the machine with the server that it measures, so nothing is decoded while the clock runs.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Iterator, Sequence

import msgspec

__all__ = ["Sent", "get", "http_request", "send_all"]

_READ_LIMIT = 4 * 1024 * 1024


class Sent(msgspec.Struct, frozen=True):
    """How long all requests took together, and the bodies of the answers in the order of the requests."""

    seconds: float
    answers: list[bytes]
    answer_bytes: int
    """As they came over the line."""
    latencies_s: list[float]


def http_request(body: bytes, *, gzip: bool = False) -> bytes:
    """The bytes of one exchange on a kept-alive connection; `gzip` accepts compressed answers."""
    accept = "Accept-Encoding: gzip\r\n" if gzip else ""
    head = (
        "POST /api/v1/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{accept}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send_all(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    """Send every request, `connections` at a time; raises RuntimeError for an answer that is not 200."""
    return asyncio.run(_send_all(port, requests, connections))


async def _send_all(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    raw: list[tuple[bytes, bytes]] = [(b"", b"")] * len(requests)
    latencies = [0.0] * len(requests)
    todo = iter(enumerate(requests))
    opened = [
        await asyncio.open_connection("127.0.0.1", port, limit=_READ_LIMIT)
        for _ in range(min(connections, len(requests)))
    ]
    started = time.perf_counter()
    await asyncio.gather(*(_worker(*pair, todo, raw, latencies) for pair in opened))
    seconds = time.perf_counter() - started
    for _, writer in opened:
        writer.close()
    answers = [_body(head, body) for head, body in raw]
    return Sent(seconds, answers, sum(len(body) for _, body in raw), latencies)


async def _worker(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    todo: Iterator[tuple[int, bytes]],
    raw: list[tuple[bytes, bytes]],
    latencies: list[float],
) -> None:
    for number, request in todo:
        begun = time.perf_counter()
        writer.write(request)
        raw[number] = await _read_answer(reader)
        latencies[number] = time.perf_counter() - begun


async def _read_answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().index(b"content-length:")
    size = int(head[length + 15 : head.index(b"\r", length)])
    return head, await reader.readexactly(size)


def _body(head: bytes, body: bytes) -> bytes:
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{head.splitlines()[0]!r}: {body[:300]!r}")
    return zlib.decompress(body, 16 + zlib.MAX_WBITS) if b"content-encoding: gzip" in head.lower() else body


def get(port: int, path: str) -> bytes:
    """One GET; the answer's body whatever its status."""
    return asyncio.run(_get(port, path))


async def _get(port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_READ_LIMIT)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    _, body = await _read_answer(reader)
    writer.close()
    return body
