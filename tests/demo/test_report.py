"""The demonstration's report: the day's equation as a line that can be added up, tables, discrepancies in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.console import Console, RenderableType

from server.demo.demonstration.report import agents_table, discrepancy_list, equation_of

_NOTHING = {
    "currency": "CNY",
    "carried": 0,
    "float_issued": 0,
    "collected": 0,
    "voided": 0,
    "void_pending": 0,
    "deposited": 0,
    "handed_over": 0,
    "held": 0,
    "counted": None,
    "expected": 0,
    "over_short": 0,
}


def _printed(what: RenderableType) -> str:
    console = Console(width=160, highlight=False)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def _values(**given: int | None) -> dict[str, Any]:
    return {**_NOTHING, **given}


def test_a_plain_day_balances() -> None:
    """What was collected was handed over and counted; terms that are zero are left out."""
    values = _values(collected=2_874_800, handed_over=2_874_800, counted=2_874_800)
    equation = equation_of(values)
    assert equation.line == "28,748.00 cash collected − 28,748.00 handed over = 0.00 held; counted 28,748.00"
    assert equation.balanced


def test_every_term_has_its_sign() -> None:
    """Opening is carried and float together; voids, pending, deposits and hand-overs leave."""
    values = _values(
        carried=100,
        float_issued=200,
        collected=1_000,
        voided=50,
        void_pending=60,
        deposited=70,
        handed_over=80,
        held=1_040,
        expected=1_040,
    )
    equation = equation_of(values)
    assert equation.balanced
    assert equation.line == (
        "3.00 opening + 10.00 cash collected − 0.50 voids − 0.60 void pending − 0.70 deposited − 0.80 handed over"
        " = 10.40 held"
    )


@pytest.mark.parametrize(("held", "word"), [(300, "− 7.00 short"), (1_700, "+ 7.00 over")])
def test_a_difference_stands_on_the_line(held: int, word: str) -> None:
    """Declared against expected is over or short, and then the line adds up."""
    equation = equation_of(_values(collected=1_000, held=held, expected=1_000, over_short=held - 1_000))
    assert equation.balanced
    assert word in equation.line


def test_a_count_that_differs_is_told_beside_the_line() -> None:
    """A forgotten hand-over of cash is counted: over and short cancel, and both are visible."""
    values = _values(collected=1_000, handed_over=600, expected=400, counted=1_000)
    equation = equation_of(values)
    assert equation.balanced
    assert equation.line.endswith("− 4.00 short = 0.00 held; counted 10.00 (+4.00)")


def test_an_unreported_day_claims_nothing() -> None:
    """Nobody computed what a lost phone holds."""
    equation = equation_of(_values(held=None, over_short=None))
    assert equation.line == "0.00 cash collected − 0.00 handed over = not reported"
    assert equation.balanced
    assert equation_of(_values(held=None, over_short=None), "zh").line.endswith("= 未上报")


@pytest.mark.parametrize("wrong", [{"expected": 1}, {"over_short": 1}, {"held": 5}, {"counted": 5}])
def test_an_equation_that_does_not_add_up_is_noticed(wrong: dict[str, int]) -> None:
    """Terms that do not make what is expected, or a difference that is not the one booked."""
    assert not equation_of({**_NOTHING, **wrong}).balanced


def _agent(**given: object) -> dict[str, object]:
    return {
        "agent": "AG-YC-1",
        "name": "徐亮峰",
        "planned": 34,
        "done": 33,
        "unplanned": 3,
        "distance_m": 66_312,
        "methods": [],
    } | given


def test_agents_are_listed_with_stops_distance_and_money() -> None:
    """Methods that nobody used have no column; an agent without one has a dash."""
    cash = {"method": "cash", "currency": "CNY", "count": 3, "amount_minor": 2_874_800}
    day = {"branch": "YC", "service_day": "2026-11-23", "agents": [_agent(methods=[cash]), _agent(agent="AG-YC-2")]}
    text = _printed(agents_table(day))
    assert "YC  2026-11-23" in text
    assert re.search(r"34 │ +33 │ +3 │ 66\.3", text)
    assert "28,748.00" in text
    assert "—" in text
    assert "Alipay" not in text
    assert "现金" in _printed(agents_table(day, "zh"))


def _line(rule: str, severity: str, number: int) -> dict[str, str]:
    return {
        "rule": rule,
        "severity": severity,
        "title": f"Title of {rule}",
        "sentence": f"Sentence {number}.",
        "holds": "Both stand.",
    }


def test_discrepancies_are_grouped_the_gravest_first() -> None:
    """A rule's title and what holds stand once; beyond three sentences the rest is counted."""
    lines = [_line("NOTICE-TWICE", "info", 1), *(_line("RECEIPT-FORK", "alarm", number) for number in range(2, 7))]
    text = _printed(discrepancy_list(lines))
    assert text.index("RECEIPT-FORK") < text.index("NOTICE-TWICE")
    assert "(alarm, 5)" in text
    assert text.count("Sentence") == 4
    assert "… and 2 more" in text
    assert text.count("→ Both stand.") == 2
    assert "另有 2 项" in _printed(discrepancy_list(lines, "zh"))
