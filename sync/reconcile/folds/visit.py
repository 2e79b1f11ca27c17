"""The fold of one visit: the office's plan for it beside what happened at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.field import (
    IdentityChecked,
    NoticeDelivered,
    PaymentCollected,
    PaymentVoided,
    PlanProposed,
    PromiseMade,
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
from sync.reconcile.facts import Fact, Registry, canonical_order

__all__ = ["VisitView", "visit_state", "visit_view", "visit_whereabouts"]


class VisitView(msgspec.Struct, frozen=True):
    """What the rules see of one visit; lists are in canonical order."""

    visit: str
    planned: VisitPlanned | None
    assigned: tuple[VisitAssigned, ...]
    moved: tuple[VisitMoved, ...]
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

    @property
    def service_day(self) -> str:
        """The day that the office last planned it for."""
        last = self.moved[-1].service_day if self.moved else ""
        return last or (self.planned.service_day if self.planned else "")

    @property
    def assignee(self) -> str:
        """Who has it now."""
        return self.assigned[-1].agent if self.assigned else ""

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
        if failed and self.identity_decided not in {"confirm_pass", "accept", "excuse"}:
            return "failed"
        if any(self.judged.values()):
            return "matched"
        return "answered" if answered else ("failed" if failed else "none")


def visit_view(key: str, facts: Sequence[Fact], registry: Registry) -> VisitView:
    """Sort the facts of ``visit:id`` by what they say."""
    planned: VisitPlanned | None = None
    assigned: list[VisitAssigned] = []
    moved: list[VisitMoved] = []
    judged: dict[str, bool] = {}
    lists: dict[str, list[Fact]] = {
        name: []
        for name in (
            "cancelled", "started", "checks", "payments", "voids", "deliveries", "agreements", "concluded",
        )
    }  # fmt: skip
    decided = ""
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, VisitPlanned):
            planned = planned or body
        elif isinstance(body, VisitAssigned):
            assigned.append(body)
        elif isinstance(body, VisitMoved):
            moved.append(body)
        elif isinstance(body, IdentityJudged):
            judged.setdefault(body.check, body.matched)
        elif isinstance(body, DiscrepancyDecided):
            if body.rule == "ID-CONFLICT" and body.subject == key and not decided:
                decided = body.outcome
        elif (name := _LIST_OF.get(type(body))) is not None:
            lists[name].append(fact)
    return VisitView(
        key.partition(":")[2],
        planned,
        tuple(assigned),
        tuple(moved),
        tuple(lists["cancelled"]),
        tuple(lists["started"]),
        tuple(lists["checks"]),
        judged,
        tuple(lists["payments"]),
        tuple(lists["voids"]),
        tuple(lists["deliveries"]),
        tuple(lists["agreements"]),
        tuple(lists["concluded"]),
        decided,
        registry,
    )


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
