"""Windows of local time: whether an instant lies in one, and where that changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sync.policy.limits import SCAN_MS_MAX
from sync.policy.model import Window
from sync.policy.zones import instants_of, local_of, offset_changes

__all__ = ["hours_changes", "within"]


def within(windows: Sequence[Window], local: datetime) -> bool:
    """Whether a local time lies in one of the windows: from its start on, up to but not at its end."""
    today = local.isoweekday()
    yesterday = (today - 2) % 7 + 1
    minute = local.hour * 60 + local.minute
    for window in windows:
        starts, ends = window.starts_minute, window.ends_minute
        if starts < ends:
            if today in window.days and starts <= minute < ends:
                return True
        # Across midnight: its evening belongs to the day on which it begins, its morning to the day after.
        elif (today in window.days and minute >= starts) or (yesterday in window.days and minute < ends):
            return True
    return False


def hours_changes(windows: Sequence[Window], low_ms: int, high_ms: int, zone: ZoneInfo) -> list[int]:
    """The instants in (low, high] at which `within` may change, looking no farther than `SCAN_MS_MAX`.

    Between them local time runs on evenly and crosses no boundary. Weekdays change at midnight, which is one.
    """
    high_ms = min(high_ms, low_ms + SCAN_MS_MAX)
    if high_ms <= low_ms:
        return []
    minutes = {0}.union(*({window.starts_minute, window.ends_minute % 1440} for window in windows))
    found = offset_changes(low_ms, high_ms, zone)
    day, last = local_of(low_ms, zone).date(), local_of(high_ms, zone).date()
    # A clock change may carry an instant into the day before or after the one that its neighbours show.
    day, last = day - timedelta(days=1), last + timedelta(days=1)
    while day <= last:
        for minute in minutes:
            found.extend(instants_of(day, minute, zone))
        day += timedelta(days=1)
    return [at for at in found if low_ms < at <= high_ms]
