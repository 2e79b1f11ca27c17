"""From stored bytes to a typed operation, or to the reason why it is held.

An authentic operation is stored first and understood second. What cannot be understood is held, never
dropped: OPERATION-MALFORMED when it breaks the rules of this version, SCHEMA-NEWER when a later version may
understand it. Understanding is a pure function of the bytes.
"""

from __future__ import annotations

import msgspec

from sync.clock import hlc_parse, parse_wall
from sync.encoding import json_fault
from sync.errors import DoorstepError
from sync.limits import AMOUNT_MINOR_MAX, TEXT_LENGTH_MAX
from sync.money import CURRENCIES
from sync.operations.envelope import SCHEMA_VERSION, Operation, encode
from sync.operations.kinds import KINDS

__all__ = ["Held", "decode_understood", "understand"]

_DECODER = msgspec.json.Decoder(Operation)


class Held(msgspec.Struct, frozen=True):
    """Why an operation is stored but has no effect: the rule's code and a sentence."""

    rule: str
    sentence: str


class _Peek(msgspec.Struct):
    class _Body(msgspec.Struct):
        kind: str = ""

    v: int = 0
    body: _Body = msgspec.field(default_factory=_Body)


_PEEK = msgspec.json.Decoder(_Peek)


def decode_understood(data: bytes) -> Operation:
    """Decode bytes that `understand` accepted before; no second look."""
    return _DECODER.decode(data)


def understand(data: bytes) -> Operation | Held:
    """Decode strictly: typed fields, no unknown ones, no duplicate keys, integers within 2^53, sane values."""
    try:
        operation = _DECODER.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        return _held(data, str(error))
    # Bytes that encode back to themselves cannot hide a duplicate key or an odd number; others get the slow look.
    if encode(operation) != data and (fault := json_fault(data)) is not None:
        return Held("OPERATION-MALFORMED", f"It is kept, but has no effect: {fault}.")
    if operation.v > SCHEMA_VERSION:
        return _newer(operation.v, type(operation.body).__name__)
    fault = _value_fault(operation)
    if fault is not None:
        return Held("OPERATION-MALFORMED", f"It is kept, but has no effect: {fault}.")
    return operation


def _held(data: bytes, error: str) -> Held:
    fault = json_fault(data)
    if fault is None:
        try:
            peek = _PEEK.decode(data)
        except msgspec.DecodeError:
            peek = _Peek()
        if peek.v > SCHEMA_VERSION or (peek.body.kind and peek.body.kind not in KINDS):
            return _newer(peek.v, peek.body.kind)
    return Held("OPERATION-MALFORMED", f"It is kept, but has no effect: {fault or error}.")


def _newer(version: int, kind: str) -> Held:
    return Held(
        "SCHEMA-NEWER",
        f"It is kept and will be looked at again after an upgrade: kind {kind[:40]!r} of version {version}"
        f" is newer than this office's version {SCHEMA_VERSION}.",
    )


def _value_fault(operation: Operation) -> str | None:
    try:
        parse_wall(operation.at)
        hlc_parse(operation.hlc)
    except DoorstepError as error:
        return error.cause
    body = operation.body
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if type(value) is str:
            if len(value) > TEXT_LENGTH_MAX:
                return f"{name} has {len(value)} characters, more than {TEXT_LENGTH_MAX}"
            if name == "currency" and value not in CURRENCIES:
                return f"currency {value[:8]!r} is not one that receipts carry"
        elif name == "amount_minor" and not 0 <= value <= AMOUNT_MINOR_MAX:
            return f"amount {value} is not between 0 and {AMOUNT_MINOR_MAX}"
    if type(body).__name__ == "PaymentCollected" and body.amount_minor == 0:  # type: ignore[union-attr]  # named above
        return "a payment of zero"
    return None
