"""The fold of one visit: the office's plan for it beside what happened at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.field import (
    CompanionConfirmed,
    IdentityChecked,
    NoticeDelivered,
    PaymentCollected,
    PaymentVoided,
    PlanProposed,
    PromiseMade,
    SafetyRaised,
    VisitConcluded,
    VisitStarted,
)
from sync.operations.office import (
    DiscrepancyDecided,
    IdentityJudged,
    VisitAssigned,
    VisitCancelled,
    VisitMoved,
    VisitPlanned,
)
from sync.policy import Policy
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact, Registry, canonical_order, written_ms
from sync.reconcile.folds.conduct import ContactBreach, agreed_windows, hours_breaches, judging_zone

__all__ = ["VisitView", "identity_ground", "visit_state", "visit_view", "visit_whereabouts"]


class VisitView(msgspec.Struct, frozen=True):
    """What the rules see of one visit; lists are in canonical order."""

    visit: str
    planned: VisitPlanned | None
    assigned: tuple[VisitAssigned, ...]
    moved: tuple[VisitMoved, ...]
    moves: tuple[Fact, ...]
    """The operations that moved it, beside their bodies."""
    assignee: str
    """Who has it now; empty when it was moved and not given to anybody since."""
    cancelled: tuple[Fact, ...]
    started: tuple[Fact, ...]
    checks: tuple[Fact, ...]
    judged: dict[str, bool]
    """Hash of a check → whether the office's own comparison matched."""
    payments: tuple[Fact, ...]
    voids: tuple[Fact, ...]
    deliveries: tuple[Fact, ...]
    agreements: tuple[Fact, ...]
    concluded: tuple[Fact, ...]
    identity_decided: str
    registry: Registry
    companions: tuple[Fact, ...] = ()
    safety: tuple[Fact, ...] = ()
    breaches: tuple[ContactBreach, ...] = ()
    """Arrivals at the door that were certainly outside the permitted hours."""

    @property
    def service_day(self) -> str:
        """The day that the office last planned it for."""
        last = self.moved[-1].service_day if self.moved else ""
        return last or (self.planned.service_day if self.planned else "")

    def day_moved_to(self, fact: Fact) -> str:
        """The day that it had last been moved to when this can have been written; empty if it had not been."""
        before = [move.operation.body for move in self.moves if _possibly_after(fact, move)]
        return before[-1].service_day if before and isinstance(before[-1], VisitMoved) else ""

    def cancelled_before(self, fact: Fact) -> tuple[Fact, ...]:
        """The cancellations after which this can have been written."""
        return tuple(cancelled for cancelled in self.cancelled if _possibly_after(fact, cancelled))

    def agent_of(self, fact: Fact) -> str:
        """The agent whose journal a fact stands in."""
        author = self.registry.get(fact.operation.device)
        return author.agent if author else ""

    @property
    def identity(self) -> str:
        """`matched`, `answered`, `failed` or `none`; a fail holds until decided otherwise."""
        results = [check.operation.body for check in self.checks]
        failed = any(matched is False for matched in self.judged.values()) or any(
            isinstance(body, IdentityChecked) and body.result != "answered" for body in results
        )
        answered = any(isinstance(body, IdentityChecked) and body.result == "answered" for body in results)
        if failed and self.identity_decided != "confirm_pass":
            return "failed"
        if any(self.judged.values()):
            return "matched"
        return "answered" if answered else ("failed" if failed else "none")


def _possibly_after(fact: Fact, office: Fact) -> bool:
    """Whether something in the field can have happened after the office wrote: not if it certainly had ended."""
    high = fact.interval.high_ms
    return high is None or written_ms(office) <= high


