"""With signal: fetch the route, send what was recorded."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from agent_client.cli.app import App, pass_app
from agent_client.cli.options import json_option
from agent_client.cli.output import print_json
from agent_client.limits import PROGRESS_AFTER_S
from agent_client.syncing import Progress, SyncReport, request_epoch, synchronise

__all__ = ["COMMANDS"]


def _connection(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--ca", default="", metavar="FILE", help="Other certificate authorities (PEM).")(command)
    return click.option("--insecure-http", is_flag=True, help="Allow http:// beyond this machine.")(command)


@click.command("sync")
@click.option("--no-pull", is_flag=True, help="Only send.")
@click.option("--new-epoch", is_flag=True, help="Ask for a new epoch first: after this phone was restored.")
@_connection
@json_option
@pass_app
def sync_command(app: App, no_pull: bool, new_epoch: bool, ca: str, insecure_http: bool, as_json: bool) -> None:
    """Send everything recorded, fetch everything new."""
    app.ca, app.insecure_http = ca, insecure_http
    report = _run(app, pull=not no_pull, new_epoch=new_epoch)
    _print(app, report, as_json=as_json)


@click.command("pull")
@_connection
@json_option
@pass_app
def pull_command(app: App, ca: str, insecure_http: bool, as_json: bool) -> None:
    """Fetch the route and everything new; what was recorded is sent along."""
    app.ca, app.insecure_http = ca, insecure_http
    _print(app, _run(app, pull=True, new_epoch=False), as_json=as_json)


def _run(app: App, *, pull: bool, new_epoch: bool) -> SyncReport:
    with app.desk() as desk, app.office(desk) as office:
        if new_epoch:
            request_epoch(desk, office, app.waiting())
        with _Shown(app) as shown:
            return synchronise(desk, office, app.waiting(), pull=pull, watch=shown.update)


def _print(app: App, report: SyncReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    app.say("sync-sent", acknowledged=report.acknowledged, unsent=report.unsent)
    if report.side_records_apart:
        app.say("sync-apart", count=report.side_records_apart)
    if report.documents_wait:
        app.say("sync-documents-wait")
    elif not report.locked:
        app.say_complete(complete=report.complete, held=report.held, total=report.total)
    if report.resent:
        app.say("sync-resent", count=report.resent)
    if report.epoch:
        app.say("sync-epoch", epoch=report.epoch)
    for flag in ("locked", "wiped", "downloads_refused"):
        if getattr(report, flag):
            app.say(f"sync-{flag.replace('_', '-')}")


class _Shown:
    """A progress bar that appears only when a sync takes longer than a second."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._started = time.monotonic()
        self._bar = Bar(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True
        )
        self._task = self._bar.add_task("", total=None)
        self._shown = False

    def __enter__(self) -> _Shown:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._bar.stop()

    def update(self, progress: Progress) -> None:
        """Called after every answer and before every pause."""
        if not self._shown and (progress.waiting_s or time.monotonic() - self._started > PROGRESS_AFTER_S):
            self._bar.start()
            self._shown = True
        if progress.waiting_s:
            text = self._app.text("progress-waiting", seconds=f"{progress.waiting_s:.1f}")
        else:
            text = self._app.text(
                "progress", sent=progress.sent, to_send=progress.to_send, documents=progress.documents
            )
        self._bar.update(self._task, description=text, total=progress.to_send or None, completed=progress.sent)


COMMANDS: Final = (pull_command, sync_command)
