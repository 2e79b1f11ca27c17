# ruff: noqa: N999  # the file is named for its command, and only ever imported by that name
"""`doorstep import`: a folder of CSV files, or a single one, into the office."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from server.cli.asking import office_options, read_bytes, route, show
from server.cli.office import office_session
from sync.errors import Refused

__all__ = ["command"]


_KINDS = ("agents", "accounts", "notices", "visits", "payments", "rejections")
"""In the order in which a folder is imported: what is named comes before what names it."""


@click.command("import")
@office_options("admin")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--kind", type=click.Choice(_KINDS), help="What the file holds; else its name says it.")
@click.option(
    "--datum", type=click.Choice(["wgs84", "gcj02", "bd09"]), default="wgs84", show_default=True,
    help="Datum of coordinates whose row names none.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be new, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    data: Path, user: str, role: str, path: Path, kind: str | None, datum: str, dry_run: bool, as_json: bool
) -> None:
    """Import agents, accounts, notices, visits, payments and a creditor's rejections; each file whole or not at all."""
    files = _files(path, kind)
    summaries = []
    with office_session(data, user=user, role=role) as office:
        for name, file in files:
            if name == "notices" and not dry_run:
                for letter in sorted((file.parent / "notices").glob("*")):
                    office.put(route("letters"), read_bytes(letter))
            query = urlencode({"file": file.name, "datum": datum, "dry_run": str(dry_run).lower()})
            summaries.append(office.put(f"{route('imports')}/{name}?{query}", read_bytes(file), "text/csv"))
            if not as_json:
                click.echo(_told(summaries[-1]))
    if as_json:
        show(summaries)


def _files(path: Path, kind: str | None) -> list[tuple[str, Path]]:
    if path.is_dir():
        found = [(name, path / f"{name}.csv") for name in _KINDS if (path / f"{name}.csv").is_file()]
        if not found:
            raise Refused("FILE-UNREADABLE", f"{path} holds none of {', '.join(f'{name}.csv' for name in _KINDS)}")
        return found
    name = kind or path.stem
    if name not in _KINDS:
        raise Refused("ARGUMENT-WRONG", f"{path.name} could hold anything: say --kind {'|'.join(_KINDS)}")
    return [(name, path)]


def _told(summary: dict[str, Any]) -> str:
    verb = "would be new" if summary["dry_run"] else "new"
    rest = f", {summary['letters_missing']} letters still missing" if summary["letters_missing"] else ""
    return f"{summary['file']}: {summary['rows']} rows, {summary['new']} {verb}, {summary['same']} known{rest}"
