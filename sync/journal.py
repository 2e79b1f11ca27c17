"""Journals: the operations of one device or one office process, numbered and chained by hash.

The chain is checked over exact bytes: each operation's `prev` is the SHA-256 of the line before it, so that
`sha256sum` is enough to follow it by hand. An export is those lines, one operation each (NDJSON).

`check_batch` looks at what one exchange brings before it is stored (envelope faults only); `append` writes the
next operation; `verify_chain` follows an export. Gaps and forks across exchanges are `sync.segments`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sync.clock import Reading, Seen, format_wall, hlc_next
from sync.encoding import is_hash, sha256_hex
from sync.errors import Conflict, Refused
from sync.limits import EPOCH_MAX, OPERATION_BYTES_MAX, OPERATION_BYTES_MAX_WRITER, SEQ_MAX
from sync.operations.envelope import (
    SCHEMA_VERSION,
    Actor,
    Body,
    Header,
    Operation,
    Position,
    decode_header,
    encode,
)
from sync.operations.kinds import FIELD_KINDS, kind_of
from sync.operations.understand import Held, understand

__all__ = [
    "Entry",
    "JournalHead",
    "Placed",
    "append",
    "check_batch",
    "check_framing",
    "place",
    "verify_chain",
]


class JournalHead(msgspec.Struct, frozen=True):
    """The place a journal has reached; `hlc` and `seen` feed the next operation."""

    device: str
    epoch: int
    seq: int
    hash: str
    hlc: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """A freshly written operation: its bytes, hash and the head after it."""

    data: bytes
    hash: str
    operation: Operation
    head: JournalHead


class Placed(msgspec.Struct, frozen=True):
    """An operation's bytes with its hash and its place, checked but not understood."""

    data: bytes
    hash: str
    header: Header


def append(
    head: JournalHead,
    body: Body,
    reading: Reading,
    *,
    seen: Seen | None = None,
    pack: str = "",
    policy: str = "",
    position: Position | None = None,
    by: Actor | None = None,
    rests_on: tuple[str, ...] = (),
) -> Entry:
    """Write the next operation after `head`; the caller commits it before anybody sees it.

    What the office would refuse or hold is never written, since a journal cannot be mended afterwards: raises
    ARGUMENT-WRONG for a body or reading that is not understood, OPERATION-TOO-LARGE beyond the writer's limit
    (the office's own operations may have the reader's), STATE-FORBIDS when the journal's numbers are used up.
    """
    if head.seq >= SEQ_MAX:
        raise Conflict("STATE-FORBIDS", f"journal {head.device}/{head.epoch} is full; open a new epoch")
    hlc = hlc_next(head.hlc, reading.wall_ms)
    operation = Operation(
        v=SCHEMA_VERSION,
        device=head.device,
        epoch=head.epoch,
        seq=head.seq + 1,
        prev=head.hash,
        at=format_wall(reading.wall_ms, reading.offset_minutes),
        hlc=hlc,
        boot=reading.boot,
        mono_ms=reading.mono_ms,
        seen=seen,
        pack=pack,
        policy=policy,
        position=position,
        by=by,
        rests_on=rests_on,
        body=body,
    )
    try:
        data = encode(operation)
    except (ValueError, OverflowError) as error:
        raise Refused("ARGUMENT-WRONG", f"{kind_of(operation)} cannot be written as JSON: {error}") from error
    limit = OPERATION_BYTES_MAX_WRITER if kind_of(operation) in FIELD_KINDS else OPERATION_BYTES_MAX
    if len(data) > limit:
        raise Refused("OPERATION-TOO-LARGE", f"{kind_of(operation)} would have {len(data)} bytes, allowed are {limit}")
    place(data)
    if isinstance(understood := understand(data), Held):
        raise Refused("ARGUMENT-WRONG", f"{kind_of(operation)} would be held. {understood.sentence}")
    digest = sha256_hex(data)
    return Entry(data, digest, operation, JournalHead(head.device, head.epoch, head.seq + 1, digest, hlc))


def check_framing(data: bytes) -> None:
    """Refuse what cannot stand as one line: too large, CR or LF or NUL inside, not UTF-8, no object."""
    if len(data) > OPERATION_BYTES_MAX:
        raise Refused("OPERATION-TOO-LARGE", f"an operation has {len(data)} bytes, allowed are {OPERATION_BYTES_MAX}")
    if b"\n" in data or b"\r" in data or b"\0" in data:
        raise Refused("FRAMING-BROKEN", "an operation contains CR, LF or NUL")
    if not data.startswith(b"{"):
        raise Refused("FRAMING-BROKEN", "an operation does not start with an object")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("FRAMING-BROKEN", "an operation is not UTF-8") from error


def place(data: bytes) -> Placed:
    """Check framing and read the header; refuses ENVELOPE-BROKEN values out of range."""
    check_framing(data)
    try:
        header = decode_header(data)
    except (ValueError, RecursionError) as error:
        raise Refused("ENVELOPE-BROKEN", f"an operation's place cannot be read: {error}") from error
    if not (0 < header.epoch <= EPOCH_MAX and 0 < header.seq <= SEQ_MAX and is_hash(header.prev)):
        raise Refused("ENVELOPE-BROKEN", "epoch, seq or prev is out of range")
    return Placed(data, sha256_hex(data), header)


def check_batch(device: str, lines: Sequence[bytes]) -> list[Placed]:
    """What an exchange brings must be one chain of this device: in order, each naming the one before.

    It may cross into a later epoch, but even there the first operation names the one before it, because one
    signature covers exactly what its head goes back to by hash. What continues another head travels apart.
    Raises Refused with ENVELOPE-BROKEN, FRAMING-BROKEN, OPERATION-TOO-LARGE or CHAIN-BROKEN; stores nothing.
    """
    placed = [place(line) for line in lines]
    for before, this in zip([None, *placed], placed, strict=False):
        header = this.header
        if header.device != device:
            raise Refused(
                "CHAIN-BROKEN",
                f"seq {header.seq} is of device {header.device[:32]!r}, the request of {device!r}",
            )
        if before is not None and not (_numbered_after(header, before.header) and header.prev == before.hash):
            last = before.header
            raise Refused(
                "CHAIN-BROKEN",
                f"{header.epoch}/{header.seq} does not follow {last.epoch}/{last.seq} by hash",
            )
    return placed


def verify_chain(lines: Sequence[bytes], *, prev: str | None = None) -> list[Placed]:
    """Follow an export from its first line; `prev` is what the first must name, if known.

    Each line follows the line before it; the first of a later epoch may instead continue an earlier line, as
    after a fork. Raises CHAIN-BROKEN with the number of the first line (from 1) that does not follow.
    """
    placed: list[Placed] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        this = place(line)
        header = this.header
        if not placed:
            follows = prev is None or header.prev == prev
        else:
            last = placed[-1]
            follows = header.device == last.header.device and _numbered_after(header, last.header)
            follows = follows and (header.prev == last.hash or (header.seq == 1 and header.prev in seen))
        if not follows:
            raise Refused("CHAIN-BROKEN", f"line {number} (seq {header.seq}) does not follow the lines before it")
        placed.append(this)
        seen.add(this.hash)
    return placed


def _numbered_after(header: Header, last: Header) -> bool:
    if header.epoch == last.epoch:
        return header.seq == last.seq + 1
    return header.epoch > last.epoch and header.seq == 1
