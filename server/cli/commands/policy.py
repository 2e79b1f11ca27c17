"""`doorstep policy`: the rules of conduct, and what they say of a customer at a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from server.cli.asking import json_option, office_options, route, show, show_table
from server.cli.office import office_session
from sync.policy import CHANNELS

__all__ = ["command"]


@click.group()
def command() -> None:
    """List the rules of conduct, or explain what they allow about a customer."""


@command.command("list")
@office_options("supervisor")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the words.")
@json_option()
def list_command(data: Path, user: str, role: str, lang: str, as_json: bool) -> None:
    """List every rule of conduct with its source and severity."""
    with office_session(data, user=user, role=role) as office:
        rows = office.get(route("policies"))
    show_table(rows, ["rule", "severity", "channels", f"text_{lang}", "source"], as_json=as_json)


@command.command("explain")
@office_options("supervisor")
@click.argument("customer")
@click.option("--at", default="", help="When, as 2026-11-23T21:30:00+08:00; now if not given.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Only this channel.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the words.")
@json_option()
def explain_command(
    data: Path, user: str, role: str, customer: str, at: str, channel: str | None, lang: str, as_json: bool
) -> None:
    """Say what may be done about CUSTOMER at a moment, and why not."""
    wanted = {name: value for name, value in (("at", at), ("channel", channel)) if value}
    with office_session(data, user=user, role=role) as office:
        answer = office.get(route(f"customers/{customer}/policy"), wanted)
    if as_json:
        show(answer)
        return
    click.echo("\n".join(_text(answer, lang)))


def _text(answer: dict[str, Any], lang: str) -> list[str]:
    lines = [f"{answer['customer']} {answer[f'when_{lang}']} ({answer['policy']})"]
    for channel in answer["channels"]:
        lines.append(channel[f"sentence_{lang}"])
        lines += [f"  {line['rule']} ({line['severity']}): {line['source']}" for line in channel["reasons"]]
    return lines
