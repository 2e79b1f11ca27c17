"""The five files: columns in order, each with its type; README.md documents every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, get_args

import msgspec

from server.intake import cells
from server.intake.limits import (
    BATCH_MAX,
    PRIZE_S_MAX,
    SERVICE_MINUTES_MAX,
    STAFF_MAX,
    VERSION_MAX,
    VISITS_MAX,
)
from server.intake.records import AccountRow, AgentRow, NoticeRow, PaymentRow, RejectionRow, Row, VisitRow
from sync.operations.money import RejectionReason

__all__ = ["ACCOUNTS", "AGENTS", "NOTICES", "PAYMENTS", "REJECTIONS", "TABLES", "VISITS", "Table"]

R = TypeVar("R", bound=Row)
Wrong = tuple[str, str]
"""Column and reason."""

_DATUM = cells.choice("wgs84", "gcj02", "bd09")
_TASKS = ("collect", "notice", "identity", "negotiate", "update_details")
_STATUS = ("open", "written_off", "recalled", "moratorium", "disputed", "ceased")


class Table(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """One kind of file: `columns` in order, `omissible` ones that a file may leave out, `key` unique in a file."""

    name: str
    kind: type[R]
    columns: Mapping[str, Callable[[str], Any]]
    key: tuple[str, ...]
    check: Callable[[R], list[Wrong]]
    omissible: frozenset[str] = frozenset()
    coordinates: tuple[str, str] | None = None
    """Columns of latitude and longitude, to be converted from the row's datum."""


def _check_agent(row: AgentRow) -> list[Wrong]:
    return [("shift_end", "not after shift_start")] if row.shift_end <= row.shift_start else []


def _check_account(row: AccountRow) -> list[Wrong]:
    wrong = []
    if row.overdue_minor > row.payoff_minor:
        wrong.append(("overdue_minor", "more than payoff_minor"))
    if row.minimum_due_minor > row.payoff_minor:
        wrong.append(("minimum_due_minor", "more than payoff_minor"))
    return wrong


def _check_visit(row: VisitRow) -> list[Wrong]:
    wrong = []
    if row.window_end < row.window_start:
        wrong.append(("window_end", "before window_start"))
    if row.booked_amount_minor and "collect" not in row.tasks:
        wrong.append(("booked_amount_minor", "there is an amount, but no task collect"))
    return wrong


def _check_nothing(_row: Row) -> list[Wrong]:
    return []


AGENTS = Table(
    name="agents",
    kind=AgentRow,
    columns={
        "agent_id": cells.identifier,
        "name": cells.text,
        "branch_id": cells.identifier,
        "home_latitude": cells.degrees(90),
        "home_longitude": cells.degrees(180),
        "shift_start": cells.clock_time,
        "shift_end": cells.clock_time,
        "visits_max": cells.whole(0, VISITS_MAX),
        "cash_limit_minor": cells.amount,
        "currency": cells.currency_code,
        "skills": cells.optional(lambda cell: tuple(map(cells.identifier, cell.split(";"))), ()),
        "datum": _DATUM,
    },
    omissible=frozenset({"currency", "skills", "datum"}),
    key=("agent_id",),
    check=_check_agent,
    coordinates=("home_latitude", "home_longitude"),
)

ACCOUNTS = Table(
    name="accounts",
    kind=AccountRow,
    columns={
        "account_id": cells.identifier,
        "customer_id": cells.identifier,
        "creditor_id": cells.identifier,
        "product": cells.identifier,
        "currency": cells.currency_code,
        "as_of": cells.moment_ms,
        "minimum_due_minor": cells.amount,
        "overdue_minor": cells.amount,
        "statement_minor": cells.signed_amount,
        "payoff_minor": cells.amount,
        "due_date": cells.day,
        "months_late": cells.whole(0, 999),
        "status": cells.choice(*_STATUS),
        "name": cells.text,
        "phone": cells.optional(cells.phone, ""),
        "address": cells.text,
        "latitude": cells.degrees(90),
        "longitude": cells.degrees(180),
        "datum": _DATUM,
        "last_four": cells.digits(4, 4),
        "language": cells.choice("zh", "en"),
        "invented": cells.yes_no,
        "absorbs_through": cells.optional(cells.whole(0, BATCH_MAX), 0),
        "absorbs_references": cells.optional(lambda cell: tuple(map(cells.text, cell.split(";"))), ()),
    },
    omissible=frozenset({"datum", "invented", "absorbs_through", "absorbs_references"}),
    key=("account_id",),
    check=_check_account,
    coordinates=("latitude", "longitude"),
)

VISITS = Table(
    name="visits",
    kind=VisitRow,
    columns={
        "visit_id": cells.identifier,
        "account_id": cells.identifier,
        "service_day": cells.day,
        "branch_id": cells.identifier,
        "tasks": cells.choices(*_TASKS),
        "window_start": cells.clock_time,
        "window_end": cells.clock_time,
        "service_minutes": cells.whole(0, SERVICE_MINUTES_MAX),
        "mandatory": cells.yes_no,
        "prize": cells.whole(0, PRIZE_S_MAX),
        "booked_amount_minor": cells.optional(cells.amount, 0),
        "kind": cells.choice("booking", "planned"),
        "visit_code": cells.optional(cells.digits(4, 12), ""),
        "staff_min": cells.optional(cells.whole(0, STAFF_MAX), 0),
    },
    omissible=frozenset({"staff_min"}),
    key=("visit_id",),
    check=_check_visit,
)

NOTICES = Table(
    name="notices",
    kind=NoticeRow,
    columns={
        "notice_id": cells.identifier,
        "version": cells.whole(1, VERSION_MAX),
        "account_id": cells.identifier,
        "customer_id": cells.identifier,
        "title": cells.text,
        "issued_on": cells.day,
        "content_sha256": cells.sha256,
        "amount_minor": cells.amount,
    },
    key=("notice_id", "version"),
    check=_check_nothing,
)

PAYMENTS = Table(
    name="payments",
    kind=PaymentRow,
    columns={
        "external_id": cells.identifier,
        "account_id": cells.identifier,
        "amount_minor": cells.whole(1, 10**12),
        "currency": cells.currency_code,
        "paid_at": cells.moment_ms,
        "channel": cells.identifier,
        "creditor_reference": cells.optional(cells.text, ""),
        "branch_id": cells.optional(cells.identifier, ""),
    },
    omissible=frozenset({"branch_id"}),
    key=("external_id",),
    check=_check_nothing,
)

REJECTIONS = Table(
    name="rejections",
    kind=RejectionRow,
    columns={
        "creditor_id": cells.identifier,
        "batch": cells.whole(1, BATCH_MAX),
        "line": cells.whole(1, BATCH_MAX),
        "account_id": cells.identifier,
        "amount_minor": cells.whole(1, 10**12),
        "reason": cells.choice(*get_args(RejectionReason)),
        "note": cells.optional(cells.text, ""),
    },
    omissible=frozenset({"note"}),
    key=("creditor_id", "batch", "line"),
    check=_check_nothing,
)
"""What a creditor sends back of a batch; it is no part of a folder that is imported."""

TABLES: dict[str, Table[Any]] = {table.name: table for table in (AGENTS, ACCOUNTS, NOTICES, VISITS, PAYMENTS)}
"""Every table by name, in the order in which a folder is imported: what is named comes before what names it."""
