"""Time that is not trusted: readings, the hybrid logical clock, and effective time as an interval.

A phone's wall clock may be wrong by a day; what bounds an operation's time is what it cannot forge without
leaving a trace (DESIGN principle 8):

- from below, the last *signed server time* that the phone had seen, plus the monotonic time elapsed since
  within the same boot, less the drift that a clock may have;
- from above, the moment at which the office *received* it, less the monotonic time that had elapsed on the
  phone between writing and sending within the same boot.

The hybrid logical clock follows Kulkarni et al., "Logical Physical Clocks", OPODIS 2014: it never runs
backwards on one device and stays close to the wall clock. Text form: 13 digits of milliseconds, a hyphen, and
four hexadecimal digits of the counter, so that text order is time order. A wall clock before 1970 or after
the year 2286 is followed only as far as those digits go, so that a clock set wildly wrong never stops a journal.

All times are integer milliseconds since 1970-01-01T00:00:00Z unless a name says otherwise.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from sync.errors import Conflict, Refused
from sync.limits import CLOCK_DRIFT_PPM, HLC_COUNTER_MAX, HLC_WALL_MS_MAX

__all__ = [
    "Interval",
    "Reading",
    "Seen",
    "effective_interval",
    "format_wall",
    "hlc_format",
    "hlc_next",
    "hlc_parse",
    "parse_wall",
    "wall_distance_ms",
]

_WALLS_KEPT = 8_192
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HLC = re.compile(r"[0-9]{13}-[0-9a-f]{4}", re.ASCII)
_HLC_MS_END = 10**13 - 1
_WALL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}([+-])([0-9]{2}):([0-9]{2})",
    re.ASCII,
)


class Reading(msgspec.Struct, frozen=True):
    """What a device's clocks say at one moment: wall (ms), offset (minutes east), boot identity, monotonic ms."""

    wall_ms: int
    offset_minutes: int
    boot: str
    mono_ms: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last signed server time that a device had seen, and its own clock at that moment."""

    at_ms: int
    boot: str
    mono_ms: int


class Interval(msgspec.Struct, frozen=True):
    """Effective time: not before `low_ms`, not after `high_ms`; None where nothing bounds it."""

    low_ms: int | None
    high_ms: int | None


def format_wall(wall_ms: int, offset_minutes: int) -> str:
    """RFC 3339 with milliseconds and a numeric offset: `2026-11-22T09:00:00.000+08:00`.

    Raises ARGUMENT-WRONG outside the years 1 to 9999 or for an offset of a day or more.
    """
    try:
        zone = timezone(timedelta(minutes=offset_minutes))
        moment = (_EPOCH + timedelta(seconds=wall_ms // 1000)).astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise Refused("ARGUMENT-WRONG", f"no time: {wall_ms} ms at {offset_minutes} minutes: {error}") from error
    sign = "-" if offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(offset_minutes), 60)
    # isoformat writes four digits of the year everywhere; strftime leaves that to the platform.
    clock = moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{clock}.{wall_ms % 1000:03d}{sign}{hours:02d}:{minutes:02d}"


@lru_cache(maxsize=_WALLS_KEPT)
def parse_wall(text: str) -> tuple[int, int]:
    """Milliseconds and offset in minutes of what `format_wall` writes; refuses every other form.

    Remembered for a while: every rule about time asks again, and each operation is folded into several aggregates.
    """
    match = _WALL.fullmatch(text)
    if match is None:
        raise Refused("ARGUMENT-WRONG", f"not a time with milliseconds and offset: {text[:40]!r}")
    sign, hours, minutes = match.groups()
    if minutes > "59" or (sign, hours, minutes) == ("-", "00", "00"):
        raise Refused("ARGUMENT-WRONG", f"not an offset: {text[:40]!r}")
    offset = int(hours) * 60 + int(minutes)
    try:
        since = datetime.fromisoformat(text) - _EPOCH
    except (ValueError, OverflowError) as error:
        raise Refused("ARGUMENT-WRONG", f"not a time: {text[:40]!r}: {error}") from error
    wall_ms = (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
    return wall_ms, -offset if sign == "-" else offset


def hlc_format(ms: int, counter: int) -> str:
    """Text whose order is the clock's order."""
    return f"{ms:013d}-{counter:04x}"


def hlc_parse(text: str) -> tuple[int, int]:
    """Inverse of `hlc_format`; refuses any other form."""
    if _HLC.fullmatch(text) is None:
        raise Refused("ARGUMENT-WRONG", f"not a hybrid logical clock: {text[:40]!r}")
    return int(text[:13]), int(text[14:], 16)


def hlc_next(last: str | None, wall_ms: int) -> str:
    """The next value on this device: ahead of `last`, and of the wall clock where that has moved on.

    Raises ARGUMENT-WRONG for a `last` that is no HLC, and STATE-FORBIDS when its digits are used up (never
    reached by counting from a followed wall clock: that would take 10^10 operations).
    """
    wall_ms = min(max(wall_ms, 0), HLC_WALL_MS_MAX)
    if last is None:
        return hlc_format(wall_ms, 0)
    ms, counter = hlc_parse(last)
    if wall_ms > ms:
        return hlc_format(wall_ms, 0)
    if counter < HLC_COUNTER_MAX:
        return hlc_format(ms, counter + 1)
    if ms >= _HLC_MS_END:
        raise Conflict("STATE-FORBIDS", f"the hybrid logical clock {last} cannot move on; open a new epoch")
    return hlc_format(ms + 1, 0)


def effective_interval(
    *,
    boot: str,
    mono_ms: int,
    seen: Seen | None,
    received_ms: int | None,
    received_boot: str,
    received_mono_ms: int,
) -> Interval:
    """When an operation can have been written, from its own readings and those of the exchange that brought it.

    `received_*` are the office's receive time and the phone's boot and monotonic clock inside that exchange;
    `received_ms` is None while the operation has not arrived through an exchange.
    """
    low = None
    if seen is not None:
        low = seen.at_ms
        if seen.boot == boot and mono_ms > seen.mono_ms:
            low += _less_drift(mono_ms - seen.mono_ms)
    high = received_ms
    if high is not None and received_boot == boot and received_mono_ms > mono_ms:
        high -= _less_drift(received_mono_ms - mono_ms)
    if low is not None and high is not None and low > high:
        # Two bounds that contradict each other bound nothing: only the office's own receive time is left.
        return Interval(low_ms=None, high_ms=received_ms)
    return Interval(low_ms=low, high_ms=high)


def _less_drift(elapsed_ms: int) -> int:
    """What has certainly passed: less the drift, and less the millisecond by which two readings may be cut."""
    return max(0, elapsed_ms - 1 - -(-elapsed_ms * CLOCK_DRIFT_PPM // 1_000_000))


def wall_distance_ms(wall_ms: int, interval: Interval) -> int:
    """How far a wall clock certainly lies outside its interval, in ms; 0 when it may be right."""
    if interval.low_ms is not None and wall_ms < interval.low_ms:
        return interval.low_ms - wall_ms
    if interval.high_ms is not None and wall_ms > interval.high_ms:
        return wall_ms - interval.high_ms
    return 0
