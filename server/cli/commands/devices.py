"""`doorstep devices`: enrolled phones."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import json_option, office_options, route, show_table
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("admin")
@click.option("--agent", help="Only this agent's.")
@json_option()
def command(data: Path, user: str, role: str, agent: str | None, as_json: bool) -> None:
    """List enrolled phones."""
    with office_session(data, user=user, role=role) as office:
        rows = office.get(route("devices"), {"agent": agent} if agent else None)
    show_table(rows, ["device", "agent", "branch", "model", "enrolled_ms", "revoked_ms", "locked_ms"], as_json=as_json)
