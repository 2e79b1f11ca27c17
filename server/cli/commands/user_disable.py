"""`doorstep user-disable NAME`: nobody signs in under this name any more."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import click

from server.cli.office import data_option, office_session

__all__ = ["command"]


@click.command()
@data_option()
@click.argument("name")
def command(data: Path, name: str) -> None:
    """Disable a person; their sessions end at once."""
    with office_session(data) as office:
        user = office.post(f"/api/v1/office/users/{quote(name, safe='')}/disable")
    click.echo(f"{user['name']} is disabled.")
