"""Encodings, signatures, journals and receipts after PROTOCOL.md: the standard library and `cryptography` alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

__all__ = [
    "GENESIS",
    "check_receipt",
    "check_signature",
    "cut_payload",
    "follow_export",
    "read_body",
    "read_digits",
    "sign",
    "to_bytes",
    "to_text",
    "write_digits",
]

GENESIS = "0" * 64
METHODS = {1: "cash", 2: "alipay", 3: "wechat", 4: "transfer", 5: "card", 6: "cheque"}
CURRENCIES = {156: "CNY", 978: "EUR", 826: "GBP", 344: "HKD", 356: "INR", 392: "JPY", 901: "TWD", 840: "USD"}


# -- chapters 2 and 7: encodings and signatures


def to_text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    """Inverse of `to_text`."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_text(data) != text:
        raise ValueError("not base64url as the protocol writes it")
    return data


def sign(key: ec.EllipticCurvePrivateKey, tag: str, payload: bytes) -> str:
    """ES256 over the tag, a zero byte and the payload."""
    r, s = decode_dss_signature(key.sign(tag.encode() + b"\0" + payload, ec.ECDSA(hashes.SHA256())))
    return to_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def check_signature(public_key: str, tag: str, payload: bytes, signature: bytes) -> bool:
    """Whether the holder of a public key (65 bytes as base64url) signed this payload for this purpose."""
    if len(signature) != 64:
        return False
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(public_key))
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        point.verify(der, tag.encode() + b"\0" + payload, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def cut_payload(message: bytes, member: bytes = b'"payload":') -> bytes:
    """The exact bytes of an object inside a message: from its brace to the matching one."""
    start = message.index(b"{", message.index(member) + len(member))
    depth, quoted, escaped = 0, False, False
    for place, byte in enumerate(message[start:], start=start):
        if quoted:
            quoted = escaped or byte != ord('"')
            escaped = not escaped and byte == ord("\\")
        elif byte == ord('"'):
            quoted = True
        elif byte in b"{}":
            depth += 1 if byte == ord("{") else -1
            if depth == 0:
                return message[start : place + 1]
    raise ValueError("the object does not end")


# -- chapter 5: journals


def follow_export(content: bytes) -> list[str]:
    """The hashes of an export's lines, in order; ValueError names the first line that does not follow."""
    seen: list[str] = []
    last: dict[str, Any] | None = None
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        operation = json.loads(line)
        if last is None:
            follows = operation["seq"] > 1 or operation["epoch"] > 1 or operation["prev"] == GENESIS
        elif operation["epoch"] == last["epoch"]:
            follows = operation["seq"] == last["seq"] + 1 and operation["prev"] == seen[-1]
        else:
            follows = operation["epoch"] > last["epoch"] and operation["seq"] == 1 and operation["prev"] in seen
        if not follows or (last is not None and operation["device"] != last["device"]):
            raise ValueError(f"line {number} does not follow")
        seen.append(hashlib.sha256(line).hexdigest())
        last = operation
    return seen


# -- chapter 11: receipts


def read_digits(text: str) -> bytes:
    """292 digits, with whatever a scanner appended, to 120 bytes."""
    digits = text[:292]
    if len(digits) != 292 or not (digits.isascii() and digits.isdigit()) or text[292:293].isdigit():
        raise ValueError("not a receipt's digits")
    groups = [int(digits[start : start + 17]) for start in range(0, 289, 17)]
    if max(groups) >= 2**56 or int(digits[289:]) > 255:
        raise ValueError("a group of digits is too large")
    return b"".join(group.to_bytes(7, "big") for group in groups) + bytes([int(digits[289:])])


def write_digits(data: bytes) -> str:
    """120 bytes to 292 digits."""
    return "".join(f"{int.from_bytes(data[at : at + 7], 'big'):017d}" for at in range(0, 119, 7)) + f"{data[119]:03d}"


# -- chapter 10: badges


def read_badge(text: str) -> dict[str, Any]:
    """406 digits, with whatever a scanner appended, to what a badge says; ValueError for what is no badge."""
    digits = text[:406]
    if len(digits) != 406 or not (digits.isascii() and digits.isdigit()) or text[406:407].isdigit():
        raise ValueError("not a badge's digits")
    groups = [int(digits[start : start + 17]) for start in range(0, 391, 17)]
    if max(groups) >= 2**56 or int(digits[391:]) >= 2**48:
        raise ValueError("a group of digits is too large")
    data = b"".join(group.to_bytes(7, "big") for group in groups) + int(digits[391:]).to_bytes(6, "big")
    if data[0] != 0x11 or data[27:31] >= data[31:35]:
        raise ValueError("not a badge of version 1")
    return {
        "data": data,
        "office_key": data[1:9].hex(),
        "device": data[9:17].hex(),
        "agent_hash": data[17:25].hex(),
        "service_day": (date(1970, 1, 1) + timedelta(days=int.from_bytes(data[25:27], "big"))).isoformat(),
        "from_s": int.from_bytes(data[27:31], "big"),
        "until_s": int.from_bytes(data[31:35], "big"),
        "minute": int.from_bytes(data[99:103], "big"),
    }


def check_badge(digits: str, public_key_of: Callable[[str], str]) -> bool:
    """Whether the office's key signed the certificate and the phone that it names the minute."""
    badge = read_badge(digits)
    data: bytes = badge["data"]
    return check_signature(
        public_key_of(badge["office_key"]), "doorstep/badge/1", data[:35], data[35:99]
    ) and check_signature(
        public_key_of(badge["device"]), "doorstep/badge-minute/1", data[:35] + data[99:103], data[103:]
    )


def is_fresh(badge: dict[str, Any], now_ms: int) -> bool:
    """Whether the minute is near enough, and its beginning within the certificate's validity."""
    near = abs(now_ms // 60_000 - badge["minute"]) <= 5
    return near and bool(badge["from_s"] <= badge["minute"] * 60 < badge["until_s"])


def read_body(body: bytes) -> dict[str, Any]:
    """The 56 bytes taken apart; ValueError for what is no receipt."""

    def number(offset: int, length: int) -> int:
        return int.from_bytes(body[offset : offset + length], "big")

    method, kind, flags = body[43] >> 4, body[43] & 15, body[49]
    quarters = int.from_bytes(body[48:49], "big", signed=True)
    good = (
        len(body) == 56
        and body[0] == 0x11
        and number(9, 2)
        and number(11, 4)
        and number(15, 4)
        and 0 < number(35, 6) <= 10**12
        and number(41, 2) in CURRENCIES
        and method in METHODS
        and kind in (1, 2)
        and -56 <= quarters <= 56
        and flags < 16
        and (flags & 8 != 0) == (kind == 2)
        and number(50, 2) <= 9999
    )
    if not good:
        raise ValueError("not a receipt of version 1")
    return {
        "key_id": body[1:9].hex(),
        "epoch": number(9, 2),
        "seq": number(11, 4),
        "number": number(15, 4),
        "before": body[19:35].hex(),
        "amount_minor": number(35, 6),
        "currency": CURRENCIES[number(41, 2)],
        "method": METHODS[method],
        "kind": "payment" if kind == 1 else "void",
        "at_s": number(44, 4),
        "offset_minutes": quarters * 15,
        "flags": flags,
        "last_four": number(50, 2),
        "tag": body[52:56].hex(),
    }


def check_receipt(digits: str, public_key_of: Callable[[str], str]) -> dict[str, Any] | None:
    """What a receipt says, or None if the key that it names did not sign it."""
    data = read_digits(digits)
    fields = read_body(data[:56])
    genuine = check_signature(public_key_of(fields["key_id"]), "doorstep/receipt/1", data[:56], data[56:])
    return {**fields, "identity": hashlib.sha256(data[:56]).hexdigest()} if genuine else None
