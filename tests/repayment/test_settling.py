"""Payments against a plan: paid, part, due, overdue, breached and cured, as of an explicit day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import Refused
from sync.repayment import PlanPayment, PlanState, Terms, schedule, settle
from sync.repayment.limits import PAYMENTS_MAX

PLAN = schedule(
    Terms(scheme="equal_principal", principal_minor=30_000, currency="CNY", first_due=date(2026, 1, 31), periods=3)
)
"""100.00 each on 31 January, 28 February and 31 March 2026."""


def paid(*payments: tuple[str, int]) -> list[PlanPayment]:
    """Payments as (day, minor units)."""
    return [PlanPayment(day=date.fromisoformat(day), amount_minor=amount) for day, amount in payments]


def state(as_of: str, *payments: tuple[str, int], grace: int = 0) -> PlanState:
    """The plan as of a day."""
    return settle(PLAN, paid(*payments), date.fromisoformat(as_of), grace)


def statuses(found: PlanState) -> list[str]:
    """Each instalment's status."""
    return [one.status for one in found.instalments]


def test_before_anything_is_due_everything_is_due_and_nothing_overdue() -> None:
    """On 1 January the plan is honoured and the next payment is the first."""
    found = state("2026-01-01")
    assert (found.status, statuses(found), found.cured) == ("honoured", ["due"] * 3, False)
    assert (found.next_due, found.next_minor, found.open_minor) == (date(2026, 1, 31), 10_000, 30_000)


def test_payments_fill_the_instalments_in_due_order() -> None:
    """150.00 pay the first and half of the second."""
    found = state("2026-02-10", ("2026-01-20", 15_000))
    assert statuses(found) == ["paid", "part", "due"]
    assert [one.paid_minor for one in found.instalments] == [10_000, 5_000, 0]
    assert [one.open_minor for one in found.instalments] == [0, 5_000, 10_000]
    assert (found.next_due, found.next_minor) == (date(2026, 2, 28), 5_000)


def test_a_day_has_to_end_before_something_is_overdue() -> None:
    """On the due date itself it is due; on the next day the plan is breached."""
    assert state("2026-01-31").status == "honoured"
    late = state("2026-02-01")
    assert (late.status, statuses(late)) == ("breached", ["overdue", "due", "due"])
    assert (late.breached_on, late.overdue_minor) == (date(2026, 2, 1), 10_000)


def test_grace_moves_the_breach_and_nothing_else() -> None:
    """With five days of grace 5 February is still in time, the 6th is not."""
    assert statuses(state("2026-02-05", grace=5)) == ["due", "due", "due"]
    late = state("2026-02-06", ("2026-02-05", 9_999), grace=5)
    assert statuses(late) == ["overdue", "due", "due"]
    assert (late.overdue_minor, late.breached_on) == (1, date(2026, 2, 6))
    assert state("2026-02-06", ("2026-02-05", 10_000), grace=5).instalments[0].breached_on is None


def test_a_breach_is_cured_by_paying_in_full() -> None:
    """Paid on 10 February: cured on that day, honoured since, and the breach stays on record."""
    found = state("2026-02-20", ("2026-02-03", 4_000), ("2026-02-10", 6_000))
    first = found.instalments[0]
    assert (found.status, found.cured, found.breached_on) == ("honoured", True, None)
    assert (first.status, first.breached_on, first.cured_on) == ("paid", date(2026, 2, 1), date(2026, 2, 10))


def test_payments_after_the_day_do_not_count() -> None:
    """As of 9 February the payment of the 10th has not happened."""
    assert state("2026-02-09", ("2026-02-10", 10_000)).status == "breached"


def test_a_plan_paid_in_full_is_completed_and_the_rest_is_surplus() -> None:
    """310.00 on the first day: all paid, 10.00 too much."""
    found = state("2026-01-02", ("2026-01-02", 31_000))
    assert (found.status, statuses(found)) == ("completed", ["paid"] * 3)
    assert (found.paid_minor, found.open_minor, found.surplus_minor, found.next_due) == (30_000, 0, 1_000, None)
    late = state("2026-06-01", ("2026-05-01", 30_000))
    assert (late.status, late.cured) == ("completed", True)


