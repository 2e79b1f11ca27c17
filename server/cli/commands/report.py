"""`doorstep report`: the books, an agent's days, what is due to creditors, unaccounted receipts."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from server.cli.asking import office_options, route, show, show_table
from server.cli.office import office_session

__all__ = ["command"]

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def command() -> None:
    """Report on the money: as a table, CSV or JSON; amounts are minor units."""


def _shape() -> Callable[[F], F]:
    shapes = click.Choice(["table", "csv", "json"])
    told = "How it is printed; CSV has the columns' names."

    def decorate(function: F) -> F:
        function = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True,
                                help="Of titles and meanings.")(function)  # fmt: skip
        return click.option("--format", "shape", type=shapes, default="table", show_default=True, help=told)(function)

    return decorate


@command.command("trial-balance")
@office_options("auditor")
@click.option("--branch", default="", help="Only postings of this branch.")
@_shape()
def trial_balance_command(data: Path, user: str, role: str, branch: str, shape: str, lang: str) -> None:
    """Debits and credits of every place; by currency they are equal."""
    _print(data, user, role, "trial-balance", {"branch": branch}, shape, lang)


@command.command("agent")
@office_options("auditor")
@click.argument("agent")
@click.option("--from", "from_day", default="", help="First service day.")
@click.option("--to", "to_day", default="", help="Last service day.")
@_shape()
def agent_command(
    data: Path, user: str, role: str, agent: str, from_day: str, to_day: str, shape: str, lang: str
) -> None:
    """AGENT's days, each with its equation."""
    _print(data, user, role, "agent", {"agent": agent, "from_day": from_day, "to_day": to_day}, shape, lang)


@command.command("remittance")
@office_options("auditor")
@click.option("--creditor", default="", help="Only this creditor's accounts.")
@_shape()
def remittance_command(data: Path, user: str, role: str, creditor: str, shape: str, lang: str) -> None:
    """What was paid on each account, by creditor."""
    _print(data, user, role, "remittance", {"creditor": creditor}, shape, lang)


@command.command("receipts")
@office_options("auditor")
@click.argument("agent")
@_shape()
def receipts_command(data: Path, user: str, role: str, agent: str, shape: str, lang: str) -> None:
    """Receipt numbers of AGENT's phones that no record carries."""
    _print(data, user, role, "receipts", {"agent": agent}, shape, lang)


def _print(data: Path, user: str, role: str, name: str, wanted: dict[str, str], shape: str, lang: str) -> None:
    wanted = wanted | {"language": lang}
    with office_session(data, user=user, role=role) as office:
        found = office.get(route(f"reports/{name}"), {key: value for key, value in wanted.items() if value})
    if shape == "json":
        show(found)
    elif shape == "csv":
        writer = csv.DictWriter(sys.stdout, found["columns"], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(found["rows"])
    else:
        titled = dict(zip(found["columns"], found["titles"], strict=True))
        rows = [{titled[column]: row[column] for column in found["columns"]} for row in found["rows"]]
        show_table(rows, found["titles"], as_json=False)
    if found["pending"]:
        click.echo(f"{found['pending']} operations are still being reconciled and are not in it", err=True)
