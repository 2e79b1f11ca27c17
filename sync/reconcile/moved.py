"""To which account a payment belongs: its own, or the one that a person moved it to; the last move counts."""

from __future__ import annotations

from collections.abc import Iterable

from sync.operations.money import PaymentMoved
from sync.reconcile.decisions import two_persons
from sync.reconcile.facts import Fact, canonical_order
from sync.reconcile.refunds import NEED_TWO

__all__ = ["moved_to"]


def moved_to(facts: Iterable[Fact]) -> dict[str, str]:
    """Hash of a payment → the account that it was moved to; held facts are left out."""
    moves = [fact for fact in facts if isinstance(fact.operation.body, PaymentMoved) and not fact.held]
    found: dict[str, str] = {}
    for fact in canonical_order(moves):
        body = fact.operation.body
        if isinstance(body, PaymentMoved) and (body.rule not in NEED_TWO or two_persons(fact.operation, body.second)):
            found[body.payment] = body.to_account
    return found
