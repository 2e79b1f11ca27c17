"""`doorstep match`: payments without the provider's order number, beside lines that nobody claims."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, json_option, office_options, route, show_table
from server.cli.office import office_session
from sync.errors import Refused

__all__ = ["command"]


@click.command()
@office_options("cashier")
@click.argument("provider", required=False)
@click.argument("order", required=False)
@click.argument("series", required=False)
@basis_option()
@json_option()
def command(
    data: Path,
    user: str,
    role: str,
    provider: str | None,
    order: str | None,
    series: str | None,
    basis: str | None,
    as_json: bool,
) -> None:
    """List what may fit, with its confidence; or match the payment with receipt SERIES with PROVIDER's ORDER."""
    with office_session(data, user=user, role=role) as office:
        if provider is None:
            rows = office.get(route("settlements/proposals"))
            columns = ["provider", "order", "series", "account", "amount_minor", "currency", "apart_s", "confidence"]
            show_table(rows, columns, as_json=as_json)
            return
        if order is None or series is None:
            raise Refused("ARGUMENT-WRONG", "to match, name provider, order and receipt series")
        wanted = {"provider": provider, "order": order, "series": series, "basis": basis}
        made = office.post(route("settlements/match"), wanted)
    click.echo(f"{series} is {provider}/{order}, operation {made['operation'][:12]}")
