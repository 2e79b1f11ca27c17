"""The account's side of the books: what each payment was for, payments elsewhere, and refunds paid out."""

from __future__ import annotations

from sync.reconcile import places
from sync.reconcile.facts import Fact, Posting
from sync.reconcile.folds.account import AccountView
from sync.reconcile.folds.allocation import Allocation

__all__ = ["account_postings"]


def account_postings(view: AccountView) -> tuple[Posting, ...]:
    """The account's side of every payment that counts."""
    lines = [line for allocation in view.allocations for line in _allocated(view, allocation)]
    return (*lines, *_elsewhere(view), *_paid_out(view))


def _posting(fact: Fact, purpose: str, debit: str, credit: str, amount_minor: int, *where: str) -> Posting:
    currency, branch, day = where
    return Posting(
        id=f"{fact.hash}:{purpose}",
        debit=debit,
        credit=credit,
        amount_minor=amount_minor,
        currency=currency,
        branch=branch,
        service_day=day,
        operation=fact.hash,
    )


def _allocated(view: AccountView, allocation: Allocation) -> list[Posting]:
    status, fact = allocation.status, allocation.status.fact
    where = status.body.currency, view.registry[fact.operation.device].branch, fact.operation.pack.partition("/")[0]
    return [
        _posting(fact, purpose, places.collected(view.account), place, amount, *where)
        for purpose, place, amount in (
            ("debt", places.debt(view.account), allocation.debt_minor),
            ("credit", places.credit(view.account), allocation.credit_minor),
            ("suspense", places.suspense(view.account), allocation.suspense_minor),
            ("refund", places.refund(view.account), allocation.refund_minor),
        )
        if amount
    ]


def _elsewhere(view: AccountView) -> list[Posting]:
    """Payments elsewhere since the statement, each in the books of its branch."""
    lines: list[Posting] = []
    left = view.payoff_minor
    for fact, body in view.external:
        if view.statement is None or view.statement.currency != body.currency:
            continue
        to_debt = min(body.amount_minor, left)
        left -= to_debt
        where = body.currency, body.branch or view.branch, ""
        for purpose, place, amount in (
            ("external_debt", places.debt(view.account), to_debt),
            ("external_credit", places.credit(view.account), body.amount_minor - to_debt),
        ):
            if amount:
                lines.append(_posting(fact, purpose, places.external(view.account), place, amount, *where))
    return lines


def _paid_out(view: AccountView) -> list[Posting]:
    """Refunds that left the branch or the bank; more than stands of the payments is owed by the customer."""
    lines: list[Posting] = []
    for refund in view.refunds:
        if refund.paid is not None:
            fact, body = refund.paid
            source = places.bank(body.provider) if body.provider else places.branch_cash(body.branch)
            where = body.currency, body.branch, body.service_day
            lines.append(_posting(fact, "refund_paid", places.refund(view.account), source, body.amount_minor, *where))
    return lines
