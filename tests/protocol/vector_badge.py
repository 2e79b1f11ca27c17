"""Vectors of badges: fields to certificate to badge to 406 digits, what is fresh, and what is refused or forged."""

from __future__ import annotations

from typing import Any

import msgspec

from sync.badge import (
    Badge,
    Certificate,
    agent_hash,
    badge_digits,
    badge_minute,
    is_fresh,
    pack_certificate,
    read_badge,
)
from sync.encoding import b64, unb64
from sync.signing import TAG_BADGE, TAG_BADGE_MINUTE, TAG_RECEIPT
from tests.protocol.vector_keys import signature

__all__ = ["badge_vectors"]

_DAY_S = 1_795_276_800
"""2026-11-22T00:00:00+08:00."""
_AGENTS = ("agent-1", "AG-YC-1", "业务员-七")
_CERTIFICATES = (
    Certificate(
        office_key="0f1e2d3c4b5a6978",
        device="00a1b2c3d4e5f607",
        agent_hash=agent_hash(_AGENTS[0]),
        service_day="2026-11-22",
        from_s=_DAY_S,
        until_s=_DAY_S + 86_400,
    ),
    Certificate(
        office_key="ffffffffffffffff",
        device="0000000000000001",
        agent_hash=agent_hash(_AGENTS[2]),
        service_day="2149-06-06",
        from_s=0,
        until_s=2**32 - 1,
    ),
)
_SHOWN_MS = (_DAY_S + 9 * 3_600 + 5 * 60) * 1000 + 59_999
_PREFIX = "https://example.org/agent#"


def badge_vectors() -> dict[str, Any]:
    """Certificates signed by `office`, minutes by `device`."""
    badges = [
        _badge(_CERTIFICATES[0], badge_minute(_SHOWN_MS)),
        _badge(_CERTIFICATES[0], badge_minute(_DAY_S * 1000)),
        _badge(_CERTIFICATES[1], 2**32 // 60),
    ]
    first = _made(_CERTIFICATES[0], badge_minute(_SHOWN_MS))
    packed, minute = first.data[:35], first.data[99:103]
    digits = badge_digits(first)
    return {
        "office_key": "office",
        "device_key": "device",
        "prefix": _PREFIX,
        "agents": [{"agent": agent, "agent_hash": agent_hash(agent)} for agent in _AGENTS],
        "badges": badges,
        "fresh": [
            {"badge_hex": made.data.hex(), "now_ms": now_ms, "fresh": is_fresh(made, now_ms)}
            for made, now_ms in _moments()
        ],
        "digits_refused": [
            "",
            digits[:-1],
            digits + "0",
            "x" + digits[1:],
            "９" + digits[1:],
            digits[:391] + str(2**48),
            str(2**56) + digits[17:],
        ],
        "digits_appended": [
            {"text": digits + tail, "digits": digits} for tail in ("?utm_source=x", "&a=1", "#", " ", "/1")
        ],
        "certificates_refused": [
            (packed[:offset] + bytes.fromhex(value) + packed[offset + len(value) // 2 :]).hex()
            for offset, value in (
                (0, "21"),
                (0, "12"),
                (0, "00"),
                (27, "ffffffff"),
                (31, "00000000"),
                (31, f"{_DAY_S:08x}"),
            )
        ]
        + [packed[:-1].hex(), packed.hex() + "00"],
        "forged": [
            {"why": why, "badge_hex": data.hex()}
            for why, data in (
                ("another office", packed + _signed("identity", TAG_BADGE, packed) + first.data[99:]),
                ("a certificate that a phone made", packed + _signed("device", TAG_BADGE, packed) + first.data[99:]),
                ("a receipt's purpose", packed + _signed("office", TAG_RECEIPT, packed) + first.data[99:]),
                ("another phone", first.data[:103] + _signed("other device", TAG_BADGE_MINUTE, packed + minute)),
                ("the certificate's purpose", first.data[:103] + _signed("device", TAG_BADGE, packed + minute)),
                ("another minute", first.data[:102] + bytes([first.data[102] ^ 1]) + first.data[103:]),
                ("another agent", packed[:17] + b"\xff" * 8 + first.data[25:]),
                ("zeros", first.data[:103] + bytes(64)),
            )
        ],
    }


def _signed(name: str, tag: bytes, payload: bytes) -> bytes:
    return unb64(signature(name, tag, payload), 64)


def _made(body: Certificate, minute: int) -> Badge:
    packed, written = pack_certificate(body), minute.to_bytes(4, "big")
    certificate = packed + _signed("office", TAG_BADGE, packed)
    return read_badge(certificate + written + _signed("device", TAG_BADGE_MINUTE, packed + written))


def _badge(body: Certificate, minute: int) -> dict[str, Any]:
    made = _made(body, minute)
    return {
        "fields": msgspec.structs.asdict(body),
        "minute": minute,
        "certificate_hex": made.data[:35].hex(),
        "office_signature_hex": made.data[35:99].hex(),
        "certificate": b64(made.data[:99]),
        "device_signature_hex": made.data[103:].hex(),
        "badge_hex": made.data.hex(),
        "digits": badge_digits(made),
        "qr": _PREFIX + badge_digits(made),
    }


def _moments() -> list[tuple[Badge, int]]:
    """A badge and when it is looked at: around five minutes either way, and around the day's two ends."""
    shown = _made(_CERTIFICATES[0], badge_minute(_SHOWN_MS))
    minute_ms = shown.minute * 60_000
    ends = [_DAY_S * 1000, (_DAY_S + 86_400) * 1000]
    found = [
        (shown, minute_ms + moved)
        for moved in (0, 59_999, 5 * 60_000, 6 * 60_000 - 1, 6 * 60_000, -5 * 60_000, -5 * 60_000 - 1, 86_400_000)
    ]
    for end_ms in ends:
        found += [(_made(_CERTIFICATES[0], badge_minute(end_ms) - before), end_ms) for before in (1, 0)]
    return found
