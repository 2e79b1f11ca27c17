"""The checker sees every way in which a plan can be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec
import pytest

from server.planning import AgentRoute, LeftOut, Plan, PlannedStop, PlanRequest, check_plan, plan
from tests.planning.worlds import street_agent, street_day, street_visit

REQUEST = street_day(
    [street_agent("li", visits_max=2, skills=("legal",)), street_agent("wang", visits_max=2)],
    [
        street_visit("a", 1.0, windows=((1000, 1500),), agent_id="li", skills=("legal",)),
        street_visit("b", 2.0, windows=((2000, 2500),), agent_id="li", mandatory=True),
        street_visit("c", 3.0, windows=((20_000, 20_100),), mandatory=True),
        street_visit("d", 3.0, windows=((20_000, 20_100),)),
    ],
)
SOUND = plan(REQUEST)


def _stops(change: Callable[[tuple[PlannedStop, ...]], tuple[PlannedStop, ...]]) -> Plan:
    return _route(stops=change(SOUND.routes[0].stops))


def _first(**changes: int | str) -> Plan:
    return _stops(lambda stops: (msgspec.structs.replace(stops[0], **changes), *stops[1:]))


def _second(**changes: int | str) -> Plan:
    return _stops(lambda stops: (stops[0], msgspec.structs.replace(stops[1], **changes)))


def _route(**changes: object) -> Plan:
    changed: AgentRoute = msgspec.structs.replace(SOUND.routes[0], **changes)
    return _sealed(routes=(changed, *SOUND.routes[1:]))


def _left_out(index: int, **changes: object) -> Plan:
    listed: list[LeftOut] = list(SOUND.left_out)
    listed[index] = msgspec.structs.replace(listed[index], **changes)
    return _sealed(left_out=tuple(listed))


def _sealed(**changes: object) -> Plan:
    """A changed plan with a fitting digest, so that only the change is wrong."""
    bare = msgspec.structs.replace(SOUND, **changes, digest="")
    encoded = msgspec.json.encode(bare, order="deterministic")
    return msgspec.structs.replace(bare, digest=hashlib.sha256(encoded).hexdigest())


WRONG: dict[str, tuple[Callable[[], Plan], str, str]] = {
    "another visit": (lambda: _first(visit_id="z"), "VISIT-UNKNOWN", "z"),
    "a visit gone": (lambda: _sealed(left_out=SOUND.left_out[:1]), "VISIT-UNACCOUNTED", "d"),
    "a visit left out as well": (lambda: _left_out(1, visit_id="a"), "VISIT-REPEATED", "a"),
    "a visit made twice": (lambda: _second(visit_id="a"), "VISIT-REPEATED", "a"),
    "a route gone": (lambda: _sealed(routes=SOUND.routes[:1]), "AGENT-ROUTES", "wang"),
    "a route twice": (lambda: _sealed(routes=(*SOUND.routes, SOUND.routes[1])), "AGENT-ROUTES", "wang"),
    "an unknown agent": (lambda: _route(agent_id="zhao"), "AGENT-UNKNOWN", "zhao"),
    "another agent": (
        lambda: _sealed(
            routes=(
                msgspec.structs.replace(SOUND.routes[1], agent_id="li"),
                msgspec.structs.replace(SOUND.routes[0], agent_id="wang"),
            )
        ),
        "AGENT-WRONG",
        "b",
    ),
    "an unskilled agent": (
        lambda: _sealed(
            routes=(
                msgspec.structs.replace(SOUND.routes[1], agent_id="li"),
                msgspec.structs.replace(SOUND.routes[0], agent_id="wang"),
            )
        ),
        "SKILL-LACKING",
        "a",
    ),
    "too many stops": (
        lambda: _stops(lambda stops: (*stops, msgspec.structs.replace(stops[1], visit_id="d"))),
        "VISITS-MAX",
        "li",
    ),
    "positions askew": (lambda: _first(position=2), "POSITION-WRONG", "a"),
    "set out early": (lambda: _route(starts_s=-1), "SHIFT-EARLY", "li"),
    "home late": (lambda: _route(ends_s=10_001), "SHIFT-LATE", "li"),
    "home too fast": (lambda: _route(ends_s=SOUND.routes[0].ends_s - 1), "TRAVEL-TOO-FAST", "li"),
    "a leg too fast": (lambda: _second(arrive_s=1159), "TRAVEL-TOO-FAST", "b"),
    "a leg too slow": (lambda: _second(arrive_s=1163), "ETA-WRONG", "b"),
    "served before arrival": (lambda: _first(start_s=999), "ETA-WRONG", "a"),
    "served before the window": (lambda: _second(start_s=1999), "WINDOW-MISSED", "b"),
    "served after the window": (lambda: _second(start_s=2501), "WINDOW-MISSED", "b"),
    "waiting for nothing": (lambda: _second(start_s=2100), "WAIT-WITHOUT-CAUSE", "b"),
    "service cut short": (lambda: _first(leave_s=1059), "SERVICE-WRONG", "a"),
    "a leg too short": (lambda: _first(leg_m=998), "LEG-WRONG", "a"),
    "the way home too short": (lambda: _route(return_m=1998), "LEG-WRONG", "li"),
    "a wrong sum of legs": (lambda: _route(distance_m=3999), "DISTANCE-WRONG", "li"),
    "a wrong sum of routes": (lambda: _sealed(distance_m=1), "DISTANCE-WRONG", "street"),
    "a booking called optional": (lambda: _left_out(0, mandatory=False), "MANDATORY-WRONG", "c"),
    "bookings listed last": (lambda: _sealed(left_out=SOUND.left_out[::-1]), "ORDER-WRONG", "c"),
    "no reason": (lambda: _left_out(0, reason_zh=""), "REASON-MISSING", "c"),
    "another branch": (lambda: _sealed(branch_id="avenue"), "REQUEST-WRONG", "avenue"),
    "another day": (lambda: _sealed(service_day="2025-11-25"), "REQUEST-WRONG", "street"),
    "a digest of something else": (
        lambda: msgspec.structs.replace(SOUND, iterations=7),
        "DIGEST-WRONG",
        "street",
    ),
}


def test_the_sound_plan_is_sound() -> None:
    """The plan that the other tests spoil has nothing wrong with it, and something of everything."""
    assert check_plan(REQUEST, SOUND) == []
    assert [stop.visit_id for stop in SOUND.routes[0].stops] == ["a", "b"]
    assert [left_out.visit_id for left_out in SOUND.left_out] == ["c", "d"]


@pytest.mark.parametrize("case", WRONG)
def test_a_spoilt_plan_is_seen(case: str) -> None:
    """Each way of spoiling the plan is reported with its code and whom it concerns."""
    spoil, code, subject = WRONG[case]
    found = check_plan(REQUEST, spoil())
    assert (code, subject) in {(violation.code, violation.subject) for violation in found}
    assert all(violation.detail for violation in found)


def test_a_plan_for_another_request_is_seen() -> None:
    """Once the request changes, its old plan no longer fits."""
    later: PlanRequest = msgspec.structs.replace(
        REQUEST, agents=(street_agent("li", visits_max=2, skills=("legal",), starts_s=950), REQUEST.agents[1])
    )
    assert {violation.code for violation in check_plan(later, SOUND)} == {"SHIFT-EARLY"}
