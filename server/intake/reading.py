"""Reads a CSV file (RFC 4180, UTF-8 with or without a byte order mark) into rows, or says everything wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from server.intake.faults import Faults
from server.intake.limits import IMPORT_BYTES_MAX, IMPORT_ROWS_MAX
from server.intake.records import Row
from server.intake.tables import Table
from server.planning import Place, to_wgs84

__all__ = ["read_table"]

R = TypeVar("R", bound=Row)


def read_table(table: Table[R], file: str, data: bytes, datum: str = "wgs84") -> list[R]:
    """Rows of a file, in its order; coordinates become WGS-84 from the row's datum, else from `datum`.

    Columns may come in any order; a column that is not known, is missing or stands twice is a fault, since a
    typing error in a header must not lose a column. Spaces around a cell do not count, empty lines are passed over.
    Raises IMPORT-MALFORMED that lists every fault (up to 20, and how many more).
    """
    faults = Faults(file)
    if len(data) > IMPORT_BYTES_MAX:
        faults.add(0, "", "", f"{len(data)} bytes, at most {IMPORT_BYTES_MAX} are taken at once: split the file")
        faults.refuse()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(0, "", "", f"not UTF-8 at byte {error.start}")
        faults.refuse()
        raise
    records = _records(text, faults)
    header = next(records, None)
    if header is None:
        faults.refuse()
        faults.add(0, "", "", "it is empty: not even a header row")
        faults.refuse()
        return []
    names = [name.strip() for name in header[1]]
    _check_header(table, names, faults)
    faults.refuse()
    rows = [row for number, cells in records if (row := _row(table, names, number, cells, datum, faults)) is not None]
    _check_keys(table, rows, faults)
    faults.refuse()
    return rows


def _records(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each record that is not an empty line; a broken quote ends the file with a fault."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if number > IMPORT_ROWS_MAX + 1:
                faults.add(number, "", "", f"more than {IMPORT_ROWS_MAX} rows: split the file")
                return
            if cells:
                yield number, cells
    except csv.Error as error:
        faults.add(number + 1, "", "", f"not CSV: {error}")


def _check_header(table: Table[R], names: Sequence[str], faults: Faults) -> None:
    for name in dict.fromkeys(names):
        if name not in table.columns:
            faults.add(1, name or "(no name)", name, f"no column of {table.name}.csv")
        elif names.count(name) > 1:
            faults.add(1, name, name, "the column stands twice")
    for name in table.columns:
        if name not in names and name not in table.omissible:
            faults.add(1, name, "", "the column is missing")


def _row(
    table: Table[R], names: Sequence[str], number: int, cells: Sequence[str], datum: str, faults: Faults
) -> R | None:
    if len(cells) != len(names):
        faults.add(number, "", "", f"{len(cells)} cells under a header of {len(names)}")
        return None
    values: dict[str, Any] = {}
    wrong = False
    for name, cell in zip(names, cells, strict=True):
        stripped = cell.strip()
        try:
            values[name] = table.columns[name](stripped)
        except ValueError as error:
            faults.add(number, name, stripped, str(error))
            wrong = True
    if wrong:
        return None
    if table.coordinates is not None:
        values.setdefault("datum", datum)
        _convert(table.coordinates, values)
    row = table.kind(row=number, **values)
    for column, reason in table.check(row):
        faults.add(number, column, cells[names.index(column)].strip(), reason)
    return row


def _convert(columns: tuple[str, str], values: dict[str, Any]) -> None:
    """Replace both coordinates by WGS-84 ones."""
    if values["datum"] != "wgs84":
        place = to_wgs84(Place(values[columns[0]], values[columns[1]]), values["datum"])
        values[columns[0]], values[columns[1]] = place.latitude, place.longitude
    values["datum"] = "wgs84"


def _check_keys(table: Table[R], rows: Sequence[R], faults: Faults) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in table.key)
        first = seen.setdefault(key, row.row)
        if first != row.row:
            faults.add(row.row, table.key[0], str(key[0]), f"it stands in row {first} already")
