"""Whether the process lives, and whether it can do its work: for supervisors of processes and load balancers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from server.limits import BACKLOG_READY_MAX, RETRY_AFTER_S
from server.ports import Store
from server.services.restore import restore_now
from sync.errors import DoorstepError
from sync.reconcile.folds.restore import RestoreView

__all__ = ["Alive", "Readiness", "health_routes"]


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str = "alive"


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Each member that is not as it should be says why."""

    ready: bool
    store: str
    """``writable``, or why not."""
    office: str
    """The office journal that this process holds, empty for none."""
    backlog: int
    """Operations that are stored and not yet reconciled."""
    reconciler: str
    """Why the reconciler's last run failed, empty if it did not."""
    rolled_back_ms: int = 0
    """When it was last noticed that this database was set back; 0 for never."""
    downloads_wait: bool = False
    """Whether phones get no documents until revocations are confirmed."""
    books_wait: bool = False
    """Whether nothing is closed, numbered or paid until two persons confirm what is missing."""


def health_routes(store: Store, reconciler_error: Callable[[], str]) -> Sequence[HTTPRouteHandler]:
    """``/healthz`` and ``/readyz``."""

    @get("/healthz", summary="Alive")
    async def healthz() -> Alive:
        return Alive()

    @get("/readyz", summary="Ready to work", description="Status 503 while it is not.")
    async def readyz() -> Response[Readiness]:
        found = await asyncio.to_thread(_readiness, store, reconciler_error())
        headers = {} if found.ready else {"Retry-After": str(RETRY_AFTER_S)}
        return Response(found, status_code=200 if found.ready else 503, headers=headers)

    return [healthz, readyz]


def _readiness(store: Store, reconciler: str) -> Readiness:
    writable, office, backlog, view = "writable", "", 0, RestoreView()
    try:
        store.check()
        with store.read() as reader:
            head = reader.office_head()
            office = f"{head.device}/{head.epoch}/{head.seq}" if head else ""
            backlog = reader.pending_count()
            view = restore_now(reader)
    except DoorstepError as error:
        writable = f"{error.code}: {error.cause}"
    return Readiness(
        ready=writable == "writable" and bool(office) and not reconciler and backlog <= BACKLOG_READY_MAX,
        store=writable,
        office=office,
        backlog=backlog,
        reconciler=reconciler,
        rolled_back_ms=view.noticed_ms,
        downloads_wait=view.downloads_wait,
        books_wait=view.books_wait,
    )
