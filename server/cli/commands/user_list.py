"""`doorstep user-list`: who may sign in to the console."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.office import data_option, office_session

__all__ = ["command"]


@click.command()
@data_option()
def command(data: Path) -> None:
    """List people with their roles."""
    with office_session(data) as office:
        users = office.get("/api/v1/office/users")
    for user in users:
        click.echo(f"{user['name']}: {', '.join(user['roles'])}{' (disabled)' if user['disabled'] else ''}")
    if not users:
        click.echo("Nobody yet: add somebody with doorstep user-add.")
