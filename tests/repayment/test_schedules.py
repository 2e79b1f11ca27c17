"""Schedules to the last minor unit: hand-worked, and as laws."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sync.errors import Refused
from sync.limits import AMOUNT_MINOR_MAX
from sync.repayment import SCHEMES, Schedule, Terms, add_months, due_dates, level_payment_minor, schedule

FIRST = date(2026, 1, 31)


def terms(scheme: Any, principal_minor: int = 100_000, **members: Any) -> Terms:
    """Terms in yuan from 31 January on."""
    return Terms(
        **{"scheme": scheme, "principal_minor": principal_minor, "currency": "CNY", "first_due": FIRST, **members}
    )


def parts(found: Schedule) -> list[tuple[int, int]]:
    """Principal and interest of each instalment."""
    return [(one.principal_minor, one.interest_minor) for one in found.instalments]


def test_three_level_payments_at_twelve_percent() -> None:
    """1,000.00 at 1 % a month: 340.02 twice and 340.03, worked out by hand."""
    found = schedule(terms("equal_instalments", periods=3, rate_bp=1_200))
    assert parts(found) == [(33_002, 1_000), (33_332, 670), (33_666, 337)]
    assert [one.total_minor for one in found.instalments] == [34_002, 34_002, 34_003]
    assert (found.principal_minor, found.interest_minor, found.total_minor) == (100_000, 2_007, 102_007)


def test_level_payments_without_interest_leave_the_remainder_to_the_last() -> None:
    """1,000.00 in three: 333.33, 333.33 and 333.34."""
    assert parts(schedule(terms("equal_instalments", periods=3))) == [(33_333, 0), (33_333, 0), (33_334, 0)]


def test_equal_principal_bears_interest_on_what_is_still_owed() -> None:
    """1,000.00 in four at 12 %: interest of 10.00, 7.50, 5.00 and 2.50, with a fee of 1.00 each time."""
    found = schedule(terms("equal_principal", periods=4, rate_bp=1_200, fee_minor=100))
    assert parts(found) == [(25_000, 1_000), (25_000, 750), (25_000, 500), (25_000, 250)]
    assert (found.fees_minor, found.total_minor) == (400, 102_900)


def test_a_deferral_is_one_payment_with_simple_interest() -> None:
    """1,000.00 three months later at 6 %: 15.00 of interest, on 30 April."""
    found = schedule(terms("deferral", deferral_months=3, rate_bp=600))
    assert parts(found) == [(100_000, 1_500)]
    assert [one.due for one in found.instalments] == [date(2026, 4, 30)]
    assert found.terms.months == 3


def test_a_reduction_waives_its_part_and_the_rest_is_paid() -> None:
    """A quarter of 1,000.01 is 250.0025, so 250.00 is waived and 750.01 paid in two."""
    found = schedule(terms("reduction", 100_001, reduction_bp=2_500, periods=2))
    assert found.waived_minor == 25_000
    assert parts(found) == [(37_500, 0), (37_501, 0)]


@pytest.mark.parametrize(("numerator", "expected"), [(5, 2), (15, 8), (25, 12), (35, 18)])
def test_halves_are_rounded_to_even(numerator: int, expected: int) -> None:
    """2.5 gives 2, 7.5 gives 8, 12.5 gives 12, 17.5 gives 18."""
    assert level_payment_minor(numerator, Fraction(0), 2) == expected


def test_a_rate_may_be_any_exact_part_of_a_basis_point() -> None:
    """3.875 % a year is 775 half basis points; on 96,000.00 that is 310.00 a month."""
    found = schedule(terms("equal_principal", 9_600_000, periods=2, rate_bp=775, rate_divisor=2))
    assert found.instalments[0].interest_minor == 31_000


def test_quarterly_instalments_bear_three_months_of_interest() -> None:
    """1,000.00 in two at 12 %, every three months: 30.00 and 15.00."""
    found = schedule(terms("equal_principal", periods=2, rate_bp=1_200, every_months=3))
    assert parts(found) == [(50_000, 3_000), (50_000, 1_500)]
    assert [one.due for one in found.instalments] == [date(2026, 1, 31), date(2026, 4, 30)]


def test_due_dates_keep_to_the_months_end_and_come_back() -> None:
    """From 31 January: the last day of February, 31 March, 30 April; in a leap year 29 February."""
    assert due_dates(FIRST, 4, 1) == (FIRST, date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_an_anchor_says_which_day_is_meant_when_the_first_month_is_short() -> None:
    """First due on 28 February but meant for the 31st: 31 March follows."""
    found = schedule(terms("equal_principal", periods=3, first_due=date(2026, 2, 28), anchor_day=31))
    assert [one.due for one in found.instalments] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_no_date_after_the_last_year() -> None:
    """A month after December 9999 is refused."""
    with pytest.raises(Refused, match="9999"):
        add_months(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    "members",
    [
        {"principal_minor": 0},
        {"principal_minor": -5},
        {"principal_minor": AMOUNT_MINOR_MAX + 1},
        {"principal_minor": True},
        {"principal_minor": 1.5},
        {"currency": "XXX"},
        {"scheme": "lottery"},
        {"periods": 0},
        {"periods": 61},
        {"periods": 31, "every_months": 2},
        {"periods": 2.0},
        {"rate_bp": -1},
        {"rate_bp": 10_001},
        {"rate_bp": 0.5},
        {"rate_divisor": 0},
        {"rate_divisor": -1},
        {"every_months": 0},
        {"every_months": 13},
        {"fee_minor": -1},
        {"anchor_day": 30},
        {"anchor_day": 32},
        {"first_due": date(1969, 1, 31)},
        {"first_due": date(2201, 1, 31)},
        {"deferral_months": 1},
        {"reduction_bp": 1},
        {"scheme": "deferral"},
        {"scheme": "deferral", "deferral_months": 61},
        {"scheme": "deferral", "deferral_months": 1, "periods": 2},
        {"scheme": "reduction"},
        {"scheme": "reduction", "reduction_bp": 10_000},
    ],
)
def test_terms_that_make_no_sense_are_refused(members: dict[str, Any]) -> None:
    """Wrong amounts, floats, bounds, and numbers that the scheme does not have: ARGUMENT-WRONG."""
    with pytest.raises(Refused) as refusal:
        terms(**{"scheme": "equal_principal", "periods": 2, **members})
    assert refusal.value.code == "ARGUMENT-WRONG"


@pytest.mark.parametrize(
    "wrong",
    [
        terms("equal_instalments", 3, periods=5),
        terms("equal_principal", 45, periods=30),
        terms("reduction", 1, reduction_bp=9_999),
    ],
)
def test_an_instalment_of_nothing_is_refused(wrong: Terms) -> None:
    """Amounts too small for so many instalments are refused and named."""
    with pytest.raises(Refused, match="is empty"):
        schedule(wrong)


def test_a_plan_beyond_the_amount_limit_is_refused() -> None:
    """The interest may carry an allowed principal over the limit."""
    with pytest.raises(Refused, match="beyond the limit"):
        schedule(terms("equal_principal", AMOUNT_MINOR_MAX, periods=2, rate_bp=600))


all_terms = st.builds(
    lambda scheme, principal, periods, rate, divisor, every, months, reduction, fee, first: Terms(
        scheme=scheme,
        principal_minor=principal,
        currency="CNY",
        first_due=first,
        periods=1 if scheme == "deferral" else min(periods, 60 // every),
        rate_bp=rate,
        rate_divisor=divisor,
        every_months=every,
        deferral_months=months if scheme == "deferral" else 0,
        reduction_bp=reduction if scheme == "reduction" else 0,
        fee_minor=fee,
    ),
    st.sampled_from(SCHEMES),
    st.integers(1, 10**10),
    st.integers(1, 60),
    st.integers(0, 6_000),
    st.integers(1, 20),
    st.integers(1, 12),
    st.integers(1, 60),
    st.integers(1, 9_999),
    st.integers(0, 500),
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
)


def made(found: Terms) -> Schedule:
    """The schedule; amounts too small for their instalments are left out."""
    try:
        return schedule(found)
    except Refused as refusal:
        assume("is empty" not in refusal.cause)
        raise


@settings(max_examples=300)
@given(all_terms)
def test_sums_are_exact_and_nothing_is_negative(found: Terms) -> None:
    """Principal and waiver make the debt; every part is zero or more, every instalment above zero; due days ascend."""
    plan = made(found)
    assert plan.principal_minor + plan.waived_minor == found.principal_minor
    assert plan.total_minor == sum(one.total_minor for one in plan.instalments)
    assert len(plan.instalments) == found.periods
    for one in plan.instalments:
        assert min(one.principal_minor, one.interest_minor, one.fee_minor) >= 0
        assert one.principal_minor + one.interest_minor > 0
    days = [one.due for one in plan.instalments]
    assert days == sorted(set(days))
    assert schedule(found) == plan


@settings(max_examples=200)
@given(all_terms)
def test_interest_falls_and_principal_of_a_level_plan_rises(found: Terms) -> None:
    """What is owed shrinks, so does its interest; a level payment pays ever more principal, up to the last."""
    plan = made(found)
    interest = [one.interest_minor for one in plan.instalments]
    assert interest == sorted(interest, reverse=True)
    before_last = plan.instalments[:-1]
    # Only the very small amounts are paid off before the end, where the last ones pay what is left.
    assume(plan.principal_minor >= 60 * 60)
    if found.scheme == "equal_instalments":
        principal = [one.principal_minor for one in before_last]
        assert principal == sorted(principal)
        assert len({one.total_minor for one in before_last}) <= 1
    elif found.scheme != "deferral":
        assert len({one.principal_minor for one in before_last}) <= 1


@settings(max_examples=200)
@given(all_terms, st.integers(0, 500))
def test_a_higher_rate_never_costs_less(found: Terms, more: int) -> None:
    """With equal principal, a deferral or a reduction the interest rises with the rate, instalment by instalment."""
    assume(found.scheme != "equal_instalments")
    dearer = Terms(
        **{name: getattr(found, name) for name in Terms.__struct_fields__} | {"rate_bp": found.rate_bp + more}
    )
    for cheap, dear in zip(made(found).instalments, made(dearer).instalments, strict=True):
        assert cheap.interest_minor <= dear.interest_minor
        assert cheap.principal_minor == dear.principal_minor


@settings(max_examples=200)
@given(st.integers(10_000, 10**10), st.integers(2, 60), st.integers(0, 6_000))
def test_level_payments_hold_the_annuity_to_the_rounding(principal: int, periods: int, rate_bp: int) -> None:
    """The last payment differs from the others by no more than the roundings before it can have grown to."""
    found = terms("equal_instalments", principal, periods=periods, rate_bp=rate_bp)
    plan = schedule(found)
    rate = found.rate_monthly
    level = level_payment_minor(principal, rate, periods)
    assert [one.total_minor for one in plan.instalments[:-1]] == [level] * (periods - 1)
    grown = sum((1 + rate) ** power for power in range(periods))
    assert abs(plan.instalments[-1].total_minor - level) <= grown + 1


@given(st.dates(date(1971, 1, 1), date(2150, 1, 1)), st.integers(0, 600), st.integers(0, 600))
def test_months_are_counted_from_the_anchor(first: date, months: int, more: int) -> None:
    """The day is the anchor's or the month's last, in the right month, and later months are later days."""
    found = add_months(first, months)
    assert (found.year * 12 + found.month) - (first.year * 12 + first.month) == months
    assert found.day == first.day or (
        found.day < first.day
        and found.day == (add_months(date(found.year, found.month, 1), 1) - date(found.year, found.month, 1)).days
    )
    assert (add_months(first, months + more) >= found) is True
