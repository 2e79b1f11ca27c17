"""The command `doorstep-agent`: thin over the library; one readable line for an error, and a non-zero exit."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from agent_client.cli import day, door, exchange, money, plans, reading, setup, simulate
from agent_client.cli.app import HOME_VARIABLE, PASSPHRASE_VARIABLE, App
from agent_client.clock import OFFSET_VARIABLE
from agent_client.texts import language_of
from agent_client.texts_errors import error_line
from sync import __version__
from sync.errors import DoorstepError

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="doorstep-agent")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar=HOME_VARIABLE,
    default=Path("~/.doorstep-agent"),
    help=f"Where this phone lives (or {HOME_VARIABLE}).",
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar=PASSPHRASE_VARIABLE,
    help=f"A file whose first line is the PIN or passphrase (or {PASSPHRASE_VARIABLE}); otherwise it is asked for.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of messages; by default that of LANG.")
@click.option(
    "--clock-offset", type=int, envvar=OFFSET_VARIABLE, metavar="SECONDS", help="Play a phone whose clock is wrong."
)
@click.pass_obj
def cli(app: App, home: Path, passphrase_file: Path | None, lang: str | None, clock_offset: int | None) -> None:
    """An agent's phone: today's route, receipts at the door, and sync when there is signal."""
    app.home = home.expanduser()
    app.passphrase_file = passphrase_file
    app.language = lang or app.language
    app.clock_offset_s = clock_offset


for _group in (setup, exchange, reading, door, plans, money, day, simulate):
    for _command in _group.COMMANDS:
        cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit status: 0, 1 for an error of ours, 2 for wrong usage, 130 when stopped."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    app = App(language=language_of(locale))
    try:
        result = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="doorstep-agent",
            standalone_mode=False,
            obj=app,
        )
    except DoorstepError as error:
        click.echo(error_line(error, app.language), err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone; everything recorded is on disk.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)
