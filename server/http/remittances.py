"""Passing money on to creditors, and refunds, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from server.http.office_access import OfficeAccess, SecondPerson, person_of
from server.intake.cells import day as a_day
from server.ports import Reader
from server.services.money.refunds import RefundLine, authorise_refund, list_refunds, pay_refund
from server.services.money.remittance import Batch, Draft, draft_batch, list_batches, number_batch
from server.services.money.remittance_file import batch_csv
from server.services.office import Office
from server.services.packs import service_day_today
from sync.errors import Refused

__all__ = ["remittance_routes"]

T = TypeVar("T")
_BASE = "/api/v1/office"


class NewBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Whose batch is numbered; `day` is the day in whose books it stands, today's if empty."""

    creditor: str
    currency: str = "CNY"
    day: str = ""
    basis: str | None = None


class NewRefund(msgspec.Struct, frozen=True, kw_only=True):
    """What is authorised: after a decision `refund` on `rule`; `amount_minor` 0 is all that was decided."""

    account: str
    rule: str
    amount_minor: int = 0
    second: SecondPerson | None = None
    basis: str | None = None


class RefundPayment(msgspec.Struct, frozen=True, kw_only=True):
    """How a refund is paid out; with a `provider` by transfer, else in cash. `day` is today if empty."""

    refund: str
    branch: str
    day: str = ""
    provider: str = ""
    slip: str = ""
    basis: str | None = None


def remittance_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for money on its way out."""
    senders = access.require_role("cashier", "supervisor")
    readers = access.require_role("cashier", "supervisor", "admin", "auditor", "creditor")
    supervisors = access.require_role("supervisor")
    cashiers = access.require_role("cashier")

    async def read(look: Callable[[Reader], T]) -> T:
        def work() -> T:
            with office.store.read() as reader:
                return look(reader)

        return await asyncio.to_thread(work)

    @get(f"{_BASE}/remittances/draft", guards=[readers], summary="What the next batch would hold, and what stays out")
    async def draft(creditor: FromQuery[str], currency: FromQuery[str] = "CNY") -> Draft:
        return await read(lambda reader: draft_batch(reader, creditor, currency))

    @post(f"{_BASE}/remittances", status_code=200, guards=[senders], summary="Number a creditor's next batch")
    async def number(request: Request[Any, Any, Any], data: JSONBody[NewBatch]) -> Batch:
        person, day = person_of(request), _day(office, data.day)
        return await asyncio.to_thread(
            lambda: number_batch(office.store, person, data.creditor, data.currency, day, basis=data.basis)
        )

    @get(f"{_BASE}/remittances", guards=[readers], summary="A creditor's batches")
    async def batches(creditor: FromQuery[str]) -> list[Batch]:
        return await read(lambda reader: list_batches(reader, creditor))

    @get(f"{_BASE}/remittances/{{creditor:str}}/{{number:int}}", guards=[readers], summary="A batch as CSV")
    async def batch(creditor: FromPath[str], number: FromPath[int]) -> Response[bytes]:
        content = await read(lambda reader: batch_csv(reader, creditor, number))
        return Response(content, media_type="text/csv; charset=utf-8")

    @post(f"{_BASE}/refunds", status_code=200, guards=[supervisors], summary="Authorise a refund that was decided")
    async def authorise(request: Request[Any, Any, Any], data: JSONBody[NewRefund]) -> RefundLine:
        person = person_of(request)
        second = await access.second(request, data.second, {"supervisor", "compliance"})
        return await office.store.write(
            lambda writer: authorise_refund(
                writer, person, data.account, data.rule, amount_minor=data.amount_minor, second=second, basis=data.basis
            )
        )

    @post(f"{_BASE}/refunds/payments", status_code=200, guards=[cashiers], summary="Pay an authorised refund out")
    async def pay(request: Request[Any, Any, Any], data: JSONBody[RefundPayment]) -> RefundLine:
        person, day = person_of(request), _day(office, data.day)
        return await asyncio.to_thread(
            lambda: pay_refund(
                office.store,
                person,
                data.refund,
                data.branch,
                day,
                provider=data.provider,
                slip=data.slip,
                basis=data.basis,
            )
        )

    @get(f"{_BASE}/refunds", guards=[readers], summary="Refunds of an account")
    async def refunds(account: FromQuery[str]) -> list[RefundLine]:
        return await read(lambda reader: list_refunds(reader, account))

    return [draft, number, batches, batch, authorise, pay, refunds]


def _day(office: Office, given: str) -> str:
    try:
        return a_day(given) if given else service_day_today(office)
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"day {given[:20]!r}: {error}") from error
