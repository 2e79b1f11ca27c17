"""`doorstep demo`: one day at two branches, with a real server and real phones, told as it happens."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

__all__ = ["command"]

_CHINA = timedelta(hours=8)
_LOG_WIDTH = 160
"""A log has no width of its own; this one holds a whole sentence."""


@click.command()
@click.option("--once", is_flag=True, help="Exit after the report: non-zero if anything is not as it must be.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=7, show_default=True, help="Decides who does what.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where the office listens; 0 takes a free port.")
@click.option("--service-day", type=click.DateTime(["%Y-%m-%d"]), help="The day that is played; by default today's.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder to play in, and to keep; by default one that is removed at the end.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the story.")
def command(once: bool, seed: int, port: int, service_day: datetime | None, data: Path | None, lang: str) -> None:
    """Play a whole day: routes, receipts without a network, conflicts, decisions, closings, replay."""
    # Imported here: the other commands need none of it.
    from server.demo.demonstration.play import Options, play
    from server.demo.demonstration.processes import Failed
    from server.demo.demonstration.telling import Teller

    day = service_day.date() if service_day else (datetime.now(UTC) + _CHINA).date()
    console = Console(width=None if sys.stdout.isatty() else _LOG_WIDTH, highlight=False)
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        faults = play(Options(seed=seed, service_day=day, port=port, data=data, once=once), Teller(console, lang))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        sys.exit(130)
    except Failed as error:
        click.echo(f"The demonstration failed: {error}", err=True)
        sys.exit(1)
    sys.exit(1 if faults else 0)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    # As Ctrl-C: on the way out every child process is ended.
    raise KeyboardInterrupt
