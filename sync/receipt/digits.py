"""120 bytes as 292 decimal digits: 17 groups of 7 bytes as 17 digits, and the last byte as 3.

A QR code's numeric segment carries 3 digits in 10 bits, so 17 digits for 56 bits waste little, and nothing but
digits stands behind the ``#``.
"""

from __future__ import annotations

from sync.errors import Refused

__all__ = ["DIGITS", "from_digits", "to_digits"]

DIGITS = 292
_BYTES = 120


def to_digits(data: bytes) -> str:
    """120 bytes → 292 digits."""
    if len(data) != _BYTES:
        raise Refused("RECEIPT-MALFORMED", f"a receipt has {_BYTES} bytes, not {len(data)}")
    groups = [f"{int.from_bytes(data[start : start + 7], 'big'):017d}" for start in range(0, 119, 7)]
    return "".join(groups) + f"{data[119]:03d}"


def from_digits(text: str) -> bytes:
    """Inverse of `to_digits`; what some scanners append after the digits is ignored.

    Raises RECEIPT-MALFORMED for fewer digits, other characters, or groups that no bytes have.
    """
    digits = text[:DIGITS]
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refused("RECEIPT-MALFORMED", f"a receipt has {DIGITS} digits")
    if text[DIGITS : DIGITS + 1].isdigit():
        raise Refused("RECEIPT-MALFORMED", f"a receipt has {DIGITS} digits, here are more")
    try:
        groups = [int(digits[start : start + 17]).to_bytes(7, "big") for start in range(0, 289, 17)]
        return b"".join(groups) + int(digits[289:]).to_bytes(1, "big")
    except OverflowError as error:
        raise Refused("RECEIPT-MALFORMED", "a group of digits is too large") from error
