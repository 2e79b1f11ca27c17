"""`doorstep drawers`: the cash of a branch's day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from server.cli.asking import json_option, office_options, route, show_table
from server.cli.office import office_session
from sync.money import format_amount

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("branch")
@click.argument("service_day")
@json_option()
def command(data: Path, user: str, role: str, branch: str, service_day: str, as_json: bool) -> None:
    """List the drawers of BRANCH's SERVICE_DAY; a cashier sees no amount before counting."""
    with office_session(data, user=user, role=role) as office:
        rows = office.get(route("drawers"), {"branch": branch, "service_day": service_day})
    if not as_json:
        rows = [row | {"amounts": _amounts(row)} for row in rows]
    columns = ["agent", "service_day", "reported", "lost", "counted", "closed", "amounts"]
    show_table(rows, columns, as_json=as_json)


def _amounts(row: dict[str, Any]) -> str:
    if row["blind"]:
        return "blind until counted"
    return "; ".join(
        f"expected {format_amount(line['expected'], line['currency'])},"
        f" handed over {format_amount(line['handed_over'], line['currency'])}"
        for line in row["equations"]
    )
