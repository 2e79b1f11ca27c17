"""The fold of one reported loss of cash: lost, stolen or counterfeit; it has no effect until two persons approve it.

A loss is named by its place in its journal. The drawer needs to know which losses are approved too: it is told by
`approved_losses`, from the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sync.money import format_amount
from sync.operations.field import CashLossReported
from sync.operations.kinds import loss_key
from sync.operations.office import DiscrepancyDecided
from sync.reconcile import places
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order

__all__ = [
    "LossView",
    "approved_losses",
    "loss_ground",
    "loss_postings",
    "loss_state",
    "loss_view",
    "loss_whereabouts",
]

_CAUSES_ZH = {"lost": "遗失", "stolen": "被盗", "counterfeit": "假币"}


class LossView(msgspec.Struct, frozen=True):
    """What the rules see of one loss; more than one report only where the journal is forked."""

    loss: str
    reports: tuple[tuple[Fact, CashLossReported], ...]
    outcome: str
    """What two persons decided: `accept` (it counts), `void` (it does not), or empty."""
    registry: Registry


def loss_view(key: str, facts: Sequence[Fact], registry: Registry) -> LossView:
    """Sort the facts of ``loss:device/epoch/seq``."""
    reports = tuple(
        (fact, body)
        for fact in canonical_order(fact for fact in facts if not fact.held)
        if isinstance(body := fact.operation.body, CashLossReported) and loss_key(fact.operation) == key
    )
    return LossView(key.partition(":")[2], reports, _outcome(key, reports, facts), registry)


def _outcome(key: str, reports: Sequence[tuple[Fact, CashLossReported]], facts: Iterable[Fact]) -> str:
    decisions = [f for f in facts if isinstance(f.operation.body, DiscrepancyDecided) and not f.held]
    if not reports or not decisions:
        return ""
    operations, values = loss_ground(reports)
    return outcome_on(
        "CASH-LOSS", key, ground_of("CASH-LOSS", key, operations, values, "review"), decisions, needs_two=True
    )


def loss_ground(reports: Sequence[tuple[Fact, CashLossReported]]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that CASH-LOSS states; they follow from the reports alone."""
    return tuple(fact.hash for fact, _ in reports), {
        "agent": ", ".join(dict.fromkeys(fact.operation.pack.partition("/")[2] for fact, _ in reports)),
        "day": ", ".join(dict.fromkeys(fact.operation.pack.partition("/")[0] for fact, _ in reports)),
        "amount": ", ".join(format_amount(body.amount_minor, body.currency) for _, body in reports),
        "cause": ", ".join(body.cause for _, body in reports),
        "cause_zh": "、".join(_CAUSES_ZH[body.cause] for _, body in reports),
    }


def approved_losses(facts: Sequence[Fact], registry: Registry) -> tuple[Fact, ...]:
    """Reports among the facts that two persons approved, in canonical order."""
    keys = dict.fromkeys(loss_key(f.operation) for f in facts if isinstance(f.operation.body, CashLossReported))
    views = [loss_view(key, facts, registry) for key in keys]
    return tuple(canonical_order(fact for view in views if view.outcome == "accept" for fact, _ in view.reports))


def loss_postings(view: LossView) -> tuple[Posting, ...]:
    """What an approved loss takes out of the agent's cash."""
    if view.outcome != "accept":
        return ()
    lines = []
    for fact, body in view.reports:
        author = view.registry[fact.operation.device]
        if body.amount_minor:
            lines.append(
                Posting(
                    id=f"{fact.hash}:lost",
                    debit=places.lost(author.agent),
                    credit=places.agent_holding("cash", author.agent),
                    amount_minor=body.amount_minor,
                    currency=body.currency,
                    branch=author.branch,
                    service_day=fact.operation.pack.partition("/")[0],
                    operation=fact.hash,
                )
            )
    return tuple(lines)


def loss_whereabouts(view: LossView) -> tuple[str, str]:
    """Branch and day of the drawer concerned."""
    for fact, _ in view.reports:
        return view.registry[fact.operation.device].branch, fact.operation.pack.partition("/")[0]
    return "", ""


def loss_state(view: LossView) -> dict[str, Any]:
    """What is stored and shown."""
    return {
        "loss": view.loss,
        "approved": view.outcome == "accept",
        "reports": [
            {
                "agent": view.registry[fact.operation.device].agent,
                "amount_minor": body.amount_minor,
                "currency": body.currency,
                "cause": body.cause,
                "operation": fact.hash,
            }
            for fact, body in view.reports
        ],
    }
