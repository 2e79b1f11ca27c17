"""`doorstep statement`: what a closing fixed, signed by the office; to be kept apart from its database."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from server.cli.asking import office_options, read_bytes, route
from server.cli.office import office_session
from sync.errors import Refused

__all__ = ["command"]


@click.command()
@office_options("auditor")
@click.argument("branch", required=False)
@click.argument("service_day", required=False)
@click.option("--output", type=click.File("wb", lazy=True), default="-", show_default=True, help="Where to write.")
@click.option("--check", type=click.Path(path_type=Path), help="Check this kept statement instead.")
def command(
    data: Path,
    user: str,
    role: str,
    branch: str | None,
    service_day: str | None,
    output: BinaryIO,
    check: Path | None,
) -> None:
    """Write the signed statement of BRANCH's closing of SERVICE_DAY (JSON), or check one that was kept."""
    with office_session(data, user=user, role=role) as office:
        if check is not None:
            found = office.put(route("statements/check"), read_bytes(check), "application/json")
            click.echo(f"signed by this office: {found['branch']} {found['service_day']}, closing {found['number']}")
            return
        if branch is None or service_day is None:
            raise Refused("ARGUMENT-WRONG", "name a branch and a service day, or a file with --check")
        answer = office.get(route(f"statements/{branch}/{service_day}"))
    output.write(msgspec.json.encode(answer) + b"\n")
