"""An agreed plan against the money that came: honoured, breached, cured or completed, whatever arrived first.

A payment counts if it was possibly made after the plan, on the earliest day on which it can have been; payments fill
the instalments in due order. An instalment is broken only when the office has looked as of a later day and it is not
paid in full; a payment possibly in time withdraws that, a later one cures it. The same money may keep a promise too:
a customer who promises the next instalment promises it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec

from sync.errors import Refused
from sync.operations.field import PlanProposed
from sync.operations.office import PromiseJudged
from sync.policy.limits import TIME_MS_MAX, TIME_MS_MIN
from sync.policy.zones import local_of, zone_of
from sync.reconcile.facts import Fact
from sync.reconcile.folds.plans import PlanStanding, terms_of
from sync.reconcile.folds.promises import Money
from sync.repayment import InstalmentState, PlanPayment, Schedule, Terms, schedule, settle
from sync.repayment.limits import PAYMENTS_MAX, SCHEDULES_KEPT

__all__ = ["PlanProgress", "Progressing", "agreed_state", "plan_progress", "progresses"]

_FIRST_MIDNIGHT = timedelta(hours=-12)
"""Where no zone is known, the earliest day on which something can have been: the date at UTC-12."""


class PlanProgress(msgspec.Struct, frozen=True):
    """How an agreed plan stands; amounts in minor units.

    ``completed``: everything is paid. ``breached``: an instalment is overdue by the office's word. ``honoured``:
    none is; `cured` says that one had been.
    """

    status: Literal["honoured", "breached", "completed"]
    cured: bool
    instalments: tuple[InstalmentState, ...]
    overdue: tuple[InstalmentState, ...]
    payments: tuple[str, ...]
    judged: tuple[str, ...]
    judged_through: str = ""
    """The last day as of which the office looked, ``YYYY-MM-DD``."""

    @property
    def paid_minor(self) -> int:
        """What came for the plan."""
        return sum(state.paid_minor for state in self.instalments)

    @property
    def total_minor(self) -> int:
        """What the plan asks for."""
        return sum(state.instalment.total_minor for state in self.instalments)

    @property
    def next(self) -> InstalmentState | None:
        """The first instalment that is not paid in full."""
        return next((state for state in self.instalments if state.open_minor), None)


class Progressing(msgspec.Struct, frozen=True):
    """An agreed plan together with how it stands."""

    plan: PlanStanding
    body: PlanProposed
    progress: PlanProgress


def progresses(
    plans: Sequence[PlanStanding], money: Iterable[Money], judgements: Sequence[Fact], zone: str
) -> tuple[Progressing, ...]:
    """Every agreed plan whose terms are known; `zone` is the customer's, empty where none is known."""
    items = list(money)
    return tuple(
        Progressing(plan, body, progress)
        for plan in plans
        if plan.status == "agreed"
        and isinstance(body := plan.fact.operation.body, PlanProposed)
        and (progress := plan_progress(plan.fact, body, items, judgements, zone)) is not None
    )


def agreed_state(agreed: Progressing) -> dict[str, Any]:
    """What is stored and shown of it: how it stands, and the instalments that are not paid in full."""
    progress = agreed.progress
    return {
        "operation": agreed.plan.fact.hash,
        "status": progress.status,
        "cured": progress.cured,
        "currency": agreed.body.currency,
        "paid_minor": progress.paid_minor,
        "total_minor": progress.total_minor,
        "judged_through": progress.judged_through,
        "overdue_minor": sum(state.open_minor for state in progress.overdue),
        "open": [
            {"due": state.instalment.due.isoformat(), "open_minor": state.open_minor}
            for state in progress.instalments
            if state.open_minor
        ],
    }


def plan_progress(
    plan: Fact, body: PlanProposed, money: Sequence[Money], judgements: Sequence[Fact], zone: str
) -> PlanProgress | None:
    """How one plan stands; None where no plan has such terms."""
    try:
        agreed = _schedule(terms_of(body))
    except Refused:
        return None
    counted = [item for item in money if item.amount_minor > 0 and _counts(item, plan, body)][:PAYMENTS_MAX]
    payments = [PlanPayment(day=_earliest_day(item.low_ms, zone), amount_minor=item.amount_minor) for item in counted]
    states = settle(agreed, payments, date.max).instalments
    judged = [
        (fact.hash, said.as_of_day)
        for fact in judgements
        if isinstance(said := fact.operation.body, PromiseJudged) and said.promise == plan.hash
    ]
    last = max((as_of_day for _, as_of_day in judged), default="")
    due_before = [state for state in states if state.instalment.due.isoformat() < last]
    overdue = tuple(state for state in due_before if state.paid_on is None)
    late = any(state.paid_on is not None and state.paid_on > state.instalment.due for state in due_before)
    status: Literal["honoured", "breached", "completed"] = "breached" if overdue else "honoured"
    if all(state.paid_on is not None for state in states):
        status = "completed"
    return PlanProgress(
        status=status,
        cured=late and not overdue,
        instalments=states,
        overdue=overdue,
        payments=tuple(item.fact.hash for item in counted),
        judged=tuple(hash_ for hash_, _ in judged),
        judged_through=last,
    )


@lru_cache(maxsize=SCHEDULES_KEPT)
def _schedule(terms: Terms) -> Schedule:
    """An account is folded again with each payment; its plan stays the same."""
    return schedule(terms)


def _counts(item: Money, plan: Fact, body: PlanProposed) -> bool:
    if item.currency != body.currency:
        return False
    mine, theirs = item.fact.operation, plan.operation
    if mine.device == theirs.device:
        return (mine.epoch, mine.seq) > (theirs.epoch, theirs.seq)
    made = plan.interval.low_ms
    return item.high_ms is None or made is None or item.high_ms >= made


def _earliest_day(low_ms: int | None, zone: str) -> date:
    """The first local day on which something not before an instant can have been."""
    at_ms = min(max(low_ms or 0, TIME_MS_MIN), TIME_MS_MAX)
    if zone:
        return local_of(at_ms, zone_of(zone)).date()
    return (datetime.fromtimestamp(at_ms / 1000, UTC) + _FIRST_MIDNIGHT).date()
