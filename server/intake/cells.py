"""What a cell may hold: one function for each type, from text to value; a ValueError's message is the reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from server.intake.limits import IDENTIFIER_CHARACTERS_MAX, NAME_CHARACTERS_MAX
from sync.errors import Refused
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import CURRENCIES
from sync.policy.zones import zone_of

__all__ = [
    "amount",
    "choice",
    "choices",
    "clock_time",
    "currency_code",
    "day",
    "degrees",
    "digits",
    "identifier",
    "moment_ms",
    "optional",
    "phone",
    "sha256",
    "signed_amount",
    "text",
    "whole",
    "yes_no",
]

Cell = Callable[[str], Any]
_IDENTIFIER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{IDENTIFIER_CHARACTERS_MAX - 1}}}", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", re.ASCII)
_CLOCK = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
_PHONE = re.compile(r"\+[1-9][0-9]{5,14}", re.ASCII)
_DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def identifier(cell: str) -> str:
    """Letters, digits, dot, hyphen, underscore; it stands in keys, where other characters have a meaning."""
    if _IDENTIFIER.fullmatch(cell) is None:
        raise ValueError(
            f"not an identifier of 1 to {IDENTIFIER_CHARACTERS_MAX} letters, digits, dots, hyphens and underscores"
        )
    return cell


def text(cell: str) -> str:
    """Any characters but control characters, 1 to 200 of them."""
    if not 0 < len(cell) <= NAME_CHARACTERS_MAX:
        raise ValueError(f"not a text of 1 to {NAME_CHARACTERS_MAX} characters")
    if any(ord(character) < 32 or ord(character) == 127 for character in cell):
        raise ValueError("a control character stands in it")
    return cell


def whole(low: int, high: int) -> Cell:
    """A whole number within bounds, written with digits only."""

    def read(cell: str) -> int:
        if _WHOLE.fullmatch(cell) is None:
            raise ValueError("not a whole number")
        value = int(cell)
        if not low <= value <= high:
            raise ValueError(f"outside {low} to {high}")
        return value

    return read


amount = whole(0, AMOUNT_MINOR_MAX)
"""Minor units, zero or more."""

signed_amount = whole(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX)
"""Minor units; negative is the customer's credit."""


def currency_code(cell: str) -> str:
    """ISO 4217 letters of a currency that receipts carry."""
    if cell not in CURRENCIES:
        raise ValueError(f"not one of {', '.join(sorted(CURRENCIES))}")
    return cell


def choice(*words: str) -> Cell:
    """One of some words."""

    def read(cell: str) -> str:
        if cell not in words:
            raise ValueError(f"not one of {', '.join(words)}")
        return cell

    return read


def choices(*words: str) -> Cell:
    """Some of the words, ``;`` between, none twice; at least one."""

    def read(cell: str) -> tuple[str, ...]:
        found = tuple(cell.split(";"))
        unknown = [word for word in found if word not in words]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of {', '.join(words)}")
        if len(set(found)) != len(found):
            raise ValueError("a word stands twice")
        return found

    return read


def yes_no(cell: str) -> bool:
    """``yes`` or ``no``."""
    if cell not in ("yes", "no"):
        raise ValueError("not yes or no")
    return cell == "yes"


def day(cell: str) -> str:
    """``YYYY-MM-DD``, a day that exists."""
    try:
        found = date.fromisoformat(cell)
    except ValueError as error:
        raise ValueError("not a day, YYYY-MM-DD") from error
    if found.isoformat() != cell:
        raise ValueError("not a day, YYYY-MM-DD")
    return cell


def clock_time(cell: str) -> int:
    """``HH:MM`` as seconds since local midnight; ``24:00`` is the end of the day."""
    match = _CLOCK.fullmatch(cell)
    if match is None:
        raise ValueError("not a time, HH:MM")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > _DAY_S:
        raise ValueError("not a time from 00:00 to 24:00")
    return total


def moment_ms(cell: str) -> int:
    """RFC 3339 with an offset, as milliseconds since 1970 UTC."""
    if _MOMENT.fullmatch(cell) is None:
        raise ValueError("not a time with offset, such as 2026-03-02T06:00:00+08:00")
    try:
        found = datetime.fromisoformat(cell)
        return (found - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError) as error:
        raise ValueError("not a time that exists") from error


def degrees(bound: int) -> Cell:
    """Decimal degrees within ± the bound, exact."""

    def read(cell: str) -> float:
        if _DEGREES.fullmatch(cell) is None:
            raise ValueError("not decimal degrees")
        try:
            value = float(Decimal(cell))
        except InvalidOperation as error:
            raise ValueError("not decimal degrees") from error
        if not -bound <= value <= bound:
            raise ValueError(f"outside -{bound} to {bound} degrees")
        return value

    return read


def phone(cell: str) -> str:
    """E.164: a plus sign and 6 to 15 digits."""
    if _PHONE.fullmatch(cell) is None:
        raise ValueError("not a telephone number such as +8613800000000")
    return cell


def digits(low: int, high: int) -> Cell:
    """Between so many ASCII digits, zeros in front kept."""

    def read(cell: str) -> str:
        if not (cell.isascii() and cell.isdigit() and low <= len(cell) <= high):
            span = str(low) if low == high else f"{low} to {high}"
            raise ValueError(f"not {span} digits")
        return cell

    return read


def sha256(cell: str) -> str:
    """64 lower-case hexadecimal digits."""
    if len(cell) != 64 or not set(cell) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256 of 64 hexadecimal digits")
    return cell


def zone(cell: str) -> str:
    """The IANA name of a time zone that is known here."""
    try:
        zone_of(cell)
    except Refused as error:
        raise ValueError("not a time zone that is known here, like Asia/Shanghai") from error
    return cell


def optional(cell_type: Cell, empty: Any) -> Cell:
    """The same, but an empty cell has a value of its own."""

    def read(cell: str) -> Any:
        return cell_type(cell) if cell else empty

    return read
