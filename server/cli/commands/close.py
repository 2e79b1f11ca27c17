"""`doorstep close`: fix a branch's day."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route, second_option
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("branch")
@click.argument("service_day")
@click.option("--carry", multiple=True, metavar="NAME", help="Carry this obstacle forward, by two persons.")
@second_option()
def command(
    data: Path, user: str, role: str, branch: str, service_day: str, carry: tuple[str, ...], second: str
) -> None:
    """Close BRANCH's SERVICE_DAY; refuses and names each obstacle."""
    wanted = {
        "branch": branch,
        "service_day": service_day,
        "carry": list(carry),
        "second": {"user": second} if second else None,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("closings"), wanted)
    click.echo(f"{branch} {service_day} is closed, operation {made['operation']}")
