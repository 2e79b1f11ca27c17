"""The catalogue of conflict rules: code that is also its own documentation.

Each rule is one function. It looks at one aggregate's view and returns a `Finding` or None; the decorator gives it
its code, its titles, its severity, whether it accuses, who decides, and the sentences that people read. The
docstring states the rule as a sentence; `doorstep rules` and the console print all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, TypeVar

import msgspec

from sync.encoding import canonical_json, sha256_hex
from sync.operations.office import DiscrepancyDecided
from sync.reconcile.facts import Decision, Discrepancy, Fact, canonical_order

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
    decides: str = "supervisor",
    suspicion: bool = False,
    outcomes: tuple[str, ...] = ("accept", "escalate"),
) -> Callable[[Callable[[V], Finding | None]], BoundRule[V]]:
    """Register a rule; `en` and `zh` are (title, sentence, what holds meanwhile)."""

    def register(function: Callable[[V], Finding | None]) -> BoundRule[V]:
        entry = Rule(
            code=code,
            family=family,
            severity=severity,
            suspicion=suspicion,
            decides="nobody" if severity == "info" else decides,
            outcomes=() if severity == "info" else outcomes,
            en=Wording(*en),
            zh=Wording(*zh),
            statement=" ".join((function.__doc__ or "").split()),
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


def ground_of(code: str, subject: str, finding: Finding, severity: str) -> str:
    """Digest of the operations and the outcome stated; a decision names it."""
    return sha256_hex(canonical_json([code, subject, sorted(set(finding.operations)), finding.values, severity]))


def _discrepancy(
    entry: Rule, subject: str, finding: Finding, decisions: Sequence[Fact], branch: str, service_day: str
) -> Discrepancy:
    severity = finding.severity or entry.severity
    ground = ground_of(entry.code, subject, finding, severity)
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
        decision=decision_on(entry.code, subject, ground, decisions),
    )


def decision_on(code: str, subject: str, ground: str, decisions: Sequence[Fact]) -> Decision | None:
    """The decision that holds: the first in canonical order on the present ground, else the latest on another."""
    ours = [
        (fact, fact.operation.body)
        for fact in canonical_order(decisions)
        if isinstance(fact.operation.body, DiscrepancyDecided)
        and fact.operation.body.rule == code
        and fact.operation.body.subject == subject
    ]
    if not ours:
        return None
    on_ground = [pair for pair in ours if pair[1].ground == ground]
    fact, body = on_ground[0] if on_ground else ours[-1]
    return Decision(
        operation=fact.hash,
        outcome=body.outcome,
        by=fact.operation.by.user if fact.operation.by else "",
        second=body.second,
        note=body.note,
        current=bool(on_ground),
    )


def _clashes(subject: str, decisions: Sequence[Fact], branch: str, service_day: str) -> list[Discrepancy]:
    """DECISION-CLASH: two decisions on the same ground with different outcomes; the first in canonical order holds."""
    entry = CATALOGUE["DECISION-CLASH"]
    seen: dict[tuple[str, str], tuple[Fact, DiscrepancyDecided]] = {}
    operations: set[str] = set()
    rules: set[str] = set()
    for fact in canonical_order(decisions):
        body = fact.operation.body
        if not isinstance(body, DiscrepancyDecided) or body.subject != subject or body.rule == "DECISION-CLASH":
            continue
        first = seen.setdefault((body.rule, body.ground), (fact, body))
        if first[1].outcome != body.outcome:
            operations |= {first[0].hash, fact.hash}
            rules.add(body.rule)
    if not operations:
        return []
    finding = Finding(operations=tuple(sorted(operations)), values={"rules": ", ".join(sorted(rules))})
    return [_discrepancy(entry, subject, finding, decisions, branch, service_day)]


def explain(discrepancy: Discrepancy, language: str = "en") -> tuple[str, str, str]:
    """Title, sentence with its values, and what holds meanwhile, in English or Chinese."""
    entry = CATALOGUE[discrepancy.rule]
    wording = entry.zh if language == "zh" else entry.en
    return wording.title, wording.sentence.format_map(_Values(discrepancy.values)), wording.holds


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"
