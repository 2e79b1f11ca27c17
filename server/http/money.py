"""Money over HTTP: deposits of a branch, settlement statements, and what they were matched with."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, get_args

import msgspec
from litestar import Request, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, JSONBody

from server.http.office_access import OfficeAccess, person_of
from server.http.reading import read_body
from server.intake.limits import IMPORT_BYTES_MAX
from server.intake.settlements import read_mapping, read_statement
from server.services.imports import ImportSummary
from server.services.money import (
    Deposited,
    Proposal,
    deposit_branch_cash,
    import_statement,
    match_by_hand,
    proposals,
)
from server.services.office import Office
from sync.errors import Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.operations.money import Provider

__all__ = ["money_routes"]

_BASE = "/api/v1/office"


class BranchDeposit(msgspec.Struct, frozen=True, kw_only=True):
    """Counted cash that a branch paid in; `slip` is the number on the bank's slip."""

    branch: str
    service_day: str
    amount_minor: int
    slip: str
    currency: str = "CNY"
    bank: str = ""
    basis: str | None = None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Which order of a statement a payment belongs to; `series` is the payment's receipt."""

    provider: str
    order: str
    series: str
    basis: str | None = None


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """The hash of the office's operation."""

    operation: str


def money_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for money after the door."""
    cashiers = access.require_role("cashier")
    importers = access.require_role("cashier", "admin")
    matchers = access.require_role("cashier", "supervisor")
    readers = access.require_role("cashier", "supervisor", "admin", "auditor")

    @post(f"{_BASE}/deposits", status_code=200, guards=[cashiers], summary="Pay branch cash in at the bank")
    async def deposit(request: Request[Any, Any, Any], data: JSONBody[BranchDeposit]) -> Deposited:
        person = person_of(request)
        return await office.store.write(
            lambda writer: deposit_branch_cash(
                writer,
                person,
                data.branch,
                data.service_day,
                data.amount_minor,
                data.currency,
                data.slip,
                bank=data.bank,
                basis=data.basis,
            )
        )

    @put(
        f"{_BASE}/settlements/statement",
        status_code=200,
        guards=[importers],
        request_max_body_size=IMPORT_BYTES_MAX,
        summary="Import a provider's settlement statement (CSV), by a mapping of its columns",
    )
    async def put_statement(
        request: Request[Any, Any, Any],
        provider: FromQuery[str],
        statement: FromQuery[str],
        mapping: FromQuery[str],
        encoding: FromQuery[str] = "utf-8",
        dry_run: FromQuery[bool] = False,
    ) -> ImportSummary:
        data = await read_body(request, IMPORT_BYTES_MAX)
        if provider not in get_args(Provider):
            raise Refused("ARGUMENT-WRONG", f"provider {provider[:20]!r} is not one of {', '.join(get_args(Provider))}")
        if not 0 < len(statement) <= TEXT_LENGTH_MAX:
            raise Refused("ARGUMENT-WRONG", f"a statement has a name of 1 to {TEXT_LENGTH_MAX} characters")
        person = person_of(request)

        def work() -> ImportSummary:
            rows = read_statement(statement, data, read_mapping(mapping), encoding)
            return import_statement(office, person, statement, provider, statement, rows, dry_run=dry_run)  # type: ignore[arg-type]  # checked above

        return await asyncio.to_thread(work)

    @post(f"{_BASE}/settlements/match", status_code=200, guards=[matchers], summary="Match a payment with an order")
    async def match(request: Request[Any, Any, Any], data: JSONBody[Match]) -> Matched:
        person = person_of(request)
        return Matched(
            operation=await office.store.write(
                lambda writer: match_by_hand(writer, person, data.provider, data.order, data.series, basis=data.basis)
            )
        )

    @get(f"{_BASE}/settlements/proposals", guards=[readers], summary="Payments and statement lines that may fit")
    async def list_proposals() -> list[Proposal]:
        def read() -> list[Proposal]:
            with office.store.read() as reader:
                return proposals(reader)

        return await asyncio.to_thread(read)

    return [deposit, put_statement, match, list_proposals]
