"""How results look: one line for a record, its advice under it, tables by rich, or JSON."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime

import click
import msgspec
from rich.console import Console
from rich.table import Table

from agent_client.cli.app import App
from agent_client.receipts import receipt_prefix, receipt_view
from agent_client.recording import Desk, Recorded
from agent_client.work.payments import find_payment
from sync.money import format_amount
from sync.receipt import short_number, to_digits

__all__ = ["console", "print_json", "print_recorded", "print_table", "show_qr", "utc_time"]


def console() -> Console:
    """A console as wide as the terminal, or wide enough for a pipe."""
    width = shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 160
    return Console(width=width, highlight=False, soft_wrap=False)


def print_json(value: object) -> None:
    """One JSON value, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(title: str, columns: list[tuple[str, bool]], rows: list[list[str]]) -> None:
    """A table; a column is its head and whether it is a number."""
    table = Table(title=title, title_justify="left", show_lines=False)
    for head, number in columns:
        table.add_column(head, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def print_recorded(app: App, desk: Desk, recorded: Recorded, *, as_json: bool, qr: bool | None = False) -> None:
    """A record that is on disk: its place, its receipt, and what to know about it."""
    receipt = recorded.receipt
    if as_json:
        print_json(
            {
                "hash": recorded.hash,
                "epoch": recorded.epoch,
                "seq": recorded.seq,
                "kind": recorded.kind,
                "at": recorded.at,
                "receipt": None
                if receipt is None
                else {
                    "number": receipt.body.number,
                    "short": short_number(receipt),
                    "series": receipt.body.series,
                    "identity": receipt.identity,
                    "url": receipt_prefix(desk, find_payment(desk, receipt.body.series).pack) + to_digits(receipt.data),
                },
                "advice": [
                    {"code": advice.key, "sentence": advice.sentence(app.language)} for advice in recorded.advice
                ],
            }
        )
        return
    kind = app.text(f"kind-{recorded.kind}")
    app.say("recorded", kind=kind, epoch=recorded.epoch, seq=recorded.seq, hash=recorded.hash[:12])
    if receipt is not None:
        amount = format_amount(receipt.body.amount_minor, receipt.body.currency)
        method = app.text(f"method-{receipt.body.method}")
        app.say("receipt-line", number=receipt.body.number, short=short_number(receipt), amount=amount, method=method)
    for advice in recorded.advice:
        click.echo(f"  ! {advice.sentence(app.language)}")
    if receipt is not None and (qr if qr is not None else sys.stdout.isatty()):
        show_qr(desk, receipt.body.series, background="dark")


def show_qr(desk: Desk, name: str, *, background: str) -> None:
    """The receipt's code on the terminal."""
    from agent_client.printing import terminal_qr

    view = receipt_view(desk, find_payment(desk, name), "both")
    click.echo(terminal_qr(view.prefix, view.digits, "light" if background == "light" else "dark"), nl=False)


def utc_time(ms: int) -> str:
    """A moment as text, in UTC; a dash for none."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%d %H:%M:%S}Z" if ms else "—"
