"""One function folds every kind of aggregate: facts in, state, postings and discrepancies out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from sync.operations.understand import Held
from sync.policy import Policy
from sync.reconcile.catalogue import BoundRule, settle
from sync.reconcile.facts import Author, Fact, Outcome, Posting, Registry
from sync.reconcile.folds import (
    account,
    account_postings,
    branch,
    customer,
    device,
    drawer,
    loss,
    notice,
    payment,
    remittance,
    restore,
    settlement,
    transfer,
    visit,
)
from sync.reconcile.rules.accounts import ACCOUNT_RULES
from sync.reconcile.rules.agreements import AGREEMENT_RULES
from sync.reconcile.rules.conduct import CONTACT_RULES, TRAVEL_RULES, VISIT_CONDUCT_RULES
from sync.reconcile.rules.customers import CUSTOMER_RULES
from sync.reconcile.rules.devices import DEVICE_RULES, HELD_RULES, HeldView
from sync.reconcile.rules.drawer_cash import LOSS_RULES, TRANSFER_RULES
from sync.reconcile.rules.drawers import DRAWER_RULES
from sync.reconcile.rules.holding import HOLDING_RULES
from sync.reconcile.rules.notices import NOTICE_RULES
from sync.reconcile.rules.receipts import RECEIPT_RULES
from sync.reconcile.rules.settlements import SETTLEMENT_RULES
from sync.reconcile.rules.visits import VISIT_RULES
from sync.reconcile.rules.voids import VOID_RULES
from sync.segments import Summary

__all__ = ["FAMILIES", "JournalContext", "fold", "held_outcome"]

V = TypeVar("V")


class JournalContext(msgspec.Struct, frozen=True):
    """What only a device's fold needs besides facts: its segments per epoch, and what came after revocation."""

    summaries: Mapping[int, Summary]
    after_revocation: tuple[str, ...] = ()


_NO_JOURNAL = JournalContext({})


def fold(
    key: str,
    facts: Sequence[Fact],
    registry: Registry,
    journal: JournalContext = _NO_JOURNAL,
    policy: Policy | None = None,
) -> Outcome:
    """Fold the aggregate named by `key`; the facts may come in any order and more than once.

    `policy` holds the rules of conduct by which hours and frequency are judged; None judges none. An unknown family
    (a held operation has `held_outcome`) folds to nothing.
    """
    unique = list({fact.hash: fact for fact in facts}.values())
    family = key.partition(":")[0]
    if family == "device":
        view = device.device_view(key, unique, registry, journal.summaries, journal.after_revocation)
        return _outcome(key, unique, view, device.device_state, None, DEVICE_RULES, device.device_whereabouts)
    if family == "visit":
        return _visit(key, unique, registry, policy)
    if family == "customer":
        return _customer(key, unique, registry, policy)
    folder = _FOLDS.get(family)
    return folder(key, unique, registry) if folder else Outcome(key=key, state={})


def _outcome(
    key: str,
    facts: Sequence[Fact],
    view: V,
    state: Callable[[V], dict[str, Any]],
    postings: Callable[[V], tuple[Posting, ...]] | None,
    rules: Sequence[BoundRule[V]],
    whereabouts: Callable[[V], tuple[str, str]],
) -> Outcome:
    branch, day = whereabouts(view)
    return Outcome(
        key=key,
        state=state(view),
        postings=postings(view) if postings else (),
        discrepancies=settle(key, view, rules, facts, branch=branch, service_day=day),
    )


def _account(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = account.account_view(key, facts, registry)
    rules = (*ACCOUNT_RULES, *AGREEMENT_RULES)
    return _outcome(
        key, facts, view, account.account_state, account_postings.account_postings, rules, account.account_whereabouts
    )


def _payment(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = payment.payment_view(key, facts, registry)
    rules = (*RECEIPT_RULES, *VOID_RULES)
    return _outcome(
        key, facts, view, payment.payment_state, payment.payment_postings, rules, payment.payment_whereabouts
    )


def _visit(key: str, facts: Sequence[Fact], registry: Registry, policy: Policy | None) -> Outcome:
    view = visit.visit_view(key, facts, registry, policy)
    rules = (*VISIT_RULES, *VISIT_CONDUCT_RULES)
    return _outcome(key, facts, view, visit.visit_state, None, rules, visit.visit_whereabouts)


def _notice(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = notice.notice_view(key, facts, registry)
    return _outcome(key, facts, view, notice.notice_state, None, NOTICE_RULES, notice.notice_whereabouts)


def _customer(key: str, facts: Sequence[Fact], registry: Registry, policy: Policy | None) -> Outcome:
    view = customer.customer_view(key, facts, registry, policy)
    rules = (*CUSTOMER_RULES, *CONTACT_RULES)
    return _outcome(key, facts, view, customer.customer_state, None, rules, customer.customer_whereabouts)


def _drawer(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = drawer.drawer_view(key, facts, registry)
    rules = (*DRAWER_RULES, *HOLDING_RULES, *TRAVEL_RULES)
    return _outcome(key, facts, view, drawer.drawer_state, drawer.drawer_postings, rules, drawer.drawer_whereabouts)


def _settlement(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = settlement.settlement_view(key, facts, registry)
    return _outcome(
        key,
        facts,
        view,
        settlement.settlement_state,
        settlement.settlement_postings,
        SETTLEMENT_RULES,
        settlement.settlement_whereabouts,
    )


def _transfer(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = transfer.transfer_view(key, facts, registry)
    where = transfer.transfer_whereabouts
    return _outcome(key, facts, view, transfer.transfer_state, transfer.transfer_postings, TRANSFER_RULES, where)


def _loss(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    view = loss.loss_view(key, facts, registry)
    return _outcome(key, facts, view, loss.loss_state, loss.loss_postings, LOSS_RULES, loss.loss_whereabouts)


def _branch(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    del registry
    return Outcome(key=key, state=branch.branch_state(key, facts), postings=branch.branch_postings(facts))


def _remittance(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    del registry
    view = remittance.remittance_view(key, facts)
    return Outcome(key=key, state=remittance.remittance_state(view), postings=remittance.remittance_postings(view))


def _creditor(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    del registry
    return Outcome(key=key, state=remittance.creditor_state(key, facts))


def _restore(key: str, facts: Sequence[Fact], registry: Registry) -> Outcome:
    del registry
    return Outcome(key=key, state=restore.restore_state(restore.restore_view(facts)))


_FOLDS: dict[str, Callable[[str, Sequence[Fact], Registry], Outcome]] = {
    "account": _account,
    "branch": _branch,
    "creditor": _creditor,
    "drawer": _drawer,
    "loss": _loss,
    "notice": _notice,
    "payment": _payment,
    "remittance": _remittance,
    "restore": _restore,
    "settlement": _settlement,
    "transfer": _transfer,
}
FAMILIES = (*sorted({*_FOLDS, "customer", "visit"}), "device")
"""Families of aggregates that have a fold."""


def held_outcome(hash_: str, held: Held, author: Author, facts: Sequence[Fact], service_day: str = "") -> Outcome:
    """The outcome of ``operation:hash`` for one that is kept without effect; `facts` are the decisions on it."""
    key = f"operation:{hash_}"
    found = settle(key, HeldView(hash_, held), HELD_RULES, facts, branch=author.branch, service_day=service_day)
    return Outcome(
        key=key, state={"held": held.rule, "why": held.sentence, "device": author.device}, discrepancies=found
    )
