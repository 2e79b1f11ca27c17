"""`doorstep jobs`: background jobs and their last runs; `--run NAME` runs one now."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from server.cli.office import data_option, office_session

__all__ = ["command"]


@click.command()
@data_option()
@click.option("--run", "name", help="Run this job now.")
def command(data: Path, name: str | None) -> None:
    """List background jobs, or run one by hand."""
    with office_session(data) as office:
        if name is not None:
            state = office.post(f"/api/v1/office/jobs/{name}/run")
            click.echo(f"{name}: {state['result'] or 'done'}")
            return
        for job in office.get("/api/v1/office/jobs"):
            last = job["last"]
            told = "never ran" if last is None else _told(last)
            click.echo(f"{job['name']}: {job['title']} (every {job['every_s']} s); {told}")


def _told(last: dict[str, object]) -> str:
    ended = datetime.fromtimestamp(int(str(last["ended_ms"])) / 1000, UTC)
    return f"last {ended:%Y-%m-%d %H:%M:%S} UTC: {last['error'] or last['result']}"
