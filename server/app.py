"""The office, put together: the only place where parts are joined.

`open_parts` opens what a process needs (keys, clock, store, services); `build_app` puts HTTP around it. Nothing
here runs at import time, and nothing else connects services with adapters.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from server.clock import OfficeClock, make_clock, real_ms
from server.fold_workers import FoldPool
from server.http.commands import CommandGuard, command_routes
from server.http.devices import device_routes
from server.http.health import health_routes
from server.http.login import Doors
from server.http.office import office_routes
from server.http.office_access import OfficeAccess
from server.http.openapi import RawSchemas
from server.http.problems import EXCEPTION_HANDLERS
from server.http.side_records import side_record_routes
from server.http.users import user_routes
from server.http.web import web_routes
from server.jobs import Job, Jobs, ReconcileWorker
from server.jobs.office import office_jobs
from server.keys import OfficeKeys, load_keys
from server.limits import REQUEST_BYTES_MAX
from server.ports import Store
from server.services.badge_answers import BadgeDesk
from server.services.device_keys import DeviceKeys
from server.services.enrolment import Enrolment
from server.services.exchange import Exchange
from server.services.office import Frame, Office
from server.services.packs import refresh_after
from server.services.published import Published
from server.services.receipts import ReceiptDesk
from server.services.reconcile import Reconciler
from server.services.refold import refold_text
from server.services.side_record_uploads import SideRecordUploads
from server.services.side_records import SideRecords
from server.services.users import Users
from server.settings import Settings
from server.store.sqlite import SqliteStore
from server.web.app_folder import AppFolder
from sync import __version__

__all__ = ["Parts", "build_app", "open_parts"]


class Parts:
    """What one process has open. `close` ends it in the right order."""

    def __init__(self, settings: Settings, keys: OfficeKeys, clock: OfficeClock, store: Store) -> None:
        self.settings = settings
        self.keys = keys
        self.clock = clock
        self.store = store
        self.token = secrets.token_urlsafe(32)
        """Authorises commands (`server.http.commands`)."""
        self.devices = DeviceKeys(store)
        self.exchange = Exchange(store, keys, clock, self.devices)
        frame = Frame(
            public_url=settings.public_url,
            office_phone=settings.office_phone,
            creditor_name=settings.creditor_name,
        )
        self.office = Office(store=store, keys=keys, clock=clock, frame=frame)
        self.folding = FoldPool(settings.database, settings.fold_processes)
        reconciler = Reconciler(store, refresh_after(self.office), self.folding)
        self.worker = ReconcileWorker(store, reconciler, busy=lambda: self.exchange.under_way > 0)
        self.jobs = Jobs(store, clock, [*_jobs(store, self.worker), *office_jobs(self.office)])

    def start(self) -> None:
        """Begin background work, if this process is to do any."""
        if self.settings.writing and self.settings.jobs:
            self.worker.start()
            self.jobs.start()

    def close(self) -> None:
        """Stop background work, then the store."""
        self.jobs.stop()
        self.worker.stop()
        self.folding.close()
        self.store.close()


def _jobs(store: Store, worker: ReconcileWorker) -> list[Job]:
    return [
        Job(
            name="reconcile",
            title="Fold whatever is pending, should the reconciler's thread have missed it",
            every_s=60,
            run=lambda: f"{worker.catch_up()} operations",
        ),
        Job(
            name="refold",
            title="After an upgrade: fold everything anew, beside the day's work",
            every_s=10,
            run=lambda: refold_text(store, worker.catch_up),
        ),
    ]


def open_parts(
    settings: Settings,
    make_store: Callable[[Settings, OfficeKeys, OfficeClock], Store] | None = None,
) -> Parts:
    """Load keys, open the store and, where the process writes, take the office journal.

    Raises KEY-FILE-WRONG, CLOCK-WRONG, STORE-VERSION, STORE-LOCKED and whatever else keeps it from working.
    """
    keys = load_keys(settings.keys)
    clock = make_clock(settings.clock, secrets.token_hex(8))
    store = make_store(settings, keys, clock) if make_store else SqliteStore(settings.database, keys, clock)
    try:
        if settings.writing:
            office = keys.office[-1]
            store.open_office(secrets.token_hex(8), office.public, office.id)
        return Parts(settings, keys, clock, store)
    except BaseException:
        store.close()
        raise


def build_app(settings: Settings, parts: Parts | None = None) -> Litestar:
    """The whole application; without `parts` it opens its own. They are closed at shutdown."""
    found = parts or open_parts(settings)
    store, keys, clock = found.store, found.keys, found.clock
    enrolment = Enrolment(store, keys, clock, found.devices, settings.public_url)
    side_records = SideRecords(store, found.devices)
    guard = CommandGuard(found.token)
    users = Users(store, secret=keys.session, now_ms=real_ms, random=os.urandom, hasher=PasswordHasher())
    doors = Doors(users, secure=settings.public_url.startswith("https:"))
    access = OfficeAccess(guard, users)
    public_url, phone = settings.public_url, settings.office_phone
    desk = ReceiptDesk(store, clock, real_ms, official_address=f"{public_url}/r", office_phone=phone)
    badges = BadgeDesk(store, keys, clock, real_ms, official_address=f"{public_url}/agent", office_phone=phone)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncGenerator[None, None]:
        found.start()
        try:
            yield
        finally:
            found.close()

    return Litestar(
        route_handlers=[
            *device_routes(found.exchange, enrolment, Published(store, keys)),
            *side_record_routes(side_records, SideRecordUploads(store, clock)),
            *health_routes(store, lambda: found.worker.error),
            *command_routes(store, clock, found.jobs, settings.public_url, guard),
            *office_routes(found.office, access),
            *user_routes(store, real_ms, guard),
            *web_routes(found.office, doors, access, desk, badges, AppFolder(settings.app_folders), public_url, phone),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[lifespan],
        request_max_body_size=REQUEST_BYTES_MAX,
        logging_config=None,
        plugins=[RawSchemas()],
        openapi_config=OpenAPIConfig(title="Doorstep", version=__version__, path="/api/openapi"),
    )
