"""Reads the real data of a world's folder: card clients, and the towns with their townships.

Every refusal names the file, the row and the value; nothing is guessed and no row is passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

import msgspec

from server.demo.limits import SETTLEMENT_WEIGHT_MAX, SETTLEMENT_WEIGHT_UNKNOWN
from sync.errors import Refused

__all__ = ["BRANCHES", "CardClient", "Settlement", "read_clients", "read_settlements"]

BRANCHES = {"yancheng": "YC", "xinyang": "XY"}
"""Box in `geonames_towns.csv` → branch; the order is the order of the branches everywhere."""

_PROVINCES = {"32": "江苏省", "41": "河南省"}
_MONTHS = ("0", "2", "3", "4", "5", "6")  # the source calls its newest delay PAY_0, not PAY_1


class CardClient(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the source: newest month first; delays in months, bills and payments in whole units."""

    number: int
    female: bool
    delays: tuple[int, ...]
    bills: tuple[int, ...]
    payments: tuple[int, ...]


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """A real town (WGS-84), how many live there, and what addresses in it begin with."""

    geonameid: str
    branch_id: str
    latitude: float
    longitude: float
    population: int
    addresses: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How likely a customer lives here."""
        return min(self.population or SETTLEMENT_WEIGHT_UNKNOWN, SETTLEMENT_WEIGHT_MAX)


def read_clients(folder: Path) -> list[CardClient]:
    """All card clients in the order of the file; raises Refused FILE-UNREADABLE or IMPORT-MALFORMED."""
    name = "taiwan_credit_default_2005.csv"
    delays = [f"PAY_{month}" for month in _MONTHS]
    bills = [f"BILL_AMT{month}" for month in range(1, 7)]
    payments = [f"PAY_AMT{month}" for month in range(1, 7)]
    clients = [
        CardClient(
            number=row.integer("ID"),
            female=row.text("SEX") == "2",
            delays=tuple(map(row.integer, delays)),
            bills=tuple(map(row.integer, bills)),
            payments=tuple(map(row.integer, payments)),
        )
        for row in _rows(folder / name, ("ID", "SEX", *delays, *bills, *payments))
    ]
    if len({client.number for client in clients}) != len(clients):
        raise Refused("IMPORT-MALFORMED", f"{name}: an ID occurs twice")
    return clients


def read_settlements(folder: Path) -> list[Settlement]:
    """Towns that have a township by `settlements.csv`, by branch and id; raises like `read_clients`."""
    prefixes = _address_prefixes(folder)
    towns = {
        row.text("geonameid"): row
        for row in _rows(folder / "geonames_towns.csv", ("box", "geonameid", "lat", "lon", "population"))
    }
    joined: dict[str, list[str]] = {}
    for row in _rows(folder / "settlements.csv", ("geonameid", "township_code")):
        town, township = row.text("geonameid"), row.text("township_code")
        if town not in towns:
            raise row.wrong("geonameid", "a town of geonames_towns.csv")
        if township not in prefixes:
            raise row.wrong("township_code", "a township of townships.csv")
        joined.setdefault(town, []).append(prefixes[township])
    branches = list(BRANCHES.values())
    settlements = [_settlement(towns[town], addresses) for town, addresses in joined.items()]
    return sorted(settlements, key=lambda one: (branches.index(one.branch_id), int(one.geonameid)))


def _settlement(town: _Row, addresses: list[str]) -> Settlement:
    if town.text("box") not in BRANCHES:
        raise town.wrong("box", f"one of {', '.join(BRANCHES)}")
    return Settlement(
        geonameid=str(town.integer("geonameid")),
        branch_id=BRANCHES[town.text("box")],
        latitude=town.number("lat"),
        longitude=town.number("lon"),
        population=town.integer("population"),
        addresses=tuple(sorted(addresses)),
    )


def _address_prefixes(folder: Path) -> dict[str, str]:
    """Township code → how its addresses begin, e.g. 江苏省盐城市亭湖区五星街道."""
    rows = list(_rows(folder / "townships.csv", ("code", "parent_code", "level", "full_name")))
    full = {row.text("code"): row.text("full_name") for row in rows}
    prefixes = {}
    for row in rows:
        code, county = row.text("code"), row.text("parent_code")
        if row.text("level") != "3":
            continue
        if county not in full or county[:4] not in full or county[:2] not in _PROVINCES:
            raise row.wrong("parent_code", "a county of this file")
        prefixes[code] = _PROVINCES[county[:2]] + full[county[:4]] + full[county] + full[code]
    return prefixes


class _Row:
    """One line of a file under its header, that can say where it stands."""

    def __init__(self, path: Path, line: int, header: dict[str, int], cells: list[str]) -> None:
        self._path, self._line, self._header, self._cells = path, line, header, cells

    def text(self, column: str) -> str:
        return self._cells[self._header[column]]

    def integer(self, column: str) -> int:
        try:
            return int(self.text(column))
        except ValueError:
            raise self.wrong(column, "a whole number") from None

    def number(self, column: str) -> float:
        try:
            value = float(self.text(column))
        except ValueError:
            raise self.wrong(column, "a number") from None
        if not isfinite(value):
            raise self.wrong(column, "a finite number")
        return value

    def wrong(self, column: str, expected: str) -> Refused:
        where = f"{self._path.name} line {self._line}"
        return Refused("IMPORT-MALFORMED", f"{where}: {column} is {self.text(column)!r}, expected {expected}")


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[_Row]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = next(reader, [])
            missing = [column for column in columns if column not in names]
            if missing:
                raise Refused("IMPORT-MALFORMED", f"{path.name} line 1: no column {', '.join(missing)}")
            header = {name: index for index, name in enumerate(names)}
            for cells in reader:
                if len(cells) != len(names):
                    cause = f"{path.name} line {reader.line_num}: {len(cells)} cells, expected {len(names)}"
                    raise Refused("IMPORT-MALFORMED", cause)
                yield _Row(path, reader.line_num, header, cells)
    except OSError as error:
        raise Refused("FILE-UNREADABLE", f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("IMPORT-MALFORMED", f"{path.name}: {error}") from error
