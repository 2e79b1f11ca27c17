"""`doorstep accounts`: what is owed."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import json_option, office_options, route, show_table
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("admin")
@click.option("--after", default="", help="Begin behind this account.")
@click.option("--limit", default=1000, show_default=True, help="How many.")
@json_option()
def command(data: Path, user: str, role: str, after: str, limit: int, as_json: bool) -> None:
    """List accounts by id, as last folded; amounts are minor units."""
    with office_session(data, user=user, role=role) as office:
        page = office.get(route("accounts"), {"after": after, "limit": str(limit)})
    columns = ["account", "status", "payoff_minor", "external_minor", "collected_minor", "debt_left_minor", "currency"]
    show_table(page["items"], columns, as_json=as_json)
    if page["next"]:
        click.echo(f"more: --after {page['next']}", err=True)
