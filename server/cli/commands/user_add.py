"""`doorstep user-add NAME --role ROLE…`: somebody who may sign in to the console."""

from __future__ import annotations

from pathlib import Path

import click
from argon2 import PasswordHasher

from server.cli.office import data_option, office_session
from server.services.users import OFFICE_ROLES, hash_password
from sync.errors import Refused

__all__ = ["command"]


@click.command()
@data_option()
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(OFFICE_ROLES), help="May be repeated.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Read the password from a file (its first line) or `-`; without it you are asked.",
)
def command(data: Path, name: str, roles: tuple[str, ...], password_file: Path | None) -> None:
    """Add a person with one or more roles. The password is hashed here; only the hash travels."""
    password = (
        _read(password_file) if password_file else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    hashed = hash_password(PasswordHasher(), password)
    with office_session(data) as office:
        user = office.post("/api/v1/office/users", {"name": name, "roles": list(roles), "password": hashed})
    click.echo(f"{user['name']} may sign in as {', '.join(user['roles'])}.")


def _read(path: Path) -> str:
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            return str(file.readline()).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("FILE-UNREADABLE", f"{path}: {error}") from error
