"""Taking money, taking it back, and what becomes of the cash."""

from __future__ import annotations

from typing import Any, Final

import click

from agent_client.cli.app import App, pass_app
from agent_client.cli.door import choice
from agent_client.cli.options import day_option, json_option, parse_position, position_option, qr_option
from agent_client.cli.output import print_recorded
from agent_client.recording import Desk
from agent_client.work import drawer, payments
from agent_client.work.days import frame_of_day, present_frame
from sync.money import parse_amount
from sync.operations.field import Method

__all__ = ["COMMANDS"]


@click.command("collect")
@click.argument("visit")
@click.argument("amount")
@click.option("--method", type=choice(Method), default="cash", show_default=True, help="How the money was paid.")
@click.option("--currency", default="", help="Where it is not the account's own.")
@click.option("--walk-up", is_flag=True, help="At a stop that was not started, or (VISIT '-') at none.")
@click.option("--account", default="", help="With --walk-up: whose debt it is.")
@click.option("--customer", default="", help="With --walk-up: who paid, if known.")
@click.option("--order", default="", help="The wallet's or bank's order number.")
@click.option("--confirmed", is_flag=True, help="The provider itself confirmed the payment to this phone.")
@click.option("--cheque", default="", help="The cheque's number.")
@click.option(
    "--payer", type=click.Choice(["customer", "third_party"]), default="customer", show_default=True, help="Who paid."
)
@position_option
@qr_option
@json_option
@pass_app
def collect_command(
    app: App,
    visit: str,
    amount: str,
    method: Any,
    currency: str,
    walk_up: bool,
    account: str,
    customer: str,
    order: str,
    confirmed: bool,
    cheque: str,
    payer: Any,
    position: str | None,
    qr: bool | None,
    as_json: bool,
) -> None:
    """Take AMOUNT (as 200.00) at VISIT and show the receipt."""
    visit = "" if visit == "-" else visit
    with app.desk() as desk:
        document = desk.store.documents.visit(visit) if visit else None
        code = currency or (document.currency if document else present_frame(desk).currency)
        recorded = payments.collect(
            desk,
            visit,
            parse_amount(amount, code),
            method,
            currency_code=code,
            walk_up=walk_up,
            account=account,
            customer=customer,
            provider_order=order,
            provider_confirmed=confirmed,
            cheque=cheque,
            payer=payer,
            position=parse_position(position),
        )
        print_recorded(app, desk, recorded, as_json=as_json, qr=qr)


@click.command("void")
@click.argument("receipt")
@click.option("--reason", type=choice(payments.VoidReason), required=True, help="Why the payment is taken back.")
@click.option("--void-code", default="", help="What the customer alone holds; sealed to the office.")
@position_option
@qr_option
@json_option
@pass_app
def void_command(
    app: App, receipt: str, reason: Any, void_code: str, position: str | None, qr: bool | None, as_json: bool
) -> None:
    """Take back the payment of RECEIPT (number, short number or series)."""
    with app.desk() as desk:
        recorded = payments.void(desk, receipt, reason, void_code=void_code, position=parse_position(position))
        print_recorded(app, desk, recorded, as_json=as_json, qr=qr)


@click.command("hand-over")
@click.option("--denomination", "pieces", multiple=True, metavar="FACExCOUNT", help="As 10000x5: five notes of 100.")
@click.option("--amount", default="", help="Without denominations: the sum, as 200.00.")
@day_option
@json_option
@pass_app
def hand_over_command(app: App, pieces: tuple[str, ...], amount: str, day: str, as_json: bool) -> None:
    """Declare the cash that you hand over; the cashier counts it without seeing this."""
    with app.desk() as desk:
        given = parse_amount(amount, _currency(desk, day)) if amount else None
        denominations = [drawer.parse_denomination(piece) for piece in pieces]
        recorded = drawer.hand_over(desk, denominations, amount_minor=given, day=day)
        print_recorded(app, desk, recorded, as_json=as_json)


@click.command("deposit")
@click.argument("amount")
@click.option("--bank", required=True, help="Where the cash was paid in.")
@click.option("--slip", default="", help="The number on the bank's slip; the bank's statement has it too.")
@day_option
@json_option
@pass_app
def deposit_command(app: App, amount: str, bank: str, slip: str, day: str, as_json: bool) -> None:
    """You paid AMOUNT of the cash into a bank yourself."""
    with app.desk() as desk:
        paid_in = parse_amount(amount, _currency(desk, day))
        recorded = drawer.deposit_cash(desk, paid_in, bank, slip_number=slip, day=day)
        print_recorded(app, desk, recorded, as_json=as_json)


@click.command("transfer")
@click.argument("transfer")
@click.argument("amount")
@click.option("--to", "to_agent", default="", help="The agent who got it.")
@click.option("--from", "from_agent", default="", help="The agent who gave it.")
@day_option
@json_option
@pass_app
def transfer_command(
    app: App, transfer: str, amount: str, to_agent: str, from_agent: str, day: str, as_json: bool
) -> None:
    """Cash between two agents: both record the same TRANSFER id and AMOUNT."""
    with app.desk() as desk:
        amount_minor = parse_amount(amount, _currency(desk, day))
        recorded = drawer.transfer_cash(desk, transfer, amount_minor, to_agent=to_agent, from_agent=from_agent, day=day)
        print_recorded(app, desk, recorded, as_json=as_json)


@click.command("loss")
@click.argument("amount")
@click.option(
    "--cause", type=click.Choice(["lost", "stolen", "counterfeit"]), required=True, help="What happened to the cash."
)
@day_option
@json_option
@pass_app
def loss_command(app: App, amount: str, cause: Any, day: str, as_json: bool) -> None:
    """Report AMOUNT of cash as lost, stolen or counterfeit."""
    with app.desk() as desk:
        recorded = drawer.report_loss(desk, parse_amount(amount, _currency(desk, day)), cause, day=day)
        print_recorded(app, desk, recorded, as_json=as_json)


def _currency(desk: Desk, day: str) -> str:
    return (frame_of_day(desk, day) if day else present_frame(desk)).currency


COMMANDS: Final = (
    collect_command,
    void_command,
    hand_over_command,
    deposit_command,
    transfer_command,
    loss_command,
)
