"""Repayment plans on one account: which one stands, which wait for the office, and why.

A plan beyond the agent's authority waits for a decision on PLAN-AUTHORITY. Of plans made without knowledge of each
other one stands: the first that the office confirmed, else the first in canonical order. A later plan whose author
had heard of the earlier one replaces it. Grounds follow from what was proposed alone, never from a decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any, Literal

import msgspec

from sync.errors import Refused
from sync.operations.field import PlanProposed
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact
from sync.repayment import Terms, agent_authority, within_authority

__all__ = ["PlanStanding", "authority_ground", "plan_standings", "terms_of", "twice_ground"]

Status = Literal["agreed", "pending", "declined", "replaced"]


class PlanStanding(msgspec.Struct, frozen=True):
    """One plan with what became of it; `excess_en` and `excess_zh` say what lies beyond the agent's authority."""

    fact: Fact
    status: Status
    excess_en: tuple[str, ...]
    excess_zh: tuple[str, ...]
    unaware: bool
    """Whether another plan was made without knowledge of it, and it without knowledge of that one."""


def plan_standings(key: str, plans: Sequence[Fact], decisions: Sequence[Fact]) -> tuple[PlanStanding, ...]:
    """Every plan of ``account:id`` in canonical order, as given, with its standing."""
    undecided = [PlanStanding(fact, "agreed", *_excess(fact), unaware=False) for fact in plans]
    unaware = _unaware(plans)
    undecided = [msgspec.structs.replace(plan, unaware=plan.fact.hash in unaware) for plan in undecided]
    account = key.partition(":")[2]
    on_authority = _outcome("PLAN-AUTHORITY", key, authority_ground(account, undecided), decisions)
    on_twice = _outcome("PLAN-TWICE", key, twice_ground(account, undecided), decisions)
    judged: list[PlanStanding] = []
    for plan in undecided:
        status: Status = "agreed"
        if plan.excess_en:
            status = "declined" if on_authority == "void" else "agreed" if on_authority == "accept" else "pending"
        judged.append(msgspec.structs.replace(plan, status=status))
    return _replaced(_one_of_twice(judged, on_twice, confirmed=on_authority == "accept"))


def _outcome(rule: str, key: str, ground: tuple[tuple[str, ...], dict[str, Any]], decisions: Sequence[Fact]) -> str:
    operations, values = ground
    if not operations or not decisions:
        return ""
    return outcome_on(rule, key, ground_of(rule, key, operations, values, "review"), decisions)


def _one_of_twice(plans: list[PlanStanding], outcome: str, *, confirmed: bool) -> list[PlanStanding]:
    twice = [plan for plan in plans if plan.unaware]
    if not twice:
        return plans
    candidates = [plan for plan in twice if plan.status != "declined"] or twice
    by_office = [plan for plan in candidates if confirmed and plan.excess_en]
    stands = (by_office or candidates)[0].fact.hash
    rest: Status = "declined" if outcome in {"accept", "void"} else "pending"
    return [
        msgspec.structs.replace(plan, status=rest)
        if plan.unaware and plan.status != "declined" and (plan.fact.hash != stands or outcome == "void")
        else plan
        for plan in plans
    ]


def _replaced(plans: list[PlanStanding]) -> tuple[PlanStanding, ...]:
    return tuple(
        msgspec.structs.replace(plan, status="replaced")
        if plan.status == "agreed"
        and any(
            later.status == "agreed" and later.fact.hash != plan.fact.hash and _knows(later.fact, plan.fact)
            for later in plans
        )
        else plan
        for plan in plans
    )


def _excess(fact: Fact) -> tuple[tuple[str, ...], tuple[str, ...]]:
    body = fact.operation.body
    if not isinstance(body, PlanProposed):
        return (), ()
    if body.scheme == "reduction" and not body.reduction_bp:
        # The operation does not say how much is waived, and an agent may waive nothing at all.
        return ("a reduction; agent may agree on none.",), ("含减免，agent 无减免权限。",)
    try:
        answer = within_authority(agent_authority(body.currency), terms_of(body))
    except Refused as error:
        return (f"no plan has such terms: {error.cause}.",), (f"不存在此类条款：{error.cause}。",)
    return tuple(item.reason_en for item in answer.excess), tuple(item.reason_zh for item in answer.excess)


def terms_of(body: PlanProposed) -> Terms:
    """The terms that the operation states; raises ARGUMENT-WRONG where no plan has such."""
    # Once, the periods of a deferral were the months by which it puts off the one payment.
    told_by_periods = body.scheme == "deferral" and not body.deferral_months
    try:
        first_due = date.fromisoformat(body.first_due)
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"{body.first_due[:20]!r} is not a day") from error
    return Terms(
        scheme=body.scheme,
        principal_minor=body.total_minor,
        currency=body.currency,
        first_due=first_due,
        periods=1 if told_by_periods else body.periods,
        rate_bp=body.rate_bp,
        reduction_bp=body.reduction_bp,
        deferral_months=body.periods if told_by_periods else body.deferral_months,
    )


def _unaware(plans: Sequence[Fact]) -> set[str]:
    return {
        fact.hash
        for one, other in combinations(plans, 2)
        if not _knows(one, other) and not _knows(other, one)
        for fact in (one, other)
    }


def _knows(one: Fact, other: Fact) -> bool:
    """Whether the author of the one can have known the other: the same phone before, or synced after it arrived."""
    mine, theirs = one.operation, other.operation
    if mine.device == theirs.device:
        return (theirs.epoch, theirs.seq) < (mine.epoch, mine.seq)
    return other.arrival is not None and mine.seen is not None and other.arrival.received_ms <= mine.seen.at_ms


def authority_ground(account: str, plans: Sequence[PlanStanding]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that PLAN-AUTHORITY states; both empty while every plan is within authority."""
    beyond = [plan for plan in plans if plan.excess_en]
    if not beyond:
        return (), {}
    return tuple(plan.fact.hash for plan in beyond), {
        "account": account,
        "why": " ".join(dict.fromkeys(text for plan in beyond for text in plan.excess_en)),
        "why_zh": "".join(dict.fromkeys(text for plan in beyond for text in plan.excess_zh)),
    }


def twice_ground(account: str, plans: Sequence[PlanStanding]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that PLAN-TWICE states; both empty while every author knew of the plans before."""
    twice = [plan for plan in plans if plan.unaware]
    if not twice:
        return (), {}
    return tuple(plan.fact.hash for plan in twice), {"account": account, "count": len(twice)}
