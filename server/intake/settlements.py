"""Settlement statements of any provider: CSV with a mapping from our fields to the file's columns.

Providers put lines of prose before the header and totals after the rows, write amounts in major units, mark cells
with tabs or grave accents, and encode in GB 18030. The mapping says where our fields stand; the header is the first
row that has every column it names. From there on each row is a line, until an empty row or one that begins with ``#``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from server.intake import cells
from server.intake.faults import Faults
from server.intake.limits import IMPORT_BYTES_MAX, IMPORT_ROWS_MAX
from sync.errors import DoorstepError, Refused
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import CURRENCIES, parse_amount

__all__ = ["ENCODINGS", "StatementMapping", "StatementRow", "read_mapping", "read_statement"]

ENCODINGS = ("utf-8", "gb18030")
"""How a statement may be encoded."""

_MARKS = " \t`'\""
_HINT = re.compile(r"[A-Za-z0-9._-]{4,64}", re.ASCII)


class StatementMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of the file's columns, and how its cells are written."""

    order: str
    amount: str
    at: str
    currency: str = ""
    """Column; empty: every line is in `currency_code`."""
    currency_code: str = "CNY"
    kind: str = ""
    """Column that says whether a line is a reversal, by one of `reversed_words`."""
    reversed_words: tuple[str, ...] = ()
    payer_hint: str = ""
    unit: Literal["major", "minor"] = "major"
    time_format: str = "%Y-%m-%d %H:%M:%S"
    """As Python's strptime; empty: RFC 3339."""
    offset: str = "+08:00"
    """Of times that state none."""


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line: `row` is its place in the file, `line` counts lines from 1; the amount is never negative."""

    row: int
    line: int
    order: str
    amount_minor: int
    currency: str
    at_ms: int
    reversed: bool
    payer_hint: str


def read_mapping(data: str | bytes) -> StatementMapping:
    """Decode a mapping from JSON; raises ARGUMENT-WRONG that names the wrong member."""
    try:
        mapping = msgspec.json.decode(data, type=StatementMapping)
    except msgspec.DecodeError as error:
        raise Refused("ARGUMENT-WRONG", f"the column mapping is not usable: {error}") from error
    if mapping.currency_code not in CURRENCIES:
        raise Refused("ARGUMENT-WRONG", f"currency_code {mapping.currency_code[:10]!r} is not known")
    if re.fullmatch(r"[+-][0-9]{2}:[0-9]{2}", mapping.offset, re.ASCII) is None:
        raise Refused("ARGUMENT-WRONG", f"offset {mapping.offset[:10]!r} is not like +08:00")
    return mapping


def read_statement(file: str, data: bytes, mapping: StatementMapping, encoding: str = "utf-8") -> list[StatementRow]:
    """Lines of a statement, or IMPORT-MALFORMED with every fault; ARGUMENT-WRONG for an unknown encoding."""
    if encoding not in ENCODINGS:
        raise Refused("ARGUMENT-WRONG", f"encoding {encoding[:20]!r} is not one of {', '.join(ENCODINGS)}")
    faults = Faults(file)
    if len(data) > IMPORT_BYTES_MAX:
        faults.add(0, "", "", f"{len(data)} bytes, at most {IMPORT_BYTES_MAX} are taken at once: split the file")
    faults.refuse()
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        faults.add(0, "", "", f"not {encoding} at byte {error.start}")
        faults.refuse()
        raise
    rows: list[StatementRow] = []
    names: list[str] = []
    for number, found in _records(text, faults):
        if not names:
            if _wanted(mapping) <= set(found):
                names = found
            continue
        if not any(found) or found[0].startswith("#"):
            break
        row = _row(number, len(rows) + 1, names, found, mapping, faults)
        if row is not None:
            rows.append(row)
    if not names:
        faults.add(0, "", "", f"no header row has the columns {', '.join(sorted(_wanted(mapping)))}")
    faults.refuse()
    return rows


def _wanted(mapping: StatementMapping) -> set[str]:
    return {mapping.order, mapping.amount, mapping.at, mapping.currency, mapping.kind, mapping.payer_hint} - {""}


def _records(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    number = 0
    try:
        for found in reader:
            number += 1
            if number > IMPORT_ROWS_MAX:
                faults.add(number, "", "", f"more than {IMPORT_ROWS_MAX} rows: split the file")
                return
            yield number, [cell.strip(_MARKS) for cell in found]
    except csv.Error as error:
        faults.add(number + 1, "", "", f"not CSV: {error}")


def _row(
    number: int, line: int, names: Sequence[str], found: Sequence[str], mapping: StatementMapping, faults: Faults
) -> StatementRow | None:
    if len(found) < len(names):
        faults.add(number, "", "", f"{len(found)} cells under a header of {len(names)}")
        return None
    values = dict(zip(names, found, strict=False))
    before = faults.count
    code = values[mapping.currency] if mapping.currency else mapping.currency_code
    order, amount, back, at_ms = "", 0, False, 0
    for column in (mapping.currency or "", mapping.order, mapping.amount, mapping.at):
        try:
            if column == mapping.order:
                order = cells.identifier(values[column])
            elif column == mapping.amount and code in CURRENCIES:
                amount, back = _amount(values[column], code, mapping)
            elif column == mapping.at:
                at_ms = _moment(values[column], mapping)
            elif column:
                cells.currency_code(code)
        except ValueError as error:
            faults.add(number, column, values[column], str(error))
        except DoorstepError as error:
            faults.add(number, column, values[column], error.cause)
    if faults.count != before:
        return None
    if mapping.kind and values[mapping.kind] in mapping.reversed_words:
        back = True
    hint = values.get(mapping.payer_hint, "") if mapping.payer_hint else ""
    return StatementRow(
        row=number,
        line=line,
        order=order,
        amount_minor=amount,
        currency=code,
        at_ms=at_ms,
        reversed=back,
        # Anything but an account's id or digits may be a person's name, which no operation carries.
        payer_hint=hint if _HINT.fullmatch(hint) else "",
    )


def _amount(cell: str, code: str, mapping: StatementMapping) -> tuple[int, bool]:
    """Minor units and whether the sign takes them back."""
    text = cell.replace("¥", "").replace("￥", "").strip()
    back = text.startswith("-")
    text = text.lstrip("+-")
    return (cells.whole(1, AMOUNT_MINOR_MAX)(text) if mapping.unit == "minor" else parse_amount(text, code)), back


def _moment(cell: str, mapping: StatementMapping) -> int:
    if not mapping.time_format:
        return cells.moment_ms(cell)
    try:
        found = datetime.strptime(f"{cell} {mapping.offset}", f"{mapping.time_format} %z")
    except ValueError as error:
        raise ValueError(f"not a time like {mapping.time_format}") from error
    return int(found.timestamp()) * 1000
