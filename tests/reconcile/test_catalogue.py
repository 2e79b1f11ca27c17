"""The catalogue as documentation: every rule states itself in both languages, and agrees with the design's table."""

from __future__ import annotations

import string

import pytest

from server.services.closing.obstacles import MONEY_RULES
from sync.reconcile.catalogue import CATALOGUE, SEVERITIES, Finding, explain, rule
from sync.reconcile.facts import Discrepancy
from sync.reconcile.rules.planned import PLANNED
from sync.reconcile.verdicts import APPLIED

SEVERITY = {
    "alarm": {
        "AUTHOR-NOT-ALLOWED",
        "NOTICE-DISCLOSED",
        "PAY-WRITTEN-OFF",
        "RECEIPT-FORK",
        "RECEIPT-MISMATCH",
        "VISIT-HOURS",
        "VOID-CONTESTED",
    },
    "info": {
        "CLOCK-DRIFT",
        "CONTACT-CLASH",
        "NOTICE-SUPERSEDED",
        "NOTICE-TWICE",
        "PAY-DUPLICATE-DELIVERY",
        "PAY-UNCONFIRMED",
        "PROMISE-BROKEN",
        "PROMISE-KEPT",
        "VISIT-REASSIGNED",
    },
}

WORSE = {"CLOCK-DRIFT", "NOTICE-SUPERSEDED", "VISIT-REASSIGNED"}
"""Rules that inform, and have cases for review."""


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_rule_has_words_in_both_languages_with_the_same_values(code: str) -> None:
    """Titles, sentences and what holds; a value in one language stands in the other too (or its translation)."""
    entry = CATALOGUE[code]
    assert entry.statement
    fields = [
        {name.removesuffix("_zh") for _, name, _, _ in string.Formatter().parse(words.sentence) if name}
        for words in (entry.en, entry.zh)
    ]
    assert fields[0] == fields[1]
    for words in (entry.en, entry.zh):
        assert words.title
        assert words.holds
        assert "{" not in words.title + words.holds


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_rule_has_the_severity_of_the_table(code: str) -> None:
    """Alarm, info, else review; what may come to be reviewed can be decided."""
    severity = CATALOGUE[code].severity
    assert severity in SEVERITIES
    assert severity == next((name for name, codes in SEVERITY.items() if code in codes), "review")
    assert bool(CATALOGUE[code].outcomes) == (severity != "info" or code in WORSE)
    assert (CATALOGUE[code].decides == "nobody") == (not CATALOGUE[code].outcomes)


def test_only_orphans_accuse_and_alarms_about_money_and_losses_need_two() -> None:
    """Every rule whose open alarm keeps a day from being closed needs two persons, and a loss of cash."""
    assert {code for code, entry in CATALOGUE.items() if entry.suspicion} == {"RECEIPT-ORPHAN"}
    assert {code for code, entry in CATALOGUE.items() if entry.two_persons} == {
        "CASH-LOSS",
        *MONEY_RULES,
    }


def test_no_code_is_both_planned_and_built() -> None:
    """A row of the table has its function or its reservation."""
    assert not set(PLANNED) & set(CATALOGUE)
    assert list(PLANNED) == sorted(set(PLANNED))


def test_registering_a_code_twice_is_refused() -> None:
    """One code, one rule."""
    register = rule("PAY-OVER", family="x", severity="info", en=("a", "b", "c"), zh=("a", "b", "c"))

    def again(_view: object) -> Finding | None:
        return None

    with pytest.raises(ValueError, match="PAY-OVER is registered twice"):
        register(again)


def test_explain_shows_a_dash_for_a_value_of_another_version() -> None:
    """An old discrepancy that lacks a value is still shown."""
    old = Discrepancy(
        rule="PAY-OVER", subject="account:A1", severity="review", ground="", operations=(), values={}, branch="",
        service_day="",
    )  # fmt: skip
    assert explain(old)[1].startswith("Account — received")
    assert explain(old, "zh")[0] == "付款超过欠款"
    assert APPLIED.rule == ""
