"""The command `doorstep`: one file in `server.cli.commands` for each command.

A command named ``enrol-code`` is the attribute ``command`` of the module ``server.cli.commands.enrol_code``; it is
imported only when it is used or listed. An error is one readable line on standard error and exit code 1.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import click

from server.cli import commands
from sync import __version__
from sync.errors import DoorstepError

__all__ = ["main"]


class _Commands(click.Group):
    """Finds commands by the name of their module, and prints errors readably."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every module of the folder, in order."""
        del ctx
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None for one that does not exist."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        found: click.Command = module.command
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn an error of ours into one line."""
        try:
            return super().invoke(ctx)
        except DoorstepError as error:
            click.echo(f"{error.code}: {error.cause}. {error.remedy}", err=True)
            ctx.exit(1)


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="doorstep")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="DOORSTEP_DATA",
    default=Path("data"),
    show_default=True,
    help="The folder with database and keys.",
)
@click.pass_context
def main(ctx: click.Context, data: Path) -> None:
    """The office of Doorstep."""
    ctx.obj = data
