"""Plans, visits, notices and details over HTTP: what the office decides about the day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from server.http.office_access import OfficeAccess, person_of
from server.intake import PaymentRow
from server.intake.cells import currency_code, day, identifier, moment_ms
from server.intake.limits import LETTER_BYTES_MAX
from server.planning.limits import ITERATIONS_DEFAULT
from server.ports import Writer
from server.services.customers import DetailField, verify_details
from server.services.imports import ImportSummary, import_payments
from server.services.notices import WithdrawReason, supersede_notice, withdraw_notice
from server.services.office import Office
from server.services.packs import issue_pack, refresh_accounts, refresh_customers, refresh_notices
from server.services.plans import KeptPlan, plan_day, plan_of
from server.services.visits import CancelReason, VisitChange, assign_visit, cancel_visit, move_visit, reassign_visit
from sync.errors import Refused

__all__ = ["visit_routes"]

T = TypeVar("T")
_BASE = "/api/v1/office"
Basis = Annotated[
    str | None, msgspec.Meta(description="The last operation seen on the subject; null: whatever is there")
]


class PlanCommand(msgspec.Struct, frozen=True, kw_only=True):
    """Which day to plan, and how."""

    branch: str
    service_day: str
    seed: int = 0
    iterations: int = ITERATIONS_DEFAULT
    float_minor: int | None = None


class PackCommand(msgspec.Struct, frozen=True, kw_only=True):
    """Whose pack to issue or renew."""

    agent: str
    service_day: str
    float_minor: int | None = None


class PackIssuedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The pack's name, its stops, and how many documents changed."""

    pack: str
    visits: list[str]
    documents_changed: int


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """Who shall have a visit; no position puts it last."""

    agent: str
    position: int | None = None
    eta_s: int = 0
    basis: Basis = None


class Cancellation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a visit is called off."""

    reason: CancelReason
    basis: Basis = None


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Where a visit is moved to; seconds since local midnight."""

    service_day: str
    window_starts_s: int
    window_ends_s: int
    basis: Basis = None


class Supersession(msgspec.Struct, frozen=True, kw_only=True):
    """The next version of a notice; `content` is base64 in JSON."""

    content: bytes
    amount_minor: int
    issued_on: str
    title: str = ""
    basis: Basis = None


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """Why no version of a notice shall be delivered."""

    reason: WithdrawReason
    basis: Basis = None


class NoticeChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The notice as it stands, and changes that phones will see."""

    notice: str
    version: int
    withdrawn: bool
    documents_changed: int


class ExternalPayment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that reached the creditor without us; `paid_at` is RFC 3339."""

    external: str
    account: str
    amount_minor: int
    currency: str
    paid_at: str
    channel: str
    reference: str = ""
    branch: str = ""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A contact field that the office verified by itself."""

    field: DetailField
    value: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The hash of the office's operation, and changes that phones will see."""

    operation: str
    documents_changed: int = 0


