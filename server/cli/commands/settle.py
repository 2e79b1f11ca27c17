"""`doorstep settle`: a provider's settlement statement into the office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode

import click

from server.cli.asking import json_option, office_options, read_bytes, route, show
from server.cli.office import office_session
from server.intake.settlements import ENCODINGS
from sync.errors import Refused
from sync.operations.money import Provider

__all__ = ["command"]


@click.command()
@office_options("cashier")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--provider", required=True, type=click.Choice(get_args(Provider)),
              help="Who settles; deposit: the bank, by the slips of branches' deposits.")  # fmt: skip
@click.option("--statement", help="The statement's name; the file's if not given.")
@click.option("--mapping", type=click.Path(path_type=Path), help="JSON file: our fields to the file's columns.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN",
              help="One field of the mapping: order=商户订单号, amount=金额, at=时间, unit=minor.")  # fmt: skip
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8", show_default=True, help="Of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would be new, and write nothing.")
@json_option()
def command(
    data: Path,
    user: str,
    role: str,
    file: Path,
    provider: str,
    statement: str | None,
    mapping: Path | None,
    columns: tuple[str, ...],
    encoding: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import the settlement statement FILE (CSV), whole or not at all; its lines confirm what was claimed."""
    query = urlencode(
        {
            "provider": provider,
            "statement": statement or file.name,
            "mapping": json.dumps(_mapping(mapping, columns), ensure_ascii=False),
            "encoding": encoding,
            "dry_run": str(dry_run).lower(),
        }
    )
    with office_session(data, user=user, role=role) as office:
        summary = office.put(f"{route('settlements/statement')}?{query}", read_bytes(file), "text/csv")
    if as_json:
        show(summary)
        return
    verb = "would be new" if dry_run else "new"
    click.echo(f"{summary['file']}: {summary['rows']} lines, {summary['new']} {verb}, {summary['same']} known")


def _mapping(path: Path | None, columns: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    if path is not None:
        try:
            loaded = json.loads(read_bytes(path))
        except ValueError as error:
            raise Refused("FILE-UNREADABLE", f"{path}: not JSON: {error}") from error
        if not isinstance(loaded, dict):
            raise Refused("FILE-UNREADABLE", f"{path}: not a JSON object")
        found |= loaded
    for text in columns:
        field, sign, column = text.partition("=")
        if not sign or not field:
            raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} is not FIELD=COLUMN")
        found[field] = column.split(";") if field == "reversed_words" else column
    return found
