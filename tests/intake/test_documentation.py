"""The README is the format's contract: it names every column, status, task and datum."""

from __future__ import annotations

from pathlib import Path

import pytest

import server.intake
from server.demo.writing import FILES, columns_of
from server.intake import TABLES

README = (Path(server.intake.__file__).parent / "README.md").read_text("utf-8")


def _section(name: str) -> str:
    return README.partition(f"## {name}.csv")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_is_documented(name: str) -> None:
    """Each column of each file stands in its own section, between backquotes."""
    missing = [column for column in TABLES[name].columns if f"`{column}`" not in _section(name)]
    assert missing == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_that_may_be_left_out_say_so(name: str) -> None:
    """Exactly the omissible columns are marked."""
    marked = {
        line.split("`")[1]
        for line in _section(name).splitlines()
        if line.startswith("| `") and "may be left out" in line
    }
    assert marked == set(TABLES[name].omissible)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_demonstrations_files_are_in_this_format(name: str) -> None:
    """Each file that the demonstration writes has the required columns and none that is unknown."""
    written = set(columns_of(FILES[name]))
    table = TABLES[name]
    assert written <= set(table.columns)
    assert set(table.columns) - set(table.omissible) <= written
