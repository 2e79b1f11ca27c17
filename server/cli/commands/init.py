"""`doorstep init`: make the data folder, its keys and an empty database."""

from __future__ import annotations

import os
from pathlib import Path

import click

from server.cli.office import data_option
from server.clock import make_clock
from server.keys import load_keys, make_keys
from server.settings import read_settings
from server.store.sqlite import SqliteStore

__all__ = ["command"]


@click.command()
@data_option()
def command(data: Path) -> None:
    """Make keys (mode 0600) and an empty database; never overwrites a key."""
    settings = read_settings(os.environ, data)
    clock = make_clock(settings.clock, "init")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_keys(settings.keys, clock.now_ms())
    store = SqliteStore(settings.database, load_keys(settings.keys), clock)
    store.close()
    click.echo(f"Keys and database are in {settings.data}. Keep a copy of {settings.keys} apart from the database.")
