"""Vectors of receipts: fields to 56 bytes to 120 to 292 digits, QR text, short numbers, and what is refused."""

from __future__ import annotations

from typing import Any

import msgspec

from sync.encoding import unb64
from sync.receipt import (
    FLAG_CLOCK,
    FLAG_CONFIRMED,
    FLAG_PAYER,
    FLAG_VOID,
    ReceiptBody,
    account_tag,
    pack_body,
    parse_short,
    read_receipt,
    short_number,
    to_digits,
)
from sync.signing import TAG_EXCHANGE, TAG_RECEIPT
from tests.protocol.vector_keys import signature

__all__ = ["receipt_vectors"]

_PLAIN = ReceiptBody(
    key_id="00a1b2c3d4e5f607",
    epoch=1,
    seq=3,
    number=1,
    before="000102030405060708090a0b0c0d0e0f",
    amount_minor=50_000,
    currency="CNY",
    method="cash",
    kind="payment",
    at_s=1_795_309_500,
    offset_minutes=480,
    flags=FLAG_CLOCK | FLAG_PAYER,
    last_four=1234,
    tag="c0ffee00",
)
_BODIES = (
    _PLAIN,
    msgspec.structs.replace(
        _PLAIN,
        epoch=65_535,
        seq=2**32 - 1,
        number=2**32 - 1,
        before="ff" * 16,
        amount_minor=10**12,
        currency="JPY",
        method="cheque",
        at_s=2**32 - 1,
        offset_minutes=840,
        flags=FLAG_CLOCK | FLAG_PAYER | FLAG_CONFIRMED,
        last_four=9999,
        tag="ffffffff",
    ),
    msgspec.structs.replace(
        _PLAIN, seq=9, number=2, kind="void", flags=FLAG_VOID, offset_minutes=-570, last_four=7, tag="1a2b3c4d"
    ),
    msgspec.structs.replace(
        _PLAIN,
        key_id="ffffffffffffffff",
        number=3,
        amount_minor=1,
        currency="INR",
        method="wechat",
        flags=FLAG_CONFIRMED,
        offset_minutes=330,
        at_s=0,
        last_four=0,
        tag="00000000",
    ),
)
_PREFIX = "https://example.org/r#"


def receipt_vectors() -> dict[str, Any]:
    """Receipts signed by the key `device`, digits and bodies that are refused, forged ones, short numbers typed."""
    genuine = [_receipt(body) for body in _BODIES]
    first = genuine[0]
    digits = first["digits"]
    packed = bytes.fromhex(first["body_hex"])
    return {
        "key": "device",
        "prefix": _PREFIX,
        "receipts": genuine,
        "digits_refused": [
            "",
            digits[:-1],
            digits + "0",
            "x" + digits[1:],
            "９" + digits[1:],
            digits[:289] + "256",
            str(2**56) + digits[17:],
        ],
        "digits_appended": [
            {"text": digits + tail, "digits": digits} for tail in ("?utm_source=x", "&a=1", "#", " ", "/1")
        ],
        "bodies_refused": [
            (packed[:offset] + bytes.fromhex(value) + packed[offset + len(value) // 2 :]).hex()
            for offset, value in (
                (0, "21"), (0, "12"), (9, "0000"), (11, "00000000"), (15, "00000000"), (35, "000000000000"),
                (35, "ffffffffffff"), (41, "0000"), (43, "01"), (43, "71"), (43, "10"), (43, "12"), (43, "13"),
                (48, "39"), (48, "c7"), (49, "10"), (49, "08"), (50, "2710"),
            )
        ],
        "forged": [
            {"why": "another device", "receipt": first["body_hex"] + _signed("other device", TAG_RECEIPT, packed)},
            {"why": "another purpose", "receipt": first["body_hex"] + _signed("device", TAG_EXCHANGE, packed)},
            {"why": "zeros", "receipt": first["body_hex"] + "00" * 64},
            {"why": "another amount", "receipt": (packed[:40] + b"\xff" + packed[41:]).hex() + first["signature_hex"]},
        ],
        "short_typed": [
            {"text": text, **msgspec.structs.asdict(parse_short(text))}
            for text in (first["short"], *_typed(first["short"]))
        ],
        "short_refused": ["", "ABCDE-1-2", "ABCDE-1-2-ABCDE", "UUUUU-1-2-ABCDEF", "ABCDE-x-2-ABCDEF"],
        "account_tags": [
            {"key_hex": key, "account": account, "tag": account_tag(bytes.fromhex(key), account)}
            for key, account in (("00" * 32, "A-1001"), ("00" * 31 + "01", "A-1001"), ("00" * 32, "账户-1"))
        ],
    }  # fmt: skip


def _signed(name: str, tag: bytes, packed: bytes) -> str:
    return unb64(signature(name, tag, packed), 64).hex()


def _receipt(body: ReceiptBody) -> dict[str, Any]:
    packed = pack_body(body)
    signed = _signed("device", TAG_RECEIPT, packed)
    receipt = read_receipt(packed + bytes.fromhex(signed))
    return {
        "fields": msgspec.structs.asdict(body),
        "body_hex": packed.hex(),
        "signature_hex": signed,
        "identity": receipt.identity,
        "series": body.series,
        "base64url": receipt.text,
        "digits": to_digits(receipt.data),
        "qr": _PREFIX + to_digits(receipt.data),
        "short": short_number(receipt),
    }


def _typed(short: str) -> list[str]:
    wide = short.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    return [short.lower(), f" {short.replace('-', ' – ')} ", wide, short.replace("0", "o").replace("1", "l")]
