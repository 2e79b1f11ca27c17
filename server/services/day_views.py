"""What a branch's day looks like to the people who judge it: plain values, ready for a page or for JSON.

Amounts are minor units; times of plan are seconds since the branch's local midnight, times of fact are RFC 3339 as
the phone's clock said. A *blind* view leaves out whatever would tell a cashier how much cash to expect.
"""

from __future__ import annotations

import msgspec

__all__ = [
    "AgentDay",
    "Collected",
    "DayRow",
    "DayView",
    "DecisionView",
    "DiscrepancyView",
    "EquationView",
    "Evidence",
    "MethodTotal",
    "StopView",
    "SyncView",
    "Words",
]


class _View(msgspec.Struct, frozen=True, kw_only=True):
    """Shared settings."""


class Words(_View, frozen=True):
    """One text in both languages."""

    en: str
    zh: str


class Collected(_View, frozen=True):
    """One payment at a stop; `amount_minor` is None where the view is blind."""

    method: str
    amount_minor: int | None
    currency: str
    status: str
    """`stands`, `void_pending`, `voided` or `reversed`."""
    operation: str


class StopView(_View, frozen=True):
    """One stop: plan beside fact. `state` is `done`, `open` or `cancelled`; positions are WGS-84, None if unknown."""

    visit: str
    position: int
    planned: bool
    account: str
    customer: str
    name: str
    address: str
    tasks: tuple[str, ...]
    origin: str
    window_starts_s: int
    window_ends_s: int
    eta_s: int
    leg_m: int
    state: str
    outcome: str
    concluded_at: str
    concluded_by: tuple[str, ...]
    identity: str
    delivered: int
    collected: tuple[Collected, ...] = ()
    discrepancies: tuple[str, ...] = ()
    """Ids of those that concern this stop."""
    review: bool = False
    """Whether one of them waits for a decision."""
    lat_e7: int | None = None
    lon_e7: int | None = None


class MethodTotal(_View, frozen=True):
    """Money that counts, by method; None where the view is blind."""

    method: str
    currency: str
    count: int
    amount_minor: int | None


class EquationView(_View, frozen=True):
    """The day's equation of one currency, as `sync.reconcile.folds.drawer.Equation`."""

    currency: str
    carried: int
    float_issued: int
    collected: int
    voided: int
    void_pending: int
    deposited: int
    handed_over: int
    held: int | None
    counted: int | None
    expected: int
    over_short: int | None
    transferred_in: int = 0
    transferred_out: int = 0
    lost: int = 0


class SyncView(_View, frozen=True):
    """How far the phone's journal is here: `operations` of this day; `held_seq` of `last_seq` numbers in all."""

    operations: int
    last_exchange_ms: int | None
    exchanges: int
    again: int
    reported: bool
    lost: bool
    receipts: int
    receipts_declared: int | None
    held_seq: int
    last_seq: int
    missing: tuple[str, ...] = ()
    """Ranges ``epoch/from–to``."""
    forked: bool = False

    @property
    def complete(self) -> bool:
        """The day's end was reported and no number is missing."""
        return self.reported and not self.missing


class AgentDay(_View, frozen=True):
    """One agent's day. `counted` says whether the cashier has counted; `blind` whether amounts were left out."""

    agent: str
    name: str
    stops: tuple[StopView, ...]
    planned: int
    done: int
    """Of the planned stops."""
    unplanned: int
    """Stops done that are not, or no longer, in the plan."""
    distance_m: int
    methods: tuple[MethodTotal, ...]
    equations: tuple[EquationView, ...]
    outside: tuple[Collected, ...]
    """Payments taken at no visit."""
    sync: SyncView
    discrepancies: tuple[str, ...]
    open: int
    counted: bool
    closed: bool
    blind: bool
    currency: str
    head: str
    """Basis of a count: the last office operation on the drawer."""


class Evidence(_View, frozen=True):
    """An operation that a discrepancy rests on."""

    operation: str
    kind: str
    at: str
    author: str


class DecisionView(_View, frozen=True):
    """What was decided; `current` is false when the ground has changed since."""

    outcome: str
    by: str
    second: str
    note: str
    current: bool


class DiscrepancyView(_View, frozen=True):
    """A discrepancy in words, with who decides and on what ground."""

    id: str
    rule: str
    subject: str
    severity: str
    title: Words
    sentence: Words
    holds: Words
    decides: str
    outcomes: tuple[str, ...]
    two_persons: bool
    suspicion: bool
    open: bool
    ground: str
    agent: str
    """Whose day it concerns; empty when it is nobody's."""
    accused: str
    """Set only by rules with suspicion."""
    visit: str
    operations: tuple[str, ...]
    decision: DecisionView | None
    head: str = ""
    """Basis of a decision: the last office operation on the subject."""


class DayRow(_View, frozen=True):
    """One line of the list of days."""

    branch: str
    service_day: str
    agents: int
    planned: int
    done: int
    """Of the planned stops."""
    unplanned: int
    """Stops done that are not, or no longer, in their agent's plan."""
    unreported: int
    open: int
    closed: bool


class DayView(_View, frozen=True):
    """A branch's day."""

    branch: str
    service_day: str
    agents: tuple[AgentDay, ...]
    discrepancies: tuple[DiscrepancyView, ...]
    open: int
    alarms: int
    closed: bool
    pending: int
    """Operations not yet reconciled, anywhere; while there are any the day may still change."""
    truncated: bool
    """Whether a bound cut something off."""

    def discrepancy(self, id_: str) -> DiscrepancyView | None:
        """One of this day's discrepancies."""
        return next((item for item in self.discrepancies if item.id == id_), None)
