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
from sync.operations.office import AccountImported, DiscrepancyDecided, ExternalPaymentRecorded, VisitPlanned
from sync.reconcile import places
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order
from sync.reconcile.payment_status import PaymentStatus, payment_statuses

__all__ = [
    "AccountView",
    "Allocation",
    "account_postings",
    "account_state",
    "account_view",
    "account_whereabouts",
    "unknown_ground",
]


class Allocation(msgspec.Struct, frozen=True):
    """How one payment of ours was split; the parts add up to its amount."""

    status: PaymentStatus
    debt_minor: int
    credit_minor: int
    suspense_minor: int
    why: str = ""
    """What is unknown: `account`, `currency` or `visit`; it waits in suspense unless a visit was accepted."""


class AccountView(msgspec.Struct, frozen=True):
    """What the rules see of one account."""

    account: str
    statement: AccountImported | None
    external: tuple[tuple[Fact, ExternalPaymentRecorded], ...]
    """Payments elsewhere after the statement's as-of, each external id once."""
    allocations: tuple[Allocation, ...]
    promises: tuple[Fact, ...]
    plans: tuple[Fact, ...]
    payoff_minor: int
    debt_left_minor: int
    registry: Registry


def account_view(key: str, facts: Sequence[Fact], registry: Registry) -> AccountView:
    """Sort the facts of ``account:id`` and allocate its payments."""
    account = key.partition(":")[2]
    statements: list[tuple[int, str, AccountImported]] = []
    externals: dict[str, tuple[Fact, ExternalPaymentRecorded]] = {}
    visits: set[str] = set()
    decisions: list[Fact] = []
    promises: list[Fact] = []
    plans: list[Fact] = []
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, AccountImported):
            statements.append((body.as_of_ms, fact.hash, body))
        elif isinstance(body, ExternalPaymentRecorded):
            externals.setdefault(body.external, (fact, body))
        elif isinstance(body, VisitPlanned):
            visits.add(body.visit)
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
        (status, _unknown(status, statement, visits))
        for status in payment_statuses(facts)
        if status.body.account == account and status.counts
    ]
    operations, values = unknown_ground(account, reasons)
    ground = ground_of("PAY-UNKNOWN", key, operations, values, "review")
    accepted = bool(operations) and outcome_on("PAY-UNKNOWN", key, ground, decisions) == "accept"
    allocations: list[Allocation] = []
    for status, why in reasons:
        amount = status.body.amount_minor
        # A walk-up can be accepted; without a statement in its currency there is nothing to allocate it to.
        if why and not (accepted and why == "visit"):
            allocations.append(Allocation(status, 0, 0, amount, why))
            continue
        to_debt = min(amount, left)
        left -= to_debt
        allocations.append(Allocation(status, to_debt, amount - to_debt, 0, why))
    return AccountView(
        account, statement, later, tuple(allocations), tuple(promises), tuple(plans), payoff, left, registry
    )


def _same_currency(statement: AccountImported | None, currency: str) -> bool:
    return statement is not None and statement.currency == currency


def _unknown(status: PaymentStatus, statement: AccountImported | None, visits: set[str]) -> str:
    if statement is None:
        return "account"
    if statement.currency != status.body.currency:
        return "currency"
    if status.body.visit not in visits:
        return "visit"
    return ""


_WHY = {
    "account": ("the office knows no such account", "办公室没有该账户"),
    "currency": ("the account is kept in another currency", "该账户使用另一币种"),
    "visit": ("no such visit was planned for it", "没有为其安排该次上门"),
}


def unknown_ground(
    account: str, reasons: Iterable[tuple[PaymentStatus, str]]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that PAY-UNKNOWN states; both empty if every payment is for something known.

    `reasons` are payments with what is unknown about them. It follows from what happened alone, never from a
    decision, so that a decision can name it.
    """
    waiting = [(status, why) for status, why in reasons if why]
    if not waiting:
        return (), {}
    totals: dict[str, int] = {}
    for status, _ in waiting:
        totals[status.body.currency] = totals.get(status.body.currency, 0) + status.body.amount_minor
    kinds = sorted({why for _, why in waiting})
    return tuple(status.fact.hash for status, _ in waiting), {
        "account": account,
        "amount": ", ".join(format_amount(amount, code) for code, amount in sorted(totals.items())),
        "why": ", ".join(_WHY[kind][0] for kind in kinds),
        "why_zh": "、".join(_WHY[kind][1] for kind in kinds),
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
    """Branch and service day of the last payment, for the discrepancies of this account."""
    if not view.allocations:
        return "", ""
    fact = view.allocations[-1].status.fact
    return view.registry[fact.operation.device].branch, fact.operation.pack.partition("/")[0]


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
            {"amount_minor": fact.operation.body.amount_minor, "due": fact.operation.body.due, "operation": fact.hash}
            for fact in view.promises
            if isinstance(fact.operation.body, PromiseMade)
        ],
        "plans": [fact.hash for fact in view.plans],
    }
