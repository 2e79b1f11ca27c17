"""Several schemes for one debt, side by side: what each costs, how much each month asks for, and who may agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from sync.errors import Refused
from sync.repayment.authority import Authority, AuthorityAnswer, within_authority
from sync.repayment.limits import SCHEMES_COMPARED_MAX
from sync.repayment.schedules import Schedule, schedule
from sync.repayment.terms import Terms

__all__ = ["Column", "Comparison", "compare"]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One scheme; amounts in minor units. `authority` is None where none was given."""

    schedule: Schedule
    total_minor: int
    interest_minor: int
    fees_minor: int
    waived_minor: int
    instalments: int
    first_minor: int
    highest_minor: int
    first_due: date
    last_due: date
    authority: AuthorityAnswer | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The schemes in the order given; `cheapest` and `lightest` are places in it, the first of equals.

    Cheapest: the least to pay in all. Lightest: the least highest instalment.
    """

    columns: tuple[Column, ...]
    cheapest: int
    lightest: int


def compare(schemes: Sequence[Terms], authority: Authority | None = None) -> Comparison:
    """Compute each schedule; raises ARGUMENT-WRONG unless all are about the same amount in the same currency."""
    if not 1 <= len(schemes) <= SCHEMES_COMPARED_MAX:
        raise Refused("ARGUMENT-WRONG", f"{len(schemes)} schemes; 1 to {SCHEMES_COMPARED_MAX} can be compared")
    debts = {(terms.principal_minor, terms.currency) for terms in schemes}
    if len(debts) > 1:
        raise Refused("ARGUMENT-WRONG", f"the schemes are about different debts: {sorted(debts)}")
    columns = tuple(_column(schedule(terms), authority) for terms in schemes)
    return Comparison(
        columns=columns,
        cheapest=min(range(len(columns)), key=lambda place: columns[place].total_minor),
        lightest=min(range(len(columns)), key=lambda place: columns[place].highest_minor),
    )


def _column(found: Schedule, authority: Authority | None) -> Column:
    instalments = found.instalments
    return Column(
        schedule=found,
        total_minor=found.total_minor,
        interest_minor=found.interest_minor,
        fees_minor=found.fees_minor,
        waived_minor=found.waived_minor,
        instalments=len(instalments),
        first_minor=instalments[0].total_minor,
        highest_minor=max(instalment.total_minor for instalment in instalments),
        first_due=instalments[0].due,
        last_due=instalments[-1].due,
        authority=within_authority(authority, found.terms) if authority is not None else None,
    )
