"""`doorstep restore`: after a backup was put in place, what is missing, and who confirms it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from server.cli.asking import basis_option, json_option, office_options, read_bytes, route, second_option, show
from server.cli.office import office_session
from sync.errors import Refused
from sync.money import format_amount

__all__ = ["command"]


@click.group()
def command() -> None:
    """After a backup was put in place: say so, see what is missing, confirm it by two persons."""


@command.command("status")
@office_options("supervisor")
@json_option()
def status_command(data: Path, user: str, role: str, as_json: bool) -> None:
    """Say what waits, which phones are revoked, and which batches and closings are known."""
    with office_session(data, user=user, role=role) as office:
        found = office.get(route("restore"))
    if as_json:
        show(found)
        return
    for line in _told(found):
        click.echo(line)


@command.command("declare")
@office_options("admin")
@click.option("--reason", required=True, help="Which backup, and why.")
def declare_command(data: Path, user: str, role: str, reason: str) -> None:
    """Say that a backup was put in place: documents and money wait from now on."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("restore/rollbacks"), {"reason": reason})
    click.echo(f"noted, operation {made['operation'][:12]}: see doorstep restore status")


@command.command("revocations")
@office_options("supervisor")
@click.option("--revoked", type=int, required=True, help="How many phones are revoked, as restore status says.")
@basis_option()
def revocations_command(data: Path, user: str, role: str, revoked: int, basis: str | None) -> None:
    """Confirm that every phone that had been revoked is revoked again; phones get documents from now on."""
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("restore/revocations"), {"revoked": revoked, "basis": basis})
    click.echo(f"{revoked} phones are revoked, documents go out, operation {made['operation'][:12]}")


@command.command("closing")
@office_options("supervisor")
@click.argument("file", type=click.Path(path_type=Path))
def closing_command(data: Path, user: str, role: str, file: Path) -> None:
    """Present the kept statement FILE of a closing that the backup does not have; its number is not used again."""
    with office_session(data, user=user, role=role) as office:
        made = office.put(route("restore/closings"), read_bytes(file), "application/json")
    click.echo(f"kept, operation {made['operation'][:12]}")


@command.command("batch")
@office_options("cashier")
@click.argument("file", type=click.Path(path_type=Path))
def batch_command(data: Path, user: str, role: str, file: Path) -> None:
    """Take back the batch in FILE, as the creditor has it (CSV), so that its money does not go out twice."""
    with office_session(data, user=user, role=role) as office:
        made = office.put(route("restore/batches"), read_bytes(file), "text/csv")
    amount = format_amount(made["amount_minor"], made["currency"])
    click.echo(f"{made['creditor']} batch {made['number']} is back: {made['lines']} lines, {amount}")


@command.command("refund")
@office_options("supervisor")
@click.argument("refund")
@click.option("--amount", type=int, required=True, help="In minor units.")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 letters.")
@click.option(
    "--source",
    type=click.Choice(["credit", "suspense"]),
    default="credit",
    show_default=True,
    help="Whether it was the customer's credit, or waited in suspense.",
)
@second_option(required=True)
def refund_command(
    data: Path, user: str, role: str, refund: str, amount: int, currency: str, source: str, second: str
) -> None:  # fmt: skip
    """Authorise REFUND again by two persons, as the backup forgot it; enter its payment with refund pay."""
    wanted = {
        "refund": refund,
        "amount_minor": amount,
        "currency": currency,
        "source": source,
        "second": {"user": second},
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("restore/refunds"), wanted)
    click.echo(f"{made['refund']} is back: {format_amount(made['amount_minor'], made['currency'])} authorised")


@command.command("confirm")
@office_options("supervisor")
@click.option("--missing", required=True, help="What is missing, in a sentence.")
@click.option("--batch", multiple=True, metavar="CREDITOR=N", help="The last batch that the creditor got; 0 for none.")
@click.option("--lost", multiple=True, metavar="CREDITOR/N", help="Give up a batch that nobody can bring back.")
@second_option(required=True)
@basis_option()
def confirm_command(
    data: Path, user: str, role: str, missing: str, batch: tuple[str, ...], lost: tuple[str, ...], second: str,
    basis: str | None,
) -> None:  # fmt: skip
    """Confirm with a second person what is missing; days are closed and money goes out from now on."""
    wanted = {
        "missing": missing,
        "batches": dict(map(_last_batch, batch)),
        "lost": list(lost),
        "second": {"user": second},
        "basis": basis,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("restore/confirmations"), wanted)
    click.echo(f"confirmed with {second}, operation {made['operation'][:12]}")


def _last_batch(text: str) -> tuple[str, int]:
    creditor, _, number = text.rpartition("=")
    if not creditor or not (number.isascii() and number.isdigit()):
        raise Refused("ARGUMENT-WRONG", f"--batch {text[:80]!r} is not CREDITOR=NUMBER")
    return creditor, int(number)


def _told(found: dict[str, Any]) -> list[str]:
    if not found["noticed_ms"]:
        return ["this database was never set back, as far as anybody noticed"]
    lines = [
        f"set back, noticed {_at(item['noticed_ms'])}: {item['reason'] or 'the phone ' + item['device'] + ' knew more'}"
        for item in found["rollbacks"]
    ]
    lines.append(f"documents: {_state(waits=found['downloads_wait'], since_ms=found['revocations_ms'])}")
    lines.append(f"closings, batches and refunds: {_state(waits=found['books_wait'], since_ms=found['books_ms'])}")
    lines.append(f"revoked phones: {len(found['revoked'])}" + "".join(f"\n  {device}" for device in found["revoked"]))
    for item in found["batches"]:
        gap = ", ".join(map(str, item["missing"]))
        lines.append(f"{item['creditor']}: batches up to {item['last']}" + (f", without {gap}" if gap else ""))
    lines += [
        f"kept: closing {item['number']} of {item['branch']} for {item['service_day']}" for item in found["closings"]
    ]
    return lines


def _state(*, waits: bool, since_ms: int) -> str:
    return "wait" if waits else f"go out, confirmed {_at(since_ms)}"


def _at(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
