"""What passes between the office and its fold workers: frames of four bytes length and MessagePack."""

from __future__ import annotations

from typing import IO

import msgspec

from server.ports import Folded

__all__ = ["FoldAnswer", "read_frame", "write_frame"]

_LENGTH = 4


class FoldAnswer(msgspec.Struct, frozen=True, array_like=True):
    """Outcomes, or why there are none."""

    outcomes: list[Folded]
    error: str = ""


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Send one frame. Raises OSError when nobody reads."""
    stream.write(len(data).to_bytes(_LENGTH, "big"))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """Wait for one frame; empty when the other side is gone."""
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return b""
    size = int.from_bytes(length, "big")
    data = stream.read(size)
    return data if len(data) == size else b""
