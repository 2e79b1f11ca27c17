"""`doorstep count-cash`: the cashier's blind count."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.asking import basis_option, office_options, route
from server.cli.office import office_session
from sync.errors import Refused
from sync.money import format_amount

__all__ = ["command"]


@click.command()
@office_options("cashier")
@click.argument("agent")
@click.argument("service_day")
@click.option("--amount", "amount_minor", type=int, help="The whole, in minor units.")
@click.option("--piece", "pieces", multiple=True, metavar="FACExCOUNT", help="Pieces of one face value: 10000x12.")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 letters.")
@basis_option()
def command(
    data: Path,
    user: str,
    role: str,
    agent: str,
    service_day: str,
    amount_minor: int | None,
    pieces: tuple[str, ...],
    currency: str,
    basis: str | None,
) -> None:
    """Record what AGENT handed over for SERVICE_DAY, as counted; nothing is shown of what was declared."""
    wanted = {
        "agent": agent,
        "service_day": service_day,
        "currency": currency,
        "amount_minor": amount_minor,
        "denominations": [_piece(text) for text in pieces],
        "basis": basis,
    }
    with office_session(data, user=user, role=role) as office:
        made = office.post(route("counts"), wanted)
    click.echo(f"{agent} {service_day}: counted {format_amount(made['amount_minor'], made['currency'])}")


def _piece(text: str) -> dict[str, int]:
    face, _, count = text.partition("x")
    if not (face.isdecimal() and count.isdecimal() and len(text) <= 20):
        raise Refused("ARGUMENT-WRONG", f"{text[:20]!r} is not FACExCOUNT, such as 10000x12")
    return {"face_minor": int(face), "count": int(count)}
