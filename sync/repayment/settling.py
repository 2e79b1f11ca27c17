"""Payments against a schedule: which instalments are paid as of a day, and whether the plan is kept.

A payment counts on the *earliest* day on which it can have been made, since a breach accuses. Payments fill the
instalments in due order, one after the other; only the sum of each day matters, so their order does not.

An instalment is overdue, and the plan breached, from the day after its due date and the days of grace. It is cured
on the day on which it is paid in full after all. Everything is as of an explicit day: payments after it do not
count, and nothing is broken on a day that has not ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal

import msgspec

from sync.errors import Refused
from sync.money import check_amount
from sync.repayment.limits import GRACE_DAYS_MAX, PAYMENTS_MAX
from sync.repayment.schedules import Instalment, Schedule

__all__ = ["InstalmentState", "PlanPayment", "PlanState", "settle"]


class PlanPayment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that stands (not voided, not reversed), on the earliest local day on which it can have been paid."""

    day: date
    amount_minor: int

    def __post_init__(self) -> None:
        check_amount(self.amount_minor)


class InstalmentState(msgspec.Struct, frozen=True, kw_only=True):
    """One instalment as of a day.

    ``paid``: in full. ``overdue``: not in full, and its grace has passed. Else ``part``: something; ``due``: nothing
    yet. `breached_on` is the first day on which it was overdue, also when it was cured later; `paid_on` the day on
    which the last of it came.
    """

    instalment: Instalment
    status: Literal["paid", "part", "due", "overdue"]
    paid_minor: int
    paid_on: date | None = None
    breached_on: date | None = None

    @property
    def open_minor(self) -> int:
        """What is still to be paid of it."""
        return self.instalment.total_minor - self.paid_minor

    @property
    def cured_on(self) -> date | None:
        """The day on which it was paid in full after it had been overdue."""
        return self.paid_on if self.breached_on is not None else None


class PlanState(msgspec.Struct, frozen=True, kw_only=True):
    """The plan as of a day.

    ``completed``: everything is paid. ``breached``: an instalment is overdue. ``honoured``: none is; `cured` says
    that one had been. `surplus_minor` is what was paid beyond the plan.
    """

    as_of: date
    status: Literal["honoured", "breached", "completed"]
    cured: bool
    instalments: tuple[InstalmentState, ...]
    paid_minor: int
    open_minor: int
    overdue_minor: int
    surplus_minor: int
    breached_on: date | None = None
    """The first day of the oldest instalment that is overdue now."""
    next_due: date | None = None
    next_minor: int = 0
    """What is open of the first instalment that is not overdue."""


def settle(schedule: Schedule, payments: Iterable[PlanPayment], as_of: date, grace_days: int = 0) -> PlanState:
    """Judge the plan as of a day, by the payments up to and on it; raises ARGUMENT-WRONG for a wrong grace.

    What is due on the day itself, or whose grace ends on it, is not overdue yet: the day has to end first.
    """
    if not 0 <= grace_days <= GRACE_DAYS_MAX:
        raise Refused("ARGUMENT-WRONG", f"grace of {grace_days} days is not from 0 to {GRACE_DAYS_MAX}")
    sums = _sums_by_day(payments, as_of)
    paid = sum(amount for _, amount in sums)
    cumulative = list(zip((day for day, _ in sums), accumulate(amount for _, amount in sums), strict=True))
    states = []
    before = 0
    for instalment in schedule.instalments:
        states.append(_state(instalment, before, paid, cumulative, as_of, timedelta(days=grace_days)))
        before += instalment.total_minor
    overdue = [state for state in states if state.status == "overdue"]
    coming = next((state for state in states if state.status in {"part", "due"}), None)
    status: Literal["honoured", "breached", "completed"] = "honoured"
    if overdue:
        status = "breached"
    elif paid >= before:
        status = "completed"
    return PlanState(
        as_of=as_of,
        status=status,
        cured=not overdue and any(state.cured_on is not None for state in states),
        instalments=tuple(states),
        paid_minor=min(paid, before),
        open_minor=max(before - paid, 0),
        overdue_minor=sum(state.open_minor for state in overdue),
        surplus_minor=max(paid - before, 0),
        breached_on=overdue[0].breached_on if overdue else None,
        next_due=coming.instalment.due if coming else None,
        next_minor=coming.open_minor if coming else 0,
    )


def _sums_by_day(payments: Iterable[PlanPayment], as_of: date) -> list[tuple[date, int]]:
    by_day: dict[date, int] = {}
    for count, payment in enumerate(payments, start=1):
        if count > PAYMENTS_MAX:
            raise Refused("ARGUMENT-WRONG", f"more than {PAYMENTS_MAX} payments on one plan")
        if payment.day <= as_of:
            by_day[payment.day] = by_day.get(payment.day, 0) + payment.amount_minor
    return sorted(by_day.items())


def _state(
    instalment: Instalment, before: int, paid: int, cumulative: list[tuple[date, int]], as_of: date, grace: timedelta
) -> InstalmentState:
    total = instalment.total_minor
    here = max(0, min(paid - before, total))
    paid_on = next((day for day, sum_minor in cumulative if sum_minor >= before + total), None)
    last_day = instalment.due + grace
    # Paid in time, or the last day has not ended: no breach.
    late = (paid_on if paid_on is not None else as_of) > last_day
    status: Literal["paid", "part", "due", "overdue"] = "part" if here else "due"
    if paid_on is not None:
        status = "paid"
    elif late:
        status = "overdue"
    return InstalmentState(
        instalment=instalment,
        status=status,
        paid_minor=here,
        paid_on=paid_on,
        breached_on=last_day + timedelta(days=1) if late else None,
    )
