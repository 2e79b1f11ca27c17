"""`doorstep deposit-cash`: counted cash of a branch, paid in at its bank."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session
from sync.money import format_amount

__all__ = ["command"]


@click.command()
@office_options("cashier")
@click.argument("branch")
@click.argument("service_day")
@click.option("--amount", "amount_minor", type=int, required=True, help="In minor units.")
@click.option("--slip", required=True, help="The number on the bank's slip.")
@click.option("--bank", default="", help="Which bank.")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 letters.")
@basis_option()
def command(
    data: Path,
    user: str,
    role: str,
    branch: str,
    service_day: str,
    amount_minor: int,
    slip: str,
    bank: str,
    currency: str,
    basis: str | None,
) -> None:
    """Record that BRANCH paid counted cash of SERVICE_DAY in at the bank."""
    wanted = {
        "branch": branch,
        "service_day": service_day,
        "amount_minor": amount_minor,
        "currency": currency,
        "slip": slip,
        "bank": bank,
        "basis": basis,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("deposits"), wanted)
    paid, left = (format_amount(made[name], made["currency"]) for name in ("amount_minor", "left_minor"))
    click.echo(f"{branch} {service_day}: paid in {paid}, slip {slip}; {left} left at the branch")
