"""A branch's day, assembled from what the folds said: bounded by the day's own size, never by history.

Everything is looked up by key (drawers of the branch's agents for this day, the visits that their packs and
conclusions name) or by the index on branch and service day (postings, discrepancies).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from server.limits import BRANCHES_MAX, DAY_AGENTS_MAX, DAY_DISCREPANCIES_MAX, DAY_STOPS_MAX
from server.ports import Reader
from server.services.agents import AgentDetails
from server.services.customers import CustomerDetails
from server.services.day_discrepancies import discrepancy_view, whose
from server.services.day_stops import DayPayment, agent_day, payments_of
from server.services.day_views import DayRow, DayView, DiscrepancyView
from sync.reconcile.facts import Discrepancy

__all__ = ["branches", "day_view", "recent_days"]

_DAYS_MAX = 60
"""Days of one agent that the list looks through."""


def branches(reader: Reader) -> list[str]:
    """Every branch that has agents or devices, sorted."""
    found = {state["branch"] for _, state in reader.aggregates_of("branch", limit=BRANCHES_MAX)}
    found |= {author.branch for author in reader.registry().values() if author.agent}
    return sorted(found - {""})


def _agents_of(reader: Reader, branch: str) -> list[AgentDetails]:
    """The branch's agents by id: registered ones, and those whose device says that they are here."""
    state = reader.aggregate(f"branch:{branch}") or {"agents": {}}
    known = set(state["agents"]) | {a.agent for a in reader.registry().values() if a.agent and a.branch == branch}
    ids = sorted(known)[:DAY_AGENTS_MAX]
    rows = reader.personal_many("agent", ids)
    names = {id_: msgspec.json.decode(row, type=AgentDetails) for id_, row in rows.items()}
    return [names.get(id_) or AgentDetails(agent=id_, branch=branch, name=id_) for id_ in ids]


def recent_days(reader: Reader, branch: str, since: str) -> list[DayRow]:
    """Days on which an agent of the branch has a drawer, from `since` (YYYY-MM-DD) on, the latest first."""
    by_day: defaultdict[str, list[str]] = defaultdict(list)
    for details in _agents_of(reader, branch):
        prefix = f"drawer:{details.agent}/"
        for key in reader.keys_starting(prefix, after=f"{prefix}{since}", limit=_DAYS_MAX):
            by_day[key.rpartition("/")[2]].append(key)
    return [_row(reader, branch, day, by_day[day]) for day in sorted(by_day, reverse=True)]


def _row(reader: Reader, branch: str, day: str, keys: Sequence[str]) -> DayRow:
    states = [state for state in reader.aggregates(keys).values() if state and state["opened"]]
    ours = reader.discrepancies(branch=branch, service_day=day, open_only=True, limit=DAY_DISCREPANCIES_MAX)
    return DayRow(
        branch=branch,
        service_day=day,
        agents=len(states),
        planned=sum(len(state["planned"]) for state in states),
        done=sum(len(set(state["concluded"]).intersection(state["planned"])) for state in states),
        unplanned=sum(len(set(state["concluded"]).difference(state["planned"])) for state in states),
        unreported=sum(not (state["reported"] or state["lost"]) for state in states),
        open=len(ours),
        closed=bool(states) and all(state["closed_by"] for state in states),
    )


def day_view(reader: Reader, branch: str, service_day: str, *, blind: bool = False) -> DayView:
    """Everything about one branch's day. `blind` hides amounts of cash that is not yet counted: for cashiers."""
    people = _agents_of(reader, branch)
    drawers = reader.aggregates([f"drawer:{person.agent}/{service_day}" for person in people])
    drawers = {key: state for key, state in drawers.items() if state["opened"]}
    people = [person for person in people if drawers.get(f"drawer:{person.agent}/{service_day}")]
    states = {person.agent: drawers[f"drawer:{person.agent}/{service_day}"] for person in people}
    visit_ids, cut = _visit_ids(states)
    visits = _by_name(reader.aggregates([f"visit:{visit}" for visit in visit_ids]))
    customers = _customers(reader, visits)
    agent_of_visit = {visit: agent for agent, state in states.items() for visit in state["concluded"]}
    for agent, state in states.items():
        for visit in state["planned"]:
            agent_of_visit.setdefault(visit, agent)
    payments = payments_of(reader, branch, service_day)
    found = _discrepancies(reader, branch, service_day, set(states))
    views = _views(reader, found, visits, agent_of_visit, payments)
    if blind:
        views = [view for view in views if view.rule != "CASH-VARIANCE" or _is_counted(states.get(view.agent))]
    days = tuple(
        agent_day(
            reader,
            person=person,
            customers=customers,
            service_day=service_day,
            drawer=states[person.agent],
            visits=visits,
            payments=[payment for payment in payments if payment.agent == person.agent],
            discrepancies=[view for view in views if view.agent == person.agent],
            blind=blind,
        )
        for person in people
    )
    return DayView(
        branch=branch,
        service_day=service_day,
        agents=days,
        discrepancies=tuple(views),
        open=sum(view.open for view in views),
        alarms=sum(view.open and view.severity == "alarm" for view in views),
        closed=bool(days) and all(day.closed for day in days),
        pending=reader.pending_count(),
        truncated=cut or len(people) >= DAY_AGENTS_MAX or len(found) >= DAY_DISCREPANCIES_MAX,
    )


def _visit_ids(states: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], bool]:
    ids = dict.fromkeys(visit for state in states.values() for visit in (*state["planned"], *state["concluded"]))
    return list(ids)[:DAY_STOPS_MAX], len(ids) > DAY_STOPS_MAX


def _customers(reader: Reader, visits: Mapping[str, Mapping[str, Any]]) -> dict[str, CustomerDetails]:
    ids = {str(state["customer"]) for state in visits.values() if state.get("customer")}
    rows = reader.personal_many("customer", ids)
    return {id_: msgspec.json.decode(data, type=CustomerDetails) for id_, data in rows.items()}


def _by_name(states: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key.partition(":")[2]: state for key, state in states.items()}


def _is_counted(drawer: Mapping[str, Any] | None) -> bool:
    return drawer is not None and any(equation["counted"] is not None for equation in drawer["equations"])


def _discrepancies(reader: Reader, branch: str, service_day: str, present: set[str]) -> list[Discrepancy]:
    """The day's own, and open ones of the branch that belong to no day but to a device or receipt of these agents."""
    ours = reader.discrepancies(branch=branch, service_day=service_day, limit=DAY_DISCREPANCIES_MAX)
    timeless = reader.discrepancies(branch=branch, service_day="", open_only=True, limit=DAY_DISCREPANCIES_MAX)
    registry = reader.registry()
    for found in timeless:
        author = registry.get(found.subject.partition(":")[2].partition("/")[0])
        if author is not None and author.agent in present:
            ours.append(found)
    order = {"alarm": 0, "review": 1, "info": 2}
    return sorted(ours, key=lambda item: (not item.open, order.get(item.severity, 3), item.id))[:DAY_DISCREPANCIES_MAX]


def _views(
    reader: Reader,
    found: Sequence[Discrepancy],
    visits: Mapping[str, Mapping[str, Any]],
    agent_of_visit: Mapping[str, str],
    payments: Sequence[DayPayment],
) -> list[DiscrepancyView]:
    finder = whose(reader, visits, agent_of_visit, {payment.operation: payment.visit for payment in payments}, found)
    views = []
    for item in found:
        agent, visit = finder.find(item)
        views.append(discrepancy_view(item, agent, visit, reader.aggregate_head(item.subject)))
    return views
