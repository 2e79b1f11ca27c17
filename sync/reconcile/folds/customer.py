"""The fold of one customer: contact fields as verified and as reported, and the contacts made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.field import ContactMade, DetailsReported, VisitConcluded
from sync.operations.office import DetailsVerified, VisitPlanned
from sync.policy import Policy
from sync.reconcile.facts import Fact, Registry, canonical_order
from sync.reconcile.folds.conduct import ContactBreach, frequency_breaches, hours_breaches, judging_zone

__all__ = ["CustomerView", "customer_state", "customer_view", "customer_whereabouts"]


class CustomerView(msgspec.Struct, frozen=True):
    """What the rules see of one customer; values are names of side records."""

    customer: str
    reported: dict[str, tuple[tuple[Fact, str], ...]]
    """Field → reports in canonical order."""
    verified: dict[str, tuple[tuple[Fact, str], ...]]
    contacts: tuple[Fact, ...]
    registry: Registry
    concluded: tuple[Fact, ...] = ()
    """Visits at this customer that an agent concluded."""
    zone: str = ""
    breaches: tuple[ContactBreach, ...] = ()
    """Contacts that were certainly too many, or outside a visit and certainly outside the permitted hours."""

    def standing(self, field: str) -> tuple[str, str]:
        """(value, operation) that stands: the last verified beats every report, else the last reported."""
        known = self.verified.get(field) or self.reported.get(field) or ()
        return (known[-1][1], known[-1][0].hash) if known else ("", "")


def customer_view(key: str, facts: Sequence[Fact], registry: Registry, policy: Policy | None = None) -> CustomerView:
    """Sort the facts of ``customer:id``; `policy` judges hours and frequency, None judges nothing."""
    reported: dict[str, list[tuple[Fact, str]]] = {}
    verified: dict[str, list[tuple[Fact, str]]] = {}
    contacts: list[Fact] = []
    concluded: list[Fact] = []
    both: list[Fact] = []
    zones: list[str] = []
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, DetailsReported):
            reported.setdefault(body.field, []).append((fact, body.value))
        elif isinstance(body, DetailsVerified):
            verified.setdefault(body.field, []).append((fact, body.value))
        elif isinstance(body, ContactMade):
            contacts.append(fact)
            both.append(fact)
        elif isinstance(body, VisitConcluded):
            concluded.append(fact)
            both.append(fact)
        elif isinstance(body, VisitPlanned):
            zones.append(body.zone)
    zone = judging_zone(zones)
    apart = [
        (fact, body.channel)
        for fact in contacts
        if isinstance(body := fact.operation.body, ContactMade) and not (body.channel == "visit" and body.visit)
    ]
    breaches = hours_breaches(policy, zone, apart)
    breaches += frequency_breaches(policy, zone, both)
    return CustomerView(
        key.partition(":")[2],
        {field: tuple(items) for field, items in sorted(reported.items())},
        {field: tuple(items) for field, items in sorted(verified.items())},
        tuple(contacts),
        registry,
        tuple(concluded),
        zone,
        breaches,
    )


def customer_whereabouts(view: CustomerView) -> tuple[str, str]:
    """Branch and service day of the last report, else of the last contact that broke a rule."""
    facts = [fact for items in view.reported.values() for fact, _ in items]
    facts = facts or [breach.fact for breach in view.breaches]
    if not facts:
        return "", ""
    fact = canonical_order(facts)[-1]
    author = view.registry.get(fact.operation.device)
    return (author.branch if author else ""), fact.operation.pack.partition("/")[0]


def customer_state(view: CustomerView) -> dict[str, Any]:
    """What is stored and shown: which side record stands for each field, and how many contacts."""
    fields = sorted(set(view.reported) | set(view.verified))
    return {
        "customer": view.customer,
        "details": {field: dict(zip(("value", "operation"), view.standing(field), strict=True)) for field in fields},
        "contacts": len(view.contacts),
        "effective_contacts": sum(
            isinstance(f.operation.body, ContactMade) and f.operation.body.effective for f in view.contacts
        ),
    }
