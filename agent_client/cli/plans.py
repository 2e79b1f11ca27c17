"""Repayment plans at the door: what each would cost, and drawing one up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import click

from agent_client.cli.app import App, pass_app
from agent_client.cli.options import json_option
from agent_client.cli.output import print_json, print_recorded, print_table
from agent_client.work.days import visit_document
from agent_client.work.plans import PlanWish, propose_plan, what_if
from sync.money import format_amount, parse_amount
from sync.repayment import SCHEMES, Column, Comparison

__all__ = ["COMMANDS"]

_scheme = click.option(
    "--scheme", type=click.Choice(SCHEMES), default="equal_instalments", show_default=True, help="Kind of plan."
)
_first_due = click.option("--first-due", required=True, metavar="YYYY-MM-DD", help="Day of the first instalment.")
_rate = click.option("--rate-bp", type=int, default=0, show_default=True, help="Interest a year, in hundredths of 1 %.")
_reduction = click.option(
    "--reduction-bp", type=int, default=0, show_default=True, help="What is waived, in hundredths of 1 %; a reduction."
)
_deferral = click.option(
    "--deferral-months", type=int, default=0, show_default=True, help="Months after the first due day; a deferral."
)
_total: Callable[[Any], Any] = click.option(
    "--total", default="", help="What the plan covers, as 1200.00; all that is owed if not given."
)


@click.command("plan-calculate")
@click.argument("visit")
@_scheme
@_total
@click.option(
    "--periods",
    "periods",
    type=int,
    multiple=True,
    default=(1,),
    show_default=True,
    help="Number of instalments, by month; again for another plan to compare.",
)
@_first_due
@_rate
@_reduction
@_deferral
@click.option("--schedule", "instalments", is_flag=True, help="Every instalment too.")
@json_option
@pass_app
def plan_calculate(
    app: App,
    visit: str,
    scheme: Any,
    total: str,
    periods: tuple[int, ...],
    first_due: str,
    rate_bp: int,
    reduction_bp: int,
    deferral_months: int,
    instalments: bool,
    as_json: bool,
) -> None:
    """What plans for VISIT would cost, side by side; works without signal and writes nothing."""
    with app.desk() as desk:
        total_minor = parse_amount(total, visit_document(desk, visit).currency) if total else 0
        wishes = [
            PlanWish(
                scheme=scheme,
                first_due=first_due,
                total_minor=total_minor,
                periods=number,
                rate_bp=rate_bp,
                reduction_bp=reduction_bp,
                deferral_months=deferral_months,
            )
            for number in periods
        ]
        found = what_if(desk, visit, wishes)
    if as_json:
        print_json(found)
    else:
        _print(app, found, instalments=instalments)


@click.command("plan-propose")
@click.argument("visit")
@_scheme
@_total
@click.option("--periods", type=int, default=1, show_default=True, help="Number of instalments, by month.")
@_first_due
@_rate
@_reduction
@_deferral
@click.option("--terms", default="", help="Free text of the terms; kept as a side record.")
@json_option
@pass_app
def plan_propose(
    app: App,
    visit: str,
    scheme: Any,
    total: str,
    periods: int,
    first_due: str,
    rate_bp: int,
    reduction_bp: int,
    deferral_months: int,
    terms: str,
    as_json: bool,
) -> None:
    """Terms of a repayment plan drawn up at VISIT; beyond your authority it waits for the office."""
    with app.desk() as desk:
        wish = PlanWish(
            scheme=scheme,
            first_due=first_due,
            total_minor=parse_amount(total, visit_document(desk, visit).currency) if total else 0,
            periods=periods,
            rate_bp=rate_bp,
            reduction_bp=reduction_bp,
            deferral_months=deferral_months,
        )
        print_recorded(app, desk, propose_plan(desk, visit, wish, terms=terms.encode()), as_json=as_json)


def _print(app: App, found: Comparison, *, instalments: bool) -> None:
    heads = ("periods", "first", "highest", "total", "interest", "waived", "last-due", "marks")
    columns = [(app.text(f"plan-{head}"), head not in {"last-due", "marks"}) for head in heads]
    rows = [_row(app, found, place, column) for place, column in enumerate(found.columns)]
    terms = found.columns[0].schedule.terms
    debt = format_amount(terms.principal_minor, terms.currency)
    print_table(app.text("plan-title", scheme=app.text(f"scheme-{terms.scheme}"), debt=debt), columns, rows)
    for number, column in enumerate(found.columns, start=1):
        for excess in column.authority.excess if column.authority else ():
            why = excess.reason_zh if app.language == "zh" else excess.reason_en
            app.say("plan-beyond", number=number, why=why)
    if instalments:
        for column in found.columns:
            _print_schedule(app, column)
    app.say("plan-rounding")


def _row(app: App, found: Comparison, place: int, column: Column) -> list[str]:
    currency = column.schedule.terms.currency
    amounts: Sequence[int] = (
        column.first_minor,
        column.highest_minor,
        column.total_minor,
        column.interest_minor,
        column.waived_minor,
    )
    marks = [
        *([app.text("plan-cheapest")] if place == found.cheapest and len(found.columns) > 1 else []),
        *([app.text("plan-lightest")] if place == found.lightest and len(found.columns) > 1 else []),
        app.text("plan-within" if column.authority is None or column.authority.within else "plan-waits"),
    ]
    return [
        str(column.instalments),
        *(format_amount(amount, currency) for amount in amounts),
        column.last_due.isoformat(),
        ", ".join(marks),
    ]


def _print_schedule(app: App, column: Column) -> None:
    heads = ("number", "due", "principal", "interest", "pay")
    currency = column.schedule.terms.currency
    print_table(
        app.text("plan-schedule", count=column.instalments),
        [(app.text(f"plan-{head}"), head != "due") for head in heads],
        [
            [
                str(instalment.number),
                instalment.due.isoformat(),
                format_amount(instalment.principal_minor, currency),
                format_amount(instalment.interest_minor, currency),
                format_amount(instalment.total_minor, currency),
            ]
            for instalment in column.schedule.instalments
        ],
    )


COMMANDS: Final = (plan_calculate, plan_propose)
