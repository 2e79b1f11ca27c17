"""The fold of one account: what is owed, and how each payment is allocated to debt, credit or suspense.

The latest import by its as-of time states what is owed, in whatever order imports arrive. It absorbs payments made
elsewhere up to that time or named in it by the creditor's booking reference, and our own remittance lines of the
batches that it states, but for rejected ones. What came after reduces the payoff (`folds.allocation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from sync.operations.field import (
    ContactMade,
    IdentityChecked,
    NoticeDelivered,
    PlanProposed,
    PromiseMade,
    VisitConcluded,
)
from sync.operations.kinds import settlement_key
from sync.operations.office import (
    AccountImported,
    DiscrepancyDecided,
    ExternalPaymentRecorded,
    PromiseJudged,
    VisitPlanned,
)
from sync.reconcile.facts import Fact, Registry, canonical_order, written_ms
from sync.reconcile.folds.allocation import Allocation, allocate
from sync.reconcile.folds.conduct import judging_zone
from sync.reconcile.folds.instalments import Progressing, agreed_state, progresses
from sync.reconcile.folds.plans import PlanStanding, plan_standings
from sync.reconcile.folds.promises import Money, PromiseStanding, promise_standings
from sync.reconcile.folds.waiting import RULE_OF, WAITS, is_accepted, returns_accepted
from sync.reconcile.moved import moved_to
from sync.reconcile.payment_status import PaymentStatus, payment_statuses
from sync.reconcile.refunds import RefundStanding, refunds_of
from sync.reconcile.remitted_lines import RemittedLine, remitted_lines
from sync.reconcile.settlement_lines import can_be_matched, settlement_keys

__all__ = [
    "AccountView",
    "account_state",
    "account_view",
    "account_whereabouts",
]


_AT_THE_DOOR = (ContactMade, IdentityChecked, NoticeDelivered, VisitConcluded)
"""What touches an account and says nothing of its money. A long history is mostly this, and each question about money
would ask it again."""


class AccountView(msgspec.Struct, frozen=True):
    """What the rules see of one account."""

    account: str
    statement: AccountImported | None
    external: tuple[tuple[Fact, ExternalPaymentRecorded], ...]
    """Payments elsewhere that the statement has not absorbed, each external id once."""
    allocations: tuple[Allocation, ...]
    promises: tuple[PromiseStanding, ...]
    plans: tuple[PlanStanding, ...]
    payoff_minor: int
    debt_left_minor: int
    registry: Registry
    refunds: tuple[RefundStanding, ...] = ()
    lines: tuple[RemittedLine, ...] = ()
    """What of its payments was passed to creditors."""
    branch: str = ""
    """The branch of its first visit."""
    orders: dict[str, tuple[str, ...]] = {}
    """Receipt series → the orders at a provider under which its payment may be confirmed; none for cash."""
    moved: tuple[tuple[PaymentStatus, str], ...] = ()
    """Its payments that belong to another account, which is named."""
    agreed: tuple[Progressing, ...] = ()
    """The plans that stand, with the money that came for them."""

    @property
    def plan_holds(self) -> Literal["", "pending", "honoured"]:
        """Why nothing is to be collected for now: a plan that is kept, or one that waits for the office."""
        if any(agreed.progress.status == "honoured" for agreed in self.agreed):
            return "honoured"
        return "pending" if any(plan.status == "pending" for plan in self.plans) else ""


def account_view(key: str, facts: Sequence[Fact], registry: Registry) -> AccountView:
    """Sort the facts of ``account:id`` and allocate its payments."""
    account = key.partition(":")[2]
    statements: list[_Statement] = []
    externals: dict[str, tuple[Fact, ExternalPaymentRecorded]] = {}
    visits: set[str] = set()
    branches: list[str] = []
    zones: list[str] = []
    judgements: list[Fact] = []
    decisions: list[Fact] = []
    promises: list[Fact] = []
    plans: list[Fact] = []
    of_money: list[Fact] = []
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, AccountImported):
            statements.append((body.as_of_ms, fact.hash, body, fact))
        elif isinstance(body, ExternalPaymentRecorded):
            externals.setdefault(body.external, (fact, body))
        elif isinstance(body, VisitPlanned):
            visits.add(body.visit)
            branches.append(body.branch)
            zones.append(body.zone)
        elif isinstance(body, PromiseJudged):
            judgements.append(fact)
        elif isinstance(body, PromiseMade):
            promises.append(fact)
        elif isinstance(body, PlanProposed):
            plans.append(fact)
        elif isinstance(body, DiscrepancyDecided):
            decisions.append(fact)
            of_money.append(fact)
        elif not isinstance(body, _AT_THE_DOOR):
            of_money.append(fact)
    statement = max(statements, key=lambda item: item[:2])[2] if statements else None
    later = tuple(pair for pair in externals.values() if statement is None or not _is_absorbed(pair[1], statement))
    payoff = statement.payoff_minor if statement else 0
    left = max(0, payoff - sum(body.amount_minor for _, body in later if _same_currency(statement, body.currency)))
    targets = moved_to(of_money)
    statuses = payment_statuses(of_money)
    reasons = [
        (status, _why(status, statement, visits, statements, account))
        for status in statuses
        if targets.get(status.fact.hash, status.body.account) == account and status.counts
    ]
    accepted = {rule for rule in WAITS if is_accepted(rule, key, account, reasons, decisions)}
    lines = tuple(line for line in remitted_lines(of_money) if line.body.account == account)
    refunds = tuple(refund for refund in refunds_of(of_money) if refund.body.account == account)
    allocations, left = allocate(
        [(status, why, _waits(why, accepted)) for status, why in reasons],
        _by_payment(lines),
        refunds,
        statement,
        left,
        returns_accepted=returns_accepted(key, account, lines, decisions),
    )
    zone, money = judging_zone(zones), _money(reasons, externals.values())
    standings = plan_standings(key, plans, decisions)
    return AccountView(
        account,
        statement,
        later,
        allocations,
        promise_standings(promises, money, judgements, zone),
        standings,
        payoff,
        left,
        registry,
        refunds,
        lines,
        branches[0] if branches else "",
        _orders(reasons, settlement_keys(of_money)),
        tuple(
            (status, targets[status.fact.hash])
            for status in statuses
            if status.counts and status.body.account == account and targets.get(status.fact.hash, account) != account
        ),
        progresses(standings, money, judgements, zone),
    )


def _orders(reasons: Iterable[tuple[PaymentStatus, str]], matched: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {
        status.series: tuple(
            sorted({own} | (matched.get(status.series, set()) if can_be_matched(status.body) else set()))
        )
        for status, _ in reasons
        if (own := settlement_key(status.body))
    }


def _is_absorbed(body: ExternalPaymentRecorded, statement: AccountImported) -> bool:
    return body.paid_ms <= statement.as_of_ms or (
        bool(body.reference) and body.reference in statement.absorbs_references
    )


def _waits(why: str, accepted: set[str]) -> bool:
    """A walk-up can be accepted; without a statement in its currency there is nothing to allocate it to."""
    return bool(why) and (why in {"account", "currency"} or RULE_OF[why] not in accepted)


def _by_payment(lines: Iterable[RemittedLine]) -> dict[str, list[RemittedLine]]:
    found: dict[str, list[RemittedLine]] = {}
    for line in lines:
        found.setdefault(line.body.payment, []).append(line)
    return found


_Statement = tuple[int, str, AccountImported, Fact]
"""As-of, hash, body and fact of an import."""


def _money(
    reasons: Iterable[tuple[PaymentStatus, str]], externals: Iterable[tuple[Fact, ExternalPaymentRecorded]]
) -> list[Money]:
    """Whatever the customer paid, here or elsewhere, in suspense or not."""
    found = []
    for status, _ in reasons:
        when = status.fact.interval
        found.append(Money(status.fact, status.amount_minor, status.body.currency, when.low_ms, when.high_ms))
    found += [Money(fact, body.amount_minor, body.currency, body.paid_ms, body.paid_ms) for fact, body in externals]
    return found


def _same_currency(statement: AccountImported | None, currency: str) -> bool:
    return statement is not None and statement.currency == currency


def _why(
    status: PaymentStatus,
    statement: AccountImported | None,
    visits: set[str],
    statements: Sequence[_Statement],
    account: str,
) -> str:
    if statement is None:
        return "account"
    if statement.currency != status.body.currency:
        return "currency"
    if status.body.account != account:
        # A person decided that it belongs here.
        return ""
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
        "collected_minor": sum(a.status.amount_minor for a in view.allocations),
        "debt_left_minor": view.debt_left_minor,
        "credit_minor": sum(a.credit_minor for a in view.allocations),
        "suspense_minor": sum(a.suspense_minor for a in view.allocations),
        "creditor": statement.creditor if statement else "",
        "moved_minor": sum(status.amount_minor for status, _ in view.moved),
        "absorbs_through": statement.absorbs_through if statement else 0,
        "payments": len(view.allocations),
        "remitted_minor": sum(a.remitted_minor for a in view.allocations),
        "absorbed_minor": sum(a.absorbed_minor for a in view.allocations),
        "refund_minor": sum(a.refund_minor for a in view.allocations),
        "over_remitted_minor": _over_remitted(view),
        "unremitted": _unremitted(view),
        "refunds": [
            {
                "refund": refund.body.refund,
                "amount_minor": refund.body.amount_minor,
                "currency": refund.body.currency,
                "status": refund.status,
            }
            for refund in view.refunds
        ],
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
        "agreed": [agreed_state(agreed) for agreed in view.agreed],
    }


def _over_remitted(view: AccountView) -> int:
    """What the creditor has of payments that do not count any more, or not so much."""
    return sum(line.body.amount_minor for line in view.lines if line.live) - sum(
        allocation.remitted_minor for allocation in view.allocations
    )


def _unremitted(view: AccountView) -> list[dict[str, Any]]:
    """Money of payments that no creditor has, with what the account alone knows to keep it out of a batch."""
    found = []
    for allocation in view.allocations:
        status = allocation.status
        pending = status.status in {"void_pending", "void_contested"}
        waits = allocation.why or "rejected"
        for amount, why in (
            (allocation.payable_minor, "void" if pending else ""),
            (allocation.suspense_minor, "void" if pending else waits),
        ):
            if amount:
                found.append(
                    {
                        "operation": status.fact.hash,
                        "series": status.series,
                        "amount_minor": amount,
                        "currency": status.body.currency,
                        "method": status.body.method,
                        "settlements": list(view.orders.get(status.series, ())),
                        "why": why,
                    }
                )
    return found
