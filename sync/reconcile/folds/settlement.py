"""The fold of one provider's order: the statement's lines beside the payments that claim it.

A payment that names the provider's order (or a cheque's number) meets its lines there; one that names none stands
under ``provider/receipt/series`` until it is matched with an order. A deposit of cash stands under the number of its
slip (``deposit/slip``) and meets the bank's line there. Several payments and several lines may share an
order; what counts is their sums. What a statement says arrived is in the bank, out of clearing. What nobody claims
waits in suspense, but only from the office's deadline on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.field import CashDeposited
from sync.operations.kinds import settlement_key
from sync.operations.money import (
    BranchCashDeposited,
    SettlementLineImported,
    SettlementMatched,
    SettlementOverdue,
)
from sync.reconcile import places
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order, probable_ms, written_ms
from sync.reconcile.payment_status import PaymentStatus, payment_statuses
from sync.reconcile.settlement_lines import Net, can_be_matched, net_of_orders

__all__ = [
    "SettlementView",
    "settlement_postings",
    "settlement_state",
    "settlement_view",
    "settlement_whereabouts",
]


class PaidIn(msgspec.Struct, frozen=True):
    """Cash that was paid in at a bank, with the place where it waits to be shown by the bank."""

    fact: Fact
    slip: str
    branch: str
    service_day: str
    bank: str
    amount_minor: int
    currency: str
    place: str


def _paid_in(fact: Fact, registry: Registry) -> PaidIn | None:
    body = fact.operation.body
    if isinstance(body, BranchCashDeposited):
        where = body.branch, body.service_day, body.bank
        return PaidIn(fact, body.slip, *where, body.amount_minor, body.currency, places.deposited(body.branch))
    if isinstance(body, CashDeposited) and body.slip_number:
        where = registry[fact.operation.device].branch, fact.operation.pack.partition("/")[0], body.bank
        return PaidIn(fact, body.slip_number, *where, body.amount_minor, body.currency, places.clearing("deposit"))
    return None


class SettlementView(msgspec.Struct, frozen=True):
    """What the rules see of one order."""

    settlement: str
    """``provider/order``."""
    lines: tuple[tuple[Fact, SettlementLineImported], ...]
    nets: dict[str, Net]
    payments: tuple[PaymentStatus, ...]
    """Payments that claim it, effective voids included."""
    matches: tuple[tuple[Fact, SettlementMatched], ...]
    overdue: tuple[Fact, ...]
    moved: bool
    """Whether the payment that stood here was matched with another order."""
    registry: Registry
    deposits: tuple[PaidIn, ...] = ()
    """Cash that branches and agents paid in under this slip."""

    @property
    def provider(self) -> str:
        """Who settles it."""
        return self.settlement.partition("/")[0]

    def claimed(self, code: str) -> int:
        """What payments that count say was paid, or branches say was paid in, in a currency."""
        ours = sum(s.amount_minor for s in self.payments if s.counts and s.body.currency == code)
        return ours + sum(made.amount_minor for made in self.deposits if made.currency == code)

    def settled(self, code: str) -> int:
        """What stayed with us according to statements, in a currency."""
        return self.nets[code].net_minor if code in self.nets else 0

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency that a line or a payment has."""
        claimed = {s.body.currency for s in self.payments} | {made.currency for made in self.deposits}
        return tuple(sorted(claimed | set(self.nets)))

    @property
    def agrees(self) -> bool:
        """Whether statements and payments say the same."""
        return all(self.claimed(code) == self.settled(code) for code in self.currencies)

    @property
    def unclaimed(self) -> bool:
        """Whether statements show more than payments claim."""
        return any(self.settled(code) > self.claimed(code) for code in self.currencies)


def settlement_view(key: str, facts: Sequence[Fact], registry: Registry) -> SettlementView:
    """Sort the facts of ``settlement:provider/order``."""
    settlement = key.partition(":")[2]
    lines: list[tuple[Fact, SettlementLineImported]] = []
    matches: list[tuple[Fact, SettlementMatched]] = []
    overdue: list[Fact] = []
    deposits: list[PaidIn] = []
    matched: set[str] = set()
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, SettlementLineImported) and f"{body.provider}/{body.order}" == settlement:
            lines.append((fact, body))
        elif isinstance(body, SettlementMatched) and settlement.startswith(f"{body.provider}/"):
            matched.add(body.series)
            if f"{body.provider}/{body.order}" == settlement:
                matches.append((fact, body))
        elif isinstance(body, SettlementOverdue) and body.settlement == settlement:
            overdue.append(fact)
        elif (made := _paid_in(fact, registry)) is not None and settlement == f"deposit/{made.slip}":
            deposits.append(made)
    ours = {body.series for _, body in matches}
    payments = tuple(
        status
        for status in payment_statuses(facts)
        if (status.series in ours and can_be_matched(status.body) and settlement.startswith(f"{status.body.method}/"))
        or (settlement_key(status.body) == key and not _moved(status, key, matched))
    )
    stood = any(settlement_key(s.body) == key and _moved(s, key, matched) for s in payment_statuses(facts))
    nets = net_of_orders(fact for fact, _ in lines).get(key, {})
    return SettlementView(
        settlement, tuple(lines), nets, payments, tuple(matches), tuple(overdue), stood, registry, tuple(deposits)
    )


