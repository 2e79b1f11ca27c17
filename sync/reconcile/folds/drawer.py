"""The fold of one cash drawer: what one agent holds for one service day.

The day's equation is `folds.equation`. A transfer between agents and a loss have folds of their own, which post them;
the drawer counts its own leg of each transfer and every loss that two persons approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.field import CashDeposited, CashHandedOver, DayEnded, VisitConcluded
from sync.operations.kinds import FIELD_KINDS, kind_of
from sync.operations.office import CashCounted, DayClosed, ExchangeReceived, JournalLost, PackIssued
from sync.reconcile import places
from sync.reconcile.decisions import two_persons
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order
from sync.reconcile.folds.equation import declarations, equations
from sync.reconcile.folds.loss import approved_losses
from sync.reconcile.folds.transfer import complete, legs_of
from sync.reconcile.payment_status import PaymentStatus, payment_statuses

__all__ = ["DrawerView", "drawer_postings", "drawer_state", "drawer_view", "drawer_whereabouts"]


class DrawerView(msgspec.Struct, frozen=True):
    """What the rules see of one agent's day."""

    agent: str
    service_day: str
    branch: str
    pack: PackIssued | None
    payments: tuple[PaymentStatus, ...]
    handovers: tuple[Fact, ...]
    deposits: tuple[Fact, ...]
    ended: tuple[Fact, ...]
    """The last one counts (`folds.equation.declarations`)."""
    counted: tuple[tuple[Fact, CashCounted], ...]
    closings: tuple[tuple[Fact, DayClosed], ...]
    lost: tuple[tuple[Fact, JournalLost], ...]
    exchanges: tuple[tuple[Fact, ExchangeReceived], ...]
    written: tuple[Fact, ...]
    """Everything that the agent's devices wrote under this pack, in canonical order."""
    held: tuple[str, ...]
    """Hashes of operations kept without effect."""
    registry: Registry
    transfers: tuple[Fact, ...] = ()
    """One per transfer id, the agent's first report of it."""
    transfers_open: tuple[str, ...] = ()
    """Ids of those that the other side has not reported alike."""
    losses: tuple[Fact, ...] = ()
    """Those that two persons approved."""

    @property
    def currency(self) -> str:
        """The drawer's currency: the pack's."""
        return self.pack.currency if self.pack else "CNY"

    @property
    def opened(self) -> bool:
        """Whether the agent had this drawer at all; a closing also names who may still turn out to have had one."""
        return bool(self.pack or self.written or self.held or self.counted or self.lost or self.exchanges)

    @property
    def day_ended(self) -> DayEnded | None:
        """The last declaration of the day's end."""
        body = self.ended[-1].operation.body if self.ended else None
        return body if isinstance(body, DayEnded) else None


def drawer_view(key: str, facts: Sequence[Fact], registry: Registry) -> DrawerView:
    """Sort the facts of ``drawer:agent/day``."""
    agent, _, day = key.partition(":")[2].partition("/")
    name = f"{day}/{agent}"
    pack: PackIssued | None = None
    handovers: list[Fact] = []
    deposits: list[Fact] = []
    ended: list[Fact] = []
    counted: list[tuple[Fact, CashCounted]] = []
    closings: list[tuple[Fact, DayClosed]] = []
    lost: list[tuple[Fact, JournalLost]] = []
    exchanges: list[tuple[Fact, ExchangeReceived]] = []
    written: list[Fact] = []
    held: list[str] = []
    for fact in canonical_order(facts):
        body = fact.operation.body
        if fact.held:
            if fact.operation.pack == name:
                held.append(fact.hash)
            continue
        if isinstance(body, PackIssued):
            pack = body
        elif isinstance(body, CashCounted):
            counted.append((fact, body))
        elif isinstance(body, DayClosed):
            closings.append((fact, body))
        elif isinstance(body, JournalLost):
            if two_persons(fact.operation, body.second):
                lost.append((fact, body))
        elif isinstance(body, ExchangeReceived):
            author = registry.get(body.device)
            if author is not None and author.agent == agent:
                exchanges.append((fact, body))
        elif kind_of(fact.operation) in FIELD_KINDS and fact.operation.pack == name:
            written.append(fact)
            if isinstance(body, CashHandedOver):
                handovers.append(fact)
            elif isinstance(body, CashDeposited):
                deposits.append(fact)
            elif isinstance(body, DayEnded):
                ended.append(fact)
    mine = {
        id_: (leg.fact, complete(legs))
        for id_, legs in legs_of(facts, registry).items()
        for leg in legs
        if leg.agent == agent and leg.fact.operation.pack == name
    }
    branch = pack.branch if pack else next((registry[f.operation.device].branch for f in written), "")
    return DrawerView(
        agent,
        day,
        branch,
        pack,
        tuple(status for status in payment_statuses(facts) if status.fact.operation.pack == name),
        tuple(handovers),
        tuple(deposits),
        tuple(declarations(ended)),
        tuple(counted),
        tuple(closings),
        tuple(lost),
        tuple(exchanges),
        tuple(written),
        tuple(sorted(held)),
        registry,
        tuple(fact for fact, _ in mine.values()),
        tuple(id_ for id_, (_, done) in mine.items() if not done),
        tuple(fact for fact in approved_losses(facts, registry) if fact.operation.pack == name),
    )


