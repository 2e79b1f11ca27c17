"""Lists for people and for other programs: plain values, nothing personal but an agent's name.

What a cashier may see of a drawer is *blind* until it was counted: nothing tells how much cash to expect.
"""

from __future__ import annotations

from typing import Any

import msgspec

from server.ports import Device, Reader
from server.services.agents import agents
from server.services.office import Person
from server.services.present import visits_now
from server.services.visit_rows import visits_of_day
from sync.reconcile.catalogue import CATALOGUE, explain
from sync.reconcile.facts import Decision, Discrepancy

__all__ = [
    "AccountLine",
    "AgentLine",
    "DeviceLine",
    "DiscrepancyLine",
    "DrawerLine",
    "Page",
    "VisitLine",
    "list_accounts",
    "list_agents",
    "list_devices",
    "list_discrepancies",
    "list_drawers",
    "list_visits",
]

LIST_MAX = 1_000
"""Lines of one page; `next` of the answer asks for those after it."""


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """Shared settings."""


class Page(_Line, frozen=True):
    """A page of lines; `next` is empty on the last one."""

    items: list[Any]
    next: str = ""


class AgentLine(_Line, frozen=True):
    """An agent as registered; times are seconds since local midnight."""

    agent: str
    name: str
    branch: str
    shift_starts_s: int
    shift_ends_s: int
    visits_max: int
    cash_limit_minor: int
    currency: str
    devices: int


class VisitLine(_Line, frozen=True):
    """A visit as it stands now; `state` is `open`, `started`, `concluded` or `cancelled`."""

    visit: str
    account: str
    customer: str
    branch: str
    service_day: str
    tasks: tuple[str, ...]
    origin: str
    mandatory: bool
    window_starts_s: int
    window_ends_s: int
    agent: str
    position: int
    eta_s: int
    state: str
    concluded_by: tuple[str, ...]
    basis: str


class AccountLine(_Line, frozen=True):
    """An account's state as last folded; amounts are minor units."""

    account: str
    customer: str
    currency: str
    status: str
    as_of_ms: int
    payoff_minor: int
    external_minor: int
    collected_minor: int
    debt_left_minor: int
    credit_minor: int
    suspense_minor: int


class DiscrepancyLine(_Line, frozen=True):
    """A discrepancy with its words and who decides it; `ground` is what a decision names."""

    id: str
    rule: str
    subject: str
    severity: str
    open: bool
    decides: str
    outcomes: tuple[str, ...]
    title: str
    sentence: str
    holds: str
    ground: str
    branch: str
    service_day: str
    agent: str
    decision: Decision | None


class DrawerLine(_Line, frozen=True):
    """A drawer; `equations` is empty while it is blind."""

    agent: str
    service_day: str
    branch: str
    reported: bool
    lost: bool
    counted: bool
    closed: bool
    blind: bool
    equations: list[dict[str, Any]]


class DeviceLine(_Line, frozen=True):
    """An enrolled phone."""

    device: str
    agent: str
    branch: str
    model: str
    enrolled_ms: int
    revoked_ms: int
    locked_ms: int
    wipe_after_upload: bool
    basis: str
    """Hash of the last office operation on the phone: what a command may be based on."""


def list_agents(reader: Reader, branch: str | None = None) -> list[AgentLine]:
    """Registered agents by id."""
    return [
        AgentLine(
            agent=details.agent,
            name=details.name,
            branch=details.branch,
            shift_starts_s=details.registered.shift_starts_s,
            shift_ends_s=details.registered.shift_ends_s,
            visits_max=details.registered.visits_max,
            cash_limit_minor=details.registered.cash_limit_minor,
            currency=details.registered.currency,
            devices=len(reader.devices(agent=details.agent)),
        )
        for details in agents(reader, branch)
        if details.registered is not None
    ]


