"""What the office's commands share: as whom they act, and how they show what came back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from server.cli.office import data_option
from sync.errors import Refused
from sync.operations.kinds import ROLES

__all__ = [
    "basis_option",
    "json_option",
    "office_options",
    "read_bytes",
    "route",
    "second_option",
    "show",
    "show_table",
]

F = TypeVar("F", bound=Callable[..., Any])
_API = "/api/v1/office"


def route(path: str) -> str:
    """The address of a route under ``/api/v1/office``."""
    return f"{_API}/{path}"


def office_options(role: str) -> Callable[[F], F]:
    """``--data``, ``--user`` and ``--role``: the operator acts as a named user in a role, and it is journaled so."""

    def decorate(function: F) -> F:
        function = click.option("--role", type=click.Choice(ROLES[1:]), default=role, show_default=True,
                                help="In which role.")(function)  # fmt: skip
        function = click.option("--user", default="", help="As whom; your login name if not given.")(function)
        return data_option()(function)

    return decorate


def json_option() -> Callable[[F], F]:
    """``--json``: the answer as it came."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def basis_option() -> Callable[[F], F]:
    """``--basis``: refuse when something came after this operation."""
    return click.option("--basis", help="Hash of the last operation that you saw; refuses when another came since.")


def second_option(*, required: bool = False) -> Callable[[F], F]:
    """``--second``: whoever confirms beside the one who acts."""
    return click.option("--second", default="" if not required else None, required=required,
                        help="The second person's name.")  # fmt: skip


def read_bytes(path: Path) -> bytes:
    """A file's content; raises FILE-UNREADABLE."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("FILE-UNREADABLE", f"{path}: {error.strerror}") from error


def show(answer: object) -> None:
    """Print an answer as JSON."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def show_table(rows: Iterable[dict[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a table of some of their members, or all of them as JSON."""
    found = list(rows)
    if as_json:
        show(found)
        return
    table = Table()
    for column in columns:
        # Chinese has no blanks to break a line at; what does not fit is folded, never cut.
        table.add_column(column, overflow="fold")
    for row in found:
        table.add_row(*(_cell(row[column]) for column in columns))
    Console().print(table)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
