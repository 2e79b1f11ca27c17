"""What the rules say of one contact: the phone's advice beforehand, the office's judgement afterwards.

The same code answers both. Beforehand the moment is known and the answer is what to do; afterwards the moment is an
interval and the question is whether a rule was *certainly* breached, at every instant at which it can have been.
A possible breach only warns: nobody is blocked or accused by a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from sync.policy.breach import Breach, breach_at, changes
from sync.policy.limits import NEAR_MS, NEXT_STEPS_MAX, SCAN_MS_MAX, TIME_MS_MAX
from sync.policy.model import EVERYWHERE, PermittedHours, Policy, PolicyRule, Severity
from sync.policy.sentences import reason
from sync.policy.situation import Situation
from sync.policy.zones import number_start_ms

__all__ = ["Advice", "Verdict", "advise", "certain_breaches", "next_permitted_ms", "validity_ms", "worst"]

Verdict = Literal["allowed", "warned", "blocked"]
_ORDER: tuple[Verdict, ...] = ("allowed", "warned", "blocked")


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule says. `certain`: every instant of the interval breaches it; else, if `possible`, some may.

    A certain breach of a rule that blocks is ``blocked``; every other breach, certain or possible, is ``warned``.
    `next_ms` is the first instant, not before the interval's end, at which this rule is not breached (None: it is
    not breached now, time alone will not change it, or nothing bounds the interval from above).
    """

    rule: str
    severity: Severity
    house: bool
    source: str
    verdict: Verdict
    possible: bool
    certain: bool
    reason_en: str
    reason_zh: str
    next_ms: int | None = None


def advise(policy: Policy, situation: Situation) -> tuple[Advice, ...]:
    """One advice for each rule that applies to the contact's channel, jurisdiction and time, in the policy's order."""
    found = []
    for rule in policy.rules:
        span = _in_force(rule, situation) if _concerns(rule, situation) else None
        if span is not None:
            found.append(_advice(rule, situation, *span))
    return tuple(found)


def certain_breaches(policy: Policy, situation: Situation) -> tuple[Advice, ...]:
    """The rules that were breached whenever within its interval the contact was made: what may accuse."""
    return tuple(advice for advice in advise(policy, situation) if advice.certain)


def worst(advices: Iterable[Advice]) -> Verdict:
    """The strictest verdict; no rule at all allows."""
    return max((advice.verdict for advice in advices), key=_ORDER.index, default="allowed")


def next_permitted_ms(policy: Policy, situation: Situation, from_ms: int) -> int | None:
    """The first instant from `from_ms` on at which no rule that blocks is breached; None when time brings none.

    History and flags are taken as they are. What is only not known (who comes along) holds nothing up.
    """
    rules = [rule for rule in policy.rules if rule.severity == "block" and _concerns(rule, situation)]
    at_ms = from_ms
    for _ in range(NEXT_STEPS_MAX):
        latest = at_ms
        for rule in rules:
            free = _first_free(rule, situation, at_ms)
            if free is not None:
                latest = max(latest, free)
            elif _breach_in_force(rule, situation, at_ms) is Breach.CERTAIN:
                return None
        if latest == at_ms:
            return at_ms
        at_ms = latest
    return None


def _concerns(rule: PolicyRule, situation: Situation) -> bool:
    here = not situation.jurisdiction or rule.jurisdiction in {situation.jurisdiction, EVERYWHERE}
    return here and situation.channel in rule.channels


def _advice(rule: PolicyRule, situation: Situation, low_ms: int, high_ms: int) -> Advice:
    if isinstance(rule.condition, PermittedHours):
        high_ms = min(high_ms, low_ms + SCAN_MS_MAX)
    points = [low_ms, *changes(rule, situation, low_ms, high_ms)]
    states = [breach_at(rule, situation, at_ms) for at_ms in points]
    possible = max(states) is not Breach.NONE
    in_force_throughout = _in_force(rule, situation) == (situation.low_ms, situation.high_ms)
    certain = min(states) is Breach.CERTAIN and in_force_throughout
    verdict: Verdict = "allowed"
    if possible:
        verdict = "blocked" if certain and rule.severity == "block" else "warned"
    at_ms = points[states.index(max(states))]
    english, chinese = reason(rule, situation, at_ms, possible=possible, certain=certain)
    ends = possible and situation.interval.high_ms is not None
    return Advice(
        rule=rule.id,
        severity=rule.severity,
        house=rule.house,
        source=rule.source,
        verdict=verdict,
        possible=possible,
        certain=certain,
        reason_en=english,
        reason_zh=chinese,
        next_ms=_first_free(rule, situation, situation.high_ms) if ends else None,
    )


def _in_force(rule: PolicyRule, situation: Situation) -> tuple[int, int] | None:
    """The part of the contact's interval in which the rule is in force; None when there is none."""
    from_ms, end_ms = validity_ms(rule, situation.zone)
    low, high = max(situation.low_ms, from_ms), min(situation.high_ms, end_ms - 1)
    return (low, high) if low <= high else None


def validity_ms(rule: PolicyRule, zone: str) -> tuple[int, int]:
    """The rule is in force from the first of these instants up to, and not at, the second."""
    end_ms = TIME_MS_MAX + 1
    if rule.effective_to is not None:
        end_ms = number_start_ms(rule.effective_to.toordinal() + 1, zone)
    return number_start_ms(rule.effective_from.toordinal(), zone), end_ms


def _breach_in_force(rule: PolicyRule, situation: Situation, at_ms: int) -> Breach:
    from_ms, end_ms = validity_ms(rule, situation.zone)
    return breach_at(rule, situation, at_ms) if from_ms <= at_ms < end_ms else Breach.NONE


def _first_free(rule: PolicyRule, situation: Situation, from_ms: int) -> int | None:
    """The first instant from `from_ms` on at which the rule is not breached, as far as time alone can tell."""
    if _breach_in_force(rule, situation, from_ms) is Breach.NONE:
        return from_ms
    ends = validity_ms(rule, situation.zone)
    # Most rules are free again by the day after next; only the others are worth a look at the whole calendar.
    for until_ms in (min(from_ms + NEAR_MS, TIME_MS_MAX), TIME_MS_MAX):
        near = (end for end in ends if from_ms < end <= until_ms)
        for at_ms in sorted({*near, *changes(rule, situation, from_ms, until_ms)}):
            if _breach_in_force(rule, situation, at_ms) is Breach.NONE:
                return at_ms
    return None
