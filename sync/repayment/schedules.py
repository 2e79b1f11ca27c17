"""Terms to instalments, to the last minor unit.

All arithmetic is exact (integers and fractions). The one rounding rule: each instalment's interest and principal are
rounded to the minor unit, half to even, on their own; the last instalment takes what is left of the principal. So the
principal parts add up to the principal exactly, whatever the rounding did.

Example: 1,000.00 at 12 % a year in three level payments. The payment is 340.0221…, so 340.02; interest is 10.00,
6.70 and, on the 336.66 that are left, 3.37; the last payment is 340.03.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec

from sync.errors import Refused
from sync.money import check_amount
from sync.repayment.days import add_months, due_dates
from sync.repayment.terms import Terms

__all__ = ["Instalment", "Schedule", "level_payment_minor", "schedule"]


class Instalment(msgspec.Struct, frozen=True, kw_only=True):
    """One payment of a plan, in minor units; `number` counts from 1."""

    number: int
    due: date
    principal_minor: int
    interest_minor: int
    fee_minor: int = 0

    @property
    def total_minor(self) -> int:
        """What is to be paid."""
        return self.principal_minor + self.interest_minor + self.fee_minor


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """The instalments in due order. `waived_minor` is the part of the principal that a reduction forgives."""

    terms: Terms
    instalments: tuple[Instalment, ...]
    waived_minor: int = 0

    @property
    def principal_minor(self) -> int:
        """What is repaid of the principal: all of it but what is waived."""
        return sum(instalment.principal_minor for instalment in self.instalments)

    @property
    def interest_minor(self) -> int:
        """All interest."""
        return sum(instalment.interest_minor for instalment in self.instalments)

    @property
    def fees_minor(self) -> int:
        """All fees."""
        return sum(instalment.fee_minor for instalment in self.instalments)

    @property
    def total_minor(self) -> int:
        """All that is to be paid."""
        return self.principal_minor + self.interest_minor + self.fees_minor


def schedule(terms: Terms) -> Schedule:
    """The schedule of these terms; raises ARGUMENT-WRONG when an instalment would come to nothing, or is too large."""
    waived = round(Fraction(terms.principal_minor * terms.reduction_bp, 10_000))
    principal = terms.principal_minor - waived
    if terms.scheme == "deferral":
        days: tuple[date, ...] = (add_months(terms.first_due, terms.deferral_months, terms.anchor_day),)
        parts = [(principal, round(principal * terms.rate_monthly * terms.deferral_months))]
    else:
        days = due_dates(terms.first_due, terms.periods, terms.every_months, terms.anchor_day)
        rate = terms.rate_monthly * terms.every_months
        level = level_payment_minor(principal, rate, terms.periods) if terms.scheme == "equal_instalments" else None
        parts = _parts(principal, rate, terms.periods, level)
    instalments = tuple(
        Instalment(number=number, due=due, principal_minor=part, interest_minor=interest, fee_minor=terms.fee_minor)
        for number, (due, (part, interest)) in enumerate(zip(days, parts, strict=True), start=1)
    )
    for instalment in instalments:
        if instalment.total_minor - instalment.fee_minor == 0:
            raise Refused(
                "ARGUMENT-WRONG",
                f"{principal} minor units do not make {terms.periods} instalments: number {instalment.number} is empty",
            )
    found = Schedule(terms=terms, instalments=instalments, waived_minor=waived)
    check_amount(found.total_minor)
    return found


def level_payment_minor(principal_minor: int, rate: Fraction, periods: int) -> int:
    """The annuity of `principal_minor` at `rate` for one interval, rounded half to even."""
    if rate == 0:
        return round(Fraction(principal_minor, periods))
    growth = (1 + rate) ** periods
    return round(principal_minor * rate * growth / (growth - 1))


def _parts(principal: int, rate: Fraction, periods: int, level: int | None) -> list[tuple[int, int]]:
    """Principal and interest of each instalment: level payments where `level` is given, else equal principal."""
    parts = []
    owed = principal
    each = round(Fraction(principal, periods))
    for number in range(1, periods + 1):
        interest = round(owed * rate)
        wanted = each if level is None else level - interest
        # Never more than is owed: with amounts of a few minor units, rounding up could pay off before the end.
        part = owed if number == periods else min(wanted, owed)
        parts.append((part, interest))
        owed -= part
    return parts
