"""Money: integer minor units with an ISO 4217 currency. No floats anywhere."""

from __future__ import annotations

import re

import msgspec

from sync.errors import Refused
from sync.limits import AMOUNT_MINOR_MAX

__all__ = [
    "CURRENCIES",
    "Currency",
    "check_amount",
    "currency",
    "currency_by_number",
    "format_amount",
    "parse_amount",
]


class Currency(msgspec.Struct, frozen=True):
    """ISO 4217: letters, number and how many digits the minor unit has."""

    code: str
    number: int
    exponent: int


CURRENCIES: dict[str, Currency] = {
    entry.code: entry
    for entry in (
        Currency("CNY", 156, 2),
        Currency("EUR", 978, 2),
        Currency("GBP", 826, 2),
        Currency("HKD", 344, 2),
        Currency("INR", 356, 2),
        Currency("JPY", 392, 0),
        Currency("TWD", 901, 2),
        Currency("USD", 840, 2),
    )
}
"""The currencies that receipts can carry."""

_AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?", re.ASCII)
_WHOLE_DIGITS_MAX = 15
"""More digits than any amount within the limit has; Python itself refuses integers of thousands."""
_BY_NUMBER = {entry.number: entry for entry in CURRENCIES.values()}


def currency(code: str) -> Currency:
    """The currency of three letters; raises ARGUMENT-WRONG for one that is not carried."""
    found = CURRENCIES.get(code)
    if found is None:
        raise Refused("ARGUMENT-WRONG", f"currency {code!r} is not one of {', '.join(sorted(CURRENCIES))}")
    return found


def currency_by_number(number: int) -> Currency:
    """The currency of an ISO 4217 number; raises RECEIPT-MALFORMED, since only receipts carry numbers."""
    found = _BY_NUMBER.get(number)
    if found is None:
        raise Refused("RECEIPT-MALFORMED", f"ISO 4217 number {number} is not known here")
    return found


def check_amount(amount_minor: int, *, zero: bool = False) -> int:
    """Return the amount if it is whole, positive (or zero where allowed) and not beyond the limit."""
    if isinstance(amount_minor, bool) or not isinstance(amount_minor, int):
        raise Refused("ARGUMENT-WRONG", f"amount {amount_minor!r} is not a whole number of minor units")
    if amount_minor < 0 or (amount_minor == 0 and not zero):
        raise Refused("ARGUMENT-WRONG", f"amount {amount_minor} is not above zero")
    if amount_minor > AMOUNT_MINOR_MAX:
        raise Refused("ARGUMENT-WRONG", f"amount {amount_minor} is beyond the limit of {AMOUNT_MINOR_MAX}")
    return amount_minor


def format_amount(amount_minor: int, code: str) -> str:
    """`123456, "CNY"` → `1,234.56 CNY`: for sentences; pages localise by themselves."""
    digits = CURRENCIES[code].exponent if code in CURRENCIES else 2
    sign = "-" if amount_minor < 0 else ""
    whole, rest = divmod(abs(amount_minor), 10**digits)
    return f"{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "") + f" {code}"


def parse_amount(text: str, code: str) -> int:
    """`"1,234.56"` → minor units; refuses fractions finer than the minor unit, signs and anything else."""
    digits = currency(code).exponent
    match = _AMOUNT.fullmatch(text.strip())
    whole, rest = (match[1].replace(",", ""), match[2] or "") if match else ("", "")
    # Commas count only between groups of three: "12,50" is somebody's twelve and a half, not 1,250.
    if match is None or len(rest) > digits or len(whole) > _WHOLE_DIGITS_MAX:
        raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} is not an amount in {code} with at most {digits} decimals")
    return check_amount(int(whole) * 10**digits + int(rest.ljust(digits, "0") or "0"))
