"""What became of one operation, in plain words: applied, held or disputed, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from sync.operations.understand import Held
from sync.reconcile import rules as _rules  # noqa: F401  # importing the rules fills the catalogue
from sync.reconcile.catalogue import CATALOGUE, SEVERITIES, explain
from sync.reconcile.facts import Discrepancy

__all__ = ["APPLIED", "Verdict", "verdict_of"]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with the words of its rule; everything but `verdict` is empty when the operation is applied."""

    verdict: Literal["applied", "held", "disputed"]
    rule: str = ""
    title_en: str = ""
    title_zh: str = ""
    sentence_en: str = ""
    sentence_zh: str = ""
    holds_en: str = ""
    holds_zh: str = ""


APPLIED = Verdict(verdict="applied")
"""Stored, understood, and nobody has anything to decide about it."""


def verdict_of(hash_: str, held: Held | None, discrepancies: Iterable[Discrepancy]) -> Verdict:
    """Held if something keeps it without effect; disputed if an open discrepancy names it (the worst); else applied."""
    if held is not None:
        entry = CATALOGUE[held.rule]
        return Verdict(
            verdict="held",
            rule=held.rule,
            title_en=entry.en.title,
            title_zh=entry.zh.title,
            sentence_en=held.sentence or entry.en.holds,
            sentence_zh=_held_zh(hash_, held),
            holds_en=entry.en.holds,
            holds_zh=entry.zh.holds,
        )
    concerned = [item for item in discrepancies if item.open and hash_ in item.operations]
    if not concerned:
        return APPLIED
    worst = min(concerned, key=lambda item: (-SEVERITIES.index(_severity(item)), item.id))
    english, chinese = explain(worst, "en"), explain(worst, "zh")
    return Verdict(
        verdict="disputed",
        rule=worst.rule,
        title_en=english[0],
        title_zh=chinese[0],
        sentence_en=english[1],
        sentence_zh=chinese[1],
        holds_en=english[2],
        holds_zh=chinese[2],
    )


def _held_zh(hash_: str, held: Held) -> str:
    """The rule's sentence around the reason; a rule about a whole device has no sentence for a single operation."""
    entry = CATALOGUE[held.rule]
    if entry.family != "operation":
        return entry.zh.holds
    return entry.zh.sentence.format(hash=hash_[:12], why=held.sentence)


def _severity(item: Discrepancy) -> Literal["info", "review", "alarm"]:
    return "alarm" if item.severity == "alarm" else "review" if item.severity == "review" else "info"
