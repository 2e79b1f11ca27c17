"""The end of the day."""

from __future__ import annotations

from typing import Final

import click

from agent_client.cli.app import App, pass_app
from agent_client.cli.options import day_option, json_option
from agent_client.cli.output import print_json, print_recorded
from agent_client.work.drawer import DaySummary, day_summary, end_day
from sync.money import format_amount

__all__ = ["COMMANDS", "print_summary"]


@click.command("end-day")
@day_option
@json_option
@pass_app
def end_day_command(app: App, day: str, as_json: bool) -> None:
    """End the day: tell the office what it may expect to hold."""
    with app.desk() as desk:
        recorded = end_day(desk, day)
        summary = day_summary(desk, day)
        if as_json:
            print_json({"hash": recorded.hash, "epoch": recorded.epoch, "seq": recorded.seq, "summary": summary})
            return
        print_recorded(app, desk, recorded, as_json=False)
    print_summary(app, summary)


def print_summary(app: App, summary: DaySummary) -> None:
    """A day in figures."""
    app.say("day-title", day=summary.service_day)
    app.say("day-visits", concluded=summary.concluded, visits=summary.visits)
    app.say("day-receipts", receipts=summary.receipts, voided=summary.voided)
    for method, amount in summary.by_method.items():
        app.say("day-method", method=app.text(f"method-{method}"), amount=format_amount(amount, summary.currency))
    app.say(
        "day-cash",
        cash=format_amount(summary.cash_minor, summary.currency),
        opening=format_amount(summary.float_minor, summary.currency),
        handed=format_amount(summary.handed_over_minor, summary.currency),
    )


COMMANDS: Final = (end_day_command,)
