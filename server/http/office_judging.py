"""Deciding, counting, confirming and closing over HTTP: what the office judges."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from server.http.office_access import OfficeAccess, SecondPerson, person_of
from server.ports import Writer
from server.services.cash import Counted, count_cash
from server.services.closing import close_day
from server.services.decisions import DecisionCommand, decide
from server.services.identity import Judgement, judge_visits
from server.services.journals_lost import declare_journal_lost
from server.services.office import Office, actor_for
from server.services.present import visit_now
from server.services.voids import VoidMeans, confirm_void
from sync.operations.field import Denomination

__all__ = ["judging_routes"]

_BASE = "/api/v1/office"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision on a discrepancy; `ground` is the one that the person saw."""

    rule: str
    subject: str
    ground: str
    outcome: str
    note: str = ""
    second: SecondPerson | None = None
    amount_minor: int = 0
    account: str = ""
    basis: str | None = None


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on the table."""

    agent: str
    service_day: str
    currency: str = "CNY"
    amount_minor: int | None = None
    denominations: list[Denomination] = []
    basis: str | None = None


class VoidConfirmation(msgspec.Struct, frozen=True, kw_only=True):
    """How the customer confirmed a void; the series has slashes, so it is not part of the address."""

    series: str
    means: VoidMeans
    code: str = ""


class LostJournal(msgspec.Struct, frozen=True, kw_only=True):
    """Which numbers two persons close over; `to_seq` 0 is the tail."""

    epoch: int
    from_seq: int
    reason: str
    to_seq: int = 0
    pack: str = ""
    second: SecondPerson | None = None


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Which day is closed, and what two persons carry forward by name."""

    branch: str
    service_day: str
    carry: list[str] = []
    second: SecondPerson | None = None


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """The hash of the office's operation."""

    operation: str


def judging_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for judgements."""
    deciders = access.require_role("supervisor", "compliance", "cashier")
    cashiers = access.require_role("cashier")
    supervisors = access.require_role("supervisor")
    keepers = access.require_role("supervisor", "admin")
    closers = access.require_role("supervisor", "cashier")
    write = office.store.write

    @post(f"{_BASE}/decisions", status_code=200, guards=[deciders], summary="Decide a discrepancy")
    async def make_decision(request: Request[Any, Any, Any], data: JSONBody[Decision]) -> Operation:
        person = person_of(request)
        second = await access.second(request, data.second, {"supervisor", "compliance"})
        command = DecisionCommand(
            rule=data.rule,
            subject=data.subject,
            ground=data.ground,
            outcome=data.outcome,
            note=data.note,
            second=second,
            amount_minor=data.amount_minor,
            account=data.account,
            basis=data.basis,
        )
        return Operation(operation=await write(lambda writer: decide(writer, person, command)))

    @post(f"{_BASE}/counts", status_code=200, guards=[cashiers], summary="Count a drawer, blind")
    async def count(request: Request[Any, Any, Any], data: JSONBody[Count]) -> Counted:
        person = person_of(request)
        return await write(
            lambda writer: count_cash(
                writer,
                person,
                data.agent,
                data.service_day,
                data.currency,
                amount_minor=data.amount_minor,
                denominations=data.denominations,
                basis=data.basis,
            )
        )

    @post(f"{_BASE}/visits/{{visit:str}}/judge-identity", status_code=200, guards=[supervisors], summary="Judge checks")
    async def judge(visit: FromPath[str]) -> list[Judgement]:
        def work(writer: Writer) -> list[Judgement]:
            visit_now(writer, visit)
            return judge_visits(writer, office.keys, [visit])

        return await write(work)

    @post(f"{_BASE}/voids/confirm", status_code=200, guards=[supervisors], summary="The customer confirmed a void")
    async def confirm(request: Request[Any, Any, Any], data: JSONBody[VoidConfirmation]) -> Operation:
        person = person_of(request)
        return Operation(
            operation=await write(
                lambda writer: confirm_void(writer, office.keys, person, data.series, data.means, code=data.code)
            )
        )

    @post(
        f"{_BASE}/devices/{{device:str}}/journal-lost", status_code=200, guards=[keepers],
        summary="Close over what a device never delivered",
    )  # fmt: skip
    async def journal_lost(
        request: Request[Any, Any, Any], device: FromPath[str], data: JSONBody[LostJournal]
    ) -> Operation:
        person = person_of(request)
        second = await access.second(request, data.second, {"supervisor", "admin"})
        return Operation(
            operation=await write(
                lambda writer: declare_journal_lost(
                    writer, person, device, data.epoch, data.from_seq, data.to_seq, data.pack, data.reason, second
                )
            )
        )

    @post(f"{_BASE}/closings", status_code=200, guards=[closers], summary="Close a branch's day")
    async def close(request: Request[Any, Any, Any], data: JSONBody[Closing]) -> Operation:
        by = actor_for(person_of(request), "DayClosed")
        second = await access.second(request, data.second, {"supervisor", "cashier"})

        hash_ = await asyncio.to_thread(close_day, office.store, data.branch, data.service_day, by, second, data.carry)
        return Operation(operation=hash_)

    return [make_decision, count, judge, confirm, journal_lost, close]
