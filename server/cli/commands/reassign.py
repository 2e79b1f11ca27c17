"""`doorstep reassign`: take VISIT from its agent to AGENT; packs follow."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("visit")
@click.argument("agent")
@click.option("--position", type=int, help="Place in the route, from 1; last if not given.")
@basis_option()
def command(data: Path, user: str, role: str, visit: str, agent: str, position: int | None, basis: str | None) -> None:
    """Take VISIT from its agent to AGENT; packs follow."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"visits/{visit}/reassign"), {"agent": agent, "position": position, "basis": basis})
    click.echo(f"{visit} is {agent}'s; {made['documents_changed']} changes for phones")
