"""A day that works itself."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

import click
import msgspec

from agent_client.cli.app import App, pass_app
from agent_client.cli.day import print_summary
from agent_client.cli.options import json_option
from agent_client.cli.output import print_json
from agent_client.clock import device_clock
from agent_client.simulation import PlayedStop, hand_over_everything, no_pace, paced, play_day, read_codes
from agent_client.work.drawer import day_summary, end_day
from sync.money import format_amount

__all__ = ["COMMANDS"]


@click.command("simulate-day")
@click.option("--seed", type=int, required=True, help="The same seed decides the same.")
@click.option("--from", "first", type=int, default=1, help="First stop, in driving order.")
@click.option("--to", "last", type=int, default=0, help="Last stop; by default the end.")
@click.option("--stops", type=int, default=0, help="At most so many stops.")
@click.option("--codes", type=click.Path(path_type=Path, dir_okay=False), help="CSV with visit_id and visit_code.")
@click.option("--no-end", is_flag=True, help="Do not end the day and hand over.")
@click.option("--pace", "at_pace", is_flag=True, help="Be at each stop when the plan says so, by the clock.")
@click.option("--lines", is_flag=True, help="Print each stop as a line of JSON when it is done, then the summary.")
@json_option
@pass_app
def simulate_day(
    app: App,
    seed: int,
    first: int,
    last: int,
    stops: int,
    codes: Path | None,
    no_end: bool,
    at_pace: bool,
    lines: bool,
    as_json: bool,
) -> None:
    """Work the route as a person would: for demonstrations and tests, with the same steps as the commands."""

    def show(stop: PlayedStop) -> None:
        if lines:
            click.echo(msgspec.json.encode(stop))
        if lines or as_json:
            return
        what = app.text(f"state-{stop.reason}")
        if stop.paid_minor:
            what += f"  {format_amount(stop.paid_minor, stop.currency)} {app.text(f'method-{stop.method}')}"
            what += f"  {stop.receipt}"
        app.say("simulated", number=stop.number, visit=stop.visit, what=what)

    known = read_codes(codes) if codes is not None else {}
    pace = paced(device_clock(os.environ, 0), time.sleep) if at_pace else no_pace
    with app.desk() as desk:
        played = play_day(desk, seed, first=first, last=last, stops=stops, codes=known, watch=show, pace=pace)
        if no_end:
            summary = day_summary(desk)
        else:
            end_day(desk)
            summary, _ = hand_over_everything(desk)
    if lines:
        click.echo(msgspec.json.encode({"summary": summary}))
    elif as_json:
        print_json({"stops": played, "summary": summary})
    else:
        print_summary(app, summary)


COMMANDS: Final = (simulate_day,)
