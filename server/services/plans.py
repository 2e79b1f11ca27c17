"""Planning a branch's day: gather what could be visited, ask the planner, check its answer, give the visits out.

The search takes seconds and runs outside the store. Its result is written as a compare-and-set on every visit that
it changes: when one of them changed meanwhile, nothing is written and STATE-STALE says which. The plan itself, with
what was left out and why, is kept as a document and named by a setting.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from server.planning import (
    AgentShift,
    Candidate,
    LeftOut,
    Place,
    Plan,
    PlanRequest,
    check_plan,
    plan,
)
from server.planning.limits import ITERATIONS_DEFAULT, PRIZE_MAX
from server.ports import OfficeWork, Reader, Writer
from server.services.agents import AgentDetails, agents
from server.services.office import Office, Person, actor_for
from server.services.packs import issue_pack
from server.services.present import VisitNow, accounts_now, visits_now
from server.services.visit_rows import visits_of_day
from sync.errors import Conflict, Refused
from sync.operations.office import AccountImported, OfficeBody, VisitAssigned, VisitMoved
from sync.reconcile.folds.account import AccountView

__all__ = ["KeptPlan", "plan_day", "plan_of"]

_UNPLANNED = {
    "ceased": ("The customer asked not to be contacted.", "客户已要求停止联系。"),
    "recalled": ("The creditor recalled the account.", "债权方已收回该账户。"),
}
"""Statuses at which nobody is sent; other reasons stand on the stop itself, as what may not be done there."""

_HELD_BY_PLAN = {
    "honoured": ("The customer keeps to an agreed repayment plan.", "客户正在履行已达成的还款计划。"),
    "pending": ("A repayment plan waits for the office's decision.", "一份还款计划待办公室审批。"),
}
"""Why nobody is sent to collect; whoever has something else to do there still goes, and a booking is kept."""

_COLLECTING = frozenset({"collect", "negotiate", "notice", "identity"})
"""Tasks of a collection visit: with nothing else to do there, nobody goes while a plan holds."""


class KeptPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as made, with what it changed; `left_out` includes visits that were never offered to the planner."""

    plan: Plan
    left_out: tuple[LeftOut, ...]
    made_ms: int
    by: str
    assigned: int
    """Visits that got another agent, place or time."""
    freed: int
    """Visits that were on a route before and are on none now."""
    documents_changed: int = 0
    document: str = ""
    """SHA-256 of the kept document; empty inside itself."""


class _Gathered(msgspec.Struct, frozen=True):
    request: PlanRequest
    visits: dict[str, VisitNow]
    done: dict[str, VisitNow]
    unoffered: tuple[LeftOut, ...]


