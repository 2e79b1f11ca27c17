"""What a card client owes, checked against figures worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from server.demo.owed import instalment, owed_by
from server.demo.sources import CardClient

DAY = date(2026, 3, 15)


def _client(*, number: int = 9, delay: int, bills: tuple[int, ...], payments: tuple[int, ...] = ()) -> CardClient:
    return CardClient(
        number=number,
        female=False,
        delays=(delay, 0, 0, 0, 0, 0),
        bills=(bills + (0,) * 6)[:6],
        payments=(payments + (0,) * 6)[:6],
    )


@pytest.mark.parametrize(
    ("bill", "expected"),
    [(500_000, 50_000), (100_001, 10_001), (50_000, 10_000), (4_000, 4_000), (0, 0), (-7_000, 0)],
)
def test_an_instalment_is_a_tenth_with_a_floor(bill: int, expected: int) -> None:
    """Ten per cent rounded up, at least 100 yuan, at most the bill, nothing for a credit."""
    assert instalment(bill) == expected


def test_overdue_is_what_of_the_late_instalments_was_not_paid() -> None:
    """Two months late: 300 + 200 yuan fell due, 150 were paid, so 350 are overdue and 300 more fall due."""
    owed = owed_by(_client(delay=2, bills=(3000, 3000, 2000), payments=(100, 50, 999)), DAY)
    assert owed.overdue_minor == 35_000
    assert owed.minimum_due_minor == 65_000
    assert owed.statement_minor == owed.payoff_minor == 300_000


def test_overdue_is_at_least_an_instalment_and_at_most_the_payoff() -> None:
    """Somebody late owes an instalment whatever they paid since, and never more than everything."""
    paid_much = owed_by(_client(delay=1, bills=(4000, 3000), payments=(3000,)), DAY)
    small_now = owed_by(_client(delay=3, bills=(150, 9000, 9000, 9000)), DAY)
    assert paid_much.overdue_minor == 40_000
    assert small_now.overdue_minor == small_now.minimum_due_minor == small_now.payoff_minor == 15_000


def test_more_months_late_than_the_source_holds_count_its_five() -> None:
    """Eight months late: only the five bills before the newest are there to be counted."""
    owed = owed_by(_client(delay=8, bills=(9000, 1000, 1000, 1000, 1000, 1000)), DAY)
    assert owed.months_late == 8
    assert owed.overdue_minor == 90_000  # five times 100 yuan would be less than the newest instalment


@pytest.mark.parametrize("delay", [-2, -1, 0])
def test_who_is_not_late_has_nothing_overdue(delay: int) -> None:
    """The delays -2, -1 and 0 count as not late; the next instalment is the minimum due."""
    owed = owed_by(_client(delay=delay, bills=(4000, 3000)), DAY)
    assert (owed.months_late, owed.overdue_minor, owed.minimum_due_minor) == (0, 0, 40_000)


def test_a_credit_is_a_negative_statement_and_no_payoff() -> None:
    """A client who paid too much owes nothing, even where the source calls them late."""
    owed = owed_by(_client(delay=1, bills=(-70, 3000)), DAY)
    assert (owed.statement_minor, owed.payoff_minor, owed.overdue_minor, owed.minimum_due_minor) == (-7_000, 0, 0, 0)
    assert owed.due_date >= DAY


@pytest.mark.parametrize(
    ("delay", "day", "expected"),
    [
        (0, date(2026, 3, 9), date(2026, 3, 10)),
        (0, date(2026, 3, 10), date(2026, 3, 10)),
        (0, date(2026, 12, 11), date(2027, 1, 10)),
        (1, date(2026, 3, 10), date(2026, 2, 10)),
        (1, date(2026, 3, 11), date(2026, 3, 10)),
        (3, date(2026, 1, 11), date(2025, 11, 10)),
        (8, date(2026, 1, 1), date(2025, 5, 10)),
    ],
)
def test_due_date_is_the_oldest_unpaid_or_the_next(delay: int, day: date, expected: date) -> None:
    """Client 9 pays on the tenth: late ones fell due that many tenths ago, others on the next."""
    assert owed_by(_client(delay=delay, bills=(4000, 3000)), day).due_date == expected