@pytest.mark.parametrize("grace", [-1, 91])
def test_an_impossible_grace_is_refused(grace: int) -> None:
    """Grace is from 0 to 90 days."""
    with pytest.raises(Refused, match="grace"):
        state("2026-01-01", grace=grace)


@pytest.mark.parametrize("amount", [0, -1, True, 1.0])
def test_a_payment_that_is_no_amount_is_refused(amount: Any) -> None:
    """Only whole amounts above zero pay anything."""
    with pytest.raises(Refused):
        PlanPayment(day=date(2026, 1, 1), amount_minor=amount)


def test_more_payments_than_any_plan_has_are_refused() -> None:
    """The limit is named."""
    with pytest.raises(Refused, match=str(PAYMENTS_MAX)):
        settle(PLAN, paid(("2026-01-01", 1)) * (PAYMENTS_MAX + 1), date(2026, 1, 1))


payments = st.lists(
    st.builds(
        PlanPayment,
        day=st.integers(0, 150).map(lambda after: date(2026, 1, 1) + timedelta(days=after)),
        amount_minor=st.integers(1, 20_000),
    ),
    max_size=8,
)
as_ofs = st.integers(0, 160).map(lambda after: date(2026, 1, 1) + timedelta(days=after))


@settings(max_examples=200)
@given(st.data(), payments, as_ofs, st.integers(0, 30))
def test_the_order_of_payments_does_not_matter(
    data: st.DataObject, made: list[PlanPayment], as_of: date, grace: int
) -> None:
    """Any order, and any splitting of a day's payments, gives the same state."""
    found = settle(PLAN, made, as_of, grace)
    assert settle(PLAN, data.draw(st.permutations(made)), as_of, grace) == found
    split = [
        part
        for one in made
        for part in (
            [PlanPayment(day=one.day, amount_minor=1), PlanPayment(day=one.day, amount_minor=one.amount_minor - 1)]
            if one.amount_minor > 1
            else [one]
        )
    ]
    assert settle(PLAN, split, as_of, grace) == found


@settings(max_examples=200)
@given(payments, as_ofs, st.integers(0, 30))
def test_money_is_conserved_and_statuses_agree_with_amounts(made: list[PlanPayment], as_of: date, grace: int) -> None:
    """Paid, open and surplus account for every unit; an instalment is paid exactly when nothing of it is open."""
    found = settle(PLAN, made, as_of, grace)
    received = sum(one.amount_minor for one in made if one.day <= as_of)
    assert found.paid_minor + found.surplus_minor == received
    assert found.paid_minor + found.open_minor == PLAN.total_minor
    assert sum(one.paid_minor for one in found.instalments) == found.paid_minor
    for one in found.instalments:
        assert (one.status == "paid") is (one.open_minor == 0)
        last_day = one.instalment.due + timedelta(days=grace)
        assert (one.status == "overdue") is (one.open_minor > 0 and as_of > last_day)
    assert (found.status == "breached") is any(one.status == "overdue" for one in found.instalments)
    assert (found.status == "completed") is (received >= PLAN.total_minor)


@settings(max_examples=200)
@given(payments, payments, as_ofs, st.integers(0, 30), st.integers(0, 10))
def test_more_money_or_more_grace_never_makes_it_worse(
    made: list[PlanPayment], more: list[PlanPayment], as_of: date, grace: int, more_grace: int
) -> None:
    """Neither another payment nor another day of grace breaches an instalment that was not breached."""
    before = settle(PLAN, made, as_of, grace)
    after = settle(PLAN, made + more, as_of, min(grace + more_grace, 30 + more_grace))
    for one, other in zip(before.instalments, after.instalments, strict=True):
        assert one.breached_on is not None or other.breached_on is None
        assert other.paid_minor >= one.paid_minor
    assert after.overdue_minor <= before.overdue_minor


@settings(max_examples=200)
@given(payments, as_ofs, st.integers(0, 60))
def test_a_breach_once_seen_is_seen_on_every_later_day(made: list[PlanPayment], as_of: date, later: int) -> None:
    """As-of days go forward: what had been breached on a day stays on record with the same day."""
    before = settle(PLAN, made, as_of)
    after = settle(PLAN, made, as_of + timedelta(days=later))
    for one, other in zip(before.instalments, after.instalments, strict=True):
        assert one.breached_on is None or one.breached_on == other.breached_on
