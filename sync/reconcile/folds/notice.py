"""The fold of one notice: its versions, its deliveries, and which delivery counts for legal effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.clock import Interval
from sync.operations.field import NoticeDelivered
from sync.operations.office import NoticeIssued, NoticeWithdrawn
from sync.reconcile.facts import Fact, Registry, canonical_order

__all__ = ["Delivery", "NoticeView", "notice_state", "notice_view", "notice_whereabouts"]


class Delivery(msgspec.Struct, frozen=True):
    """One delivery with the interval in which it happened."""

    fact: Fact
    body: NoticeDelivered
    interval: Interval


class NoticeView(msgspec.Struct, frozen=True):
    """What the rules see of one notice."""

    notice: str
    issued: tuple[tuple[Fact, NoticeIssued], ...]
    withdrawn: tuple[tuple[Fact, NoticeWithdrawn], ...]
    deliveries: tuple[Delivery, ...]
    """Letters that left the agent's hands; a refused one is an attempt and not listed."""
    registry: Registry

    @property
    def current_version(self) -> int:
        """The highest version issued; 0 when the notice is unknown."""
        return max((body.version for _, body in self.issued), default=0)

    @property
    def effective(self) -> Delivery | None:
        """The delivery that counts: the earliest upper bound of effective time, then the hash."""
        bounded = [delivery for delivery in self.deliveries if delivery.interval.high_ms is not None]
        return min(bounded, key=lambda d: (d.interval.high_ms or 0, d.fact.hash), default=None)


def notice_view(key: str, facts: Sequence[Fact], registry: Registry) -> NoticeView:
    """Sort the facts of ``notice:id``."""
    issued: list[tuple[Fact, NoticeIssued]] = []
    withdrawn: list[tuple[Fact, NoticeWithdrawn]] = []
    deliveries: list[Delivery] = []
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, NoticeIssued):
            issued.append((fact, body))
        elif isinstance(body, NoticeWithdrawn):
            withdrawn.append((fact, body))
        elif isinstance(body, NoticeDelivered) and body.manner != "refused":
            deliveries.append(Delivery(fact, body, fact.interval))
    return NoticeView(key.partition(":")[2], tuple(issued), tuple(withdrawn), tuple(deliveries), registry)


def notice_whereabouts(view: NoticeView) -> tuple[str, str]:
    """Branch and service day of the last delivery."""
    if not view.deliveries:
        return "", ""
    fact = view.deliveries[-1].fact
    author = view.registry.get(fact.operation.device)
    return (author.branch if author else ""), fact.operation.pack.partition("/")[0]


def notice_state(view: NoticeView) -> dict[str, Any]:
    """What is stored and shown of the notice."""
    effective = view.effective
    delivered = {delivery.body.version for delivery in view.deliveries}
    account = view.issued[0][1].account if view.issued else ""
    return {
        "notice": view.notice,
        "account": account,
        "version": view.current_version,
        "withdrawn": bool(view.withdrawn),
        "delivered_versions": sorted(delivered),
        "to_deliver": bool(view.issued) and not view.withdrawn and view.current_version not in delivered,
        "effective_ms": effective.interval.high_ms if effective else None,
        "effective_operation": effective.fact.hash if effective else "",
    }
