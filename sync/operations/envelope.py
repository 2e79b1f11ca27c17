"""The envelope of every operation: where it stands in its journal, and what its author's clocks said.

An operation *is* its bytes: one line of UTF-8 JSON, exactly as its author wrote it. Nobody re-encodes it;
its hash is the SHA-256 over those bytes. `Header` is the little that is read before it is stored, `Operation`
the whole that is understood afterwards.
"""

from __future__ import annotations

import msgspec

from sync.clock import Seen
from sync.encoding import without_surrogates
from sync.operations.field import FieldBody
from sync.operations.office import OfficeBody

__all__ = [
    "GENESIS",
    "SCHEMA_VERSION",
    "Actor",
    "Body",
    "Header",
    "Operation",
    "Position",
    "decode_header",
    "encode",
]

SCHEMA_VERSION = 1
"""Version of the bodies that this code understands."""

GENESIS = "0" * 64
"""What the first operation of a device's first epoch names as the one before."""

Body = FieldBody | OfficeBody


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """WGS-84 in ten-millionths of a degree, accuracy radius in metres (68 %)."""

    lat_e7: int
    lon_e7: int
    accuracy_m: int


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who at the office did it, in which role; `system` acts without a person."""

    user: str
    role: str


class Header(msgspec.Struct, frozen=True):
    """The place of an operation in its journal; everything else in the bytes is left unread."""

    device: str
    epoch: int
    seq: int
    prev: str
    pack: str = ""


class Operation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that happened. Fields stand on the wire in this order; defaults are left out.

    `pack` is ``YYYY-MM-DD/agent`` or empty; service day and drawer come from it, never from a clock.
    """

    v: int
    device: str
    epoch: int
    seq: int
    prev: str
    at: str
    hlc: str
    boot: str
    mono_ms: int
    seen: Seen | None = None
    pack: str = ""
    policy: str = ""
    position: Position | None = None
    by: Actor | None = None
    rests_on: tuple[str, ...] = ()
    body: Body


class _WireHeader(msgspec.Struct):
    device: str
    epoch: int
    seq: int
    prev: str
    pack: object = ""


_HEADER = msgspec.json.Decoder(_WireHeader)
_ENCODER = msgspec.json.Encoder()


def decode_header(data: bytes) -> Header:
    """Read only the place in the journal; raises ValueError when it is not there.

    A `pack` that is no text is read as none: it is no envelope fault, and the operation is held for it later.
    """
    try:
        wire = _HEADER.decode(data)
    except ValueError:
        if b"\\u" not in data:
            raise
        wire = _HEADER.decode(without_surrogates(data))
    return Header(wire.device, wire.epoch, wire.seq, wire.prev, wire.pack if isinstance(wire.pack, str) else "")


def encode(operation: Operation) -> bytes:
    """The bytes of an operation that we write ourselves."""
    return _ENCODER.encode(operation)
