"""`doorstep rules` prints the whole catalogue from the code: as a table, as JSON, as Markdown, in both languages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from server.cli.commands.rules import command
from sync.reconcile.catalogue import CATALOGUE


def told(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(command, list(arguments), env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_has_a_row_for_every_rule(lang: str) -> None:
    """With its code whole, however narrow the terminal."""
    text = told("--lang", lang)
    assert [code for code in CATALOGUE if code not in text] == []
    assert "…" not in text


def test_json_is_the_catalogue() -> None:
    """Every member of every rule, by code."""
    rules = json.loads(told("--format", "json"))
    assert [rule["code"] for rule in rules] == sorted(CATALOGUE)
    contested = next(rule for rule in rules if rule["code"] == "VOID-CONTESTED")
    assert (contested["severity"], contested["two_persons"], contested["decides"]) == ("alarm", True, "supervisor")
    assert contested["outcomes"] == ["void", "accept", "escalate"]
    assert contested["en"]["title"]
    assert contested["zh"]["title"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_markdown_is_one_table(lang: str) -> None:
    """As many cells in every row, a rule in each, who decides and how many."""
    head, rule, *rows = told("--format", "markdown", "--lang", lang).splitlines()
    cells = [line.replace("\\|", "").count("|") for line in (head, rule, *rows)]
    assert set(cells) == {7}
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == sorted(CATALOGUE)
    contested = next(row for row in rows if row.startswith("| VOID-CONTESTED"))
    assert ("two persons" if lang == "en" else "须两人") in contested


def test_an_unknown_form_is_refused() -> None:
    """With the forms that there are."""
    result = CliRunner().invoke(command, ["--format", "xml"])
    assert result.exit_code == 2
    assert "markdown" in result.output