def identity_ground(
    visit: str, checks: Sequence[Fact], judged: dict[str, bool]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that ID-CONFLICT states; both empty while the checks agree.

    It follows from the checks and the office's comparisons alone, so that a decision can name it.
    """
    results: list[str] = []
    for check in checks:
        body = check.operation.body
        if isinstance(body, IdentityChecked):
            matched = judged.get(check.hash)
            results.append(body.result if matched is None else "matched" if matched else "not matched")
    passed = {"answered", "matched"}
    if "not matched" not in results and not (passed & set(results) and set(results) - passed):
        return (), {}
    return tuple(check.hash for check in checks), {
        "visit": visit,
        "results": ", ".join(results),
        "results_zh": "、".join(_RESULTS_ZH[result] for result in results),
    }


_RESULTS_ZH = {
    "answered": "已回答",
    "refused": "拒绝",
    "third_party": "遇到第三人",
    "matched": "核对相符",
    "not matched": "核对不符",
}


def visit_view(key: str, facts: Sequence[Fact], registry: Registry, policy: Policy | None = None) -> VisitView:
    """Sort the facts of ``visit:id`` by what they say; `policy` judges the hours, None judges none."""
    planned: VisitPlanned | None = None
    assigned: list[VisitAssigned] = []
    moved: list[VisitMoved] = []
    assignee = ""
    decisions: list[Fact] = []
    judged: dict[str, bool] = {}
    lists: dict[str, list[Fact]] = {
        name: []
        for name in (
            "moves", "cancelled", "started", "checks", "payments", "voids", "deliveries", "agreements", "concluded",
            "companions", "safety",
        )
    }  # fmt: skip
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, VisitPlanned):
            planned = planned or body
        elif isinstance(body, VisitAssigned):
            assigned.append(body)
            assignee = body.agent
        elif isinstance(body, VisitMoved):
            moved.append(body)
            lists["moves"].append(fact)
            assignee = ""
        elif isinstance(body, IdentityJudged):
            judged.setdefault(body.check, body.matched)
        elif isinstance(body, DiscrepancyDecided):
            decisions.append(fact)
        elif (name := _LIST_OF.get(type(body))) is not None:
            lists[name].append(fact)
    visit = key.partition(":")[2]
    operations, values = identity_ground(visit, lists["checks"], judged)
    ground = ground_of("ID-CONFLICT", key, operations, values, "review")
    return VisitView(
        visit,
        planned,
        tuple(assigned),
        tuple(moved),
        tuple(lists["moves"]),
        assignee,
        tuple(lists["cancelled"]),
        tuple(lists["started"]),
        tuple(lists["checks"]),
        judged,
        tuple(lists["payments"]),
        tuple(lists["voids"]),
        tuple(lists["deliveries"]),
        tuple(lists["agreements"]),
        tuple(lists["concluded"]),
        outcome_on("ID-CONFLICT", key, ground, decisions) if operations else "",
        registry,
        tuple(lists["companions"]),
        tuple(lists["safety"]),
        hours_breaches(
            policy,
            judging_zone([planned.zone] if planned else []),
            [(fact, "visit") for fact in _arrivals(lists["started"] or lists["concluded"])],
            agreed_windows(planned, moved),
        ),
    )


def _arrivals(facts: Sequence[Fact]) -> list[Fact]:
    """The first of each agent's day: a visit that began in time may end when it ends."""
    first: dict[str, Fact] = {}
    for fact in facts:
        first.setdefault(fact.operation.pack, fact)
    return list(first.values())


_LIST_OF: dict[type, str] = {
    VisitCancelled: "cancelled",
    VisitStarted: "started",
    IdentityChecked: "checks",
    PaymentCollected: "payments",
    PaymentVoided: "voids",
    NoticeDelivered: "deliveries",
    PromiseMade: "agreements",
    PlanProposed: "agreements",
    VisitConcluded: "concluded",
    CompanionConfirmed: "companions",
    SafetyRaised: "safety",
}


def visit_whereabouts(view: VisitView) -> tuple[str, str]:
    """Branch and service day that the discrepancies of this visit belong to: the field's, else the plan's."""
    for fact in (*view.concluded, *view.payments, *view.deliveries, *view.started):
        author = view.registry.get(fact.operation.device)
        if author and fact.operation.pack:
            return author.branch, fact.operation.pack.partition("/")[0]
    return (view.planned.branch if view.planned else ""), view.service_day


def visit_state(view: VisitView) -> dict[str, Any]:
    """What is stored and shown of the visit."""
    outcome = view.concluded[-1].operation.body if view.concluded else None
    last = view.assigned[-1] if view.assigned else None
    return {
        "visit": view.visit,
        "account": view.planned.account if view.planned else "",
        "customer": view.planned.customer if view.planned else "",
        "branch": view.planned.branch if view.planned else "",
        "service_day": view.service_day,
        "origin": view.planned.origin if view.planned else "",
        "tasks": list(view.planned.tasks) if view.planned else [],
        "agent": view.assignee,
        "position": last.position if last else 0,
        "eta_s": last.eta_s if last else 0,
        "leg_m": last.leg_m if last else 0,
        "cancelled": bool(view.cancelled),
        "started": len(view.started),
        "identity": view.identity,
        "payments": len(view.payments),
        "voids": len(view.voids),
        "delivered": len(view.deliveries),
        "outcome": outcome.reason if isinstance(outcome, VisitConcluded) else "",
        "concluded_by": sorted({view.agent_of(fact) for fact in view.concluded}),
        "concluded_at": view.concluded[-1].operation.at if view.concluded else "",
    }
