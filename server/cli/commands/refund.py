"""`doorstep refund`: what was decided to go back to a customer, authorised and paid out."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, json_option, office_options, route, second_option, show_table
from server.cli.office import office_session
from sync.money import format_amount

__all__ = ["command"]


@click.group()
def command() -> None:
    """Refund customers; first decide the discrepancy with the outcome refund."""


@command.command("authorise")
@office_options("supervisor")
@click.argument("account")
@click.argument("rule")
@click.option("--amount", "amount_minor", default=0, help="In minor units; all that was decided if not given.")
@second_option()
@basis_option()
def authorise_command(
    data: Path, user: str, role: str, account: str, rule: str, amount_minor: int, second: str, basis: str | None
) -> None:
    """Authorise a refund on ACCOUNT that was decided on RULE (for example PAY-OVER)."""
    wanted = {
        "account": account,
        "rule": rule,
        "amount_minor": amount_minor,
        "second": {"user": second} if second else None,
        "basis": basis,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("refunds"), wanted)
    click.echo(f"{made['refund']}: {format_amount(made['amount_minor'], made['currency'])} authorised")


@command.command("pay")
@office_options("cashier")
@click.argument("refund")
@click.option("--branch", required=True, help="Whose cash it is, or in whose books it stands.")
@click.option("--day", default="", help="Service day of the books; today if not given.")
@click.option("--provider", default="", help="Transfer it from what this provider settled; cash if not given.")
@click.option("--slip", default="", help="The number on the slip or of the transfer.")
@basis_option()
def pay_command(
    data: Path, user: str, role: str, refund: str, branch: str, day: str, provider: str, slip: str, basis: str | None
) -> None:
    """Pay the authorised REFUND out."""
    wanted = {"refund": refund, "branch": branch, "day": day, "provider": provider, "slip": slip, "basis": basis}
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("refunds/payments"), wanted)
    click.echo(f"{refund}: {format_amount(made['amount_minor'], made['currency'])} paid out of {made['paid_from']}")


@command.command("list")
@office_options("supervisor")
@click.argument("account")
@json_option()
def list_command(data: Path, user: str, role: str, account: str, as_json: bool) -> None:
    """List the refunds of ACCOUNT."""
    with office_session(data, user=user, role=role) as office:
        found = office.get(route("refunds"), {"account": account})
    columns = ["refund", "amount_minor", "currency", "source", "status", "authorised_by", "paid_by", "paid_from"]
    show_table(found, columns, as_json=as_json)