def drawer_postings(view: DrawerView) -> tuple[Posting, ...]:
    """Float out, cash handed over and counted, and what is over or short."""
    lines: list[Posting] = []

    def post(source: str, purpose: str, debit: str, credit: str, amount: int, code: str) -> None:
        if amount < 0:
            debit, credit, amount = credit, debit, -amount
        if amount:
            lines.append(
                Posting(
                    id=f"{source}:{purpose}",
                    debit=debit,
                    credit=credit,
                    amount_minor=amount,
                    currency=code,
                    branch=view.branch,
                    service_day=view.service_day,
                    operation=source if len(source) == 64 else "",
                )
            )

    cash = places.agent_holding("cash", view.agent)
    waiting = places.handed_over(view.agent, view.service_day)
    drawer = f"drawer:{view.agent}/{view.service_day}"
    for fact in view.handovers:
        body = fact.operation.body
        if isinstance(body, CashHandedOver):
            post(fact.hash, "handed_over", waiting, cash, body.amount_minor, body.currency)
    for fact in view.deposits:
        body = fact.operation.body
        if isinstance(body, CashDeposited):
            post(fact.hash, "deposited", "clearing:deposit", cash, body.amount_minor, body.currency)
    short = places.over_short(view.agent)
    for eq in equations(view):
        post(drawer, f"float:{eq.currency}", cash, places.float_issued(view.branch), eq.float_issued, eq.currency)
        if eq.counted is not None:
            source = [fact.hash for fact, body in view.counted if body.currency == eq.currency][-1]
            post(source, "counted", places.branch_cash(view.branch), waiting, eq.counted, eq.currency)
            post(source, "count_variance", waiting, short, eq.count_variance, eq.currency)
        if eq.held is not None:
            post(view.ended[-1].hash, f"held_variance:{eq.currency}", cash, short, eq.held_variance, eq.currency)
    return tuple(lines)


def drawer_whereabouts(view: DrawerView) -> tuple[str, str]:
    """The drawer's own branch and day."""
    return view.branch, view.service_day


def drawer_state(view: DrawerView) -> dict[str, Any]:
    """What is stored and shown of the agent's day."""
    methods: dict[str, dict[str, int]] = {}
    for status in view.payments:
        entry = methods.setdefault(f"{status.body.method}/{status.body.currency}", {"count": 0, "amount_minor": 0})
        if status.counts:
            entry["count"] += 1
            entry["amount_minor"] += status.amount_minor
    concluded = {f.operation.body.visit for f in view.written if isinstance(f.operation.body, VisitConcluded)}
    ended = view.day_ended
    return {
        "agent": view.agent,
        "service_day": view.service_day,
        "branch": view.branch,
        "opened": view.opened,
        "planned": list(view.pack.visits) if view.pack else [],
        "concluded": sorted(concluded),
        "operations": len(view.written),
        "held": list(view.held),
        "methods": dict(sorted(methods.items())),
        "equations": [
            {**msgspec.to_builtins(eq), "expected": eq.expected, "over_short": eq.over_short} for eq in equations(view)
        ],
        "transfers_open": list(view.transfers_open),
        "reported": ended is not None,
        "lost": bool(view.lost),
        "receipts": len(view.payments),
        "receipts_declared": ended.receipts if ended else None,
        "exchanges": len(view.exchanges),
        "last_exchange_ms": max((body.received_ms for _, body in view.exchanges), default=None),
        "duplicate_deliveries": sum(body.again for _, body in view.exchanges),
        "devices": sorted({fact.operation.device for fact in view.written}),
        "closed_by": view.closings[0][0].hash if view.closings else "",
    }
