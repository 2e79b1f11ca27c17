"""The short receipt number for paper, SMS and telephone: ``KKKKK-E-N-CCCCCC``.

Five characters of the key id, epoch, receipt number, and six characters (30 bits) of the receipt's identity as
a check code; Crockford's base 32, in which no character looks like another. The check code makes a number
that nobody issued answer "not genuine" with all but one chance in 10^9.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from sync.errors import Refused
from sync.receipt.signed import Receipt

__all__ = ["ShortNumber", "parse_short", "short_number"]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORM = re.compile(r"([0-9A-HJKMNP-TV-Z]{5})-([0-9]{1,5})-([0-9]{1,10})-([0-9A-HJKMNP-TV-Z]{6})", re.ASCII)
_FORGIVEN = str.maketrans("OIL‐–—−", "011----")
_TYPED_CHARACTERS_MAX = 100
"""More than any number has, however it is spaced."""


class ShortNumber(msgspec.Struct, frozen=True):
    """A short number taken apart: the key's five characters, epoch, number and check code."""

    key: str
    epoch: int
    number: int
    check: str


def short_number(receipt: Receipt) -> str:
    """The text printed below the QR code."""
    body = receipt.body
    return f"{key_characters(body.key_id)}-{body.epoch}-{body.number}-{_base32(bytes.fromhex(receipt.identity), 6)}"


def key_characters(key_id: str) -> str:
    """The first five characters (25 bits) of a key id."""
    return _base32(bytes.fromhex(key_id), 5)


def parse_short(text: str) -> ShortNumber:
    """Read what a person typed: case, spaces, full-width characters, dashes and look-alike letters are forgiven."""
    normal = unicodedata.normalize("NFKC", text[:_TYPED_CHARACTERS_MAX]).upper()
    match = _FORM.fullmatch(re.sub(r"\s+", "", normal).translate(_FORGIVEN))
    if match is None:
        raise Refused("RECEIPT-MALFORMED", f"not a short receipt number: {text[:40]!r}")
    return ShortNumber(match[1], int(match[2]), int(match[3]), match[4])


def _base32(data: bytes, characters: int) -> str:
    bits = int.from_bytes(data[:8], "big")
    return "".join(_ALPHABET[bits >> (59 - 5 * place) & 31] for place in range(characters))
