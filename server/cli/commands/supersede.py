"""`doorstep supersede`: the next version of a notice."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, read_bytes, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("notice")
@click.argument("letter", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--amount", "amount_minor", type=int, required=True, help="The amount it states, in minor units.")
@click.option("--issued-on", required=True, metavar="YYYY-MM-DD", help="Its day.")
@click.option("--title", default="", help="Its title; the last version's if not given.")
@basis_option()
def command(
    data: Path,
    user: str,
    role: str,
    notice: str,
    letter: Path,
    amount_minor: int,
    issued_on: str,
    title: str,
    basis: str | None,
) -> None:
    """Issue the next version of NOTICE with the content of the file LETTER."""
    wanted = {
        "content": b64encode(read_bytes(letter)).decode(),
        "amount_minor": amount_minor,
        "issued_on": issued_on,
        "title": title,
        "basis": basis,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"notices/{notice}/supersede"), wanted)
    click.echo(f"{notice} is at version {made['version']}; {made['documents_changed']} changes for phones")
