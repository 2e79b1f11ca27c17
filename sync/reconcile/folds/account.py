"""The fold of one account: what is owed, and how each payment is allocated to debt, credit or suspense.

The latest import by its as-of time states what is owed, in whatever order imports arrive. It absorbs external
payments made up to that time; later ones reduce the payoff first, since the creditor has them already; then our
own payments are applied in canonical order: debt down to zero, the rest to the customer's credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sync.money import format_amount
from sync.operations.field import PlanProposed, PromiseMade
from sync.operations.office import (
    AccountImported,
    DiscrepancyDecided,
    ExternalPaymentRecorded,
    PromiseJudged,
    VisitPlanned,
)
from sync.reconcile import places
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order, written_ms
from sync.reconcile.folds.conduct import judging_zone
from sync.reconcile.folds.plans import PlanStanding, plan_standings
from sync.reconcile.folds.promises import Money, PromiseStanding, promise_standings
from sync.reconcile.payment_status import PaymentStatus, payment_statuses

__all__ = [
    "AccountView",
    "Allocation",
    "account_postings",
    "account_state",
    "account_view",
    "account_whereabouts",
    "waiting_ground",
]


class Allocation(msgspec.Struct, frozen=True):
    """How one payment of ours was split; the parts add up to its amount."""

    status: PaymentStatus
    debt_minor: int
    credit_minor: int
    suspense_minor: int
    why: str = ""
    """Why it waits in suspense unless a decision lets it through: what is unknown (`account`, `currency`, `visit`),
    or how the account stood by what the office knew (`recalled`, `ceased`, `moratorium`, `disputed`, `written_off`)."""


class AccountView(msgspec.Struct, frozen=True):
    """What the rules see of one account."""

    account: str
    statement: AccountImported | None
    external: tuple[tuple[Fact, ExternalPaymentRecorded], ...]
    """Payments elsewhere after the statement's as-of, each external id once."""
    allocations: tuple[Allocation, ...]
    promises: tuple[PromiseStanding, ...]
    plans: tuple[PlanStanding, ...]
    payoff_minor: int
    debt_left_minor: int
    registry: Registry


def account_view(key: str, facts: Sequence[Fact], registry: Registry) -> AccountView:
    """Sort the facts of ``account:id`` and allocate its payments."""
    account = key.partition(":")[2]
    statements: list[_Statement] = []
    externals: dict[str, tuple[Fact, ExternalPaymentRecorded]] = {}
    visits: set[str] = set()
    zones: list[str] = []
    judgements: list[Fact] = []
    decisions: list[Fact] = []
    promises: list[Fact] = []
    plans: list[Fact] = []
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, AccountImported):
            statements.append((body.as_of_ms, fact.hash, body, fact))
        elif isinstance(body, ExternalPaymentRecorded):
            externals.setdefault(body.external, (fact, body))
        elif isinstance(body, VisitPlanned):
            visits.add(body.visit)
            zones.append(body.zone)
        elif isinstance(body, PromiseJudged):
            judgements.append(fact)
        elif isinstance(body, PromiseMade):
            promises.append(fact)
        elif isinstance(body, PlanProposed):
            plans.append(fact)
        elif isinstance(body, DiscrepancyDecided):
            decisions.append(fact)
    statement = max(statements, key=lambda item: item[:2])[2] if statements else None
    later = tuple(pair for pair in externals.values() if statement is None or pair[1].paid_ms > statement.as_of_ms)
    payoff = statement.payoff_minor if statement else 0
    left = max(0, payoff - sum(body.amount_minor for _, body in later if _same_currency(statement, body.currency)))
    reasons = [
        (status, _why(status, statement, visits, statements))
        for status in payment_statuses(facts)
        if status.body.account == account and status.counts
    ]
    accepted = {rule for rule in _WAITS if _is_accepted(rule, key, account, reasons, decisions)}
    allocations: list[Allocation] = []
    for status, why in reasons:
        amount = status.body.amount_minor
        # A walk-up can be accepted; without a statement in its currency there is nothing to allocate it to.
        if why and (why in {"account", "currency"} or _RULE_OF[why] not in accepted):
            allocations.append(Allocation(status, 0, 0, amount, why))
            continue
        to_debt = min(amount, left)
        left -= to_debt
        allocations.append(Allocation(status, to_debt, amount - to_debt, 0, why))
    return AccountView(
        account,
        statement,
        later,
        tuple(allocations),
        promise_standings(promises, _money(reasons, externals.values()), judgements, judging_zone(zones)),
        plan_standings(key, plans, decisions),
        payoff,
        left,
        registry,
    )


