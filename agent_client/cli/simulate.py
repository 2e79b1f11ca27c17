"""A day that works itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from agent_client.cli.app import App, pass_app
from agent_client.cli.day import print_summary
from agent_client.cli.options import json_option
from agent_client.cli.output import print_json
from agent_client.simulation import PlayedStop, hand_over_everything, play_day, read_codes
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
@json_option
@pass_app
def simulate_day(
    app: App, seed: int, first: int, last: int, stops: int, codes: Path | None, no_end: bool, as_json: bool
) -> None:
    """Work the route as a person would: for demonstrations and tests, with the same steps as the commands."""

    def show(stop: PlayedStop) -> None:
        if as_json:
            return
        what = app.text(f"state-{stop.reason}")
        if stop.paid_minor:
            what += f"  {format_amount(stop.paid_minor, stop.currency)} {app.text(f'method-{stop.method}')}"
            what += f"  {stop.receipt}"
        app.say("simulated", number=stop.number, visit=stop.visit, what=what)

    known = read_codes(codes) if codes is not None else {}
    with app.desk() as desk:
        played = play_day(desk, seed, first=first, last=last, stops=stops, codes=known, watch=show)
        if no_end:
            summary = day_summary(desk)
        else:
            end_day(desk)
            summary, _ = hand_over_everything(desk)
    if as_json:
        print_json({"stops": played, "summary": summary})
    else:
        print_summary(app, summary)


COMMANDS: Final = (simulate_day,)
