"""`doorstep journal-lost`: close over what a device never delivered."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route, second_option
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("device")
@click.option("--epoch", type=int, required=True, help="The journal's epoch.")
@click.option("--from", "from_seq", type=int, required=True, help="First number that is lost.")
@click.option("--to", "to_seq", type=int, default=0, show_default=True, help="Last number; 0 is the tail.")
@click.option("--pack", default="", help="DAY/AGENT whose drawer is concerned.")
@click.option("--reason", required=True, help="Why it is lost.")
@second_option(required=True)
def command(
    data: Path, user: str, role: str, device: str, epoch: int, from_seq: int, to_seq: int, pack: str, reason: str,
    second: str,
) -> None:  # fmt: skip
    """Declare with a second person that operations of DEVICE are lost; what arrives later still counts."""
    wanted = {
        "epoch": epoch,
        "from_seq": from_seq,
        "to_seq": to_seq,
        "pack": pack,
        "reason": reason,
        "second": {"user": second},
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"devices/{device}/journal-lost"), wanted)
    click.echo(f"lost: {device} {epoch}/{from_seq}–{to_seq or 'end'}, operation {made['operation'][:12]}")
