"""`doorstep visits`: a branch's day."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import json_option, office_options, route, show_table
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("admin")
@click.argument("branch")
@click.argument("service_day")
@json_option()
def command(data: Path, user: str, role: str, branch: str, service_day: str, as_json: bool) -> None:
    """List the visits of BRANCH's SERVICE_DAY as they stand now."""
    with office_session(data, user=user, role=role) as office:
        rows = office.get(route("visits"), {"branch": branch, "service_day": service_day})
    show_table(rows, ["visit", "agent", "position", "account", "tasks", "origin", "state"], as_json=as_json)
