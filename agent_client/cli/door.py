"""At the door: one command a step, each writes one operation."""

from __future__ import annotations

from typing import Any, Final, get_args

import click

from agent_client.cli.app import App, pass_app
from agent_client.cli.options import json_option, parse_position, position_option
from agent_client.cli.output import print_recorded
from agent_client.recording import Desk, Recorded
from agent_client.work import agreements, visits
from agent_client.work.days import visit_document
from sync.money import parse_amount

__all__ = ["COMMANDS", "choice"]


def choice(of: Any) -> click.Choice[str]:
    """A choice of a Literal's values."""
    return click.Choice(list(get_args(of)))


@click.command("start")
@click.argument("visit")
@click.option("--again", is_flag=True, help="A second arrival after the visit was concluded.")
@position_option
@json_option
@pass_app
def start(app: App, visit: str, again: bool, position: str | None, as_json: bool) -> None:
    """You arrived at VISIT."""
    with app.desk() as desk:
        _show(app, desk, visits.start_visit(desk, visit, again=again, position=parse_position(position)), as_json)


@click.command("check-id")
@click.argument("visit")
@click.option(
    "--method",
    type=choice(visits.IdentityMethod),
    default="visit_code",
    show_default=True,
    help="How the customer was checked.",
)
@click.option(
    "--result",
    type=choice(visits.IdentityResult),
    default="answered",
    show_default=True,
    help="What came of the check at the door.",
)
@click.option("--answer", default="", help="What the customer said; asked for where needed. Sealed to the office.")
@position_option
@json_option
@pass_app
def check_id(app: App, visit: str, method: Any, result: Any, answer: str, position: str | None, as_json: bool) -> None:
    """Check whom you speak to at VISIT."""
    with app.desk() as desk:
        if result == "answered" and method in ("visit_code", "document_digits") and not answer:
            answer = click.prompt(app.text("ask-answer"), err=True)
        recorded = visits.check_identity(desk, visit, method, result, answer=answer, position=parse_position(position))
        _show(app, desk, recorded, as_json)


@click.command("companion")
@click.argument("visit")
@click.argument("companion")
@click.option("--proof", default="", help="What the companion's badge code says.")
@json_option
@pass_app
def companion_command(app: App, visit: str, companion: str, proof: str, as_json: bool) -> None:
    """The second person (COMPANION) confirmed at VISIT with their own badge."""
    with app.desk() as desk:
        _show(app, desk, visits.confirm_companion(desk, visit, companion, proof), as_json)


@click.command("deliver")
@click.argument("visit")
@click.option(
    "--manner",
    type=choice(visits.Manner),
    default="handed_sealed",
    show_default=True,
    help="How the letter left your hands.",
)
@click.option("--recipient", type=choice(visits.Recipient), default="customer", show_default=True, help="Who took it.")
@click.option("--notice", default="", help="The notice, where it is not the visit's own.")
@click.option("--version", type=int, default=0, help="The version, where it is not the one on this phone.")
@position_option
@json_option
@pass_app
def deliver(
    app: App, visit: str, manner: Any, recipient: Any, notice: str, version: int, position: str | None, as_json: bool
) -> None:
    """A letter left your hands at VISIT."""
    with app.desk() as desk:
        recorded = visits.deliver_notice(
            desk, visit, manner, recipient, notice=notice, version=version, position=parse_position(position)
        )
        _show(app, desk, recorded, as_json)


@click.command("contact")
@click.argument("visit")
@click.option(
    "--channel", type=choice(visits.ContactChannel), default="call", show_default=True, help="How the contact was made."
)
@click.option("--effective/--attempt", default=True, help="Whether the customer was reached.")
@position_option
@json_option
@pass_app
def contact(app: App, visit: str, channel: Any, effective: bool, position: str | None, as_json: bool) -> None:
    """You contacted, or tried to contact, the customer of VISIT."""
    with app.desk() as desk:
        recorded = visits.make_contact(desk, visit, channel, effective=effective, position=parse_position(position))
        _show(app, desk, recorded, as_json)


@click.command("promise")
@click.argument("visit")
@click.argument("amount")
@click.argument("due", metavar="YYYY-MM-DD")
@json_option
@pass_app
def promise(app: App, visit: str, amount: str, due: str, as_json: bool) -> None:
    """The customer of VISIT promises to pay AMOUNT (as 200.00) by a day."""
    with app.desk() as desk:
        amount_minor = parse_amount(amount, visit_document(desk, visit).currency)
        _show(app, desk, agreements.promise(desk, visit, amount_minor, due), as_json)


@click.command("report-details")
@click.argument("visit")
@click.argument("field", type=choice(agreements.ReportedField))
@click.argument("value")
@json_option
@pass_app
def report_details(app: App, visit: str, field: Any, value: str, as_json: bool) -> None:
    """A contact FIELD of the customer of VISIT as told at the door."""
    with app.desk() as desk:
        _show(app, desk, agreements.report_details(desk, visit, field, value), as_json)


@click.command("note")
@click.argument("visit")
@click.argument("text")
@json_option
@pass_app
def note(app: App, visit: str, text: str, as_json: bool) -> None:
    """A note about VISIT; facts only."""
    with app.desk() as desk:
        _show(app, desk, agreements.take_note(desk, visit, text), as_json)


@click.command("safety")
@click.argument("level", type=choice(visits.SafetyLevel))
@click.option("--visit", default="", help="Where it happened.")
@click.option("--note", "text", default="", help="What happened.")
@position_option
@json_option
@pass_app
def safety(app: App, level: Any, visit: str, text: str, position: str | None, as_json: bool) -> None:
    """You feel unsafe or need help."""
    with app.desk() as desk:
        recorded = visits.raise_safety(desk, level, visit=visit, note=text, position=parse_position(position))
        _show(app, desk, recorded, as_json)


@click.command("conclude")
@click.argument("visit")
@click.argument("reason", type=choice(visits.Reason))
@click.option("--sub-reason", default="", help="A finer reason, in the office's code.")
@click.option("--next-action", default="", help="What should happen next, in the office's code.")
@position_option
@json_option
@pass_app
def conclude(
    app: App, visit: str, reason: Any, sub_reason: str, next_action: str, position: str | None, as_json: bool
) -> None:
    """VISIT is over, with a coded REASON."""
    with app.desk() as desk:
        recorded = visits.conclude(
            desk, visit, reason, sub_reason=sub_reason, next_action=next_action, position=parse_position(position)
        )
        _show(app, desk, recorded, as_json)


def _show(app: App, desk: Desk, recorded: Recorded, as_json: bool) -> None:
    print_recorded(app, desk, recorded, as_json=as_json)


COMMANDS: Final = (
    start,
    check_id,
    companion_command,
    deliver,
    contact,
    promise,
    report_details,
    note,
    safety,
    conclude,
)
