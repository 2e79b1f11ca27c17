"""`doorstep withdraw`: no version of a notice shall be delivered any more."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("notice")
@click.option("--reason", type=click.Choice(["settled", "error", "disputed", "recalled"]), required=True, help="Why.")
@basis_option()
def command(data: Path, user: str, role: str, notice: str, reason: str, basis: str | None) -> None:
    """Withdraw NOTICE; phones that hold it are told."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"notices/{notice}/withdraw"), {"reason": reason, "basis": basis})
    click.echo(f"{notice} is withdrawn; {made['documents_changed']} changes for phones")
