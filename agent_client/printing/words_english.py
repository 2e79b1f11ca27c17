"""Amounts in English words, as they stand on cheques and receipts.

140950 fen → One thousand four hundred nine yuan and fifty fen
"""

from __future__ import annotations

from typing import Final

from sync.money import check_amount, currency

__all__ = ["english_words"]

_BELOW_TEN: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_ONES: Final = _BELOW_TEN + _TEENS
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))
_UNITS: Final = {
    "CNY": ("yuan", "yuan", "fen", "fen"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "HKD": ("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
    "INR": ("Indian rupee", "Indian rupees", "paisa", "paise"),
    "JPY": ("yen", "yen", "", ""),
    "TWD": ("New Taiwan dollar", "New Taiwan dollars", "cent", "cents"),
    "USD": ("US dollar", "US dollars", "cent", "cents"),
}


def english_words(amount_minor: int, code: str) -> str:
    """The amount with its units; a round one ends in "only". Raises ARGUMENT-WRONG as `check_amount`."""
    whole, rest = divmod(check_amount(amount_minor), 10 ** currency(code).exponent)
    one, many, minor_one, minor_many = _UNITS[code]
    parts = []
    if whole:
        parts.append(f"{_integer(whole)} {one if whole == 1 else many}")
    if rest:
        parts.append(f"{_integer(rest)} {minor_one if rest == 1 else minor_many}")
    text = " and ".join(parts) + ("" if rest else " only")
    return text[0].upper() + text[1:]


def _integer(number: int) -> str:
    for unit, name in _SCALES:
        if number >= unit:
            high, low = divmod(number, unit)
            return f"{_integer(high)} {name}" + (f" {_integer(low)}" if low else "")
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
