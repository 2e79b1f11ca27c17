"""Reports and closing statements over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from server.http.office_access import OfficeAccess
from server.http.reading import read_body
from server.ports import Reader
from server.services.money import reports
from server.services.money.closing_statement import ClosingStatement, check_closing_statement, closing_statement
from server.services.money.reports import Report
from server.services.office import Office

__all__ = ["STATEMENT_BYTES_MAX", "report_routes"]

T = TypeVar("T")
_BASE = "/api/v1/office"
STATEMENT_BYTES_MAX = 1024 * 1024
"""A kept statement with the heads of a thousand journals takes 150 kB."""


def report_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for whoever looks at the books; a cashier, who counts blind, does not."""
    guards = [access.require_role("supervisor", "admin", "auditor")]

    async def read(look: Callable[[Reader], T]) -> T:
        def work() -> T:
            with office.store.read() as reader:
                return look(reader)

        return await asyncio.to_thread(work)

    @get(f"{_BASE}/reports/trial-balance", guards=guards, summary="Debits and credits of every place")
    async def balance(branch: FromQuery[str | None] = None, language: FromQuery[str] = "en") -> Report:
        return await read(lambda reader: reports.trial_balance(reader, branch, language))

    @get(f"{_BASE}/reports/agent", guards=guards, summary="An agent's days, equation by equation")
    async def agent_days(
        agent: FromQuery[str],
        from_day: FromQuery[str] = "",
        to_day: FromQuery[str] = "",
        language: FromQuery[str] = "en",
    ) -> Report:
        return await read(lambda reader: reports.agent_report(reader, agent, from_day, to_day, language))

    @get(f"{_BASE}/reports/remittance", guards=guards, summary="What was paid on a creditor's accounts")
    async def remittance(creditor: FromQuery[str | None] = None, language: FromQuery[str] = "en") -> Report:
        return await read(lambda reader: reports.remittance_report(reader, creditor, language))

    @get(f"{_BASE}/reports/receipts", guards=guards, summary="Receipt numbers that no record carries")
    async def receipts(agent: FromQuery[str], language: FromQuery[str] = "en") -> Report:
        return await read(lambda reader: reports.receipts_report(reader, agent, language))

    @get(f"{_BASE}/statements/{{branch:str}}/{{service_day:str}}", guards=guards, summary="A closing's statement")
    async def statement(branch: FromPath[str], service_day: FromPath[str]) -> Response[bytes]:
        signed = await read(lambda reader: closing_statement(reader, office.keys, branch, service_day))
        return Response(msgspec.json.encode(signed), media_type="application/json")

    @put(f"{_BASE}/statements/check", status_code=200, guards=guards, summary="Check a kept closing statement")
    async def check(request: Request[Any, Any, Any]) -> ClosingStatement:
        data = await read_body(request, STATEMENT_BYTES_MAX)
        return await read(lambda reader: check_closing_statement(reader, data))

    return [balance, agent_days, remittance, receipts, statement, check]
