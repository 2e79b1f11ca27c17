"""Vectors of the small codecs: base64url, canonical JSON, wall clock, hybrid clock, intervals and money."""

from __future__ import annotations

from typing import Any

import msgspec

from sync.clock import Seen, effective_interval, format_wall, hlc_format, hlc_next
from sync.encoding import b64, canonical_json
from sync.limits import HLC_WALL_MS_MAX
from sync.money import format_amount, parse_amount

__all__ = ["clock_vectors", "encoding_vectors", "money_vectors"]

_WALLS = (
    (1_795_309_200_000, 480),
    (1_795_309_200_123, 0),
    (0, 0),
    (-1, 0),
    (951_782_399_999, 330),
    (1_709_164_800_000, -210),
    (253_402_214_400_000, 840),
    (-62_135_510_400_000, -720),
)
_WALLS_REFUSED = (
    "2026-11-22T09:00:00+08:00",
    "2026-11-22T09:00:00.000Z",
    "2026-11-22 09:00:00.000+08:00",
    "2026-02-29T09:00:00.000+08:00",
    "2026-11-22T24:00:00.000+08:00",
    "2026-11-22T09:00:60.000+08:00",
    "2026-11-22T09:00:00.000+08:60",
    "2026-11-22T09:00:00.000+24:00",
    "2026-11-22T09:00:00.000-00:00",
    "２０２６-11-22T09:00:00.000+08:00",
)


def encoding_vectors() -> dict[str, Any]:
    """base64url, and canonical JSON with members given in an order that is not theirs."""
    values: list[Any] = [
        {"b": 1, "a": {"é": 1, "z": 2, "甲": [], "": None}},
        {"😀": 1, "ﾮ": 2, "Z": True, "a": False},
        ['line\nbreak "quoted" \\ / \u2028', -5, 9_007_199_254_740_991],
        "应还金额 ¥1,234.56",
    ]
    return {
        "base64url": [{"hex": data.hex(), "text": b64(data)} for data in (b"", b"\0", b"\xff\xfe", bytes(range(250)))],
        "base64url_refused": ["=", "AA==", "A", "AB", "+/+/", "AA AA", "é"],
        "canonical_json": [{"value": value, "text": canonical_json(value).decode()} for value in values],
    }


def clock_vectors() -> dict[str, Any]:
    """Wall clock text, hybrid clock text and sequences, intervals."""
    sequences = (
        [1_795_309_200_000, 1_795_309_200_000, 1_795_309_199_000, 1_795_309_200_001],
        [-5, 0, 0],
        [253_402_300_799_999, 253_402_300_799_999, 1_795_309_200_000],
    )
    hlc = []
    for walls in sequences:
        last: str | None = None
        values = []
        for wall_ms in walls:
            last = hlc_next(last, wall_ms)
            values.append(last)
        hlc.append({"walls_ms": walls, "values": values})
    overflow = hlc_format(5, 0xFFFF)
    return {
        "wall": [{"ms": ms, "offset_minutes": offset, "text": format_wall(ms, offset)} for ms, offset in _WALLS],
        "wall_refused": list(_WALLS_REFUSED),
        "hlc": [
            {"ms": ms, "counter": counter, "text": hlc_format(ms, counter)}
            for ms, counter in ((0, 0), (1_795_309_200_000, 10), (HLC_WALL_MS_MAX, 0xFFFF), (10**13 - 1, 1))
        ],
        "hlc_refused": [
            "",
            "0",
            "0000000000000-000G",
            "0000000000000-00AB",
            "10000000000000-0000",
            "0000000000000_0000",
        ],
        "hlc_sequences": hlc,
        "hlc_overflow": {"last": overflow, "wall_ms": 0, "next": hlc_next(overflow, 0)},
        "intervals": _intervals(),
    }


def _intervals() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = [
        {
            "boot": "b",
            "mono_ms": 3_600_000,
            "seen": None,
            "received_ms": None,
            "received_boot": "",
            "received_mono_ms": 0,
        },
        {
            "boot": "b",
            "mono_ms": 3_600_000,
            "seen": {"at_ms": 1_000_000_000, "boot": "b", "mono_ms": 0},
            "received_ms": 1_010_000_000,
            "received_boot": "b",
            "received_mono_ms": 7_200_000,
        },
        {
            "boot": "b",
            "mono_ms": 3_600_000,
            "seen": {"at_ms": 1_000_000_000, "boot": "a", "mono_ms": 0},
            "received_ms": 1_010_000_000,
            "received_boot": "c",
            "received_mono_ms": 7_200_000,
        },
        {
            "boot": "b",
            "mono_ms": 1,
            "seen": {"at_ms": 1_000, "boot": "b", "mono_ms": 0},
            "received_ms": 1_001,
            "received_boot": "b",
            "received_mono_ms": 2,
        },
        {
            "boot": "b",
            "mono_ms": 0,
            "seen": {"at_ms": 2_000, "boot": "a", "mono_ms": 0},
            "received_ms": 1_000,
            "received_boot": "c",
            "received_mono_ms": 0,
        },
    ]
    found = []
    for case in cases:
        arguments = {**case, "seen": msgspec.convert(case["seen"], Seen | None)}
        found.append({**case, **msgspec.structs.asdict(effective_interval(**arguments))})
    return found


def money_vectors() -> dict[str, Any]:
    """Amounts as people write them, and as sentences show them."""
    texts = (
        ("1", "CNY"),
        ("1.5", "CNY"),
        ("1,234.56", "CNY"),
        ("0.01", "EUR"),
        ("1,234", "JPY"),
        ("10000000000", "CNY"),
    )
    return {
        "parse": [{"text": text, "currency": code, "minor": parse_amount(text, code)} for text, code in texts],
        "parse_refused": [
            {"text": text, "currency": code}
            for text, code in (
                ("", "CNY"), (".5", "CNY"), ("1.", "CNY"), ("1.005", "CNY"), ("1.5", "JPY"), ("-1", "CNY"),
                ("0", "CNY"), ("12,50", "EUR"), ("1,2345", "CNY"), ("1 234", "CNY"), ("1e3", "CNY"), ("１２", "CNY"),
                ("10000000000.01", "CNY"), ("12", "XXX"),
            )
        ],
        "format": [
            {"minor": minor, "currency": code, "text": format_amount(minor, code)}
            for minor, code in ((0, "CNY"), (5, "CNY"), (123_456, "CNY"), (-123_456_789, "CNY"), (1_234, "JPY"))
        ],
    }  # fmt: skip
