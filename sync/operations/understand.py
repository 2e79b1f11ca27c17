"""From stored bytes to a typed operation, or to the reason why it is held.

An authentic operation is stored first and understood second. What cannot be understood is held, never
dropped: OPERATION-MALFORMED when it breaks the rules of this version, SCHEMA-NEWER when a later version may
understand it. Understanding is a pure function of the bytes.
"""

from __future__ import annotations

import contextlib
import re
from datetime import date

import msgspec

from sync.clock import hlc_parse, parse_wall
from sync.encoding import json_fault
from sync.errors import DoorstepError
from sync.limits import AMOUNT_MINOR_MAX, SEQ_MAX, TEXT_LENGTH_MAX
from sync.money import CURRENCIES
from sync.operations.envelope import SCHEMA_VERSION, Body, Operation, encode
from sync.operations.kinds import FIELD_KINDS, KINDS

__all__ = ["Held", "decode_understood", "understand"]

_LAT_E7_MAX, _LON_E7_MAX = 900_000_000, 1_800_000_000
_DAYS = frozenset({("PromiseMade", "due"), ("PlanProposed", "first_due")})
"""Days that a device states; the office's own come from its calendar."""
_DECODER = msgspec.json.Decoder(Operation)


class Held(msgspec.Struct, frozen=True):
    """Why an operation is stored but has no effect: the rule's code and a sentence."""

    rule: str
    sentence: str


class _Version(msgspec.Struct):
    v: int = 0


class _Kind(msgspec.Struct):
    kind: str = ""


class _Kinded(msgspec.Struct):
    body: _Kind


_VERSION = msgspec.json.Decoder(_Version)
_KINDED = msgspec.json.Decoder(_Kinded)
_LARGE = re.compile(rb"[:,\[]-?[0-9]{16}", re.ASCII)
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_SIXTEEN = b"0" * 16


def decode_understood(data: bytes) -> Operation:
    """Decode bytes that `understand` accepted before; no second look."""
    return _DECODER.decode(data)


def understand(data: bytes) -> Operation | Held:
    """Decode strictly: typed fields, no unknown ones, no duplicate keys, integers within 2^53, sane values."""
    try:
        operation = _DECODER.decode(data)
    except (ValueError, RecursionError) as error:
        return _held(data, str(error))
    # Bytes that encode back to themselves cannot hide a duplicate key or a fraction; others get the slow look.
    if (encode(operation) != data or _suspect(data)) and (fault := json_fault(data)) is not None:
        return _malformed(fault)
    if operation.v < 1:
        return _malformed(f"version {operation.v} was never written")
    if operation.v > SCHEMA_VERSION:
        return _newer(operation.v, type(operation.body).__name__)
    fault = _value_fault(operation)
    return operation if fault is None else _malformed(fault)


def _suspect(data: bytes) -> bool:
    """In bytes that encode back to themselves only a large integer or an escape can still be wrong.

    The expression walks slowly, so it is asked only where sixteen digits stand together at all.
    """
    return b"\\u" in data or (_SIXTEEN in data.translate(_DIGITS_ALIKE) and _LARGE.search(data) is not None)


def _held(data: bytes, error: str) -> Held:
    fault = json_fault(data)
    if fault is not None:
        return _malformed(fault)
    version, kind = 0, ""
    with contextlib.suppress(ValueError, RecursionError):
        version = _VERSION.decode(data).v
    with contextlib.suppress(ValueError, RecursionError):
        kind = _KINDED.decode(data).body.kind
    if version > SCHEMA_VERSION or (version == SCHEMA_VERSION and kind and kind not in KINDS):
        return _newer(version, kind)
    return _malformed(error)


def _malformed(fault: str) -> Held:
    return Held("OPERATION-MALFORMED", f"It is kept, but has no effect: {fault}.")


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
    for name in ("device", "boot", "pack", "policy"):
        if len(getattr(operation, name)) > TEXT_LENGTH_MAX:
            return f"{name} has more than {TEXT_LENGTH_MAX} characters"
    if operation.mono_ms < 0:
        return f"a monotonic clock of {operation.mono_ms}"
    where = operation.position
    if where is not None and (
        abs(where.lat_e7) > _LAT_E7_MAX or abs(where.lon_e7) > _LON_E7_MAX or where.accuracy_m < 0
    ):
        return "the position is not on Earth"
    return _body_fault(operation.body)


def _body_fault(body: Body) -> str | None:
    kind = type(body).__name__
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if type(value) is str:
            fault = _text_fault(kind, name, value)
        elif type(value) is int and kind in FIELD_KINDS:
            # All integers of the field are counts or amounts; the office also states balances and places.
            fault = None if 0 <= value <= (AMOUNT_MINOR_MAX if name.endswith("_minor") else SEQ_MAX) else "out of range"
        elif name == "amount_minor" and not 0 <= value <= AMOUNT_MINOR_MAX:
            fault = "out of range"
        else:
            fault = None
        if fault is not None:
            return f"{name} {str(value)[:40]!r} is {fault}"
    if kind == "PaymentCollected" and body.amount_minor == 0:  # type: ignore[union-attr]  # the kind is named
        return "a payment of zero"
    return None


def _text_fault(kind: str, name: str, value: str) -> str | None:
    if len(value) > TEXT_LENGTH_MAX:
        return f"longer than {TEXT_LENGTH_MAX} characters"
    if name == "currency" and value not in CURRENCIES:
        return "not a currency that receipts carry"
    if (kind, name) in _DAYS and not _is_day(value):
        return "not a day (YYYY-MM-DD)"
    return None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
