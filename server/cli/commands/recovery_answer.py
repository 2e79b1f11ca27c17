"""`doorstep recovery-answer`: a forgotten PIN. The phone shows a request as text and reads the answer as text."""

from __future__ import annotations

from pathlib import Path
from typing import IO, get_args

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session
from server.services.recovery import Identified

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("request", type=click.File("r", encoding="utf-8"))
@click.option(
    "--identified",
    type=click.Choice(get_args(Identified)),
    required=True,
    help="How you made sure who asks: face to face, or by calling the agent's own number.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer here.")
def command(data: Path, user: str, role: str, request: IO[str], identified: str, output: Path | None) -> None:
    """Answer the REQUEST (a file, or - for standard input) of a phone whose PIN was forgotten; it is on record."""
    wanted = {"request": request.read(), "identified": identified}
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("recovery"), wanted)
    click.echo(
        f"answered phone {made['device']} of {made['agent']} ({made['agent_name']}), operation"
        f" {made['operation'][:12]}; the answer fits this request alone:",
        err=True,
    )
    if output is None:
        click.echo(made["answer"])
    else:
        output.write_text(made["answer"], encoding="utf-8")
