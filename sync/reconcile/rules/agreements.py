"""Rules about what was agreed at the door: plans beyond authority or made twice, promises kept and broken."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.account import AccountView
from sync.reconcile.folds.instalments import Progressing
from sync.reconcile.folds.plans import authority_ground, twice_ground
from sync.reconcile.folds.promises import PromiseStanding

__all__ = ["AGREEMENT_RULES"]


@rule(
    "PLAN-AUTHORITY",
    family="account",
    severity="review",
    outcomes=("accept", "void", "escalate"),
    en=(
        "A plan beyond the agent's authority",
        "A plan for account {account} goes beyond what an agent may agree on: {why}",
        "The plan is pending until the office approves or declines it.",
    ),
    zh=("还款计划超出权限", "账户 {account} 的还款计划超出业务员权限：{why_zh}", "办公室批准或否决之前，该计划待定。"),
)
def plan_authority(view: AccountView) -> Finding | None:
    """Terms beyond the agent's authority: pending until approved."""
    operations, values = authority_ground(view.account, view.plans)
    return Finding(operations=operations, values=values) if operations else None


@rule(
    "PLAN-TWICE",
    family="account",
    severity="review",
    outcomes=("accept", "void", "escalate"),
    en=(
        "Two plans for one account",
        "{count} plans for account {account} were made without knowledge of each other.",
        "One that the office confirmed stands, else the first in canonical order; the others are pending.",
    ),
    zh=(
        "同一账户有多份还款计划",
        "账户 {account} 有 {count} 份互不知情的还款计划。",
        "办公室确认的一份有效，否则以规范顺序中的第一份为准；其余待定。",
    ),
)
def plan_twice(view: AccountView) -> Finding | None:
    """Two plans made without knowledge of each other."""
    operations, values = twice_ground(view.account, view.plans)
    return Finding(operations=operations, values=values) if operations else None


class _Told(msgspec.Struct, frozen=True):
    """One promise or instalment as the rules tell of it."""

    operations: tuple[str, ...]
    amount_minor: int
    currency: str
    due: str


def _kept(view: AccountView) -> list[_Told]:
    made = [_promise(promise) for promise in view.promises if promise.status == "kept"]
    for agreed in view.agreed:
        if agreed.progress.status == "completed":
            last = agreed.progress.instalments[-1].instalment.due.isoformat()
            made.append(_Told(_rests_on(agreed), agreed.progress.total_minor, agreed.body.currency, last))
    return made


def _broken(view: AccountView) -> list[_Told]:
    made = [_promise(promise) for promise in view.promises if promise.status == "broken"]
    for agreed in view.agreed:
        made += [
            _Told(_rests_on(agreed), state.open_minor, agreed.body.currency, state.instalment.due.isoformat())
            for state in agreed.progress.overdue
        ]
    return made


def _promise(made: PromiseStanding) -> _Told:
    operations = (made.fact.hash, *made.payments, *made.judged)
    return _Told(operations, made.body.amount_minor, made.body.currency, made.body.due)


def _rests_on(agreed: Progressing) -> tuple[str, ...]:
    return (agreed.plan.fact.hash, *agreed.progress.payments, *agreed.progress.judged)


def _promises(view: AccountView, told: Sequence[_Told]) -> Finding | None:
    if not told:
        return None
    return Finding(
        operations=tuple(hash_ for made in told for hash_ in made.operations),
        values={
            "account": view.account,
            "amount": ", ".join(format_amount(made.amount_minor, made.currency) for made in told),
            "due": ", ".join(made.due for made in told),
        },
    )


@rule(
    "PROMISE-KEPT",
    family="account",
    severity="info",
    en=("A promise was kept", "Account {account}: {amount} promised by {due} came in time.", "Nothing to decide."),
    zh=("承诺已履行", "账户 {account}：承诺于 {due} 前支付的 {amount} 已按时到账。", "无需裁定。"),
)
def promise_kept(view: AccountView) -> Finding | None:
    """The money promised came, possibly by its day, or all of a plan came; whatever arrived first."""
    return _promises(view, _kept(view))


@rule(
    "PROMISE-BROKEN",
    family="account",
    severity="info",
    en=(
        "A promise was broken",
        "Account {account}: {amount} promised by {due} had not come when the office looked afterwards.",
        "Withdrawn when a payment possibly in time arrives after all.",
    ),
    zh=(
        "承诺未履行",
        "账户 {account}：承诺于 {due} 前支付的 {amount}，办公室事后核查时仍未到账。",
        "若之后收到可能按时支付的款项，则撤销。",
    ),
)
def promise_broken(view: AccountView) -> Finding | None:
    """By the office's word as of a later day, a promise's or instalment's money had not come; withdrawn if it does."""
    return _promises(view, _broken(view))


AGREEMENT_RULES = (plan_authority, plan_twice, promise_kept, promise_broken)
