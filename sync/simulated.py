"""A clock for demonstrations and tests that both sides share: it shows a given time and runs at a given rate.

Written as one line, the same for the office and for every phone::

    start=2026-11-23T07:30:00+08:00;real=1790000000;rate=400

`start` is what the clock showed at the real moment `real` (seconds since 1970 UTC, decimals allowed); since then
it runs `rate` times as fast as real time. `rate` is a whole or decimal number from 0 (standing still) to
1,000,000; without it the clock runs at 1. Without `real` the reader's own start counts, which suits one process.

This module only parses and computes; the real time is an argument.
"""

from __future__ import annotations

import re

import msgspec

from sync.clock import format_wall, parse_wall
from sync.errors import Refused

__all__ = ["SimulatedClock", "parse_clock", "shown_mono_ms", "shown_ms"]

_RATE_MAX = 1_000_000
_DECIMAL = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?", re.ASCII)
_SECONDS = re.compile(r"(.*T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{3})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)


class SimulatedClock(msgspec.Struct, frozen=True, kw_only=True):
    """Showed `start_ms` at the real time `real_ms`; a second lasts `1000 / rate_permille` real seconds."""

    start_ms: int
    offset_minutes: int
    real_ms: int
    rate_permille: int

    @property
    def text(self) -> str:
        """The line that `parse_clock` reads: how one process tells another."""
        rate, rest = divmod(self.rate_permille, 1000)
        decimals = f".{rest:03d}" if rest else ""
        real = f"{self.real_ms // 1000}.{self.real_ms % 1000:03d}"
        return f"start={format_wall(self.start_ms, self.offset_minutes)};real={real};rate={rate}{decimals}"


def parse_clock(text: str, real_ms: int) -> SimulatedClock:
    """Read the line above; `real_ms` is the reader's own time, for a line that names none. Raises CLOCK-WRONG."""
    members: dict[str, str] = {}
    for part in text.strip().split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals or name not in ("start", "real", "rate") or name in members:
            raise Refused("CLOCK-WRONG", f"{part.strip()[:40]!r} is not one of start=, real=, rate=, each once")
        members[name] = value.strip()
    if "start" not in members:
        raise Refused("CLOCK-WRONG", f"start= is missing in {text[:60]!r}")
    start_ms, offset = _start(members["start"])
    rate = _thousandths("rate", members.get("rate", "1"))
    if rate > _RATE_MAX * 1000:
        raise Refused("CLOCK-WRONG", f"rate={members['rate']} is beyond {_RATE_MAX}")
    real = _thousandths("real", members["real"]) if "real" in members else real_ms
    return SimulatedClock(start_ms=start_ms, offset_minutes=offset, real_ms=real, rate_permille=rate)


def _start(text: str) -> tuple[int, int]:
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise Refused("CLOCK-WRONG", f"start={text[:40]!r} is not like 2026-11-23T07:30:00+08:00")
    zone = "+00:00" if match[3] == "Z" else match[3]
    try:
        return parse_wall(f"{match[1]}{match[2] or '.000'}{zone}")
    except Refused as error:
        raise Refused("CLOCK-WRONG", f"start={text[:40]!r}: {error.cause}") from error


def _thousandths(name: str, text: str) -> int:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise Refused("CLOCK-WRONG", f"{name}={text[:40]!r} is not a number without sign")
    return int(match[1]) * 1000 + int((match[2] or "0").ljust(3, "0")[:3])


def shown_ms(clock: SimulatedClock, real_ms: int) -> int:
    """What the clock shows at a real time (both milliseconds since 1970 UTC)."""
    return clock.start_ms + (real_ms - clock.real_ms) * clock.rate_permille // 1000


def shown_mono_ms(clock: SimulatedClock, mono_ms: int) -> int:
    """A monotonic clock scaled alike, so that elapsed times agree with the wall."""
    return mono_ms * clock.rate_permille // 1000