def plan_day(
    office: Office,
    person: Person,
    branch: str,
    service_day: str,
    *,
    seed: int = 0,
    iterations: int = ITERATIONS_DEFAULT,
    float_minor: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> KeptPlan:
    """Plan and assign a branch's day, and issue its packs; call it from a thread.

    Visits that were started or concluded stay with their agent and where they are; a visit under way is fixed to
    whoever is there. Raises NOT-FOUND without agents, ARGUMENT-WRONG for a request that makes no sense,
    STATE-FORBIDS when the plan breaks a rule (it is not used), STATE-STALE when a visit changed meanwhile.
    """
    by = actor_for(person, "VisitAssigned")
    with office.store.read() as reader:
        gathered = _gather(reader, branch, service_day, seed, iterations)
    made = plan(gathered.request, progress)
    broken = check_plan(gathered.request, made)
    if broken:
        told = "; ".join(f"{item.code} {item.subject}: {item.detail}" for item in broken[:5])
        raise Conflict("STATE-FORBIDS", f"the plan breaks {len(broken)} rule(s) and is not used: {told}")
    bodies, expect = _changes(gathered, made)

    def write(writer: Writer) -> KeptPlan:
        writer.append_office([OfficeWork(body=body, by=by) for body in bodies], expect=expect)
        changed = 0
        for shift in gathered.request.agents:
            changed += issue_pack(writer, office, shift.agent_id, service_day, float_minor=float_minor)[1]
        kept = KeptPlan(
            plan=made,
            left_out=(*made.left_out, *gathered.unoffered),
            made_ms=office.clock.now_ms(),
            by=by.user,
            assigned=sum(isinstance(body, VisitAssigned) for body in bodies),
            freed=sum(isinstance(body, VisitMoved) for body in bodies),
            documents_changed=changed,
        )
        document = writer.put_blob(msgspec.json.encode(kept))
        writer.put_setting(_setting(branch, service_day), document)
        return msgspec.structs.replace(kept, document=document)

    return office.store.write_now(write)


def plan_of(reader: Reader, branch: str, service_day: str) -> KeptPlan:
    """The last plan of a branch's day; raises NOT-FOUND."""
    document = reader.setting(_setting(branch, service_day))
    data = reader.blob(document) if document else None
    if data is None:
        raise Refused("NOT-FOUND", f"{branch[:64]} has no plan for {service_day[:10]}")
    return msgspec.structs.replace(msgspec.json.decode(data, type=KeptPlan), document=document)


def _setting(branch: str, service_day: str) -> str:
    return f"plan/{branch}/{service_day}"


def _gather(reader: Reader, branch: str, service_day: str, seed: int, iterations: int) -> _Gathered:
    working = [details for details in agents(reader, branch) if details.registered is not None]
    if not working:
        raise Refused("NOT-FOUND", f"branch {branch[:64]!r} has no agents")
    present = visits_now(reader, visits_of_day(reader, branch, service_day))
    todays = {name: visit for name, visit in present.items() if visit.service_day == service_day}
    todo = {name: visit for name, visit in todays.items() if visit.open}
    done = {name: visit for name, visit in todays.items() if visit.concluded_by}
    accounts = accounts_now(reader, {visit.planned.account for visit in todo.values()})
    names = {details.agent for details in working}
    taken = {agent: sum(agent in visit.concluded_by for visit in done.values()) for agent in names}
    frame = PlanRequest(
        branch_id=branch,
        service_day=service_day,
        agents=tuple(_shift(details, taken[details.agent]) for details in working),
        candidates=(),
        seed=seed,
        iterations_max=iterations,
    )
    candidates: list[Candidate] = []
    unoffered: list[LeftOut] = []
    for name, visit in sorted(todo.items()):
        view = accounts[visit.planned.account]
        statement = view.statement
        reason = _unplanned(visit, view)
        if statement is None or reason is not None:
            unoffered += [reason] if reason else []
            continue
        candidates.append(_candidate(name, visit, statement, names, frame.speed_mps))
    request = msgspec.structs.replace(frame, candidates=tuple(candidates))
    return _Gathered(request, todo, done, tuple(unoffered))


def _shift(details: AgentDetails, done: int) -> AgentShift:
    registered = details.registered
    if registered is None:
        raise TypeError("only registered agents are planned")
    return AgentShift(
        agent_id=details.agent,
        home=Place(registered.home_lat_e7 / 10_000_000, registered.home_lon_e7 / 10_000_000),
        starts_s=registered.shift_starts_s,
        ends_s=registered.shift_ends_s,
        visits_max=max(0, registered.visits_max - done),
        skills=registered.skills,
    )


def _unplanned(visit: VisitNow, view: AccountView) -> LeftOut | None:
    """Why nobody is sent; None where somebody is. A visit under way is not called back."""
    code, words = "", None
    if view.statement is None:
        code, words = "ACCOUNT-UNKNOWN", ("The account is unknown.", "账户未知。")
    elif view.statement.status in _UNPLANNED:
        code, words = f"ACCOUNT-{view.statement.status.upper()}", _UNPLANNED[view.statement.status]
    elif view.plan_holds and _only_collects(visit) and not visit.started_by:
        code, words = f"PLAN-{view.plan_holds.upper()}", _HELD_BY_PLAN[view.plan_holds]
    if words is None:
        return None
    return LeftOut(
        visit_id=visit.visit,
        mandatory=visit.planned.mandatory,
        reason_code=code,
        reason_en=words[0],
        reason_zh=words[1],
    )


def _only_collects(visit: VisitNow) -> bool:
    return visit.planned.origin != "booking" and _COLLECTING.issuperset(visit.planned.tasks)


def _candidate(
    name: str, visit: VisitNow, statement: AccountImported, agents_known: set[str], speed_mps: float
) -> Candidate:
    # A prize is stated in seconds of an agent's time; the planner weighs metres of way, at its own speed.
    prize_m = min(PRIZE_MAX, round(visit.planned.prize * speed_mps))
    under_way = [agent for agent in visit.started_by if agent in agents_known]
    return Candidate(
        visit_id=name,
        place=Place(statement.lat_e7 / 10_000_000, statement.lon_e7 / 10_000_000),
        service_s=visit.planned.service_s,
        windows=((visit.window_starts_s, visit.window_ends_s),),
        mandatory=visit.planned.mandatory or bool(under_way),
        prize=prize_m,
        agent_id=under_way[0] if under_way else None,
    )


def _changes(gathered: _Gathered, made: Plan) -> tuple[list[OfficeBody], dict[str, str]]:
    """Operations for every visit that the plan changes, and their bases; what stays as it is stays unwritten."""
    bodies: list[OfficeBody] = []
    expect: dict[str, str] = {}
    routed: set[str] = set()
    day = gathered.request.service_day
    for route in made.routes:
        offset = sum(route.agent_id in visit.concluded_by for visit in gathered.done.values())
        for stop in route.stops:
            visit = gathered.visits[stop.visit_id]
            routed.add(stop.visit_id)
            body = VisitAssigned(
                visit=stop.visit_id,
                agent=route.agent_id,
                service_day=day,
                position=stop.position + offset,
                eta_s=stop.arrive_s,
                leg_m=stop.leg_m,
                basis=visit.head,
            )
            if (visit.agent, visit.position, visit.eta_s, visit.leg_m) != (
                body.agent, body.position, body.eta_s, body.leg_m,
            ):  # fmt: skip
                bodies.append(body)
                expect[f"visit:{stop.visit_id}"] = visit.head
    for name, visit in sorted(gathered.visits.items()):
        if name not in routed and visit.agent:
            # Taken off the route: it stays on its day, and is nobody's.
            bodies.append(
                VisitMoved(
                    visit=name,
                    service_day=day,
                    window_starts_s=visit.window_starts_s,
                    window_ends_s=visit.window_ends_s,
                    basis=visit.head,
                )
            )
            expect[f"visit:{name}"] = visit.head
    return bodies, expect
