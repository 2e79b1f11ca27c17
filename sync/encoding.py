"""Bytes and text: hashes, base64url without padding, canonical JSON, and a strict look at hostile JSON."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import Any

import msgspec

from sync.errors import Refused
from sync.limits import INTEGER_MAX

__all__ = ["b64", "canonical_json", "is_hash", "json_fault", "sha256_hex", "unb64", "without_surrogates"]

_ENCODER = msgspec.json.Encoder(order="sorted")
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SPACE = rb"\u0020"
_ESCAPE = re.compile(rb"\\(u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
"""Each escape from left to right, so that a backslash that is itself escaped begins none."""


def sha256_hex(data: bytes) -> str:
    """SHA-256 in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def is_hash(text: str) -> bool:
    """Whether the text is a SHA-256 as `sha256_hex` writes it."""
    return _HASH.fullmatch(text) is not None


def b64(data: bytes) -> str:
    """base64url without padding (RFC 4648 chapter 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str, length: int | None = None) -> bytes:
    """Inverse of `b64`; refuses other alphabets, padding, non-canonical tails and a wrong length."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Refused("ARGUMENT-WRONG", f"not base64url: {text[:20]!r}") from error
    if b64(data) != text or (length is not None and len(data) != length):
        raise Refused("ARGUMENT-WRONG", f"not base64url of {length} bytes: {text[:20]!r}")
    return data


def canonical_json(value: object) -> bytes:
    """JSON with members sorted by code point and no spaces: the same bytes for any insertion order and locale."""
    return _ENCODER.encode(value)


class _FaultFound(ValueError):
    pass


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _FaultFound(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return found


def _small_integer(text: str) -> int:
    value = int(text) if len(text) < 20 else INTEGER_MAX + 1
    if abs(value) > INTEGER_MAX:
        raise _FaultFound(f"the integer {text[:24]} is beyond 2^53 - 1")
    return value


def _no_fraction(text: str) -> float:
    raise _FaultFound(f"the number {text[:24]} has a fraction or an exponent")


def _no_constant(text: str) -> float:
    raise _FaultFound(f"{text} is not JSON")


def without_surrogates(data: bytes) -> bytes:
    """JSON of the same length in which each escaped surrogate, in a pair or alone, is an escaped space.

    RFC 8259 allows ``\\ud800`` and our decoder does not, not even in what it only has to skip. What is found in this
    text lies at the same place in the other.
    """
    return _ESCAPE.sub(lambda match: _SPACE if len(match[0]) == len(_SPACE) else match[0], data)


def json_fault(data: bytes) -> str | None:
    """Why these bytes may not be understood, or None: not UTF-8, not JSON, depth, duplicate keys, odd numbers.

    Numbers are odd when they have a fraction or an exponent or lie beyond 2^53 - 1. A surrogate that stands alone
    (``\\ud800``) is no character and cannot be written in UTF-8 again.
    """
    try:
        # Decoded here: given bytes, the json module would also guess UTF-16 and let lone surrogates pass.
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_int=_small_integer,
            parse_float=_no_fraction,
            parse_constant=_no_constant,
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except _FaultFound as fault:
        return str(fault)
    except (ValueError, RecursionError) as fault:
        return f"it is not JSON: {str(fault)[:80]}"
    return None
