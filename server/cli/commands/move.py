"""`doorstep move`: a visit to another day or window."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session
from server.intake.cells import clock_time
from sync.errors import Refused

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("visit")
@click.argument("service_day")
@click.option("--from", "starts", required=True, metavar="HH:MM", help="Start of the window.")
@click.option("--until", "ends", required=True, metavar="HH:MM", help="End of the window.")
@basis_option()
def command(
    data: Path, user: str, role: str, visit: str, service_day: str, starts: str, ends: str, basis: str | None
) -> None:
    """Move VISIT to SERVICE_DAY; it is nobody's until it is planned or assigned."""
    wanted = {
        "service_day": service_day,
        "window_starts_s": _seconds(starts),
        "window_ends_s": _seconds(ends),
        "basis": basis,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route(f"visits/{visit}/move"), wanted)
    click.echo(f"{visit} is moved to {service_day}; {made['documents_changed']} changes for phones")


def _seconds(text: str) -> int:
    try:
        return int(clock_time(text))
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"{text[:20]!r} is {error}") from error