def list_visits(reader: Reader, branch: str, service_day: str) -> list[VisitLine]:
    """The visits of a branch's day, by agent and position; those that nobody has come last."""
    found = []
    for visit in visits_now(reader, visits_of_day(reader, branch, service_day)).values():
        if visit.service_day != service_day:
            continue
        state = "cancelled" if visit.cancelled else "started" if visit.started_by else "open"
        found.append(
            VisitLine(
                visit=visit.visit,
                account=visit.planned.account,
                customer=visit.planned.customer,
                branch=visit.planned.branch,
                service_day=visit.service_day,
                tasks=visit.planned.tasks,
                origin=visit.planned.origin,
                mandatory=visit.planned.mandatory,
                window_starts_s=visit.window_starts_s,
                window_ends_s=visit.window_ends_s,
                agent=visit.agent,
                position=visit.position,
                eta_s=visit.eta_s,
                state="concluded" if visit.concluded_by else state,
                concluded_by=visit.concluded_by,
                basis=visit.head,
            )
        )
    return sorted(found, key=lambda line: (not line.agent, line.agent, line.position, line.visit))


def list_accounts(reader: Reader, after: str = "", limit: int = LIST_MAX) -> Page:
    """Accounts by id, after one."""
    limit = max(1, min(limit, LIST_MAX))
    rows = reader.aggregates_of("account", after=f"account:{after}" if after else "", limit=limit)
    lines = [
        msgspec.convert({name: state[name] for name in AccountLine.__struct_fields__}, AccountLine) for _, state in rows
    ]
    return Page(items=lines, next=lines[-1].account if len(rows) == limit else "")


def list_discrepancies(
    reader: Reader,
    *,
    branch: str | None = None,
    service_day: str | None = None,
    open_only: bool = False,
    rule: str | None = None,
    subject: str | None = None,
    after: str = "",
    language: str = "en",
    limit: int = LIST_MAX,
) -> Page:
    """Discrepancies by id, filtered."""
    limit = max(1, min(limit, LIST_MAX))
    rows = reader.discrepancies(
        branch=branch,
        service_day=service_day,
        open_only=open_only,
        rule=rule,
        subject=subject,
        after=after,
        limit=limit,
    )
    lines = [_discrepancy(item, language) for item in rows]
    return Page(items=lines, next=rows[-1].id if len(rows) == limit else "")


def _discrepancy(item: Discrepancy, language: str) -> DiscrepancyLine:
    rule = CATALOGUE[item.rule]
    title, sentence, holds = explain(item, language)
    return DiscrepancyLine(
        id=item.id,
        rule=item.rule,
        subject=item.subject,
        severity=item.severity,
        open=item.open,
        decides=rule.decides,
        outcomes=rule.outcomes,
        title=title,
        sentence=sentence,
        holds=holds,
        ground=item.ground,
        branch=item.branch,
        service_day=item.service_day,
        agent=item.agent,
        decision=item.decision,
    )


def list_drawers(reader: Reader, person: Person, branch: str, service_day: str) -> list[DrawerLine]:
    """The day's drawers of a branch; blind for a cashier as long as something handed over is uncounted."""
    keys = [f"drawer:{details.agent}/{service_day}" for details in agents(reader, branch)]
    found = []
    for _, state in sorted(reader.aggregates(keys).items()):
        if not state["opened"]:
            continue
        counted = any(equation["counted"] is not None for equation in state["equations"])
        blind = person.has("cashier") and not counted
        found.append(
            DrawerLine(
                agent=state["agent"],
                service_day=state["service_day"],
                branch=state["branch"],
                reported=state["reported"],
                lost=state["lost"],
                counted=counted,
                closed=bool(state["closed_by"]),
                blind=blind,
                equations=[] if blind else state["equations"],
            )
        )
    return found


def list_devices(reader: Reader, agent: str | None = None) -> list[DeviceLine]:
    """Enrolled phones by id."""
    found: list[Device] = []
    while page := reader.devices(agent=agent, after=found[-1].device if found else ""):
        found += page
    return [
        DeviceLine(
            device=item.device,
            agent=item.agent,
            branch=item.branch,
            model=item.model,
            enrolled_ms=item.enrolled_ms,
            revoked_ms=item.revoked_ms,
            locked_ms=item.locked_ms,
            wipe_after_upload=item.wipe_after_upload,
            basis=reader.aggregate_head(f"device:{item.device}"),
        )
        for item in found
        if item.agent
    ]
