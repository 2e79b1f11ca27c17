"""`doorstep export`: journals as they were written, one operation a line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import click

from server.cli.office import data_option
from server.clock import make_clock
from server.keys import load_keys
from server.settings import read_settings
from server.store.sqlite import SqliteStore

__all__ = ["command"]


@click.command()
@data_option()
@click.option("--device", help="Only this device's or office process's journals.")
@click.option("--epoch", type=int, help="Only this epoch.")
@click.option("--output", type=click.File("wb", lazy=True), default="-", show_default=True, help="Where to write.")
def command(data: Path, device: str | None, epoch: int | None, output: BinaryIO) -> None:
    """Write exact lines (NDJSON) by device, epoch and number; `sha256sum` follows the chain by hand."""
    settings = read_settings(os.environ, data)
    store = SqliteStore(settings.database, load_keys(settings.keys), make_clock(settings.clock, "export"))
    try:
        with store.read() as reader:
            output.writelines(line + b"\n" for line in reader.export(device, epoch))
    finally:
        store.close()
