"""Repayment plans at the door, without any signal: what each scheme would cost, and the one that is drawn up.

The arithmetic is the office's own (`sync.repayment`), so what the agent shows is what the office will find. Asking
what a plan would cost writes nothing. A plan within the agent's authority is agreed on at the door; whatever lies
beyond is proposed, and waits for the office.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_client.limits import PLAN_PERIODS_MAX
from agent_client.progress import VisitProgress
from agent_client.recording import Desk, Moment, Recorded
from agent_client.refusals import Advice, refuse
from agent_client.work.agreements import parse_day
from agent_client.work.days import visit_document
from agent_client.work.open_visit import Made, at_open_visit
from agent_client.work.sealed import personal_record
from sync.messages import VisitDocument
from sync.operations import field
from sync.repayment import Comparison, Scheme, Terms, agent_authority, compare, schedule, within_authority

__all__ = ["PlanWish", "propose_plan", "what_if"]


class PlanWish(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as an agent words it. `total_minor` 0 means all that is owed; `periods` is not asked in a deferral."""

    scheme: Scheme
    first_due: str
    total_minor: int = 0
    periods: int = 1
    rate_bp: int = 0
    reduction_bp: int = 0
    deferral_months: int = 0
    currency: str = ""


def what_if(desk: Desk, visit: str, wishes: Sequence[PlanWish]) -> Comparison:
    """What each plan would cost, side by side, with what lies beyond the agent's authority; nothing is written.

    Raises ARGUMENT-WRONG for terms that no plan has, WORK-REFUSED for another currency than the account's.
    """
    document = visit_document(desk, visit)
    return compare([_terms(wish, document) for wish in wishes], agent_authority(document.currency))


def propose_plan(desk: Desk, visit: str, wish: PlanWish, *, terms: bytes = b"") -> Recorded:
    """Draw up a plan at an open visit; `terms` is free text that is kept as a side record.

    Raises as `what_if` does: what has no schedule is not written. The advice says whether it is agreed or waits.
    """
    if not 1 <= wish.periods <= PLAN_PERIODS_MAX:
        raise refuse("periods", periods=wish.periods, most=PLAN_PERIODS_MAX)

    def make(_moment: Moment, document: VisitDocument, _progress: VisitProgress) -> Made:
        wanted = _terms(wish, document)
        schedule(wanted)
        beyond = within_authority(agent_authority(wanted.currency), wanted).excess
        advice = tuple(Advice("plan-beyond", {"why": f"{excess.reason_en} | {excess.reason_zh}"}) for excess in beyond)
        records = (personal_record(desk, terms),) if terms else ()
        body = field.PlanProposed(
            visit=visit,
            account=document.account,
            customer=document.customer,
            scheme=wish.scheme,
            total_minor=wanted.principal_minor,
            currency=wanted.currency,
            periods=wanted.periods,
            first_due=wish.first_due,
            terms_sha256=records[0].sha256 if records else "",
            rate_bp=wish.rate_bp,
            reduction_bp=wish.reduction_bp,
            deferral_months=wish.deferral_months,
        )
        return body, records, (*advice, Advice("plan-pending" if beyond else "plan-agreed"))

    return at_open_visit(desk, visit, make, task="negotiate")


def _terms(wish: PlanWish, document: VisitDocument) -> Terms:
    if wish.currency and wish.currency != document.currency:
        raise refuse("currency", given=wish.currency, account=document.currency)
    return Terms(
        scheme=wish.scheme,
        principal_minor=wish.total_minor or document.payoff_minor,
        currency=document.currency,
        first_due=parse_day(wish.first_due),
        periods=1 if wish.scheme == "deferral" else wish.periods,
        rate_bp=wish.rate_bp,
        reduction_bp=wish.reduction_bp,
        deferral_months=wish.deferral_months,
    )
