"""The fold of the office's own standing: whether its database was set back, and how far that is confirmed.

Times are compared, not places in a journal, since several office processes may write: each confirmation names until
when it covers. Nothing here moves money.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.restore import ClosingPresented, RestoreConfirmed, RevocationsConfirmed, RollbackNoticed
from sync.reconcile.decisions import two_persons
from sync.reconcile.facts import Fact, canonical_order

__all__ = ["RestoreView", "confirms", "restore_state", "restore_view"]


class RestoreView(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of rollbacks; times are milliseconds since 1970, 0 for never."""

    notices: tuple[tuple[Fact, RollbackNoticed], ...] = ()
    """Those that no `RestoreConfirmed` covers yet, in canonical order."""
    presented: tuple[tuple[Fact, ClosingPresented], ...] = ()
    """Every closing that was presented, each once, in canonical order."""
    confirmed: tuple[tuple[Fact, RestoreConfirmed], ...] = ()
    noticed_ms: int = 0
    """When the last rollback was noticed."""
    revocations_ms: int = 0
    """Until when revocations are confirmed."""
    books_ms: int = 0
    """Until when two persons confirmed what is missing."""

    @property
    def downloads_wait(self) -> bool:
        """Whether phones get no documents."""
        return self.noticed_ms > self.revocations_ms

    @property
    def books_wait(self) -> bool:
        """Whether nothing is closed, numbered or paid out."""
        return self.noticed_ms > self.books_ms


def confirms(fact: Fact) -> RestoreConfirmed | None:
    """The confirmation that a fact is, if it counts: one person alone confirms nothing."""
    body = fact.operation.body
    if isinstance(body, RestoreConfirmed) and not fact.held and two_persons(fact.operation, body.second):
        return body
    return None


def restore_view(facts: Sequence[Fact]) -> RestoreView:
    """Sort the facts of ``restore:office``."""
    notices: list[tuple[Fact, RollbackNoticed]] = []
    presented: dict[str, tuple[Fact, ClosingPresented]] = {}
    confirmed: list[tuple[Fact, RestoreConfirmed]] = []
    revocations_ms = 0
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, RollbackNoticed):
            notices.append((fact, body))
        elif isinstance(body, RevocationsConfirmed):
            revocations_ms = max(revocations_ms, body.through_ms)
        elif isinstance(body, ClosingPresented):
            presented.setdefault(body.closing, (fact, body))
        elif (said := confirms(fact)) is not None:
            confirmed.append((fact, said))
    books_ms = max((body.through_ms for _, body in confirmed), default=0)
    return RestoreView(
        notices=tuple(item for item in notices if item[1].noticed_ms > books_ms),
        presented=tuple(presented.values()),
        confirmed=tuple(confirmed),
        noticed_ms=max((body.noticed_ms for _, body in notices), default=0),
        revocations_ms=revocations_ms,
        books_ms=books_ms,
    )


def restore_state(view: RestoreView) -> dict[str, Any]:
    """What is stored and shown."""
    return {
        "noticed_ms": view.noticed_ms,
        "revocations_ms": view.revocations_ms,
        "books_ms": view.books_ms,
        "downloads_wait": view.downloads_wait,
        "books_wait": view.books_wait,
        "presented": [
            {"branch": body.branch, "service_day": body.service_day, "number": body.number, "closing": body.closing}
            for _, body in view.presented
        ],
        "lost": sorted({name for _, body in view.confirmed for name in body.lost}),
    }
