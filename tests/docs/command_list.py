"""Every command of both programs with its options: ``python -m tests.docs.command_list`` prints them as Markdown."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click

__all__ = ["PROGRAMS", "commands", "markdown", "options", "program"]

PROGRAMS = {"doorstep": ("server.cli", "main"), "doorstep-agent": ("agent_client.cli", "cli")}
"""Program → module and name of its root group."""


def program(name: str) -> click.Command:
    """The program's root group."""
    module, attribute = PROGRAMS[name]
    found = getattr(importlib.import_module(module), attribute)
    assert isinstance(found, click.Command)
    return found


def commands(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """The command and every command below it that is not hidden, with the words that call it."""
    yield " ".join(words), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield from commands(found, (*words, name))


def options(command: click.Command) -> list[click.Option]:
    """Options that people are told of."""
    return [item for item in command.params if isinstance(item, click.Option) and not item.hidden]


def markdown(name: str) -> str:
    """A table of a program's commands: words, options and the first sentence of the help."""
    lines = ["| command | options | does |", "|---|---|---|"]
    for words, command in commands(program(name), (name,)):
        arguments = "".join(
            f" {item.human_readable_name}" for item in command.params if isinstance(item, click.Argument)
        )
        names = ", ".join(f"`{option.opts[-1]}`" for option in options(command))
        sentence = (command.help or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        lines.append(f"| `{words}{arguments}` | {names} | {sentence} |")
    return "\n".join(lines)


if __name__ == "__main__":
    click.echo("\n\n".join(markdown(name) for name in PROGRAMS))
