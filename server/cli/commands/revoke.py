"""`doorstep revoke`: a lost or stolen phone."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("device")
@click.option("--reason", required=True, help="Why.")
def command(data: Path, user: str, role: str, device: str, reason: str) -> None:
    """Revoke DEVICE: what the office holds now goes on counting, what comes later is held."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"devices/{device}/revoke"), {"reason": reason})
    click.echo(f"{device} is revoked, operation {made['operation'][:12]}")
