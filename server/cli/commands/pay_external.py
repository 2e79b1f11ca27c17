"""`doorstep pay-external`: a payment that reached the creditor without us."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import office_options, route
from server.cli.office import office_session

__all__ = ["command"]


@click.command()
@office_options("supervisor")
@click.argument("external")
@click.argument("account")
@click.option("--amount", "amount_minor", type=int, required=True, help="In minor units.")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 letters.")
@click.option("--paid-at", required=True, metavar="RFC3339", help="When, with offset.")
@click.option("--channel", required=True, help="How, for example alipay or counter.")
@click.option("--reference", default="", help="The creditor's booking reference.")
@click.option("--branch", default="", help="In whose books it stands; that of the account's first visit if not given.")
def command(
    data: Path,
    user: str,
    role: str,
    external: str,
    account: str,
    amount_minor: int,
    currency: str,
    paid_at: str,
    channel: str,
    reference: str,
    branch: str,
) -> None:
    """Record that ACCOUNT was paid elsewhere, under the id EXTERNAL; repeating it is harmless."""
    wanted = {
        "external": external,
        "account": account,
        "amount_minor": amount_minor,
        "currency": currency,
        "paid_at": paid_at,
        "channel": channel,
        "reference": reference,
        "branch": branch,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("external-payments"), wanted)
    click.echo(f"{external} on {account}: {'recorded' if made['new'] else 'known already'}")
