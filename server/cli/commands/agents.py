"""`doorstep agents`: who works."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import json_option, office_options, route, show_table
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("admin")
@click.option("--branch", help="Only this branch's.")
@json_option()
def command(data: Path, user: str, role: str, branch: str | None, as_json: bool) -> None:
    """List agents."""
    with office_session(data, user=user, role=role) as office:
        rows = office.get(route("agents"), {"branch": branch} if branch else None)
    show_table(rows, ["agent", "name", "branch", "visits_max", "cash_limit_minor", "devices"], as_json=as_json)