def _moved(status: PaymentStatus, key: str, matched: set[str]) -> bool:
    """Only a payment without an order of its own can be matched with one."""
    return key.endswith(f"/receipt/{status.series}") and status.series in matched


def settlement_postings(view: SettlementView) -> tuple[Posting, ...]:
    """What arrived moves from clearing to the bank; what nobody claims by the deadline waits in suspense."""
    branch, day = settlement_whereabouts(view)
    holding = _holding(view)
    posts: list[Posting] = []
    for code in view.currencies:
        settled, over = view.settled(code), view.settled(code) - view.claimed(code)
        for purpose, debit, credit, amount in (
            ("settled", _bank(view), holding, settled),
            ("unclaimed", holding, places.suspense(f"settlement/{view.settlement}"), over if view.overdue else 0),
        ):
            if amount > 0:
                posts.append(
                    Posting(
                        id=f"settlement:{view.settlement}:{purpose}:{code}",
                        debit=debit,
                        credit=credit,
                        amount_minor=amount,
                        currency=code,
                        branch=branch,
                        service_day=day,
                        operation=next(fact.hash for fact, body in view.lines if body.currency == code),
                    )
                )
    return tuple(posts)


def _bank(view: SettlementView) -> str:
    """Where it arrived; of cash by the branch that paid it in, since only from there it can be passed on."""
    return places.bank_cash(view.deposits[0].branch) if view.deposits else places.bank(view.provider)


def _holding(view: SettlementView) -> str:
    """Where the claimed money was: cheques are with the agent until the bank has them."""
    for made in view.deposits:
        return made.place
    for status in view.payments:
        return places.agent_holding(status.body.method, view.registry[status.fact.operation.device].agent)
    return places.clearing(view.provider)


def settlement_whereabouts(view: SettlementView) -> tuple[str, str]:
    """Branch and day of the first payment or deposit that claims it."""
    for made in view.deposits:
        return made.branch, made.service_day
    for status in view.payments:
        author = view.registry.get(status.fact.operation.device)
        return (author.branch if author else ""), status.fact.operation.pack.partition("/")[0]
    return "", ""


def settlement_state(view: SettlementView) -> dict[str, Any]:
    """What is stored and shown; `waiting_since_ms` is 0 when statements and payments agree."""
    waiting = [written_ms(fact) for fact, _ in view.lines] + [written_ms(made.fact) for made in view.deposits]
    waiting += [probable_ms(s.fact) for s in view.payments if s.counts]
    return {
        "settlement": view.settlement,
        "provider": view.provider,
        "order": view.settlement.partition("/")[2],
        "moved": view.moved,
        "overdue": bool(view.overdue),
        "agrees": view.agrees,
        "waiting_since_ms": 0 if view.agrees else min(waiting, default=0),
        "confidence": min((body.confidence for _, body in view.matches), default=100)
        if view.payments or view.deposits
        else 0,
        "means": view.matches[0][1].means
        if view.matches
        else ("order" if (view.payments or view.deposits) and view.lines else ""),
        "amounts": [
            {
                "currency": code,
                "claimed_minor": view.claimed(code),
                "settled_minor": view.settled(code),
                "reversed_minor": view.nets[code].reversed_minor if code in view.nets else 0,
            }
            for code in view.currencies
        ],
        "lines": [
            {
                "statement": body.statement,
                "line": body.line,
                "amount_minor": body.amount_minor,
                "currency": body.currency,
                "at_ms": body.at_ms,
                "reversed": body.reversed,
                "payer_hint": body.payer_hint,
            }
            for _, body in view.lines
        ],
        "deposits": [
            {
                "branch": made.branch,
                "service_day": made.service_day,
                "bank": made.bank,
                "amount_minor": made.amount_minor,
                "currency": made.currency,
            }
            for made in view.deposits
        ],
        "payments": [
            {
                "series": status.series,
                "account": status.body.account,
                "amount_minor": status.amount_minor,
                "currency": status.body.currency,
                "status": status.status,
                "at_ms": probable_ms(status.fact),
                "operation": status.fact.hash,
            }
            for status in view.payments
        ],
    }
