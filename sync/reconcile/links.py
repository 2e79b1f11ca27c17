"""Touches that do not stand in an operation's own bytes: what concerns a payment concerns its account and drawer.

A void, a witness, a confirmation, a decision or a hand-over changes what a payment means for three aggregates, but
names only the payment's receipt series (or its drawer). The relation is symmetric and a function of the *set* of
operations: whichever of two linked operations comes second, both directions are added.

- every operation that touches ``payment:S`` also touches the account and the drawer of each payment of S;
- a cash hand-over also touches series and account of every payment voided under the same drawer.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.operations.envelope import Operation
from sync.operations.field import CashHandedOver, PaymentCollected, PaymentVoided
from sync.operations.kinds import drawer_key, touches

__all__ = ["linked_touches", "relevant_keys"]


def relevant_keys(operation: Operation) -> tuple[str, ...]:
    """Keys whose other operations must be at hand to link this one; empty for most."""
    body = operation.body
    keys = [key for key in touches(operation) if key.startswith("payment:")]
    if isinstance(body, PaymentVoided | CashHandedOver):
        keys.append(drawer_key(operation.pack))
    return tuple(keys)


def linked_touches(operations: Iterable[tuple[str, Operation]]) -> set[tuple[str, str]]:
    """(aggregate key, hash) pairs that the rules above add among these operations, given as (hash, operation)."""
    members: dict[str, list[tuple[str, Operation]]] = {}
    handovers: dict[str, list[str]] = {}
    voids: dict[str, list[PaymentVoided]] = {}
    for hash_, operation in operations:
        body = operation.body
        for key in touches(operation):
            if key.startswith("payment:"):
                members.setdefault(key, []).append((hash_, operation))
        if isinstance(body, CashHandedOver):
            handovers.setdefault(operation.pack, []).append(hash_)
        elif isinstance(body, PaymentVoided):
            voids.setdefault(operation.pack, []).append(body)
    found: set[tuple[str, str]] = set()
    for group in members.values():
        if len(group) == 1:
            continue
        targets = {
            target
            for _, operation in group
            if isinstance(operation.body, PaymentCollected)
            for target in (f"account:{operation.body.account}", drawer_key(operation.pack))
            if target
        }
        found |= {(target, hash_) for target in targets for hash_, _ in group}
    for pack, bodies in voids.items():
        for hash_ in handovers.get(pack, ()):
            for body in bodies:
                found |= {(f"payment:{body.voided}", hash_), (f"account:{body.account}", hash_)}
    return found
