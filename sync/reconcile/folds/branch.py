"""The fold of one branch: its agents, what it paid in at the bank, and how far its days are closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sync.operations.money import BranchCashDeposited
from sync.operations.office import AgentRegistered, DayClosed
from sync.reconcile import places
from sync.reconcile.facts import Fact, Posting, canonical_order

__all__ = ["branch_postings", "branch_state"]


def branch_postings(facts: Sequence[Fact]) -> tuple[Posting, ...]:
    """What was counted and paid in at the bank."""
    return tuple(
        Posting(
            id=f"{fact.hash}:paid_in",
            debit=places.deposited(body.branch),
            credit=places.branch_cash(body.branch),
            amount_minor=body.amount_minor,
            currency=body.currency,
            branch=body.branch,
            service_day=body.service_day,
            operation=fact.hash,
        )
        for fact in canonical_order(fact for fact in facts if not fact.held)
        if isinstance(body := fact.operation.body, BranchCashDeposited) and body.amount_minor
    )


def branch_state(key: str, facts: Sequence[Fact]) -> dict[str, Any]:
    """Agents by id (the last registration counts) and the last closing; nothing personal."""
    agents: dict[str, dict[str, Any]] = {}
    deposits: list[dict[str, Any]] = []
    closings: list[tuple[int, str, DayClosed]] = []
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, AgentRegistered):
            agents[body.agent] = {
                "home_lat_e7": body.home_lat_e7,
                "home_lon_e7": body.home_lon_e7,
                "shift_starts_s": body.shift_starts_s,
                "shift_ends_s": body.shift_ends_s,
                "visits_max": body.visits_max,
                "cash_limit_minor": body.cash_limit_minor,
                "currency": body.currency,
                "skills": list(body.skills),
            }
        elif isinstance(body, BranchCashDeposited):
            deposits.append(
                {
                    "slip": body.slip,
                    "bank": body.bank,
                    "amount_minor": body.amount_minor,
                    "currency": body.currency,
                    "service_day": body.service_day,
                }
            )
        elif isinstance(body, DayClosed):
            closings.append((body.number, fact.hash, body))
    last = max(closings, key=lambda item: item[:2], default=None)
    return {
        "branch": key.partition(":")[2],
        "agents": dict(sorted(agents.items())),
        "deposits": deposits,
        "closings": len(closings),
        "last_closing": {
            "number": last[0],
            "operation": last[1],
            "service_day": last[2].service_day,
            "books_digest": last[2].books_digest,
        }
        if last
        else None,
    }
