"""`doorstep rules`: the catalogue of conflict rules, printed from the code."""

from __future__ import annotations

import json

import click
import msgspec
from rich.console import Console
from rich.table import Table

from sync.reconcile import rules as _rules  # noqa: F401  # importing the rules fills the catalogue
from sync.reconcile.catalogue import CATALOGUE, Rule

__all__ = ["command"]


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True,
    help="How to print.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the words.")
def command(form: str, lang: str) -> None:
    """List every conflict rule: when it fires, what holds meanwhile, who decides."""
    rules = [CATALOGUE[code] for code in sorted(CATALOGUE)]
    if form == "json":
        click.echo(json.dumps([msgspec.to_builtins(rule) for rule in rules], ensure_ascii=False, indent=2))
    elif form == "markdown":
        click.echo(_markdown(rules, lang))
    else:
        Console().print(_table(rules, lang))


def _row(rule: Rule, lang: str) -> tuple[str, str, str, str, str]:
    wording = rule.zh if lang == "zh" else rule.en
    severity = f"{rule.severity} (accuses)" if rule.suspicion else rule.severity
    when = rule.statement if lang == "en" else wording.title
    return rule.code, severity, when, wording.holds, rule.decides


def _markdown(rules: list[Rule], lang: str) -> str:
    head = ["| code | severity | when | what holds | decides |", "|---|---|---|---|---|"]
    return "\n".join([*head, *("| " + " | ".join(_row(rule, lang)) + " |" for rule in rules)])


def _table(rules: list[Rule], lang: str) -> Table:
    table = Table("code", "severity", "when", "what holds", "decides", show_lines=True)
    for rule in rules:
        table.add_row(*_row(rule, lang))
    return table
