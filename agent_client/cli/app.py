"""What every command shares: where the phone is, its language, how its secret is read, how it is opened."""

from __future__ import annotations

import os
import random
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from agent_client.clock import Clock, device_clock
from agent_client.enrolment import open_desk, vault_folder
from agent_client.limits import SECRET_FILE_BYTES_MAX
from agent_client.recording import Desk
from agent_client.syncing import Waiting
from agent_client.texts import text
from agent_client.vault import MachineKeyStore, vault_status
from sync.errors import Refused

if TYPE_CHECKING:
    from agent_client.transport import HttpOffice

__all__ = ["HOME_VARIABLE", "PASSPHRASE_VARIABLE", "App", "pass_app"]

HOME_VARIABLE: Final = "DOORSTEP_AGENT_HOME"
PASSPHRASE_VARIABLE: Final = "DOORSTEP_PASSPHRASE_FILE"  # noqa: S105  # the name of a setting


class App(msgspec.Struct):
    """Settings of one run of the command; filled in by the group's options."""

    home: Path = Path()
    language: str = "en"
    passphrase_file: Path | None = None
    clock_offset_s: int | None = None
    ca: str = ""
    insecure_http: bool = False

    def say(self, key: str, **values: object) -> None:
        """Print a text in the agent's language."""
        click.echo(self.text(key, **values))

    def say_complete(self, *, complete: bool, held: int, total: int) -> None:
        """How much of what the office has for this phone is here."""
        if complete and not total:
            self.say("sync-empty")
        else:
            self.say("sync-complete" if complete else "sync-incomplete", held=held, total=total)

    def text(self, key: str, **values: object) -> str:
        """A text in the agent's language."""
        return text(key, self.language, **values)

    def clock(self) -> Clock:
        """This device's clock."""
        return device_clock(os.environ, self.clock_offset_s)

    def waiting(self) -> Waiting:
        """Real pauses."""
        return Waiting(sleep=time.sleep, draw=random.SystemRandom().random)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The phone, open; asks for the secret."""
        kind = vault_status(vault_folder(self.home)).kind
        secret = self.secret(f"ask-{kind}")
        desk = open_desk(self.home, secret, keystore=MachineKeyStore(), clock=self.clock(), random=secrets.token_bytes)
        try:
            yield desk
        finally:
            desk.store.close()

    def office(self, desk: Desk) -> HttpOffice:
        """The enrolled office; options of this run go before what was given at enrolment."""
        from agent_client import transport  # loads the HTTP library, which nothing else needs

        enrolment = desk.enrolment
        return transport.open_office(
            enrolment.office_url,
            ca=self.ca or enrolment.ca,
            insecure_http=self.insecure_http or enrolment.insecure_http,
        )

    def secret(self, key: str, *, confirm: bool = False) -> str:
        """What the agent types, or the first line of the passphrase file; never from the command line."""
        if self.passphrase_file is not None:
            return read_secret_file(self.passphrase_file)
        if not sys.stdin.isatty():
            raise Refused(
                "ARGUMENT-WRONG", f"no terminal to ask for the secret; use --passphrase-file or {PASSPHRASE_VARIABLE}"
            )
        return str(click.prompt(self.text(key), hide_input=True, confirmation_prompt=confirm, err=True))


def read_secret_file(path: Path) -> str:
    """The first line of a file."""
    try:
        with path.open("rb") as file:
            content = file.read(SECRET_FILE_BYTES_MAX + 1)
        line = content.split(b"\n", 1)[0].decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("FILE-UNREADABLE", f"{path}: {error}") from error
    if not line or len(content) > SECRET_FILE_BYTES_MAX:
        raise Refused("ARGUMENT-WRONG", f"{path} holds no secret of one line")
    return line


pass_app = click.make_pass_decorator(App)
