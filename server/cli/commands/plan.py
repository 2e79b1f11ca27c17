"""`doorstep plan`: a branch's day, planned, assigned and sent to the phones."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import json_option, office_options, route, show
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("admin")
@click.argument("branch")
@click.argument("service_day")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same plan.")
@click.option("--iterations", default=3000, show_default=True, help="How long to search.")
@click.option("--float", "float_minor", type=int, help="Opening float of each agent, in minor units.")
@json_option()
def command(
    data: Path,
    user: str,
    role: str,
    branch: str,
    service_day: str,
    seed: int,
    iterations: int,
    float_minor: int | None,
    as_json: bool,
) -> None:
    """Plan BRANCH's SERVICE_DAY (YYYY-MM-DD), assign the visits and issue every agent's pack."""
    wanted = {
        "branch": branch,
        "service_day": service_day,
        "seed": seed,
        "iterations": iterations,
        "float_minor": float_minor,
    }
    with office_session(data, user=user, role=role) as office:
        kept = office.post(route("plans"), wanted)
    if as_json:
        show(kept)
        return
    for line in kept["plan"]["routes"]:
        click.echo(f"{line['agent_id']}: {len(line['stops'])} stops, {line['distance_m'] / 1000:.1f} km")
    for line in kept["left_out"]:
        click.echo(f"left out: {line['visit_id']}{' (booked)' if line['mandatory'] else ''}: {line['reason_en']}")
    click.echo(f"{kept['assigned']} assigned, {kept['freed']} freed, plan {kept['plan']['digest'][:12]}")
