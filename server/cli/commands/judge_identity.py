"""`doorstep judge-identity`: open a visit's sealed answers and compare them."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("visit")
def command(data: Path, user: str, role: str, visit: str) -> None:
    """Judge the identity checks of VISIT that were not judged yet."""
    with office_session(data, user=user, role=role) as office:
        judged = office.post(route(f"visits/{visit}/judge-identity"))
    for item in judged:
        click.echo(f"check {item['check'][:12]}: {'matched' if item['matched'] else 'not matched'}")
    if not judged:
        click.echo("nothing to judge")
