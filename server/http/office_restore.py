"""After a restore, over HTTP: what waits, what comes back, and the two confirmations."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from litestar import Request, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from server.http.office_access import OfficeAccess, SecondPerson, person_of
from server.http.reading import read_body
from server.http.reports import STATEMENT_BYTES_MAX
from server.intake.limits import IMPORT_BYTES_MAX
from server.services.money.refunds import RefundLine
from server.services.money.remittance import Batch
from server.services.office import Office
from server.services.restore import declare_rollback
from server.services.restore.batches import take_back_batch
from server.services.restore.closings import present_closing
from server.services.restore.confirming import RestoreWord, confirm_restore, confirm_revocations
from server.services.restore.refunds import take_back_refund
from server.services.restore.status import RestoreStatus, restore_status

__all__ = ["restore_routes"]

_BASE = "/api/v1/office/restore"
_INCARNATION_BYTES = 8


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """Which backup was put in place, and why."""

    reason: str


class RevocationsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """How many phones are revoked, as the person saw them listed."""

    revoked: int
    basis: str | None = None


class RestoreFound(msgspec.Struct, frozen=True, kw_only=True):
    """What two persons found missing; `batches` is creditor → last batch that it got, `lost` names ``CREDITOR/N``."""

    missing: str
    batches: dict[str, int] = {}
    lost: list[str] = []
    second: SecondPerson | None = None
    basis: str | None = None


class ForgottenRefund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund as it was authorised in the forgotten time, under its old name (``ACCOUNT.R1``)."""

    refund: str
    amount_minor: int
    currency: str = "CNY"
    source: Literal["credit", "suspense"] = "credit"
    second: SecondPerson | None = None


class Journaled(msgspec.Struct, frozen=True, kw_only=True):
    """The hash of the office's operation."""

    operation: str


def restore_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office/restore``."""
    keepers = access.require_role("supervisor", "admin")
    senders = access.require_role("cashier", "supervisor")
    supervisors = access.require_role("supervisor")
    readers = access.require_role("supervisor", "admin", "cashier", "auditor", "compliance")
    write, now_ms = office.store.write, office.clock.now_ms

    @get(_BASE, guards=[readers], summary="Whether the office was set back, and what waits to be confirmed")
    async def status() -> RestoreStatus:
        def read() -> RestoreStatus:
            with office.store.read() as reader:
                return restore_status(reader)

        return await asyncio.to_thread(read)

    @post(f"{_BASE}/rollbacks", status_code=200, guards=[keepers], summary="Say that a backup was put in place")
    async def declare(request: Request[Any, Any, Any], data: JSONBody[Declaration]) -> Journaled:
        person, fresh = person_of(request), os.urandom(_INCARNATION_BYTES).hex()
        return Journaled(
            operation=await write(lambda writer: declare_rollback(writer, person, data.reason, now_ms(), fresh))
        )

    @post(f"{_BASE}/revocations", status_code=200, guards=[keepers], summary="Every revoked phone is revoked again")
    async def revocations(request: Request[Any, Any, Any], data: JSONBody[RevocationsSeen]) -> Journaled:
        person = person_of(request)
        return Journaled(
            operation=await write(
                lambda writer: confirm_revocations(writer, person, data.revoked, now_ms(), basis=data.basis)
            )
        )

    @put(f"{_BASE}/closings", status_code=200, guards=[keepers], summary="Present a kept statement of a closing")
    async def closing(request: Request[Any, Any, Any]) -> Journaled:
        person, data = person_of(request), await read_body(request, STATEMENT_BYTES_MAX)
        return Journaled(operation=await write(lambda writer: present_closing(writer, person, data)))

    @put(
        f"{_BASE}/batches",
        status_code=200,
        guards=[senders],
        request_max_body_size=IMPORT_BYTES_MAX,
        summary="Take a batch back from the creditor's file",
    )
    async def batch(request: Request[Any, Any, Any]) -> Batch:
        person, data = person_of(request), await read_body(request, IMPORT_BYTES_MAX)
        return await asyncio.to_thread(take_back_batch, office.store, person, data)

    @post(f"{_BASE}/confirmations", status_code=200, guards=[keepers], summary="Two persons confirm what is missing")
    async def confirm(request: Request[Any, Any, Any], data: JSONBody[RestoreFound]) -> Journaled:
        person = person_of(request)
        second = await access.second(request, data.second, {"supervisor", "admin"})
        word = RestoreWord(missing=data.missing, batches=data.batches, lost=data.lost)
        return Journaled(
            operation=await write(
                lambda writer: confirm_restore(writer, person, second, word, now_ms(), basis=data.basis)
            )
        )

    @post(f"{_BASE}/refunds", status_code=200, guards=[supervisors], summary="Authorise a forgotten refund again")
    async def refund(request: Request[Any, Any, Any], data: JSONBody[ForgottenRefund]) -> RefundLine:
        person = person_of(request)
        second = await access.second(request, data.second, {"supervisor", "compliance"})
        return await write(
            lambda writer: take_back_refund(
                writer, person, second, data.refund, data.amount_minor, data.currency, data.source
            )
        )

    return [status, declare, revocations, closing, batch, refund, confirm]
