"""Rows as the office uses them: identifiers, minor units, milliseconds, seconds since midnight, WGS-84."""

from __future__ import annotations

from typing import Literal

import msgspec

from sync.operations.money import RejectionReason

__all__ = ["AccountRow", "AgentRow", "NoticeRow", "PaymentRow", "RejectionRow", "Row", "Status", "Task", "VisitRow"]

Status = Literal["open", "written_off", "recalled", "moratorium", "disputed", "ceased"]
"""As in `AccountImported`."""

Task = Literal["collect", "notice", "identity", "negotiate", "update_details"]
"""As in `VisitPlanned`."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What every row has: its number in the file, the header being 1."""

    row: int


class AgentRow(Row, frozen=True, kw_only=True):
    """A row of `agents.csv`."""

    agent_id: str
    name: str
    branch_id: str
    home_latitude: float
    home_longitude: float
    shift_start: int
    shift_end: int
    visits_max: int
    cash_limit_minor: int
    currency: str = "CNY"
    skills: tuple[str, ...] = ()
    datum: str = "wgs84"


class AccountRow(Row, frozen=True, kw_only=True):
    """A row of `accounts.csv`."""

    account_id: str
    customer_id: str
    creditor_id: str
    product: str
    currency: str
    as_of: int
    minimum_due_minor: int
    overdue_minor: int
    statement_minor: int
    payoff_minor: int
    due_date: str
    months_late: int
    status: Status
    name: str
    phone: str
    address: str
    latitude: float
    longitude: float
    last_four: str
    language: str
    datum: str = "wgs84"
    invented: bool = False
    absorbs_through: int = 0
    absorbs_references: tuple[str, ...] = ()


class VisitRow(Row, frozen=True, kw_only=True):
    """A row of `visits.csv`."""

    visit_id: str
    account_id: str
    service_day: str
    branch_id: str
    tasks: tuple[Task, ...]
    window_start: int
    window_end: int
    service_minutes: int
    mandatory: bool
    prize: int
    booked_amount_minor: int
    kind: Literal["booking", "planned"]
    visit_code: str
    staff_min: int = 0


class NoticeRow(Row, frozen=True, kw_only=True):
    """A row of `notices.csv`; the letter is a file of its own."""

    notice_id: str
    version: int
    account_id: str
    customer_id: str
    title: str
    issued_on: str
    content_sha256: str
    amount_minor: int


class PaymentRow(Row, frozen=True, kw_only=True):
    """A row of `payments.csv`."""

    external_id: str
    account_id: str
    amount_minor: int
    currency: str
    paid_at: int
    channel: str
    creditor_reference: str
    branch_id: str = ""


class RejectionRow(Row, frozen=True, kw_only=True):
    """A row of a creditor's `rejections.csv`."""

    creditor_id: str
    batch: int
    line: int
    account_id: str
    amount_minor: int
    reason: RejectionReason
    note: str = ""
