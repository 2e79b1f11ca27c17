"""Looking: the route, what became of each record, a receipt again, the badge, the journal as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import click

from agent_client.badge import present_badge
from agent_client.cli.app import App, pass_app
from agent_client.cli.options import day_option, json_option
from agent_client.cli.output import print_json, print_table, show_qr, utc_time
from agent_client.receipts import receipt_view, shown_receipt
from agent_client.route import Route, RouteStop, clock_time, day_route
from agent_client.status import PhoneStatus, RecordStatus, phone_status
from agent_client.texts import one_language
from agent_client.vault.durable import write_durably
from agent_client.work.payments import find_payment
from sync.money import format_amount

if TYPE_CHECKING:
    from agent_client.printing import Language

__all__ = ["COMMANDS"]


@click.command("route")
@day_option
@json_option
@pass_app
def route_command(app: App, day: str, as_json: bool) -> None:
    """Today's stops in driving order, what is owed, what to do, and what is forbidden and why."""
    with app.desk() as desk:
        route = day_route(desk, day)
    if as_json:
        print_json(route)
    else:
        _print_route(app, route)


@click.command("status")
@day_option
@click.option("--all", "everything", is_flag=True, help="Applied records too.")
@json_option
@pass_app
def status_command(app: App, day: str, everything: bool, as_json: bool) -> None:
    """What became of each record: on this phone, at the office, applied, held or disputed."""
    with app.desk() as desk:
        status = phone_status(desk, day, everything=everything)
    if as_json:
        print_json(status)
    else:
        _print_status(app, status)


@click.command("receipt")
@click.argument("number", default="last")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Write a strip for a thermal printer.")
@click.option("--share", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture to send.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en", "both"]),
    default="both",
    show_default=True,
    help="Language of the receipt.",
)
@click.option("--background", type=click.Choice(["dark", "light"]), default="dark", help="Your terminal's.")
@json_option
@pass_app
def receipt_command(
    app: App, number: str, png: Path | None, share: Path | None, language: str, background: str, as_json: bool
) -> None:
    """Show a receipt again by its NUMBER, short number or series; without one the last."""
    from agent_client import printing  # loads pictures and fonts, which only this needs

    with app.desk() as desk:
        payment = find_payment(desk, number)
        shown = shown_receipt(desk, payment)
        if as_json:
            print_json(shown)
        view = receipt_view(desk, payment, cast("Language", language))
        if png is not None:
            write_durably(png, printing.printer_png(view))
        if share is not None:
            write_durably(share, printing.share_png(view))
        for path in (png, share):
            if path is not None and not as_json:
                app.say("written", file=path)
        if as_json or png is not None or share is not None:
            return
        show_qr(desk, payment.series, background=background)
    amount = format_amount(shown.amount_minor, shown.currency)
    method = app.text(f"method-{shown.method}")
    app.say("receipt-line", number=shown.number, short=shown.short, amount=amount, method=method)
    if shown.kind == "void":
        app.say("receipt-void", series=shown.voids)
    if shown.voided_by:
        app.say("receipt-voided", series=shown.voided_by)


@click.command("badge")
@click.option("--background", type=click.Choice(["dark", "light"]), default="dark", help="Your terminal's.")
@json_option
@pass_app
def badge_command(app: App, background: str, as_json: bool) -> None:
    """Show the customer who you are: a code of this minute, which their own phone checks."""
    with app.desk() as desk:
        shown = present_badge(desk)
    if as_json:
        print_json(shown)
        return
    from agent_client.printing import terminal_qr  # loads pictures and fonts, which only this needs

    prefix, digits = shown.url.split("#")
    click.echo(terminal_qr(f"{prefix}#", digits, "light" if background == "light" else "dark"), nl=False)
    at = utc_time(shown.minute * 60_000)
    app.say("badge-line", agent=shown.agent_name, number=shown.agent, day=shown.service_day, at=at)


@click.command("export")
@click.argument("file", type=click.File("wb"), default="-")
@pass_app
def export_command(app: App, file: IO[bytes]) -> None:
    """Write this phone's journal to FILE (or standard output): its exact lines, one operation each."""
    with app.desk() as desk:
        for stored in desk.store.journal.all():
            file.write(stored.data + b"\n")


