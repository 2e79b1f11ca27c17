"""README.md names every command and option of both programs."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

README = Path(__file__).parents[2] / "README.md"
PROGRAMS = {"doorstep": "server.cli", "doorstep-agent": "agent_client.cli"}


def commands(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group that is not hidden, with the words that call it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield from commands(found, (*words, name))
    else:
        yield " ".join(words), command


def program(name: str) -> click.Command:
    """The program's root command."""
    found = importlib.import_module(PROGRAMS[name]).main
    assert isinstance(found, click.Command)
    return found


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_command_is_in_the_readme(name: str) -> None:
    """Each command is written out with the words that call it."""
    text = README.read_text(encoding="utf-8")
    missing = [words for words, _ in commands(program(name), (name,)) if words not in text]
    assert not missing


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_option_is_in_the_readme(name: str) -> None:
    """Each long option of each command stands there by its full name."""
    text = README.read_text(encoding="utf-8")
    missing = [
        f"{words} {option}"
        for words, command in commands(program(name), (name,))
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
        if option.startswith("--")
        and f"`{option}" not in text
        and f"{option} " not in text
        and f"{option}=" not in text
    ]
    assert not missing


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_command_explains_itself(name: str) -> None:
    """Each command and each of its options has a help text."""
    for words, command in commands(program(name), (name,)):
        assert command.help, words
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, f"{words} {parameter.opts}"
