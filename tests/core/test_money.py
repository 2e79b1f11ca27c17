"""Money is whole minor units with a currency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import Refused
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import CURRENCIES, check_amount, currency, currency_by_number, format_amount, parse_amount

AMOUNTS = st.integers(1, AMOUNT_MINOR_MAX)
CODES = st.sampled_from(sorted(CURRENCIES))


@given(AMOUNTS, CODES)
def test_amounts_round_trip_through_text(amount_minor: int, code: str) -> None:
    """What is written for people is read back as the same number of minor units."""
    text = format_amount(amount_minor, code)
    assert text.endswith(f" {code}")
    assert parse_amount(text.removesuffix(f" {code}"), code) == amount_minor


@pytest.mark.parametrize(
    ("text", "code", "amount_minor"),
    [
        ("1", "CNY", 100),
        (" 1.5 ", "CNY", 150),
        ("1,234.56", "CNY", 123_456),
        ("1234.56", "CNY", 123_456),
        ("0.01", "EUR", 1),
        ("1,234", "JPY", 1_234),
        ("0012", "JPY", 12),
    ],
)
def test_amounts_are_read(text: str, code: str, amount_minor: int) -> None:
    """Groups of three and fewer decimals than the currency has are understood."""
    assert parse_amount(text, code) == amount_minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CNY"),
        (".", "CNY"),
        (".5", "CNY"),
        ("1.", "CNY"),
        ("1.005", "CNY"),
        ("1.5", "JPY"),
        ("-1", "CNY"),
        ("+1", "CNY"),
        ("0", "CNY"),
        ("0.00", "CNY"),
        ("12,50", "EUR"),
        ("1,2345", "CNY"),
        (",123", "CNY"),
        ("1,,234", "CNY"),
        ("1 234", "CNY"),
        ("1e3", "CNY"),
        ("１２", "CNY"),
        ("١٢", "CNY"),
        ("9" * 5_000, "CNY"),
        ("10000000000.01", "CNY"),
        ("12", "XXX"),
        ("NaN", "CNY"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    """Signs, zero, misplaced commas, finer fractions, other digits and what is beyond the limit are refused."""
    with pytest.raises(Refused) as caught:
        parse_amount(text, code)
    assert caught.value.code == "ARGUMENT-WRONG"


@pytest.mark.parametrize("value", [0, -1, AMOUNT_MINOR_MAX + 1, True, 1.0, "1", None])
def test_check_amount_refuses_what_is_not_a_positive_whole_number(value: object) -> None:
    """Zero, negatives, truth values, floats and texts are no amounts."""
    with pytest.raises(Refused):
        check_amount(value)  # type: ignore[arg-type]  # the point of the test


def test_check_amount_takes_the_bounds() -> None:
    """One minor unit and the limit are amounts; zero is one only where it is allowed."""
    assert check_amount(1) == 1
    assert check_amount(AMOUNT_MINOR_MAX) == AMOUNT_MINOR_MAX
    assert check_amount(0, zero=True) == 0


def test_currencies_are_found_by_letters_and_number() -> None:
    """Each currency is found both ways, and each number stands for one."""
    for code, entry in CURRENCIES.items():
        assert currency(code) is entry
        assert currency_by_number(entry.number) is entry
    assert len({entry.number for entry in CURRENCIES.values()}) == len(CURRENCIES)


def test_unknown_currencies_are_refused() -> None:
    """An unknown code is a wrong argument, an unknown number a malformed receipt."""
    with pytest.raises(Refused) as by_code:
        currency("cny")
    assert by_code.value.code == "ARGUMENT-WRONG"
    with pytest.raises(Refused) as by_number:
        currency_by_number(0)
    assert by_number.value.code == "RECEIPT-MALFORMED"


def test_negative_amounts_are_written_with_a_sign() -> None:
    """Balances may be negative in sentences, though never in what is collected."""
    assert format_amount(-5, "CNY") == "-0.05 CNY"
    assert format_amount(-1_234, "JPY") == "-1,234 JPY"
    assert format_amount(5, "XXX") == "0.05 XXX"
