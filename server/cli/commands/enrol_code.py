"""`doorstep enrol-code`: a one-time code with which an agent's phone is enrolled."""

from __future__ import annotations

from pathlib import Path

import click
import qrcode

from server.cli.office import data_option, office_session

__all__ = ["command"]


@click.command()
@data_option()
@click.option("--agent", required=True, help="The agent's id.")
@click.option("--text-only", is_flag=True, help="No QR code, for a terminal that cannot show one.")
def command(data: Path, agent: str, text_only: bool) -> None:
    """Print a code (QR and text) that enrols one phone within ten minutes."""
    with office_session(data) as office:
        made = office.post("/api/v1/office/enrol-codes", {"agent": agent})
    if not text_only:
        code = qrcode.QRCode(border=2)
        code.add_data(made["qr"])
        code.print_ascii()
    click.echo(made["qr"])
    click.echo(f"The phone app: {made['app']}")
    click.echo(f"Code for {made['agent']}, valid for ten minutes: {made['code']}")
