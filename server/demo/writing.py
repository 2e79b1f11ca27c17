"""Writes a world as the office's intake files: RFC 4180 (UTF-8, CRLF, a header row), and letters as text."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

import msgspec

from server.demo.records import Account, Agent, Notice, Payment, Visit, World
from sync.errors import Refused

__all__ = ["FILES", "columns_of", "write_world"]

FILES: dict[str, type[msgspec.Struct]] = {
    "accounts": Account,
    "visits": Visit,
    "notices": Notice,
    "agents": Agent,
    "payments": Payment,
}
"""Name of the file without `.csv`, and of the world's field → the struct of its rows."""

_NOT_COLUMNS = frozenset({"text"})  # a letter is a file of its own: it has several lines


def write_world(world: World, folder: Path) -> tuple[Path, ...]:
    """Write the five files and `notices/ID-vN.txt` into the folder (made if missing); returns their paths.

    Files of the same names are replaced. Raises Refused FILE-UNREADABLE when the folder cannot be written.
    """
    try:
        letters = folder / "notices"
        letters.mkdir(parents=True, exist_ok=True)
        tables = [_write_table(folder / f"{name}.csv", kind, getattr(world, name)) for name, kind in FILES.items()]
        return (*tables, *(_write_letter(letters, notice) for notice in world.notices))
    except OSError as error:
        raise Refused("FILE-UNREADABLE", f"{error.filename or folder}: {error.strerror}") from error


def columns_of(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The header of a file whose rows are such structs."""
    return tuple(name for name in kind.__struct_fields__ if name not in _NOT_COLUMNS)


def _write_table(path: Path, kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> Path:
    columns = columns_of(kind)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)
    return path


def _write_letter(folder: Path, notice: Notice) -> Path:
    path = folder / f"{notice.notice_id}-v{notice.version}.txt"
    path.write_bytes(notice.text.encode())
    return path


def _cell(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6f}"
        case None:
            return ""
        case time():
            return value.isoformat("minutes")
        case date():  # a datetime too: RFC 3339 with its offset
            return value.isoformat()
        case tuple():
            return ";".join(value)
        case _:
            return str(value)
