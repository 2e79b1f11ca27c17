"""The report: each agent's day, money by method, the day's equation in full, and every discrepancy in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sync.money import format_amount

__all__ = ["Equation", "agents_table", "discrepancy_list", "equation_of"]

_SENTENCES_MAX: Final = 3
"""Of one rule; the console shows all of them."""

_METHODS: Final = {
    "cash": ("cash", "现金"),
    "wechat": ("WeChat Pay", "微信"),
    "alipay": ("Alipay", "支付宝"),
    "transfer": ("transfer", "转账"),
    "card": ("card", "刷卡"),
    "cheque": ("cheque", "支票"),
}
_SEVERITIES: Final = {"alarm": ("alarm", "警报"), "review": ("review", "待审"), "info": ("info", "信息")}
_COLOURS: Final = {"alarm": "red", "review": "yellow", "info": "cyan"}


class Equation(msgspec.Struct, frozen=True, kw_only=True):
    """The day's equation of one currency as a line, and whether it balances."""

    line: str
    balanced: bool


def equation_of(values: Any, language: str = "en") -> Equation:
    """Opening + collected - voids - ... ± over or short = held; what the cashier counted stands beside it.

    `values` is one of a drawer's equations as the office gives them. It balances when the terms make what should be
    held, and the over or short that is booked is the difference of what was declared and counted.
    """
    code = values["currency"]
    terms = [
        (1, values["carried"] + values["float_issued"], ("opening", "期初")),
        (1, values["collected"], ("cash collected", "现金收款")),
        (-1, values["voided"], ("voids", "作废")),
        (-1, values["void_pending"], ("void pending", "作废待定")),
        (-1, values["deposited"], ("deposited", "缴存")),
        (-1, values["handed_over"], ("handed over", "交接")),
    ]
    expected = sum(sign * amount for sign, amount, _ in terms)
    held, counted = values["held"], values["counted"]
    variance = 0 if held is None else held - expected
    counted_more = 0 if counted is None else counted - values["handed_over"]
    place = language == "zh"
    shown = [_term(sign, amount, names[place], code) for sign, amount, names in terms if amount or names[0] in _ALWAYS]
    if variance:
        names = ("over", "长款") if variance > 0 else ("short", "短款")
        shown.append(_term(1 if variance > 0 else -1, abs(variance), names[place], code))
    end = ("not reported", "未上报")[place] if held is None else f"{_plain(held, code)} {('held', '持有')[place]}"
    line = f"{' '.join(shown).removeprefix('+ ')} = {end}"
    if counted is not None:
        line += f"; {('counted', '清点')[place]} {_plain(counted, code)}"
        if counted_more:
            line += f" ({'+' if counted_more > 0 else '−'}{_plain(abs(counted_more), code)})"
    booked = values["over_short"]
    balanced = expected == values["expected"] and booked == (None if held is None else variance + counted_more)
    return Equation(line=line, balanced=balanced)


_ALWAYS: Final = ("cash collected", "handed over")


def _term(sign: int, amount: int, name: str, code: str) -> str:
    return f"{'+' if sign > 0 else '−'} {_plain(amount, code)} {name}"


def _plain(amount: int, code: str) -> str:
    return format_amount(amount, code).rpartition(" ")[0]


_FIGURES = (
    ("planned", "计划"),
    ("done", "完成"),
    ("beyond", "计划外"),
    ("km", "公里"),
    ("money", "款项"),
    ("count", "笔数"),
)
"""Columns of the agents' table, in both languages; `beyond` are stops done that are not, or no longer, planned."""


def agents_table(day: Any, language: str = "en") -> RenderableType:
    """A branch's agents: stops planned and done, kilometres, money by method; narrow enough for 80 columns."""
    place = language == "zh"
    table = Table(title=f"{day['branch']}  {day['service_day']}", title_justify="left", show_lines=True)
    for head in (("agent", "业务员"), ("name", "姓名")):
        table.add_column(head[place], no_wrap=True)
    for head in _FIGURES:
        table.add_column(head[place], justify="right", no_wrap=True)
    for agent in day["agents"]:
        totals = {total["method"]: total for total in agent["methods"] if total["count"]}
        present = [name for name in _METHODS if name in totals]
        money = [f"{_METHODS[n][place]} {_plain(totals[n]['amount_minor'], totals[n]['currency'])}" for n in present]
        table.add_row(
            agent["agent"],
            agent["name"],
            str(agent["planned"]),
            str(agent["done"]),
            str(agent["unplanned"] or "—"),
            f"{agent['distance_m'] / 1000:.1f}",
            "\n".join(money) or "—",
            "\n".join(str(totals[name]["count"]) for name in present) or "—",
        )
    return table


def discrepancy_list(lines: Sequence[Any], language: str = "en") -> RenderableType:
    """Discrepancies by rule, the gravest first: sentences, and what holds meanwhile."""
    place = language == "zh"
    by_rule: dict[tuple[int, str], list[Any]] = {}
    for line in lines:
        by_rule.setdefault((list(_SEVERITIES).index(line["severity"]), line["rule"]), []).append(line)
    shown: list[RenderableType] = []
    for (_, rule), found in sorted(by_rule.items()):
        first = found[0]
        severity = first["severity"]
        head = Text(f"{rule} ", style=f"bold {_COLOURS[severity]}")
        head.append(f"{first['title']} ", style="bold")
        head.append(f"({_SEVERITIES[severity][place]}, {len(found)})", style="dim")
        shown.append(head)
        shown += [Padding(Text(line["sentence"]), (0, 0, 0, 4)) for line in found[:_SENTENCES_MAX]]
        if len(found) > _SENTENCES_MAX:
            more = len(found) - _SENTENCES_MAX
            shown.append(Padding(Text(f"…… 另有 {more} 项" if place else f"… and {more} more"), (0, 0, 0, 4)))
        shown.append(Padding(Text(f"→ {first['holds']}", style="italic"), (0, 0, 0, 4)))
    return Padding(Group(*shown), (0, 0, 0, 2))
