"""Who may agree on what, and several schemes side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sync.errors import Refused
from sync.repayment import Authority, Terms, compare, within_authority
from sync.repayment.limits import SCHEMES_COMPARED_MAX

AGENT = Authority(
    role="agent",
    periods_max=12,
    reduction_max_bp=500,
    deferral_months_max=1,
    total_max_minor=2_000_000,
    currency="CNY",
)


def terms(scheme: Any, principal_minor: int = 1_000_000, **members: Any) -> Terms:
    """Terms in yuan from 31 January on."""
    return Terms(
        **{
            "scheme": scheme,
            "principal_minor": principal_minor,
            "currency": "CNY",
            "first_due": date(2026, 1, 31),
            **members,
        }
    )


@pytest.mark.parametrize(
    "inside",
    [
        terms("equal_instalments", periods=12),
        terms("reduction", reduction_bp=500),
        terms("deferral", deferral_months=1),
        terms("equal_principal", 2_000_000, periods=2),
    ],
)
def test_terms_at_the_limit_are_within_authority(inside: Terms) -> None:
    """A limit includes itself."""
    answer = within_authority(AGENT, inside)
    assert answer.within
    assert answer.excess == ()


@pytest.mark.parametrize(
    ("beyond", "limit", "english"),
    [
        (terms("equal_instalments", periods=13), "periods_max", "13 instalments; agent may agree on at most 12."),
        (
            terms("reduction", reduction_bp=501),
            "reduction_max_bp",
            "a reduction of 5.01 %; agent may agree on at most 5.00 %.",
        ),
        (
            terms("deferral", deferral_months=2),
            "deferral_months_max",
            "a deferral of 2 months; agent may agree on at most 1.",
        ),
        (
            terms("equal_principal", 2_000_001, periods=2),
            "total_max_minor",
            "a debt of 20,000.01 CNY; agent may agree on at most 20,000.00 CNY.",
        ),
    ],
)
def test_each_limit_passed_is_named_with_its_values(beyond: Terms, limit: str, english: str) -> None:
    """One more than allowed is beyond, and the reason says by how much, in both languages."""
    answer = within_authority(AGENT, beyond)
    assert not answer.within
    assert [(one.limit, one.reason_en) for one in answer.excess] == [(limit, english)]
    assert "agent 的权限最多为" in answer.excess[0].reason_zh


def test_every_limit_passed_is_named_at_once() -> None:
    """Terms beyond three limits give three reasons."""
    beyond = terms("reduction", 3_000_000, reduction_bp=5_000, periods=24)
    assert [one.limit for one in within_authority(AGENT, beyond).excess] == [
        "periods_max",
        "reduction_max_bp",
        "total_max_minor",
    ]


def test_another_currency_is_refused() -> None:
    """A limit in yuan says nothing of dollars."""
    with pytest.raises(Refused, match="USD"):
        within_authority(AGENT, terms("equal_principal", currency="USD"))


@pytest.mark.parametrize(
    "members",
    [
        {"periods_max": -1},
        {"reduction_max_bp": -1},
        {"deferral_months_max": -1},
        {"total_max_minor": -1},
        {"currency": "XX"},
    ],
)
def test_an_authority_below_nothing_is_refused(members: dict[str, Any]) -> None:
    """Limits are zero or more, in a currency that is carried."""
    whole = {name: getattr(AGENT, name) for name in Authority.__struct_fields__}
    with pytest.raises(Refused):
        Authority(**{**whole, **members})


def test_schemes_side_by_side_show_cost_and_burden() -> None:
    """A reduction is cheapest, the longest plan lightest, and the agent may not agree on the reduction."""
    found = compare(
        [
            terms("deferral", deferral_months=1, rate_bp=1_200),
            terms("equal_instalments", periods=12, rate_bp=1_200),
            terms("equal_principal", periods=12, rate_bp=1_200),
            terms("reduction", reduction_bp=2_000, periods=2),
        ],
        AGENT,
    )
    assert [column.total_minor for column in found.columns] == [1_010_000, 1_066_186, 1_065_000, 800_000]
    assert [column.highest_minor for column in found.columns] == [1_010_000, 88_849, 93_333, 400_000]
    assert (found.cheapest, found.lightest) == (3, 1)
    assert [column.authority.within for column in found.columns if column.authority] == [True, True, True, False]
    first = found.columns[0]
    assert (first.instalments, first.first_due, first.last_due) == (1, date(2026, 2, 28), date(2026, 2, 28))
    assert found.columns[3].waived_minor == 200_000


def test_without_an_authority_nobody_is_asked() -> None:
    """The columns leave it empty, and the first of equal schemes is named."""
    found = compare([terms("equal_principal"), terms("equal_principal")])
    assert [column.authority for column in found.columns] == [None, None]
    assert (found.cheapest, found.lightest) == (0, 0)


@pytest.mark.parametrize(
    "schemes",
    [
        [],
        [terms("equal_principal")] * (SCHEMES_COMPARED_MAX + 1),
        [terms("equal_principal"), terms("equal_principal", 5)],
        [terms("equal_principal"), terms("equal_principal", currency="USD")],
    ],
)
def test_what_cannot_be_compared_is_refused(schemes: list[Terms]) -> None:
    """None, too many, and schemes about different debts."""
    with pytest.raises(Refused) as refusal:
        compare(schemes)
    assert refusal.value.code == "ARGUMENT-WRONG"
