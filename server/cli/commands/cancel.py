"""`doorstep cancel`: call a visit off."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("visit")
@click.option("--reason", type=click.Choice(["customer", "office", "settled", "unsafe"]), required=True, help="Why.")
@basis_option()
def command(data: Path, user: str, role: str, visit: str, reason: str, basis: str | None) -> None:
    """Call VISIT off; it leaves the agent's pack."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"visits/{visit}/cancel"), {"reason": reason, "basis": basis})
    click.echo(f"{visit} is called off; {made['documents_changed']} changes for phones")
