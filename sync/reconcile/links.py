"""Touches that do not stand in an operation's own bytes: what concerns a payment concerns its account and drawer.

A void, a witness, a confirmation, a decision or a hand-over changes what a payment means for three aggregates, but
names only the payment's receipt series (or its drawer). The relation is symmetric and a function of the *set* of
operations: whichever of two linked operations comes second, both directions are added.

- every operation that touches ``payment:S`` also touches the account and the drawer of each payment of S, and the
  accounts that it was moved to;
- every operation that touches ``transfer:T`` or ``loss:L`` also touches the drawers that report it;
- an order at a provider and a payment that claims it (by its own number, or matched with it) share their
  operations: each one's touch the other, and the order's touch the payment's account and drawer;
- a cash hand-over also touches the series of every payment voided under the same drawer, and so the account and
  the drawer of each payment of that series. Which ones those are is asked of the payments, never of the void.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync.operations.envelope import Operation
from sync.operations.field import (
    CashHandedOver,
    CashLossReported,
    CashTransferred,
    PaymentCollected,
    PaymentVoided,
)
from sync.operations.kinds import drawer_key, series_of, settlement_key, touches
from sync.operations.money import PaymentMoved, SettlementMatched

__all__ = ["linked_touches", "relevant_keys"]

_GROUPED = ("payment:", "transfer:", "loss:", "settlement:")


def relevant_keys(operation: Operation, touched: Sequence[str] | None = None) -> tuple[str, ...]:
    """Keys whose other operations (linked ones too) must be at hand to link this one; empty for most.

    `touched` is `touches(operation)` where the caller has it already.
    """
    body = operation.body
    keys = [key for key in (touches(operation) if touched is None else touched) if key.startswith(_GROUPED)]
    if isinstance(body, PaymentVoided | CashHandedOver) and operation.pack:
        keys.append(drawer_key(operation.pack))
    return tuple(key for key in keys if key)


def linked_touches(operations: Iterable[tuple[str, Operation]]) -> set[tuple[str, str]]:
    """(aggregate key, hash) pairs that the rules above add among these operations, given as (hash, operation)."""
    members: dict[str, list[tuple[str, Operation]]] = {}
    handovers: dict[str, list[str]] = {}
    voided: dict[str, set[str]] = {}
    for hash_, operation in operations:
        body = operation.body
        for key in touches(operation):
            if key.startswith(_GROUPED):
                members.setdefault(key, []).append((hash_, operation))
        if isinstance(body, CashHandedOver):
            handovers.setdefault(operation.pack, []).append(hash_)
        elif isinstance(body, PaymentVoided):
            voided.setdefault(operation.pack, set()).add(f"payment:{body.voided}")
    found = _joined(members)
    targets = {key: _targets(group) for key, group in members.items() if len(group) > 1}
    for key, keys in targets.items():
        found |= {(target, hash_) for target in keys for hash_, _ in members[key]}
    for pack, series in voided.items():
        for hash_ in handovers.get(pack, ()):
            found |= {(target, hash_) for key in series for target in (key, *targets.get(key, ()))}
    return found


def _joined(members: dict[str, list[tuple[str, Operation]]]) -> set[tuple[str, str]]:
    """What orders and the payments that claim them share."""
    joins: set[tuple[str, str]] = set()
    for group in members.values():
        for _, operation in group:
            body = operation.body
            if isinstance(body, PaymentCollected) and body.method != "cash":
                joins.add((settlement_key(body), f"payment:{series_of(body.receipt)}"))
            elif isinstance(body, SettlementMatched):
                joins.add((f"settlement:{body.provider}/{body.order}", f"payment:{body.series}"))
    found: set[tuple[str, str]] = set()
    for order, payment in joins:
        ours, theirs = members.get(order, ()), members.get(payment, ())
        found |= {(order, hash_) for hash_, _ in theirs}
        found |= {(key, hash_) for hash_, _ in ours for key in (payment, *_targets(theirs))}
    return found


def _targets(group: Iterable[tuple[str, Operation]]) -> set[str]:
    """Account and drawer of each payment of a series, accounts that it was moved to; drawers that report a transfer."""
    group = list(group)
    keys = {drawer_key(o.pack) for _, o in group if isinstance(o.body, CashTransferred | CashLossReported)}
    keys |= {
        key
        for _, operation in group
        if isinstance(operation.body, PaymentCollected)
        for key in (f"account:{operation.body.account}", drawer_key(operation.pack))
    }
    keys |= {
        f"account:{operation.body.to_account}" for _, operation in group if isinstance(operation.body, PaymentMoved)
    }
    return keys - {""}
