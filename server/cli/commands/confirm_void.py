"""`doorstep confirm-void`: the customer confirmed a void."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("series")
@click.option("--code", help="The void code that the customer gave; without it: asked at the registered contact.")
def command(data: Path, user: str, role: str, series: str, code: str | None) -> None:
    """Confirm the void of the receipt SERIES (key/epoch/number)."""
    means = "registered_contact" if code is None else "void_code"
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("voids/confirm"), {"series": series, "means": means, "code": code or ""})
    click.echo(f"the void of {series} is confirmed, operation {made['operation'][:12]}")
