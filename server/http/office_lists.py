"""Lists over HTTP; the same for the command line and for other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from server.http.office_access import OfficeAccess, person_of
from server.ports import Reader
from server.services import listing
from server.services.listing import AgentLine, DeviceLine, DrawerLine, Page, VisitLine
from server.services.office import Office

__all__ = ["list_routes"]

T = TypeVar("T")
_BASE = "/api/v1/office"


def list_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` that only read."""
    everybody = access.require_role("admin", "supervisor", "cashier", "compliance", "auditor")
    judges = access.require_role("admin", "supervisor", "compliance", "auditor")

    async def read(look: Callable[[Reader], T]) -> T:
        def work() -> T:
            with office.store.read() as reader:
                return look(reader)

        return await asyncio.to_thread(work)

    @get(f"{_BASE}/agents", guards=[everybody], summary="Agents")
    async def get_agents(branch: FromQuery[str | None] = None) -> list[AgentLine]:
        return await read(lambda reader: listing.list_agents(reader, branch))

    @get(f"{_BASE}/visits", guards=[everybody], summary="The visits of a branch's day")
    async def get_visits(branch: FromQuery[str], service_day: FromQuery[str]) -> list[VisitLine]:
        return await read(lambda reader: listing.list_visits(reader, branch, service_day))

    @get(f"{_BASE}/accounts", guards=[judges], summary="Accounts, a page at a time")
    async def get_accounts(after: FromQuery[str] = "", limit: FromQuery[int] = listing.LIST_MAX) -> Page:
        return await read(lambda reader: listing.list_accounts(reader, after, limit))

    @get(f"{_BASE}/discrepancies", guards=[judges], summary="Discrepancies, a page at a time")
    async def get_discrepancies(
        branch: FromQuery[str | None] = None,
        service_day: FromQuery[str | None] = None,
        open_only: FromQuery[bool] = False,
        rule: FromQuery[str | None] = None,
        subject: FromQuery[str | None] = None,
        after: FromQuery[str] = "",
        language: FromQuery[str] = "en",
        limit: FromQuery[int] = listing.LIST_MAX,
    ) -> Page:
        return await read(
            lambda reader: listing.list_discrepancies(
                reader,
                branch=branch,
                service_day=service_day,
                open_only=open_only,
                rule=rule,
                subject=subject,
                after=after,
                language=language,
                limit=limit,
            )
        )

    @get(f"{_BASE}/drawers", guards=[everybody], summary="The drawers of a branch's day; blind for a cashier")
    async def get_drawers(
        request: Request[Any, Any, Any], branch: FromQuery[str], service_day: FromQuery[str]
    ) -> list[DrawerLine]:
        person = person_of(request)
        return await read(lambda reader: listing.list_drawers(reader, person, branch, service_day))

    @get(f"{_BASE}/devices", guards=[everybody], summary="Enrolled phones")
    async def get_devices(agent: FromQuery[str | None] = None) -> list[DeviceLine]:
        return await read(lambda reader: listing.list_devices(reader, agent))

    return [get_agents, get_visits, get_accounts, get_discrepancies, get_drawers, get_devices]
