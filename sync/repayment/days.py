"""Due dates: the same day of each month, or the month's last day where it is shorter."""

from __future__ import annotations

import calendar
from datetime import date

from sync.errors import Refused

__all__ = ["add_months", "due_dates"]


def add_months(day: date, months: int, anchor_day: int = 0) -> date:
    """The day `months` later, on `anchor_day` of that month (0: the day's own) or on its last day.

    31 January and one month give 28 or 29 February; counted from the anchor, two months give 31 March again.
    Raises ARGUMENT-WRONG past the year 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise Refused("ARGUMENT-WRONG", f"{months} months after {day} there is no date")
    wanted = anchor_day or day.day
    return date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))


def due_dates(first: date, count: int, every_months: int, anchor_day: int = 0) -> tuple[date, ...]:
    """`count` due dates from `first` on, each counted from the first, so that a short month shifts none after it."""
    return tuple(add_months(first, index * every_months, anchor_day) for index in range(count))
