"""What a card client owes, by one stated rule.

The source states bills, payments and months late, but neither a minimum due nor an overdue amount.
Its figures are taken one to one as yuan (×100 = fen), newest month first:

- statement = newest bill; payoff = that bill, or 0 when it is a credit;
- instalment of a month = 10 % of its bill, rounded up, at least 100 yuan, at most the bill;
- overdue = instalments of the months late (at most the five bills before the newest) less what was paid
  in those months, at least the newest instalment and at most the payoff; 0 when not late or nothing is owed;
- minimum due = overdue + newest instalment, at most the payoff;
- due date = the day of the month `number % 28 + 1`: for a late account the oldest unpaid one (months late
  minus one before the last), otherwise the next one.

So always 0 <= overdue <= minimum due <= payoff. The delays -2, -1 and 0 count as not late.
"""

from __future__ import annotations

from datetime import date

import msgspec

from server.demo.limits import HISTORY_MONTHS, INSTALMENT_FLOOR_MINOR, INSTALMENT_PERCENT
from server.demo.sources import CardClient

__all__ = ["Owed", "instalment", "owed_by"]

_MINOR_PER_UNIT = 100


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """The four amounts in minor units, the due date and the months late."""

    minimum_due_minor: int
    overdue_minor: int
    statement_minor: int
    payoff_minor: int
    due_date: date
    months_late: int


def owed_by(client: CardClient, service_day: date) -> Owed:
    """What the client owes on the morning of the service day, by the rule above."""
    bills = [bill * _MINOR_PER_UNIT for bill in client.bills]
    payoff = max(0, bills[0])
    months_late = max(0, client.delays[0])
    overdue = _overdue(client, bills, months_late) if months_late and payoff else 0
    return Owed(
        minimum_due_minor=min(payoff, overdue + instalment(bills[0])),
        overdue_minor=overdue,
        statement_minor=bills[0],
        payoff_minor=payoff,
        due_date=_due_date(client.number % 28 + 1, months_late if payoff else 0, service_day),
        months_late=months_late,
    )


def instalment(bill_minor: int) -> int:
    """The monthly minimum of a bill, both in minor units; 0 for a bill that is zero or a credit."""
    share = -(-bill_minor * INSTALMENT_PERCENT // 100)
    return max(0, min(bill_minor, max(share, INSTALMENT_FLOOR_MINOR)))


def _overdue(client: CardClient, bills: list[int], months_late: int) -> int:
    months = min(months_late, HISTORY_MONTHS)
    fell_due = sum(instalment(bill) for bill in bills[1 : months + 1])
    paid = sum(client.payments[:months]) * _MINOR_PER_UNIT
    return min(bills[0], max(fell_due - paid, instalment(bills[0])))


def _due_date(day_of_month: int, months_late: int, service_day: date) -> date:
    month = service_day.year * 12 + service_day.month - 1
    passed = service_day.day > day_of_month
    if months_late:
        month -= months_late - 1 + (0 if passed else 1)
    elif passed:
        month += 1
    return date(month // 12, month % 12 + 1, day_of_month)
