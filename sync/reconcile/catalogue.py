"""The catalogue of conflict rules: code that is also its own documentation.

Each rule is one function. It looks at one aggregate's view and returns a `Finding` or None; the decorator gives it
its code, its titles, its severity, whether it accuses, who decides, and the sentences that people read. The
docstring states the rule as a sentence; `doorstep rules` and the console print all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, TypeVar

import msgspec

from sync.operations.office import DiscrepancyDecided
from sync.reconcile.decisions import DECIDES, clashing, decision_on, ground_of
from sync.reconcile.facts import Discrepancy, Fact

__all__ = ["CATALOGUE", "SEVERITIES", "Finding", "Rule", "Wording", "explain", "rule", "settle"]

V = TypeVar("V")
Severity = Literal["info", "review", "alarm"]
SEVERITIES: tuple[Severity, ...] = ("info", "review", "alarm")


class Wording(msgspec.Struct, frozen=True):
    """A rule's words in one language; `sentence` is filled with a finding's values."""

    title: str
    sentence: str
    holds: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One cause for a discrepancy: the operations concerned and the values that fill the sentence."""

    operations: tuple[str, ...]
    values: dict[str, Any]
    severity: Severity | None = None
    agent: str = ""
    branch: str = ""
    service_day: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the catalogue."""

    code: str
    family: str
    severity: Severity
    suspicion: bool
    decides: str
    outcomes: tuple[str, ...]
    en: Wording
    zh: Wording
    statement: str
    two_persons: bool = False
    """Whether a decision needs a second person; one alone decides nothing."""
    pending: bool = False
    """Whether the rule's function is still to come; it keeps its place in the table."""


CATALOGUE: dict[str, Rule] = {}
"""Code → rule, filled by the decorator as the rule modules are imported."""


class BoundRule(Generic[V]):
    """A rule's function together with its entry."""

    def __init__(self, entry: Rule, function: Callable[[V], Finding | None]) -> None:
        self.entry = entry
        self.function = function

    def __call__(self, view: V) -> Finding | None:
        """Look at the view; None means that the rule does not apply."""
        return self.function(view)


def rule(
    code: str,
    *,
    family: str,
    severity: Severity,
    en: tuple[str, str, str],
    zh: tuple[str, str, str],
    decides: str = DECIDES,
    suspicion: bool = False,
    outcomes: tuple[str, ...] | None = None,
    two_persons: bool = False,
) -> Callable[[Callable[[V], Finding | None]], BoundRule[V]]:
    """Register a rule; `en` and `zh` are (title, sentence, what holds meanwhile).

    A rule that only informs is nobody's to decide, unless it names outcomes for its worse cases.
    """
    if outcomes is None:
        outcomes = () if severity == "info" else ("accept", "escalate")

    def register(function: Callable[[V], Finding | None]) -> BoundRule[V]:
        entry = Rule(
            code=code,
            family=family,
            severity=severity,
            suspicion=suspicion,
            decides=decides if outcomes else "nobody",
            outcomes=outcomes,
            en=Wording(*en),
            zh=Wording(*zh),
            statement=" ".join((function.__doc__ or "").split()),
            two_persons=two_persons,
        )
        if code in CATALOGUE:
            raise ValueError(f"rule {code} is registered twice")
        CATALOGUE[code] = entry
        return BoundRule(entry, function)

    return register


def settle(
    subject: str,
    view: V,
    rules: Sequence[BoundRule[V]],
    facts: Sequence[Fact],
    *,
    branch: str = "",
    service_day: str = "",
) -> tuple[Discrepancy, ...]:
    """Run the rules over a view and join each finding with the decisions on it among the facts."""
    found: list[Discrepancy] = []
    decisions = [fact for fact in facts if isinstance(fact.operation.body, DiscrepancyDecided) and not fact.held]
    for bound in rules:
        finding = bound(view)
        if finding is not None:
            found.append(_discrepancy(bound.entry, subject, finding, decisions, branch, service_day))
    if decisions:
        found.extend(_clashes(subject, decisions, branch, service_day))
    return tuple(found)


def _discrepancy(
    entry: Rule, subject: str, finding: Finding, decisions: Sequence[Fact], branch: str, service_day: str
) -> Discrepancy:
    severity = finding.severity or entry.severity
    ground = ground_of(entry.code, subject, finding.operations, finding.values, severity)
    return Discrepancy(
        rule=entry.code,
        subject=subject,
        severity=severity,
        ground=ground,
        operations=tuple(sorted(set(finding.operations))),
        values=finding.values,
        branch=finding.branch or branch,
        service_day=finding.service_day or service_day,
        agent=finding.agent if entry.suspicion else "",
        decision=decision_on(entry.code, subject, ground, decisions, needs_two=entry.two_persons, role=entry.decides),
    )


def _clashes(subject: str, decisions: Sequence[Fact], branch: str, service_day: str) -> list[Discrepancy]:
    """DECISION-CLASH: two decisions on the same ground with different outcomes; the first in canonical order holds."""
    for_two = frozenset(code for code, entry in CATALOGUE.items() if entry.two_persons)
    roles = {code: entry.decides for code, entry in CATALOGUE.items()}
    operations, rules = clashing(subject, decisions, for_two, roles)
    if not operations:
        return []
    finding = Finding(operations=operations, values={"rules": ", ".join(rules)})
    return [_discrepancy(CATALOGUE["DECISION-CLASH"], subject, finding, decisions, branch, service_day)]


def explain(discrepancy: Discrepancy, language: str = "en") -> tuple[str, str, str]:
    """Title, sentence with its values, and what holds meanwhile, in English or Chinese."""
    entry = CATALOGUE[discrepancy.rule]
    wording = entry.zh if language == "zh" else entry.en
    return wording.title, wording.sentence.format_map(_Values(discrepancy.values)), wording.holds


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"