_Statement = tuple[int, str, AccountImported, Fact]
"""As-of, hash, body and fact of an import."""


def _money(
    reasons: Iterable[tuple[PaymentStatus, str]], externals: Iterable[tuple[Fact, ExternalPaymentRecorded]]
) -> list[Money]:
    """Whatever the customer paid, here or elsewhere, in suspense or not."""
    found = []
    for status, _ in reasons:
        when = status.fact.interval
        found.append(Money(status.fact, status.body.amount_minor, status.body.currency, when.low_ms, when.high_ms))
    found += [Money(fact, body.amount_minor, body.currency, body.paid_ms, body.paid_ms) for fact, body in externals]
    return found


def _same_currency(statement: AccountImported | None, currency: str) -> bool:
    return statement is not None and statement.currency == currency


def _why(
    status: PaymentStatus, statement: AccountImported | None, visits: set[str], statements: Sequence[_Statement]
) -> str:
    if statement is None:
        return "account"
    if statement.currency != status.body.currency:
        return "currency"
    # That nothing should be collected at all weighs more than that nobody planned to.
    if standing := _standing_at(status, statements):
        return standing
    return "" if status.body.visit in visits else "visit"


def _standing_at(status: PaymentStatus, statements: Sequence[_Statement]) -> str:
    """How the account stood by what the office had been told when this can have been paid; empty while it was open."""
    if all(body.status == "open" for _, _, body, _ in statements):
        return ""
    high = status.fact.interval.high_ms
    known = [item for item in statements if high is None or written_ms(item[3]) <= high]
    standing = max(known, key=lambda item: item[:2])[2].status if known else "open"
    return "" if standing == "open" else standing


def _is_accepted(
    rule: str, key: str, account: str, reasons: Sequence[tuple[PaymentStatus, str]], decisions: Sequence[Fact]
) -> bool:
    operations, values = waiting_ground(rule, account, reasons)
    if not operations or not decisions:
        return False
    alarm = rule == "PAY-WRITTEN-OFF"
    ground = ground_of(rule, key, operations, values, "alarm" if alarm else "review")
    return outcome_on(rule, key, ground, decisions, needs_two=alarm) == "accept"


_WAITS: dict[str, dict[str, tuple[str, str]]] = {
    "PAY-UNKNOWN": {
        "account": ("the office knows no such account", "办公室没有该账户"),
        "currency": ("the account is kept in another currency", "该账户使用另一币种"),
        "visit": ("no such visit was planned for it", "没有为其安排该次上门"),
    },
    "PAY-RECALLED": {
        "recalled": ("the creditor had recalled it", "债权方已收回"),
        "ceased": ("the customer had asked not to be contacted", "客户已要求停止联系"),
        "moratorium": ("a moratorium protected it", "处于延期保护期"),
        "disputed": ("the customer disputed the debt", "客户对债务有异议"),
    },
    "PAY-WRITTEN-OFF": {"written_off": ("it had been written off", "已核销")},
}
"""Rule → reasons for which money waits in suspense, in words."""
_RULE_OF = {why: rule for rule, whys in _WAITS.items() for why in whys}


