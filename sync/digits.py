"""Bytes as decimal digits: groups of 7 bytes as 17 digits, and a last, shorter group as few digits as hold it.

A QR code's numeric segment carries 3 digits in 10 bits, so 17 digits for 56 bits waste little, and nothing but
digits stands behind the ``#`` of an address. Receipts and badges are written so; PROTOCOL.md chapter 11.
"""

from __future__ import annotations

from sync.errors import Refused

__all__ = ["decode_digits", "digits_of", "encode_digits"]

_GROUP_BYTES = 7
_WIDTHS = (0, 3, 5, 8, 10, 13, 15, 17)
"""Digits that hold so many bytes."""


def digits_of(length: int) -> int:
    """How many digits so many bytes have."""
    return length // _GROUP_BYTES * _WIDTHS[_GROUP_BYTES] + _WIDTHS[length % _GROUP_BYTES]


def encode_digits(data: bytes) -> str:
    """Bytes → digits."""
    groups = (data[start : start + _GROUP_BYTES] for start in range(0, len(data), _GROUP_BYTES))
    return "".join(f"{int.from_bytes(group, 'big'):0{_WIDTHS[len(group)]}d}" for group in groups)


def decode_digits(text: str, length: int, code: str, what: str) -> bytes:
    """Inverse of `encode_digits` for `length` bytes; what some scanners append after the digits is ignored.

    Raises the error `code` for fewer or more digits, other characters, or groups that no bytes have; `what` names
    the thing in the cause.
    """
    count = digits_of(length)
    digits = text[:count]
    if len(digits) != count or not (digits.isascii() and digits.isdigit()):
        raise Refused(code, f"{what} has {count} digits")
    if text[count : count + 1].isdigit():
        raise Refused(code, f"{what} has {count} digits, here are more")
    found: list[bytes] = []
    for start in range(0, length, _GROUP_BYTES):
        size = min(_GROUP_BYTES, length - start)
        place = digits_of(start)
        try:
            found.append(int(digits[place : place + _WIDTHS[size]]).to_bytes(size, "big"))
        except OverflowError as error:
            raise Refused(code, "a group of digits is too large") from error
    return b"".join(found)
