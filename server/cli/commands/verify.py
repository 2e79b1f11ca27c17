"""`doorstep verify`: rebuild every state from the journals, compare digests, find what was changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from server.cli.office import data_option
from server.clock import make_clock
from server.keys import load_keys
from server.services.verify import Verification, verify
from server.settings import read_settings
from server.store.sqlite import SqliteStore
from sync.errors import Corrupt

__all__ = ["command"]


@click.command()
@data_option()
@click.option("--shuffle", type=int, metavar="SEED", help="Fold the operations in another order, drawn from SEED.")
@click.option("--from-closing", is_flag=True, help="Fold from the last closing on as well; both must agree.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(data: Path, shuffle: int | None, from_closing: bool, as_json: bool) -> None:
    """Rebuild every state from the journals and compare with what is stored; exit 1 if anything differs."""
    settings = read_settings(os.environ, data)
    store = SqliteStore(settings.database, load_keys(settings.keys), make_clock(settings.clock, "verify"))
    try:
        with store.read() as reader:
            found = verify(
                reader,
                shuffle=shuffle,
                from_closing=from_closing,
                progress=lambda text: click.echo(f"{text} …", err=True),
            )
    finally:
        store.close()
    click.echo(_json(found) if as_json else _text(found))
    if not found.sound:
        raise Corrupt("STORE-CORRUPT", f"{len(found.faults)} fault(s), the first at {found.faults[0].where}")


def _json(found: Verification) -> str:
    members = {name: getattr(found, name) for name in found.__struct_fields__ if name != "faults"}
    faults = [{"where": fault.where, "what": fault.what} for fault in found.faults]
    return json.dumps(members | {"sound": found.sound, "faults": faults}, ensure_ascii=False, indent=2)


def _text(found: Verification) -> str:
    lines = [
        f"operations     {found.operations:>10,}",
        f"aggregates     {found.aggregates:>10,}",
        f"postings       {found.postings:>10,}",
        f"discrepancies  {found.discrepancies:>10,}",
        f"books  stored    {found.books_stored}",
        f"       replayed  {found.books_replayed}",
        f"state  stored    {found.state_stored}",
        f"       replayed  {found.state_replayed}",
    ]
    if found.carried is not None:
        lines.append(f"from the last closing: {found.carried:,} aggregates carried over, {found.folded:,} folded anew")
    lines += [f"FAULT  {fault.where}: {fault.what}" for fault in found.faults]
    lines.append("sound: everything is what was written" if found.sound else "NOT SOUND")
    return "\n".join(lines)