def _print_route(app: App, route: Route) -> None:
    pack = route.pack
    columns = [("#", True), *((app.text(f"column-{name}"), False) for name in _ROUTE_COLUMNS)]
    columns.append((app.text("column-owed"), True))
    rows = [_route_row(app, number, stop) for number, stop in enumerate(route.stops, start=1)]
    kilometres = f"{pack.distance_m / 1000:.1f}"
    title = app.text(
        "route-title", day=pack.service_day, agent=pack.agent_name, stops=len(pack.visits), kilometres=kilometres
    )
    print_table(title, columns, rows)
    for number, stop in enumerate(route.stops, start=1):
        document = stop.document
        for place, code in enumerate(document.forbidden):
            why = document.forbidden_why[place] if place < len(document.forbidden_why) else ""
            task = app.text(f"task-{code}") if f"task-{code}" in _TASKS else code
            app.say("route-forbidden", number=number, code=task, why=one_language(why, app.language))
        if stop.notice is not None:
            key = "route-withdrawn" if stop.notice.withdrawn else "route-notice"
            app.say(key, number=number, notice=stop.notice.notice, version=stop.notice.version, title=stop.notice.title)
        if stop.removed:
            app.say("route-removed", number=number)
    for visit in route.missing:
        app.say("route-missing", visit=visit)
    app.say_complete(complete=route.complete, held=route.held, total=route.total)
    app.say("route-fresh", at=utc_time(route.synced_ms))


_ROUTE_COLUMNS: Final = ("visit", "window", "eta", "name", "address", "tasks", "state")


def _route_row(app: App, number: int, stop: RouteStop) -> list[str]:
    document = stop.document
    window = f"{clock_time(document.window_starts_s)}–{clock_time(document.window_ends_s)}"
    tasks = ", ".join(app.text(f"task-{task}") if f"task-{task}" in _TASKS else task for task in document.tasks)
    owed = app.text(
        "owed",
        overdue=format_amount(document.overdue_minor, document.currency).rpartition(" ")[0],
        payoff=format_amount(document.payoff_minor, document.currency),
    )
    state = app.text(f"state-{stop.state}")
    if stop.paid_minor:
        state += f" {format_amount(stop.paid_minor, document.currency).rpartition(' ')[0]}"
    marks = ("★" if document.mandatory else "") + ("⚠" if document.forbidden else "")
    return [
        str(number),
        f"{document.visit}{' ' + marks if marks else ''}",
        window,
        clock_time(document.eta_s),
        f"{document.name} {document.phone}",
        document.address,
        tasks,
        state,
        owed,
    ]


_TASKS: Final = frozenset({"task-collect", "task-notice", "task-identity", "task-negotiate", "task-update_details"})


def _print_status(app: App, status: PhoneStatus) -> None:
    app.say("status-phone", device=status.device, agent=status.agent_name, number=status.agent, branch=status.branch)
    app.say("status-journal", epoch=status.epoch, seq=status.seq, receipt=status.receipt_last)
    app.say("status-sync", unsent=status.unsent, side=status.unsent_side_records, at=utc_time(status.synced_ms))
    app.say_complete(complete=status.complete, held=status.held_documents, total=status.total_documents)
    if status.locked:
        app.say("sync-locked")
    for day in status.days_not_ended:
        app.say("status-not-ended", day=day)
    columns = [
        ("#", True),
        (app.text("column-record"), False),
        (app.text("column-visit"), False),
        (app.text("column-what"), False),
        (app.text("column-became"), False),
    ]
    rows = [_status_row(app, record) for record in status.records]
    if rows:
        print_table(app.text("status-title"), columns, rows)
    else:
        app.say("status-nothing")


def _status_row(app: App, record: RecordStatus) -> list[str]:
    became = app.text(f"record-{record.state}")
    if record.rule:
        chinese = app.language == "zh"
        title = record.title_zh if chinese and record.title_zh else record.title
        sentence = record.sentence_zh if chinese and record.sentence_zh else record.sentence
        holds = record.holds_zh if chinese and record.holds_zh else record.holds
        became = f"{became}: {record.rule} {title}. {sentence} {holds}".rstrip()
    place = f"{record.epoch}/{record.seq}"
    return [place, app.text(f"kind-{record.kind}"), record.visit, record.what, became]


COMMANDS: Final = (route_command, status_command, receipt_command, badge_command, export_command)
