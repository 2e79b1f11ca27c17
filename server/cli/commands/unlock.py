"""`doorstep unlock`: the phone was found, its agent works again."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("device")
@click.option("--reason", required=True, help="Why.")
@basis_option()
def command(data: Path, user: str, role: str, device: str, reason: str, basis: str | None) -> None:
    """Lift the lock of DEVICE, and a wipe that it has not done yet."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"devices/{device}/unlock"), {"reason": reason, "basis": basis})
    click.echo(f"{device} is unlocked from its next exchange on, operation {made['operation'][:12]}")
