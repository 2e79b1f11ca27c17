"""120 bytes as 292 decimal digits: 17 groups of 7 bytes as 17 digits, and the last byte as 3 (`sync.digits`)."""

from __future__ import annotations

from sync.digits import decode_digits, encode_digits
from sync.errors import Refused

__all__ = ["DIGITS", "from_digits", "to_digits"]

DIGITS = 292
_BYTES = 120


def to_digits(data: bytes) -> str:
    """120 bytes → 292 digits."""
    if len(data) != _BYTES:
        raise Refused("RECEIPT-MALFORMED", f"a receipt has {_BYTES} bytes, not {len(data)}")
    return encode_digits(data)


def from_digits(text: str) -> bytes:
    """Inverse of `to_digits`; what some scanners append after the digits is ignored.

    Raises RECEIPT-MALFORMED for fewer digits, other characters, or groups that no bytes have.
    """
    return decode_digits(text, _BYTES, "RECEIPT-MALFORMED", "a receipt")
