"""The rule about how much cash an agent has in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.facts import Fact, canonical_order
from sync.reconcile.folds.drawer import DrawerView
from sync.reconcile.folds.equation import leaving_minor

__all__ = ["HOLDING_RULES"]


@rule(
    "PAY-LIMIT",
    family="drawer",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "More cash in hand than allowed",
        "{agent} held up to {held} in hand on {day}; the limit is {limit}.",
        "Every payment stands.",
    ),
    zh=("现金超过限额", "{agent} 于 {day} 手持现金最高达 {held}，限额为 {limit}。", "所有收款均有效。"),
)
def pay_limit(view: DrawerView) -> Finding | None:
    """Cash in hand passed the agent's limit, by chain order; hand-overs, deposits and transfers reduce it."""
    limit = view.pack.cash_limit_minor if view.pack else 0
    if view.pack is None or limit <= 0:
        return None
    code = view.currency
    moved: dict[str, int] = {}
    for status in view.payments:
        if status.body.method == "cash" and status.body.currency == code:
            moved[status.fact.hash] = status.body.amount_minor
            # Money that the agent says went back is not in hand, decided or not; it went back once.
            if status.voids and status.status in {"voided", "void_pending", "void_contested"}:
                moved[status.voids[0].hash] = -status.body.amount_minor
    taken = {hash_ for hash_, amount in moved.items() if amount > 0}
    for fact in (*view.handovers, *view.deposits, *view.transfers):
        moved[fact.hash] = -leaving_minor(fact, view.agent, code)
    held = view.pack.carried_minor + view.pack.float_minor
    most = 0
    passed: list[str] = []
    for fact in _in_chain_order(view.written):
        held += moved.get(fact.hash, 0)
        if fact.hash in taken and held > limit:
            passed.append(fact.hash)
            most = max(most, held)
    if not passed:
        return None
    return Finding(
        operations=tuple(passed),
        values={
            "agent": view.agent,
            "day": view.service_day,
            "held": format_amount(most, code),
            "limit": format_amount(limit, code),
        },
    )


def _in_chain_order(facts: Sequence[Fact]) -> list[Fact]:
    """Canonical order among devices, and in each device's own places its chain's."""
    chains: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        chains[fact.operation.device].append(fact)
    turns = {
        device: iter(sorted(mine, key=lambda fact: (fact.operation.epoch, fact.operation.seq, fact.hash)))
        for device, mine in chains.items()
    }
    return [next(turns[fact.operation.device]) for fact in canonical_order(facts)]


HOLDING_RULES = (pay_limit,)
