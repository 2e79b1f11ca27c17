"""README.md names every command and option of both programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.command_list import PROGRAMS, commands, options, program

README = Path(__file__).parents[2] / "README.md"


def says(text: str, words: str) -> bool:
    """Whether the words stand there and do not merely begin longer ones."""
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text) is not None


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_command_is_in_the_readme(name: str) -> None:
    """Each command is written out with the words that call it."""
    text = README.read_text(encoding="utf-8")
    assert [words for words, _ in commands(program(name), (name,)) if not says(text, words)] == []


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_option_is_in_the_readme(name: str) -> None:
    """Each option of each command stands there by its long name."""
    text = README.read_text(encoding="utf-8")
    missing = [
        f"{words} {opt}"
        for words, command in commands(program(name), (name,))
        for option in options(command)
        for opt in option.opts
        if opt.startswith("--") and not says(text, opt)
    ]
    assert missing == []


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_command_explains_itself(name: str) -> None:
    """Each command and each of its options has a help text."""
    for words, command in commands(program(name), (name,)):
        assert command.help, words
        for option in options(command):
            assert option.help, f"{words} {option.opts}"
