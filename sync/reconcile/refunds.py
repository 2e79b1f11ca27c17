"""Refunds of an account, as a function of the set of facts.

A refund is authorised once and paid out once. It rests on a decision `refund`; after an alarm about money two persons
stand behind both. One that a restored database had forgotten rests on two persons alone. A payment out counts only for
what was authorised, over the same amount, and by another hand than the one that authorised it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from sync.operations.money import RefundAuthorised, RefundPaid
from sync.operations.office import DiscrepancyDecided
from sync.reconcile.decisions import two_persons
from sync.reconcile.facts import Fact, canonical_order

__all__ = ["NEED_TWO", "TAKEN_BACK", "RefundStanding", "refunds_of"]

NEED_TWO: Final = frozenset({"PAY-WRITTEN-OFF"})
"""Alarms about money whose decision may be a refund: one person alone neither decides nor authorises it."""

TAKEN_BACK: Final = "restore:"
"""What `RefundAuthorised.decision` begins with where a refund of a forgotten time was authorised again."""

_CONCERNED = (RefundAuthorised, RefundPaid, DiscrepancyDecided)


class RefundStanding(msgspec.Struct, frozen=True):
    """A refund that was authorised, and its payment out, if it was made."""

    fact: Fact
    body: RefundAuthorised
    paid: tuple[Fact, RefundPaid] | None

    @property
    def status(self) -> Literal["authorised", "paid"]:
        """How far it is."""
        return "authorised" if self.paid is None else "paid"


def refunds_of(facts: Iterable[Fact]) -> list[RefundStanding]:
    """Every refund that rests on a decision `refund` among the facts, in canonical order of authorisation."""
    authorised: dict[str, tuple[Fact, RefundAuthorised]] = {}
    payouts: list[tuple[Fact, RefundPaid]] = []
    decided: dict[str, str] = {}
    concerned = [fact for fact in facts if isinstance(fact.operation.body, _CONCERNED) and not fact.held]
    for fact in canonical_order(concerned):
        body = fact.operation.body
        if isinstance(body, RefundAuthorised) and body.amount_minor > 0:
            authorised.setdefault(body.refund, (fact, body))
        elif isinstance(body, RefundPaid):
            payouts.append((fact, body))
        elif (
            isinstance(body, DiscrepancyDecided)
            and body.outcome == "refund"
            and _by_enough(fact, body.rule, body.second)
        ):
            decided[fact.hash] = body.rule
    paid: dict[str, tuple[Fact, RefundPaid]] = {}
    for fact, payout in payouts:
        known = authorised.get(payout.refund)
        if known is not None and _fits(known, (fact, payout)):
            paid.setdefault(payout.refund, (fact, payout))
    return [
        RefundStanding(fact, body, paid.get(name))
        for name, (fact, body) in authorised.items()
        if _rests(fact, body, decided)
    ]


def _rests(fact: Fact, body: RefundAuthorised, decided: dict[str, str]) -> bool:
    if body.decision.startswith(TAKEN_BACK):
        return two_persons(fact.operation, body.second)
    return body.decision in decided and _by_enough(fact, decided[body.decision], body.second)


def _by_enough(fact: Fact, rule: str, second: str) -> bool:
    return rule not in NEED_TWO or two_persons(fact.operation, second)


def _fits(authorised: tuple[Fact, RefundAuthorised], paid: tuple[Fact, RefundPaid]) -> bool:
    allowed, done = authorised[1], paid[1]
    users = [fact.operation.by.user if fact.operation.by else "" for fact in (authorised[0], paid[0])]
    same = (allowed.amount_minor, allowed.currency) == (done.amount_minor, done.currency)
    return same and users[0] != users[1] and users[1] != allowed.second
