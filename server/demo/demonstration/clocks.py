"""The demonstration's clocks: slow while people prepare and settle, fast while agents drive.

Each part of the day has one clock for every process, as `sync.simulated` describes. Between two parts the server
is started again with the next clock: an ordinary restart, which opens an epoch of the office's journal. A clock
never shows less than the one before it had shown.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from sync.clock import format_wall
from sync.simulated import SimulatedClock, shown_ms

__all__ = ["clock_from", "moment_ms", "shown_time"]

_CHINA = timezone(timedelta(hours=8))
_OFFSET_MINUTES = 480


def moment_ms(day: date, at: time) -> int:
    """A civil time in China as milliseconds since 1970 UTC."""
    return int(datetime.combine(day, at, tzinfo=_CHINA).timestamp()) * 1000


def clock_from(start_ms: int, real_ms: int, rate: int, before: SimulatedClock | None = None) -> SimulatedClock:
    """A clock that shows `start_ms` at the real time `real_ms`, or later if the one before had shown more by then."""
    if before is not None:
        start_ms = max(start_ms, shown_ms(before, real_ms))
    return SimulatedClock(start_ms=start_ms, offset_minutes=_OFFSET_MINUTES, real_ms=real_ms, rate_permille=rate * 1000)


def shown_time(clock: SimulatedClock, real_ms: int) -> str:
    """``HH:MM`` on the clock's face."""
    return format_wall(shown_ms(clock, real_ms), clock.offset_minutes)[11:16]
