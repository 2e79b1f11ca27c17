"""`doorstep decide`: a discrepancy, by the role that its rule names."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route, second_option
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("rule")
@click.argument("subject")
@click.option("--outcome", required=True, help="One of the rule's outcomes (doorstep discrepancies --json).")
@click.option("--ground", help="The ground that you saw; the present one if not given.")
@click.option("--note", default="", help="Why.")
@click.option("--amount", "amount_minor", default=0, help="Of a refund, in minor units.")
@click.option("--account", default="", help="Where a payment is moved to.")
@second_option()
@basis_option()
def command(
    data: Path,
    user: str,
    role: str,
    rule: str,
    subject: str,
    outcome: str,
    ground: str | None,
    note: str,
    amount_minor: int,
    account: str,
    second: str,
    basis: str | None,
) -> None:
    """Decide the discrepancy RULE on SUBJECT (for example VOID-CONTESTED payment:KEY/1/7)."""
    with office_session(data, user=user, role=role) as office:
        if ground is None:
            page = office.get(route("discrepancies"), {"rule": rule, "subject": subject})
            ground = page["items"][0]["ground"] if page["items"] else ""
        wanted = {
            "rule": rule,
            "subject": subject,
            "ground": ground,
            "outcome": outcome,
            "note": note,
            "amount_minor": amount_minor,
            "account": account,
            "second": {"user": second} if second else None,
            "basis": basis,
        }
        made = office.post(route("decisions"), wanted)
    click.echo(f"{rule}|{subject}: {outcome}, operation {made['operation'][:12]}")
