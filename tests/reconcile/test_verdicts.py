"""The verdict of one operation: applied, held or disputed, with the words of its rule."""

from __future__ import annotations

import pytest

from sync.operations.field import CashHandedOver
from sync.operations.understand import Held
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.facts import Discrepancy
from sync.reconcile.verdicts import APPLIED, verdict_of
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World


def item(rule: str, *operations: str, severity: str = "review", subject: str = "account:A1") -> Discrepancy:
    """A discrepancy with the values that its sentence needs."""
    return Discrepancy(
        rule=rule,
        subject=subject,
        severity=severity,
        ground="g",
        operations=operations,
        values=dict.fromkeys(("account", "over", "payoff", "count", "amount", "series", "why", "why_zh"), "x"),
        branch="B1",
        service_day="",
    )


def test_applied_when_nothing_names_it() -> None:
    """Neither held nor named by an open discrepancy."""
    assert verdict_of("h", None, []) == APPLIED
    assert verdict_of("h", None, [item("PAY-OVER", "another")]) == APPLIED


def test_info_disputes_nothing() -> None:
    """It is kept and shown, and needs nobody."""
    assert verdict_of("h", None, [item("CLOCK-DRIFT", "h", severity="info")]) == APPLIED


def test_disputed_by_the_worst_severity_and_then_by_code() -> None:
    """An alarm before a review; among equals the code decides, in whatever order they come."""
    found = [item("PAY-TWICE", "h"), item("PAY-OVER", "h"), item("VOID-CONTESTED", "h", severity="alarm")]
    assert verdict_of("h", None, found).rule == "VOID-CONTESTED"
    assert verdict_of("h", None, reversed(found[:2])).rule == "PAY-OVER"
    verdict = verdict_of("h", None, found[:1])
    assert verdict.verdict == "disputed"
    assert (verdict.title_en, verdict.title_zh) == (CATALOGUE["PAY-TWICE"].en.title, CATALOGUE["PAY-TWICE"].zh.title)
    assert verdict.sentence_en.startswith("Account x")
    assert verdict.sentence_zh.startswith("账户 x")
    assert verdict.holds_en == "Both stand."
    assert verdict.holds_zh == "均有效。"


@pytest.mark.parametrize("rule", ["OPERATION-MALFORMED", "SCHEMA-NEWER", "AUTHOR-NOT-ALLOWED", "DEVICE-REVOKED"])
def test_held_beats_every_discrepancy_and_says_why_in_both_languages(rule: str) -> None:
    """The reason is in the sentence; nothing is left unfilled."""
    verdict = verdict_of("h" * 64, Held(rule, "Because."), [item("VOID-CONTESTED", "h" * 64, severity="alarm")])
    assert (verdict.verdict, verdict.rule) == ("held", rule)
    assert verdict.sentence_en == "Because."
    assert verdict.sentence_zh != verdict.sentence_en
    assert "{" not in verdict.sentence_zh
    assert any("一" <= character <= "鿿" for character in verdict.sentence_zh)
    assert verdict_of("h", Held(rule, ""), []).sentence_en == CATALOGUE[rule].en.holds


def test_a_decided_discrepancy_disputes_no_longer_and_a_reopened_one_does(world: World, phone: Phone) -> None:
    """From a real replay: open, decided, reopened."""
    entry = phone.collect(1_000)
    phone.sync()
    result = world.replay()
    assert verdict_of(entry.hash, None, result.discrepancies).rule == "PAY-UNIDENTIFIED"
    world.decide(result.discrepancies[0], "accept")
    assert verdict_of(entry.hash, None, world.replay().discrepancies) == APPLIED
    phone.collect(2_000)
    phone.sync()
    assert verdict_of(entry.hash, None, world.replay().discrepancies).verdict == "disputed"


def test_both_operations_of_a_contested_void_are_disputed(world: World, phone: Phone) -> None:
    """The payment and the void are named, the hand-over is not."""
    phone.check()
    payment = phone.collect(1_000)
    handover = phone.write(CashHandedOver(amount_minor=1_000, currency="CNY"))
    void = phone.void(payment)
    phone.sync()
    found = world.replay().discrepancies
    assert verdict_of(payment.hash, None, found).rule == "VOID-CONTESTED"
    assert verdict_of(void.hash, None, found).rule == "VOID-CONTESTED"
    assert verdict_of(handover.hash, None, found) == APPLIED
