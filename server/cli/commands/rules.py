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


def _row(rule: Rule, lang: str) -> tuple[str, str, str, str, str, str]:
    wording = rule.zh if lang == "zh" else rule.en
    severity = f"{rule.severity} ({_WORDS[lang][0]})" if rule.suspicion else rule.severity
    when = rule.statement if lang == "en" else wording.title
    decides = f"{rule.decides}, {_WORDS[lang][1]}" if rule.two_persons else rule.decides
    return rule.code, severity, when, wording.holds, decides, ", ".join(rule.outcomes)


_WORDS = {"en": ("accuses", "two persons"), "zh": ("指向个人", "须两人")}
_HEADS = {
    "en": ("code", "severity", "when", "what holds", "decides", "outcomes"),
    "zh": ("代码", "级别", "情形", "期间效力", "裁定人", "可选裁定"),
}


def _markdown(rules: list[Rule], lang: str) -> str:
    rows = [_HEADS[lang], ("---",) * len(_HEADS[lang]), *(_row(rule, lang) for rule in rules)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def _table(rules: list[Rule], lang: str) -> Table:
    """Three columns, so that sentences keep whole words on a terminal of 80 characters."""
    code, severity, when, holds, decides, outcomes = _HEADS[lang]
    table = Table(show_lines=True)
    table.add_column(f"{code}\n{severity} · {decides}\n{outcomes}", no_wrap=True)
    table.add_column(when, overflow="fold")
    table.add_column(holds, overflow="fold")
    for rule in rules:
        name, level, case, meanwhile, who, choices = _row(rule, lang)
        table.add_row(f"[bold]{name}[/]\n{level}\n{who}\n{choices.replace(', ', chr(10))}", case, meanwhile)
    return table
