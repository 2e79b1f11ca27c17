"""Local time by the IANA zones: which day and time of day an instant has, and when that changes.

Every instant has exactly one local time, so the rules are asked instant by instant and a clock change needs no
special case: an hour that summer time skips has no instants, an hour that is repeated has twice as many. The other
way round a local time can have none or two instants; `instants_of` gives all.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sync.errors import Refused
from sync.policy.limits import OFFSET_STEP_MS, ZONE_DAYS_KEPT

__all__ = [
    "DAY_MS",
    "day_number",
    "day_start_ms",
    "instants_of",
    "local_of",
    "local_text",
    "number_start_ms",
    "offset_changes",
    "steady_offset_ms",
    "zone_of",
]

DAY_MS = 86_400_000
"""A day without a clock change."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_NUMBER = date(1970, 1, 1).toordinal()
_MS = timedelta(milliseconds=1)


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ARGUMENT-WRONG for one that the zone data does not have."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise Refused("ARGUMENT-WRONG", f"{name[:40]!r} is not a time zone that is known here") from error


def local_of(at_ms: int, zone: ZoneInfo) -> datetime:
    """The local date and time of an instant."""
    return (_EPOCH + at_ms * _MS).astimezone(zone)


def local_text(at_ms: int, zone: ZoneInfo) -> str:
    """``2026-11-23 22:15``, for sentences."""
    return local_of(at_ms, zone).replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")


def instants_of(day: date, minute: int, zone: ZoneInfo) -> tuple[int, ...]:
    """The instants that show this local time, ascending: one, two in a repeated hour, none in a skipped one."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time
    found = {(wall.replace(tzinfo=zone, fold=fold) - _EPOCH) // _MS for fold in (0, 1)}
    return tuple(sorted(ms for ms in found if local_of(ms, zone).replace(tzinfo=None) == wall))


def day_start_ms(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local day; where summer time skips midnight, the moment of the change."""
    # Before the skip (fold 0) midnight reads as the very instant of the change, and in a repeated hour as the first.
    return (datetime(day.year, day.month, day.day, tzinfo=zone) - _EPOCH) // _MS


@lru_cache(maxsize=ZONE_DAYS_KEPT)
def steady_offset_ms(zone: str, utc_day: int) -> int | None:
    """Milliseconds east of UTC all through that day (days since 1970 in UTC); None when they change within it."""
    found, start_ms = zone_of(zone), utc_day * DAY_MS
    if offset_changes(start_ms - 1, start_ms + DAY_MS - 1, found):
        return None
    offset = local_of(start_ms, found).utcoffset()
    return offset // _MS if offset is not None else None


def day_number(at_ms: int, zone: str) -> int:
    """The proleptic ordinal (`date.toordinal`) of an instant's local day."""
    offset_ms = steady_offset_ms(zone, at_ms // DAY_MS)
    if offset_ms is None:
        return local_of(at_ms, zone_of(zone)).toordinal()
    return (at_ms + offset_ms) // DAY_MS + _EPOCH_NUMBER


@lru_cache(maxsize=ZONE_DAYS_KEPT)
def number_start_ms(number: int, zone: str) -> int:
    """`day_start_ms` of a day by its ordinal; raises ValueError for one that no calendar has."""
    return day_start_ms(date.fromordinal(number), zone_of(zone))


def offset_changes(low_ms: int, high_ms: int, zone: ZoneInfo) -> list[int]:
    """The instants in (low, high] from which on the zone has another offset than just before."""
    found = []
    left = low_ms
    while left < high_ms:
        right = min(left + OFFSET_STEP_MS, high_ms)
        if local_of(left, zone).utcoffset() != local_of(right, zone).utcoffset():
            found.append(_change_between(left, right, zone))
        left = right
    return found


def _change_between(left: int, right: int, zone: ZoneInfo) -> int:
    before = local_of(left, zone).utcoffset()
    while right - left > 1:
        middle = (left + right) // 2
        if local_of(middle, zone).utcoffset() == before:
            left = middle
        else:
            right = middle
    return right
