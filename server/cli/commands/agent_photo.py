"""`doorstep agent-photo`: the face that customers compare when they scan a badge."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, read_bytes, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("agent")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(data: Path, user: str, role: str, agent: str, file: Path) -> None:
    """Keep FILE (a JPEG or PNG of at most 96 KiB) as AGENT's picture; only a genuine badge shows it."""
    picture = read_bytes(file)
    with office_session(data, user=user, role=role) as office:
        made = office.put(route(f"agents/{agent}/photo"), picture)
    click.echo(f"{agent} has a picture, operation {made['operation'][:12]}")
