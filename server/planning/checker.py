"""Checks a plan against its request, sharing nothing with the planner but the model.

It has its own haversine, its own idea of travel times and of who may make what, and reads only what the
plan says. A plan with no violations may be handed to agents; whether it is a *good* plan is not judged.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from server.planning.model import AgentRoute, AgentShift, Candidate, Place, Plan, PlannedStop, PlanRequest

__all__ = ["Violation", "check_plan"]

_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth in metres."""
_LEG_TOLERANCE_M: Final = 1.0
"""A plan states whole metres."""
_TRAVEL_TOLERANCE_S: Final = 2.0
"""A plan states whole seconds, rounded up."""


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule the plan breaks: a code, the visit or agent concerned, and a sentence with the values."""

    code: str
    subject: str
    detail: str


def check_plan(request: PlanRequest, plan: Plan) -> list[Violation]:
    """List every violation, empty for a sound plan; never raises for a plan that is merely wrong."""
    shifts = {agent.agent_id: agent for agent in request.agents}
    wanted = {candidate.visit_id: candidate for candidate in request.candidates}
    found = list(_check_accounts(wanted, shifts, plan))
    for route in plan.routes:
        shift = shifts.get(route.agent_id)
        if shift is None:
            found.append(_violation("AGENT-UNKNOWN", route.agent_id, "The request has no such agent."))
            continue
        found += _check_duties(shift, route, wanted)
        found += _check_times(request, shift, route, wanted)
    found += _check_seal(request, plan)
    return found


def _check_accounts(wanted: dict[str, Candidate], shifts: dict[str, AgentShift], plan: Plan) -> Iterator[Violation]:
    """Each visit is planned or left out exactly once, each agent has one route."""
    times = Counter(stop.visit_id for route in plan.routes for stop in route.stops)
    times.update(left_out.visit_id for left_out in plan.left_out)
    for visit_id, count in times.items():
        if visit_id not in wanted:
            yield _violation("VISIT-UNKNOWN", visit_id, "The request has no such visit.")
        if count > 1:
            yield _violation("VISIT-REPEATED", visit_id, f"It is planned or left out {count} times.")
    for visit_id in wanted:
        if visit_id not in times:
            yield _violation("VISIT-UNACCOUNTED", visit_id, "It is neither planned nor left out.")
    routes = Counter(route.agent_id for route in plan.routes)
    for agent_id in shifts:
        if routes[agent_id] != 1:
            yield _violation("AGENT-ROUTES", agent_id, f"The agent has {routes[agent_id]} routes.")
    optional_seen = False
    for left_out in plan.left_out:
        visit = wanted.get(left_out.visit_id)
        if visit is not None and visit.mandatory != left_out.mandatory:
            yield _violation("MANDATORY-WRONG", left_out.visit_id, f"It says mandatory={left_out.mandatory}.")
        if left_out.mandatory and optional_seen:
            yield _violation("ORDER-WRONG", left_out.visit_id, "A mandatory visit is listed after optional ones.")
        optional_seen = optional_seen or not left_out.mandatory
        if not (left_out.reason_code and left_out.reason_en and left_out.reason_zh):
            yield _violation("REASON-MISSING", left_out.visit_id, "It is left out without a reason.")


def _check_duties(shift: AgentShift, route: AgentRoute, wanted: dict[str, Candidate]) -> Iterator[Violation]:
    """Who does it: numbers, skills, fixed agents."""
    if len(route.stops) > shift.visits_max:
        yield _violation("VISITS-MAX", shift.agent_id, f"{len(route.stops)} stops, at most {shift.visits_max} allowed.")
    for place, stop in enumerate(route.stops, start=1):
        if stop.position != place:
            yield _violation("POSITION-WRONG", stop.visit_id, f"Stop {place} says position {stop.position}.")
        visit = wanted.get(stop.visit_id)
        if visit is None:
            continue
        if visit.agent_id is not None and visit.agent_id != shift.agent_id:
            yield _violation("AGENT-WRONG", stop.visit_id, f"Fixed to {visit.agent_id}, planned for {shift.agent_id}.")
        lacking = sorted(set(visit.skills).difference(shift.skills))
        if lacking:
            yield _violation("SKILL-LACKING", stop.visit_id, f"{shift.agent_id} lacks {', '.join(lacking)}.")


def _check_times(
    request: PlanRequest, shift: AgentShift, route: AgentRoute, wanted: dict[str, Candidate]
) -> Iterator[Violation]:
    """When and how far: follow the route leg by leg as the plan tells it."""
    ready_s = max(shift.starts_s, shift.present_s or 0)
    if route.starts_s < ready_s:
        yield _violation("SHIFT-EARLY", shift.agent_id, f"Sets out at {route.starts_s}, ready at {ready_s}.")
    # An agent without stops only goes home, however late it is.
    if route.stops and route.ends_s > shift.ends_s:
        yield _violation("SHIFT-LATE", shift.agent_id, f"Home at {route.ends_s}, shift ends {shift.ends_s}.")
    place, time_s = shift.present or shift.home, route.starts_s
    for stop in route.stops:
        visit = wanted.get(stop.visit_id)
        if visit is None:
            return
        yield from _check_leg(request, stop.visit_id, place, visit.place, stop.leg_m, stop.arrive_s - time_s)
        yield from _check_service(visit, stop)
        place, time_s = visit.place, stop.leave_s
    yield from _check_leg(request, shift.agent_id, place, shift.home, route.return_m, route.ends_s - time_s)
    legs_m = sum(stop.leg_m for stop in route.stops) + route.return_m
    if route.distance_m != legs_m:
        yield _violation("DISTANCE-WRONG", shift.agent_id, f"Says {route.distance_m} m, legs sum to {legs_m}.")


def _check_leg(
    request: PlanRequest, subject: str, a: Place, b: Place, leg_m: int, travel_s: int
) -> Iterator[Violation]:
    way_m = _haversine_m(a, b) * request.detour_factor
    if abs(leg_m - way_m) > _LEG_TOLERANCE_M:
        yield _violation("LEG-WRONG", subject, f"The leg says {leg_m} m and is {way_m:.1f} m.")
    needed_s = way_m / request.speed_mps
    if travel_s < needed_s - 1e-6:
        yield _violation("TRAVEL-TOO-FAST", subject, f"{travel_s} s for a way of {needed_s:.1f} s.")
    elif travel_s > needed_s + _TRAVEL_TOLERANCE_S:
        yield _violation("ETA-WRONG", subject, f"{travel_s} s for a way of {needed_s:.1f} s.")


def _check_service(visit: Candidate, stop: PlannedStop) -> Iterator[Violation]:
    if stop.start_s < stop.arrive_s:
        yield _violation("ETA-WRONG", visit.visit_id, f"Starts {stop.start_s}, arrives {stop.arrive_s}.")
    if not any(start_s <= stop.start_s <= end_s for start_s, end_s in visit.windows):
        yield _violation("WINDOW-MISSED", visit.visit_id, f"Starts at {stop.start_s}, outside its windows.")
    if stop.start_s != stop.arrive_s and all(stop.start_s != start_s for start_s, _ in visit.windows):
        yield _violation("WAIT-WITHOUT-CAUSE", visit.visit_id, f"Waits until {stop.start_s} for no window.")
    if stop.leave_s != stop.start_s + visit.service_s:
        yield _violation(
            "SERVICE-WRONG",
            visit.visit_id,
            f"Served {stop.leave_s - stop.start_s} s instead of {visit.service_s} s.",
        )


def _check_seal(request: PlanRequest, plan: Plan) -> Iterator[Violation]:
    """The plan belongs to this request and its digest to this plan."""
    if (plan.branch_id, plan.service_day, plan.seed) != (request.branch_id, request.service_day, request.seed):
        yield _violation("REQUEST-WRONG", plan.branch_id, "Branch, service day or seed are not the request's.")
    total_m = sum(route.distance_m for route in plan.routes)
    if plan.distance_m != total_m:
        yield _violation("DISTANCE-WRONG", plan.branch_id, f"Says {plan.distance_m} m, routes sum to {total_m}.")
    encoded = msgspec.json.encode(msgspec.structs.replace(plan, digest=""), order="deterministic")
    if plan.digest != hashlib.sha256(encoded).hexdigest():
        yield _violation("DIGEST-WRONG", plan.branch_id, "The digest is not that of the plan.")


def _haversine_m(a: Place, b: Place) -> float:
    """Great circle in metres, by the plain formula."""
    latitude_a, latitude_b = math.radians(a.latitude), math.radians(b.latitude)
    half_latitude = (latitude_b - latitude_a) / 2
    half_longitude = math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_latitude) ** 2
    chord += math.cos(latitude_a) * math.cos(latitude_b) * math.sin(half_longitude) ** 2
    return 2 * _RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def _violation(code: str, subject: str, detail: str) -> Violation:
    return Violation(code=code, subject=subject, detail=detail)
