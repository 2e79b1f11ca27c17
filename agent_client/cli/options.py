"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import click

from sync.errors import Refused
from sync.operations import Position

__all__ = ["day_option", "json_option", "parse_position", "position_option", "qr_option"]

_E7: Final = Decimal(10_000_000)

json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
day_option: Callable[[Any], Any] = click.option("--day", default="", metavar="YYYY-MM-DD", help="Another service day.")
position_option: Callable[[Any], Any] = click.option(
    "--position", metavar="LAT,LON[,METRES]", help="Where it happened (WGS-84), with the accuracy in metres."
)
qr_option: Callable[[Any], Any] = click.option(
    "--qr/--no-qr", "qr", default=None, help="Show the receipt's code; by default on a terminal."
)


def parse_position(given: str | None) -> Position | None:
    """``33.35,120.16,12`` → ten-millionths of a degree, metres (30 unless given)."""
    if given is None:
        return None
    parts = given.split(",")
    try:
        numbers = [Decimal(part.strip()) for part in parts]
        latitude, longitude = numbers[0], numbers[1]
        accuracy = numbers[2] if len(numbers) > 2 else Decimal(30)
        fits = abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= accuracy <= 100_000 and len(numbers) <= 3
    except (InvalidOperation, IndexError, ValueError) as error:
        raise Refused("ARGUMENT-WRONG", f"{given[:40]!r} is not LAT,LON[,METRES]") from error
    if not fits:
        raise Refused("ARGUMENT-WRONG", f"{given[:40]!r} is not a place on earth")
    return Position(int(latitude * _E7), int(longitude * _E7), int(accuracy))
