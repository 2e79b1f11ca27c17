"""The terms of a repayment plan: one of four schemes with its numbers, refused when they make no sense.

================== =================================================================================================
deferral           one payment, `deferral_months` after `first_due`, with simple interest for those months
equal_instalments  `periods` level payments (an annuity; without a rate the principal in equal parts)
equal_principal    `periods` payments with the same principal each, and interest on what is still owed
reduction          `reduction_bp` of the principal is waived, the rest is paid as in equal_principal
================== =================================================================================================
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

from sync.errors import Refused
from sync.money import check_amount, currency
from sync.repayment.limits import (
    DEFERRAL_MONTHS_MAX,
    DUE_YEAR_MAX,
    DUE_YEAR_MIN,
    EVERY_MONTHS_MAX,
    PERIODS_MAX,
    RATE_BP_MAX,
    RATE_DIVISOR_MAX,
    REDUCTION_BP_MAX,
)

__all__ = ["SCHEMES", "Scheme", "Terms"]

Scheme = Literal["deferral", "equal_instalments", "equal_principal", "reduction"]
SCHEMES: tuple[Scheme, ...] = ("deferral", "equal_instalments", "equal_principal", "reduction")
"""As `PlanProposed` names them."""


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was agreed on; amounts in minor units. Raises ARGUMENT-WRONG.

    The rate a year is ``rate_bp / rate_divisor`` basis points, exactly: 387.5 is 775 over 2. Interest runs by whole
    months of a twelfth of it; the first instalment bears one interval's interest. `fee_minor` is added to each
    instalment. `anchor_day` is the day of the month that is meant, where `first_due` falls in a month too short for
    it (0: the day of `first_due`).
    """

    scheme: Scheme
    principal_minor: int
    currency: str
    first_due: date
    periods: int = 1
    rate_bp: int = 0
    rate_divisor: int = 1
    every_months: int = 1
    deferral_months: int = 0
    reduction_bp: int = 0
    fee_minor: int = 0
    anchor_day: int = 0

    def __post_init__(self) -> None:
        check_amount(self.principal_minor)
        check_amount(self.fee_minor, zero=True)
        currency(self.currency)
        if self.scheme not in SCHEMES:
            raise Refused("ARGUMENT-WRONG", f"scheme {self.scheme!r} is not one of {', '.join(SCHEMES)}")
        for name, least, most in (
            ("periods", 1, PERIODS_MAX),
            ("rate_bp", 0, RATE_BP_MAX * self.rate_divisor),
            ("rate_divisor", 1, RATE_DIVISOR_MAX),
            ("every_months", 1, EVERY_MONTHS_MAX),
            ("anchor_day", 0, 31),
        ):
            _between(name, getattr(self, name), least, most)
        _between("the year of first_due", self.first_due.year, DUE_YEAR_MIN, DUE_YEAR_MAX)
        if self.anchor_day and self.first_due.day != min(
            self.anchor_day, monthrange(self.first_due.year, self.first_due.month)[1]
        ):
            raise Refused("ARGUMENT-WRONG", f"first_due {self.first_due} is not on day {self.anchor_day} of its month")
        if self.months > PERIODS_MAX:
            raise Refused("ARGUMENT-WRONG", f"a plan over {self.months} months is beyond {PERIODS_MAX}")
        self._check_scheme()

    def _check_scheme(self) -> None:
        deferral, reduction = self.scheme == "deferral", self.scheme == "reduction"
        _between("deferral_months", self.deferral_months, int(deferral), DEFERRAL_MONTHS_MAX if deferral else 0)
        _between("reduction_bp", self.reduction_bp, int(reduction), REDUCTION_BP_MAX if reduction else 0)
        if deferral:
            _between("periods of a deferral", self.periods, 1, 1)

    @property
    def rate_monthly(self) -> Fraction:
        """A twelfth of the yearly rate, as an exact fraction of one."""
        return Fraction(self.rate_bp, self.rate_divisor * 10_000 * 12)

    @property
    def months(self) -> int:
        """How long the plan runs: from one interval before the first instalment to the last."""
        return self.deferral_months if self.scheme == "deferral" else self.periods * self.every_months


def _between(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused("ARGUMENT-WRONG", f"{name} {value!r} is not a whole number from {least} to {most}")
