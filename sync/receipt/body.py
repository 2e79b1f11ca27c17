"""The 56 bytes that are signed. All integers are big-endian.

====== ====== =========================================================================================
offset length content
====== ====== =========================================================================================
0      1      version (high four bits, now 1) and algorithm (low four bits, 1 = ES256)
1      8      key id: the device's id, assigned by the office
9      2      epoch
11     4      seq of the operation that carries the receipt
15     4      receipt number, counted per key id and epoch from 1
19     16     first 16 bytes of the chain hash before that operation
35     6      amount in minor units
41     2      ISO 4217 currency number
43     1      method (high four bits) and kind (low four bits: 1 payment, 2 void)
44     4      wall clock, seconds since 1970 UTC
48     1      offset from UTC in quarter-hours, signed
49     1      flags: 1 clock trusted, 2 payer answered a check, 4 provider confirmed, 8 void
50     2      the account's last four digits as a number
52     4      keyed account tag; zero for a walk-up; in a void the first 4 bytes of the voided identity
====== ====== =========================================================================================
"""

from __future__ import annotations

import struct

import msgspec

from sync.errors import Refused
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import currency, currency_by_number

__all__ = [
    "BODY_BYTES",
    "FLAG_CLOCK",
    "FLAG_CONFIRMED",
    "FLAG_PAYER",
    "FLAG_VOID",
    "METHODS",
    "ReceiptBody",
    "pack_body",
    "unpack_body",
]

BODY_BYTES = 56
FLAG_CLOCK = 1
"""A signed server time was seen within the present boot."""
FLAG_PAYER = 2
"""The payer answered an identity check at this visit."""
FLAG_CONFIRMED = 4
"""The provider confirmed the payment to the phone."""
FLAG_VOID = 8
"""This receipt takes another one back."""

METHODS = {"cash": 1, "alipay": 2, "wechat": 3, "transfer": 4, "card": 5, "cheque": 6}
"""Method → number on the receipt."""
_METHOD_NAMES = {number: name for name, number in METHODS.items()}
_KINDS = {"payment": 1, "void": 2}
_KIND_NAMES = {number: name for name, number in _KINDS.items()}
_LAYOUT = struct.Struct(">B8sHII16s6sHBIbBH4s")


class ReceiptBody(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says, before its signature; `before` and `tag` are hexadecimal (16 and 4 bytes)."""

    key_id: str
    epoch: int
    seq: int
    number: int
    before: str
    amount_minor: int
    currency: str
    method: str
    kind: str
    at_s: int
    offset_minutes: int
    flags: int
    last_four: int
    tag: str

    @property
    def series(self) -> str:
        """``key id/epoch/number``: what a receipt and its operation share."""
        return f"{self.key_id}/{self.epoch}/{self.number}"


def pack_body(body: ReceiptBody) -> bytes:
    """56 bytes; raises RECEIPT-MALFORMED when a value does not fit its place or could not be read back."""
    try:
        packed = _LAYOUT.pack(
            0x11,
            _fixed(body.key_id, 8),
            body.epoch,
            body.seq,
            body.number,
            _fixed(body.before, 16),
            body.amount_minor.to_bytes(6, "big"),
            currency(body.currency).number,
            METHODS[body.method] << 4 | _KINDS[body.kind],
            body.at_s,
            _quarters(body.offset_minutes),
            body.flags,
            body.last_four,
            _fixed(body.tag, 4),
        )
    except (struct.error, KeyError, ValueError, OverflowError, Refused) as error:
        raise Refused("RECEIPT-MALFORMED", f"a value does not fit a receipt: {error}") from error
    if unpack_body(packed) != body:
        raise Refused("RECEIPT-MALFORMED", "a receipt's hexadecimal values are written in lower case, without spaces")
    return packed


def _fixed(text: str, length: int) -> bytes:
    data = bytes.fromhex(text)
    if len(data) != length:
        raise ValueError(f"{text!r} is not {length} bytes")
    return data


def _quarters(offset_minutes: int) -> int:
    if offset_minutes % 15:
        raise ValueError(f"offset of {offset_minutes} minutes is not a quarter-hour")
    return offset_minutes // 15


def unpack_body(data: bytes) -> ReceiptBody:
    """Inverse of `pack_body`; raises RECEIPT-MALFORMED for another version or impossible values."""
    if len(data) != BODY_BYTES or data[0] != 0x11:
        raise Refused("RECEIPT-MALFORMED", "not a receipt of version 1")
    (_, key, epoch, seq, number, before, amount, iso, method_kind, at_s, quarters, flags, last_four, tag) = (
        _LAYOUT.unpack(data)
    )
    method, kind = _METHOD_NAMES.get(method_kind >> 4), _KIND_NAMES.get(method_kind & 15)
    if method is None or kind is None or last_four > 9999 or flags > 15 or not -56 <= quarters <= 56:
        raise Refused("RECEIPT-MALFORMED", "method, kind, flags, offset or last four digits are impossible")
    if (kind == "void") != bool(flags & FLAG_VOID):
        raise Refused("RECEIPT-MALFORMED", "kind and flags disagree whether this is a void")
    amount_minor = int.from_bytes(amount, "big")
    if not (epoch and seq and number and 0 < amount_minor <= AMOUNT_MINOR_MAX):
        raise Refused("RECEIPT-MALFORMED", "epoch, seq, number or amount is zero or beyond its limit")
    return ReceiptBody(
        key_id=key.hex(),
        epoch=epoch,
        seq=seq,
        number=number,
        before=before.hex(),
        amount_minor=amount_minor,
        currency=currency_by_number(iso).code,
        method=method,
        kind=kind,
        at_s=at_s,
        offset_minutes=quarters * 15,
        flags=flags,
        last_four=last_four,
        tag=tag.hex(),
    )
