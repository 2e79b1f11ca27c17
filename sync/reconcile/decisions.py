"""Decisions by people: which one holds on the ground that stands now, and which contradict each other.

A discrepancy's ground is the digest of its operations and of the outcome stated. A decision names the ground that
its author saw; when the ground changes, the decision no longer holds and the discrepancy is open again. Passing it on
(`escalate`) settles nothing: whoever it was passed to still has to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync.encoding import canonical_json, sha256_hex
from sync.operations.envelope import Operation
from sync.operations.office import DiscrepancyDecided
from sync.reconcile.facts import Decision, Fact, canonical_order

__all__ = ["DECIDES", "ESCALATE", "clashing", "decision_on", "ground_of", "outcome_on", "two_persons"]

ESCALATE = "escalate"
"""The outcome that leaves a discrepancy open."""

DECIDES = "supervisor"
"""The role that decides where a rule names no other; every decision that moves something is this role's."""


def two_persons(operation: Operation, second: str) -> bool:
    """Whether a second person beside the author stands behind an office operation."""
    return bool(second) and (operation.by is None or second != operation.by.user)


def ground_of(code: str, subject: str, operations: Iterable[str], values: Mapping[str, Any], severity: str) -> str:
    """Digest of the operations and the outcome stated; a decision names it."""
    return sha256_hex(canonical_json([code, subject, sorted(set(operations)), values, severity]))


def _has_role(operation: Operation, role: str) -> bool:
    return operation.by is not None and operation.by.role == role


def _on(
    code: str, subject: str, facts: Iterable[Fact], *, needs_two: bool, role: str
) -> list[tuple[Fact, DiscrepancyDecided]]:
    return [
        (fact, body)
        for fact in canonical_order(facts)
        if isinstance(body := fact.operation.body, DiscrepancyDecided)
        and not fact.held
        and body.rule == code
        and body.subject == subject
        and _has_role(fact.operation, role)
        and (body.outcome == ESCALATE or not needs_two or two_persons(fact.operation, body.second))
    ]


def decision_on(
    code: str,
    subject: str,
    ground: str,
    facts: Iterable[Fact],
    *,
    needs_two: bool = False,
    role: str = DECIDES,
) -> Decision | None:
    """The decision that holds: the first in canonical order on the present ground, else the latest on another.

    One that passes the matter on gives way to any that settles it; where two persons must decide, one alone has
    decided nothing, and so has somebody in another role than the one that decides.
    """
    ours = _on(code, subject, facts, needs_two=needs_two, role=role)
    if not ours:
        return None
    on_ground = [pair for pair in ours if pair[1].ground == ground]
    settling = [pair for pair in on_ground if pair[1].outcome != ESCALATE]
    fact, body = settling[0] if settling else (on_ground or ours)[-1]
    return Decision(
        operation=fact.hash,
        outcome=body.outcome,
        by=fact.operation.by.user if fact.operation.by else "",
        second=body.second,
        note=body.note,
        current=bool(on_ground),
    )


def outcome_on(code: str, subject: str, ground: str, facts: Iterable[Fact], *, needs_two: bool = False) -> str:
    """What was decided on the present ground; empty while that is open."""
    decision = decision_on(code, subject, ground, facts, needs_two=needs_two)
    return decision.outcome if decision is not None and decision.current and decision.outcome != ESCALATE else ""


def clashing(
    subject: str,
    facts: Iterable[Fact],
    codes_for_two: frozenset[str] = frozenset(),
    roles: Mapping[str, str] | None = None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(operations, rules) where two decisions on one ground state different outcomes; both sorted.

    What decided nothing contradicts nothing: `codes_for_two` need two persons, `roles` says who decides each rule.
    """
    first: dict[tuple[str, str], tuple[Fact, DiscrepancyDecided]] = {}
    operations: set[str] = set()
    rules: set[str] = set()
    for fact in canonical_order(facts):
        body = fact.operation.body
        if not isinstance(body, DiscrepancyDecided) or fact.held or body.subject != subject:
            continue
        if body.rule == "DECISION-CLASH" or body.outcome == ESCALATE:
            continue
        if not _has_role(fact.operation, (roles or {}).get(body.rule, DECIDES)):
            continue
        if body.rule in codes_for_two and not two_persons(fact.operation, body.second):
            continue
        known = first.setdefault((body.rule, body.ground), (fact, body))
        if known[1].outcome != body.outcome:
            operations |= {known[0].hash, fact.hash}
            rules.add(body.rule)
    return tuple(sorted(operations)), tuple(sorted(rules))
