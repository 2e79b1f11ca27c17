"""`doorstep discrepancies`: where field and office, or two facts, disagree."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import json_option, office_options, route, show_table
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.option("--branch", help="Only this branch's.")
@click.option("--day", help="Only this service day's.")
@click.option("--rule", help="Only this rule's.")
@click.option("--open", "open_only", is_flag=True, help="Only those that wait for a decision.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the words.")
@json_option()
def command(
    data: Path,
    user: str,
    role: str,
    branch: str | None,
    day: str | None,
    rule: str | None,
    open_only: bool,
    lang: str,
    as_json: bool,
) -> None:
    """List discrepancies with their words, grounds and decisions."""
    filters = {"branch": branch, "service_day": day, "rule": rule}
    wanted = {name: value for name, value in filters.items() if value is not None}
    with office_session(data, user=user, role=role) as office:
        page = office.get(route("discrepancies"), {**wanted, "open_only": str(open_only).lower(), "language": lang})
    show_table(page["items"], ["id", "severity", "open", "decides", "sentence"], as_json=as_json)
