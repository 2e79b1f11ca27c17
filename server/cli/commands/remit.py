"""`doorstep remit`: cleared money to a creditor, in numbered batches."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from server.cli.asking import basis_option, json_option, office_options, route, show, show_table
from server.cli.office import office_session
from server.services.money.remittance import WHY
from sync.money import format_amount

__all__ = ["command"]


@click.group()
def command() -> None:
    """Pass cleared money on to creditors."""


@command.command("draft")
@office_options("cashier")
@click.argument("creditor")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 letters.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the reasons.")
@json_option()
def draft_command(data: Path, user: str, role: str, creditor: str, currency: str, lang: str, as_json: bool) -> None:
    """Show what CREDITOR's next batch would hold, and what stays out and why."""
    with office_session(data, user=user, role=role) as office:
        found = office.get(route("remittances/draft"), {"creditor": creditor, "currency": currency})
    if as_json:
        show(found)
        return
    lines = [*found["lines"], *found["waiting"]]
    for line in lines:
        line["why"] = WHY[line["why"]][lang == "zh"] if line["why"] else ""
    show_table(lines, ["account", "series", "amount_minor", "method", "branch", "why"], as_json=False)
    click.echo(_told(found, f"batch {found['number']} would be"))


@command.command("batch")
@office_options("cashier")
@click.argument("creditor")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 letters.")
@click.option("--day", default="", help="The day in whose books it stands; today if not given.")
@basis_option()
def batch_command(data: Path, user: str, role: str, creditor: str, currency: str, day: str, basis: str | None) -> None:
    """Number CREDITOR's next batch over everything that is cleared."""
    with office_session(data, user=user, role=role) as office:
        wanted = {"creditor": creditor, "currency": currency, "day": day, "basis": basis}
        made = office.post(route("remittances"), wanted)
    amount = format_amount(made["amount_minor"], made["currency"])
    click.echo(f"{creditor} batch {made['number']}: {made['lines']} lines, {amount}")


@command.command("list")
@office_options("cashier")
@click.argument("creditor")
@json_option()
def list_command(data: Path, user: str, role: str, creditor: str, as_json: bool) -> None:
    """List CREDITOR's batches."""
    with office_session(data, user=user, role=role) as office:
        found = office.get(route("remittances"), {"creditor": creditor})
    columns = ["number", "day", "currency", "amount_minor", "lines", "rejected", "rejected_minor"]
    show_table(found, columns, as_json=as_json)


@command.command("csv")
@office_options("cashier")
@click.argument("creditor")
@click.argument("number", type=int)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; standard output if not given.")
def csv_command(data: Path, user: str, role: str, creditor: str, number: int, out: Path | None) -> None:
    """Write batch NUMBER of CREDITOR as CSV, the same bytes each time."""
    with office_session(data, user=user, role=role) as office:
        content = office.get_bytes(route(f"remittances/{creditor}/{number}"))
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_bytes(content)


def _told(found: dict[str, Any], what: str) -> str:
    amount = format_amount(found["amount_minor"], found["currency"])
    waiting = Counter(line["why"] for line in found["waiting"])
    rest = f"; {sum(waiting.values())} stay out" if waiting else ""
    return f"{what} {len(found['lines'])} lines, {amount}{rest}"