def visit_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for the day's work."""
    planners = access.require_role("admin", "supervisor")
    readers = access.require_role("admin", "supervisor", "auditor")
    senders = access.require_role("admin", "supervisor", "creditor")
    payers = access.require_role("admin", "supervisor", "creditor", "cashier")
    write = office.store.write

    @post(f"{_BASE}/plans", status_code=200, guards=[planners], summary="Plan a branch's day and issue its packs")
    async def make_plan(request: Request[Any, Any, Any], data: JSONBody[PlanCommand]) -> KeptPlan:
        person = person_of(request)
        return await asyncio.to_thread(
            plan_day,
            office,
            person,
            data.branch,
            _checked("service_day", day, data.service_day),
            seed=data.seed,
            iterations=data.iterations,
            float_minor=data.float_minor,
        )

    @get(f"{_BASE}/plans/{{branch:str}}/{{service_day:str}}", guards=[readers], summary="The last plan of a day")
    async def get_plan(branch: FromPath[str], service_day: FromPath[str]) -> KeptPlan:
        def read() -> KeptPlan:
            with office.store.read() as reader:
                return plan_of(reader, branch, service_day)

        return await asyncio.to_thread(read)

    @post(f"{_BASE}/packs", status_code=200, guards=[planners], summary="Issue or renew an agent's pack")
    async def make_pack(data: JSONBody[PackCommand]) -> PackIssuedAnswer:
        wanted = _checked("service_day", day, data.service_day)
        pack, changed = await write(
            lambda writer: issue_pack(writer, office, data.agent, wanted, float_minor=data.float_minor)
        )
        return PackIssuedAnswer(pack=pack.pack, visits=pack.visits, documents_changed=changed)

    @post(
        f"{_BASE}/visits/{{visit:str}}/assign", status_code=200, guards=[planners], summary="Give a visit to an agent"
    )
    async def assign(request: Request[Any, Any, Any], visit: FromPath[str], data: JSONBody[Assignment]) -> VisitChange:
        person = person_of(request)
        return await write(
            lambda writer: assign_visit(
                writer, office, person, visit, data.agent, position=data.position, eta_s=data.eta_s, basis=data.basis
            )
        )

    @post(f"{_BASE}/visits/{{visit:str}}/reassign", status_code=200, guards=[planners], summary="Take it to another")
    async def reassign(
        request: Request[Any, Any, Any], visit: FromPath[str], data: JSONBody[Assignment]
    ) -> VisitChange:
        person = person_of(request)
        return await write(
            lambda writer: reassign_visit(
                writer, office, person, visit, data.agent, position=data.position, eta_s=data.eta_s, basis=data.basis
            )
        )

    @post(f"{_BASE}/visits/{{visit:str}}/cancel", status_code=200, guards=[planners], summary="Call a visit off")
    async def cancel(
        request: Request[Any, Any, Any], visit: FromPath[str], data: JSONBody[Cancellation]
    ) -> VisitChange:
        person = person_of(request)
        return await write(lambda writer: cancel_visit(writer, office, person, visit, data.reason, basis=data.basis))

    @post(f"{_BASE}/visits/{{visit:str}}/move", status_code=200, guards=[planners], summary="Move a visit")
    async def move(request: Request[Any, Any, Any], visit: FromPath[str], data: JSONBody[Move]) -> VisitChange:
        person, wanted = person_of(request), _checked("service_day", day, data.service_day)
        return await write(
            lambda writer: move_visit(
                writer, office, person, visit, wanted, data.window_starts_s, data.window_ends_s, basis=data.basis
            )
        )

    @post(
        f"{_BASE}/notices/{{notice:str}}/supersede",
        status_code=200,
        guards=[senders],
        request_max_body_size=2 * LETTER_BYTES_MAX,
        summary="Issue the next version of a notice",
    )
    async def supersede(
        request: Request[Any, Any, Any], notice: FromPath[str], data: JSONBody[Supersession]
    ) -> NoticeChanged:
        person, issued_on = person_of(request), _checked("issued_on", day, data.issued_on)

        def work(writer: Writer) -> NoticeChanged:
            body = supersede_notice(
                writer,
                person,
                notice,
                content=data.content,
                title=data.title,
                amount_minor=data.amount_minor,
                issued_on=issued_on,
                basis=data.basis,
            )
            changed = refresh_notices(writer, office, [notice])
            return NoticeChanged(notice=notice, version=body.version, withdrawn=False, documents_changed=changed)

        return await write(work)

    @post(f"{_BASE}/notices/{{notice:str}}/withdraw", status_code=200, guards=[senders], summary="Withdraw a notice")
    async def withdraw(
        request: Request[Any, Any, Any], notice: FromPath[str], data: JSONBody[Withdrawal]
    ) -> NoticeChanged:
        person = person_of(request)

        def work(writer: Writer) -> NoticeChanged:
            withdraw_notice(writer, person, notice, data.reason, basis=data.basis)
            changed = refresh_notices(writer, office, [notice])
            return NoticeChanged(notice=notice, version=0, withdrawn=True, documents_changed=changed)

        return await write(work)

    @post(f"{_BASE}/external-payments", status_code=200, guards=[payers], summary="Record a payment made elsewhere")
    async def pay_external(request: Request[Any, Any, Any], data: JSONBody[ExternalPayment]) -> ImportSummary:
        person = person_of(request)
        row = PaymentRow(
            row=0,
            external_id=_checked("external", identifier, data.external),
            account_id=_checked("account", identifier, data.account),
            amount_minor=data.amount_minor,
            currency=_checked("currency", currency_code, data.currency),
            paid_at=_checked("paid_at", moment_ms, data.paid_at),
            channel=_checked("channel", identifier, data.channel),
            creditor_reference=data.reference[:200],
            branch_id=_checked("branch", identifier, data.branch) if data.branch else "",
        )
        if row.amount_minor < 1:
            raise Refused("ARGUMENT-WRONG", f"amount_minor {row.amount_minor} is not above zero")
        summary = await asyncio.to_thread(import_payments, office, person, "external payment", [row])
        if summary.new:
            await write(lambda writer: refresh_accounts(writer, office, [row.account_id]))
        return summary

    @post(f"{_BASE}/customers/{{customer:str}}/details", status_code=200, guards=[planners], summary="Verify a detail")
    async def verify(request: Request[Any, Any, Any], customer: FromPath[str], data: JSONBody[Verified]) -> Written:
        person = person_of(request)

        def work(writer: Writer) -> Written:
            hash_ = verify_details(writer, office.keys, person, customer, data.field, data.value)
            return Written(operation=hash_, documents_changed=refresh_customers(writer, office, [customer]))

        return await write(work)

    return [
        make_plan, get_plan, make_pack, assign, reassign, cancel, move, supersede, withdraw, pay_external, verify,
    ]  # fmt: skip


def _checked(name: str, cell: Callable[[str], T], value: str) -> T:
    """The same types as in the intake's files."""
    try:
        return cell(value)
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"{name} {value[:40]!r}: {error}") from error
