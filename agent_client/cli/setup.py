"""Making a folder into a phone, and what to do about its secret."""

from __future__ import annotations

import platform
import secrets
from pathlib import Path
from typing import Final

import click

from agent_client.cli.app import App, pass_app, read_secret_file
from agent_client.cli.options import json_option
from agent_client.cli.output import print_json
from agent_client.enrolment import enrol, parse_enrolment_code, vault_folder
from agent_client.limits import SECRET_FILE_BYTES_MAX
from agent_client.vault import (
    STANDARD_COST,
    NewSecret,
    Passphrase,
    Pin,
    change_secret,
    find_keystore,
    finish_recovery,
    make_recovery_request,
    vault_status,
)
from agent_client.vault.durable import read_bounded, write_durably
from sync.errors import Refused

__all__ = ["COMMANDS"]


@click.command("enrol")
@click.argument("code")
@click.option("--url", default="", help="The office's address, where the code's text has none.")
@click.option("--ca", default="", metavar="FILE", help="Certificate authorities (PEM) of a private office.")
@click.option("--insecure-http", is_flag=True, help="Allow http:// beyond this machine: for tests only.")
@click.option("--model", default="", help="What the office shall call this device.")
@json_option
@pass_app
def enrol_command(app: App, code: str, url: str, ca: str, insecure_http: bool, model: str, as_json: bool) -> None:
    """Make this folder an agent's phone, with the CODE (or the text of its QR code) that the office gave."""
    from agent_client import transport  # loads the HTTP library, which few commands need

    parsed = parse_enrolment_code(code)
    address = url or parsed.url
    if not address:
        raise Refused("ARGUMENT-WRONG", "the code names no office; add --url")
    address = transport.check_url(address, insecure_http=insecure_http)
    authorities = str(Path(ca).resolve()) if ca else ""
    keystore = find_keystore()
    secret = _new_secret(app, pin=keystore is not None)
    with transport.open_office(address, ca=authorities, insecure_http=insecure_http) as office:
        desk = enrol(
            app.home,
            parsed.code,
            office,
            office_url=address,
            secret=secret,
            keystore=keystore,
            clock=app.clock(),
            random=secrets.token_bytes,
            waiting=app.waiting(),
            ca=authorities,
            insecure_http=insecure_http,
            model=model or f"{platform.system()} {platform.machine()}",
        )
    answer = desk.enrolment.answer
    desk.store.close()
    if as_json:
        print_json({"device": answer.device, "agent": answer.agent, "branch": answer.branch, "epoch": answer.epoch})
    else:
        app.say("enrolled", agent=answer.agent_name, number=answer.agent, branch=answer.branch, device=answer.device)


@click.command("change-pin")
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file whose first line is the new secret; otherwise it is asked for.",
)
@pass_app
def change_pin(app: App, new_passphrase_file: Path | None) -> None:
    """Set another PIN or passphrase; the old one opens nothing any more."""
    folder = vault_folder(app.home)
    kind = vault_status(folder).kind
    old = app.secret(f"ask-{kind}")
    new = _given_or_asked(app, new_passphrase_file, kind)
    now_ms = app.clock()().wall_ms
    change_secret(folder, old, new, find_keystore(), now_ms, STANDARD_COST, secrets.token_bytes)
    app.say("secret-changed")


@click.group("forgot-pin")
def forgot_pin() -> None:
    """A forgotten PIN: ask the office, then set a new one. Nothing that was recorded is lost."""


@forgot_pin.command("request")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def forgot_request(app: App, file: Path) -> None:
    """Write the request for the office to FILE; it may be asked again."""
    write_durably(file, make_recovery_request(vault_folder(app.home), secrets.token_bytes) + b"\n")
    app.say("recovery-requested", file=file)


@forgot_pin.command("finish")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file whose first line is the new secret; otherwise it is asked for.",
)
@pass_app
def forgot_finish(app: App, file: Path, new_passphrase_file: Path | None) -> None:
    """Read the office's answer from FILE and set a new PIN or passphrase."""
    answer = read_bounded(file, SECRET_FILE_BYTES_MAX)
    if answer is None:
        raise Refused("FILE-UNREADABLE", f"{file} is not there")
    keystore = find_keystore()
    new = _given_or_asked(app, new_passphrase_file, vault_status(vault_folder(app.home)).kind)
    finish_recovery(vault_folder(app.home), answer.strip(), new, keystore, STANDARD_COST, secrets.token_bytes)
    app.say("secret-changed")


def _new_secret(app: App, *, pin: bool) -> NewSecret:
    if app.passphrase_file is not None:
        return Passphrase(app.secret("ask-new-passphrase"))
    if pin:
        return Pin(app.secret("ask-new-pin", confirm=True))
    return Passphrase(app.secret("ask-new-passphrase", confirm=True))


def _given_or_asked(app: App, file: Path | None, kind: str) -> NewSecret:
    if file is not None:
        text = read_secret_file(file)
    else:
        # The file of this run holds the old secret, so the new one is asked for.
        asking = App(home=app.home, language=app.language)
        text = asking.secret(f"ask-new-{kind}", confirm=True)
    return Pin(text) if kind == "pin" else Passphrase(text)


COMMANDS: Final = (enrol_command, change_pin, forgot_pin)
