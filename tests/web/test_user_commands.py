"""`doorstep user-add`, `user-list` and `user-disable` at the operator's own machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.keys import make_keys
from tests.web.branch import NINE_MS, PASSWORD


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with keys."""
    make_keys(tmp_path / "data" / "keys", NINE_MS)
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    (tmp_path / "short").write_text("short\n", encoding="utf-8")
    return tmp_path / "data"


def run(data: Path, *arguments: str, keyboard: str = "") -> Result:
    """The command with the folder."""
    return CliRunner().invoke(main, ["--data", str(data), *arguments], input=keyboard)


def test_people_are_added_listed_and_disabled(data: Path) -> None:
    """A password from a file or from the keyboard; the list never shows a hash."""
    password = str(data.parent / "password")
    added = run(data, "user-add", "Qian", "--role", "supervisor", "--role", "auditor", "--password-file", password)
    assert (added.exit_code, added.output) == (0, "qian may sign in as supervisor, auditor.\n")
    typed = run(data, "user-add", "bai", "--role", "cashier", keyboard=f"{PASSWORD}\n{PASSWORD}\n")
    assert typed.exit_code == 0
    assert PASSWORD not in typed.output
    assert run(data, "user-disable", "bai").output == "bai is disabled.\n"
    listed = run(data, "user-list")
    assert listed.output == "bai: cashier (disabled)\nqian: supervisor, auditor\n"


def test_refusals_are_one_line(data: Path) -> None:
    """A short password, a missing file, a taken name, nobody to disable: a readable line and exit code 1."""
    folder = data.parent
    for arguments, code in (
        (("user-add", "q", "--role", "admin", "--password-file", str(folder / "short")), "SECRET-WEAK"),
        (("user-add", "q", "--role", "admin", "--password-file", str(folder / "none")), "FILE-UNREADABLE"),
        (("user-add", "a b", "--role", "admin", "--password-file", str(folder / "password")), "ARGUMENT-WRONG"),
        (("user-disable", "nobody"), "NOT-FOUND"),
    ):
        result = run(data, *arguments)
        assert result.exit_code == 1, arguments
        assert result.output.startswith(f"{code}: ")
        assert result.output.count("\n") == 1
    wrong_role = run(data, "user-add", "q", "--role", "emperor")
    assert wrong_role.exit_code == 2


def test_an_empty_office_says_how_to_begin(data: Path) -> None:
    """Nobody yet."""
    assert run(data, "user-list").output == "Nobody yet: add somebody with doorstep user-add.\n"
