"""The demonstration's world as the office's intake files state it: one struct a row, one field a column.

The order of the fields is the order of the columns. `writing` turns a value into a cell: booleans into
`yes` and `no`, nothing into an empty cell, several tasks into one cell with `;` between them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

import msgspec

__all__ = ["TASKS", "Account", "Agent", "Notice", "Payment", "Status", "Task", "Visit", "World"]

Status = Literal["open", "written_off", "recalled", "moratorium", "disputed"]
"""What the creditor says about an account."""

Task = Literal["collect", "notice", "identity", "negotiate", "update_details"]
"""What is to be done at a visit."""

TASKS: tuple[Task, ...] = ("collect", "notice", "identity", "negotiate", "update_details")
"""All tasks, in the order in which a visit lists them."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `accounts.csv`: what is owed as of a time, and who owes it. Amounts are minor units."""

    account_id: str
    customer_id: str
    creditor_id: str
    product: str
    currency: str
    as_of: datetime
    minimum_due_minor: int
    overdue_minor: int
    statement_minor: int
    payoff_minor: int
    due_date: date
    months_late: int
    status: Status
    name: str
    phone: str
    address: str
    latitude: float
    longitude: float
    datum: str
    last_four: str
    language: str
    invented: bool

    @property
    def dunned(self) -> bool:
        """Whether somebody may be sent: open, at least a month late, and something is owed."""
        return self.status == "open" and self.months_late >= 1 and self.payoff_minor > 0


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `visits.csv`: a candidate for the day's routes. `prize` is in seconds of an agent's time."""

    visit_id: str
    account_id: str
    service_day: date
    branch_id: str
    tasks: tuple[Task, ...]
    window_start: time
    window_end: time
    service_minutes: int
    mandatory: bool
    prize: int
    booked_amount_minor: int | None
    kind: Literal["booking", "planned"]
    visit_code: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `notices.csv`; `text` is the letter itself, written beside it, whose hash the row states."""

    notice_id: str
    version: int
    account_id: str
    customer_id: str
    title: str
    issued_on: date
    content_sha256: str
    amount_minor: int
    text: str


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `agents.csv`: who drives, from where (WGS-84), when, and with how much cash at most."""

    agent_id: str
    name: str
    branch_id: str
    home_latitude: float
    home_longitude: float
    shift_start: time
    shift_end: time
    visits_max: int
    cash_limit_minor: int


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `payments.csv`: money that reached the creditor without us."""

    external_id: str
    account_id: str
    amount_minor: int
    currency: str
    paid_at: datetime
    channel: str
    creditor_reference: str
    branch_id: str


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the office takes in for one service day, in the order in which it is written."""

    seed: int
    service_day: date
    accounts: tuple[Account, ...]
    visits: tuple[Visit, ...]
    notices: tuple[Notice, ...]
    agents: tuple[Agent, ...]
    payments: tuple[Payment, ...]