def waiting_ground(
    rule: str, account: str, reasons: Iterable[tuple[PaymentStatus, str]]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that one of the rules about waiting money states; both empty if no payment waits for it.

    `reasons` are payments with why they wait. It follows from what happened alone, never from a decision, so that a
    decision can name it.
    """
    words = _WAITS[rule]
    waiting = [(status, why) for status, why in reasons if why in words]
    if not waiting:
        return (), {}
    totals: dict[str, int] = {}
    for status, _ in waiting:
        totals[status.body.currency] = totals.get(status.body.currency, 0) + status.body.amount_minor
    kinds = sorted({why for _, why in waiting})
    return tuple(status.fact.hash for status, _ in waiting), {
        "account": account,
        "amount": ", ".join(format_amount(amount, code) for code, amount in sorted(totals.items())),
        "why": ", ".join(words[kind][0] for kind in kinds),
        "why_zh": "、".join(words[kind][1] for kind in kinds),
    }


def account_postings(view: AccountView) -> tuple[Posting, ...]:
    """The account's side of every payment that counts."""
    lines: list[Posting] = []
    for allocation in view.allocations:
        status, fact = allocation.status, allocation.status.fact
        author = view.registry[fact.operation.device]
        for purpose, place, amount in (
            ("debt", places.debt(view.account), allocation.debt_minor),
            ("credit", places.credit(view.account), allocation.credit_minor),
            ("suspense", places.suspense(view.account), allocation.suspense_minor),
        ):
            if amount:
                lines.append(
                    Posting(
                        id=f"{fact.hash}:{purpose}",
                        debit=places.collected(view.account),
                        credit=place,
                        amount_minor=amount,
                        currency=status.body.currency,
                        branch=author.branch,
                        service_day=fact.operation.pack.partition("/")[0],
                        operation=fact.hash,
                    )
                )
    left = view.payoff_minor
    for fact, body in view.external:
        if not _same_currency(view.statement, body.currency):
            continue
        to_debt = min(body.amount_minor, left)
        left -= to_debt
        for purpose, place, amount in (
            ("external_debt", places.debt(view.account), to_debt),
            ("external_credit", places.credit(view.account), body.amount_minor - to_debt),
        ):
            if amount:
                lines.append(
                    Posting(
                        id=f"{fact.hash}:{purpose}",
                        debit=places.external(view.account),
                        credit=place,
                        amount_minor=amount,
                        currency=body.currency,
                        branch="",
                        service_day="",
                        operation=fact.hash,
                    )
                )
    return tuple(lines)


def account_whereabouts(view: AccountView) -> tuple[str, str]:
    """Branch and service day of the last payment, else of the last agreement, for this account's discrepancies."""
    facts = [allocation.status.fact for allocation in view.allocations]
    facts = facts or canonical_order([*(plan.fact for plan in view.plans), *(made.fact for made in view.promises)])
    if not facts:
        return "", ""
    return view.registry[facts[-1].operation.device].branch, facts[-1].operation.pack.partition("/")[0]


def account_state(view: AccountView) -> dict[str, Any]:
    """What is stored and shown of the account; nothing personal."""
    statement = view.statement
    return {
        "account": view.account,
        "known": statement is not None,
        "customer": statement.customer if statement else "",
        "currency": statement.currency if statement else "",
        "status": statement.status if statement else "",
        "as_of_ms": statement.as_of_ms if statement else 0,
        "payoff_minor": view.payoff_minor,
        "external_minor": sum(body.amount_minor for _, body in view.external),
        "collected_minor": sum(a.debt_minor + a.credit_minor + a.suspense_minor for a in view.allocations),
        "debt_left_minor": view.debt_left_minor,
        "credit_minor": sum(a.credit_minor for a in view.allocations),
        "suspense_minor": sum(a.suspense_minor for a in view.allocations),
        "promises": [
            {
                "amount_minor": made.body.amount_minor,
                "due": made.body.due,
                "operation": made.fact.hash,
                "status": made.status,
                "paid_minor": made.paid_minor,
                "judged": bool(made.judged),
            }
            for made in view.promises
        ],
        "plans": [{"operation": plan.fact.hash, "status": plan.status} for plan in view.plans],
    }
