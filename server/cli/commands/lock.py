"""`doorstep lock`: a phone that is mislaid, or whose agent shall not work now."""

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
@click.option("--wipe", is_flag=True, help="Once everything is uploaded the phone removes what it downloaded.")
@basis_option()
def command(data: Path, user: str, role: str, device: str, reason: str, wipe: bool, basis: str | None) -> None:
    """Lock DEVICE: it only uploads from its next exchange on; what it wrote counts."""
    wanted = {"reason": reason, "wipe_after_upload": wipe, "basis": basis}
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"devices/{device}/lock"), wanted)
    wiped = " and wipes after upload" if wipe else ""
    click.echo(f"{device} is locked{wiped} from its next exchange on, operation {made['operation'][:12]}")
