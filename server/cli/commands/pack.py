"""`doorstep pack`: issue or renew one agent's pack."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("admin")
@click.argument("agent")
@click.argument("service_day")
@click.option("--float", "float_minor", type=int, help="Opening float, in minor units.")
def command(data: Path, user: str, role: str, agent: str, service_day: str, float_minor: int | None) -> None:
    """Issue or renew AGENT's pack for SERVICE_DAY."""
    wanted = {"agent": agent, "service_day": service_day, "float_minor": float_minor}
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("packs"), wanted)
    click.echo(f"{made['pack']}: {len(made['visits'])} stops, {made['documents_changed']} changes for the phone")
