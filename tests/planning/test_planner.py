"""The planner on a street where every answer can be checked by hand."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from server.planning import (
    AgentShift,
    Candidate,
    Place,
    PlanningError,
    PlanRequest,
    check_plan,
    plan,
)
from tests.planning.worlds import (
    reasons_of,
    stop_of,
    street_agent,
    street_day,
    street_visit,
    town_day,
    visits_of,
)


def test_two_visits_on_one_street() -> None:
    """Windows set the order; times, legs and distances are those of the street."""
    request = street_day(
        [street_agent(starts_s=1000)],
        [
            street_visit("near", 1.0, windows=((1500, 9000),)),
            street_visit("far", 2.0, windows=((1200, 1300),)),
        ],
    )
    made = plan(request)
    route = made.routes[0]
    assert visits_of(made, "li") == ["far", "near"]
    far, near = route.stops
    assert (far.position, far.arrive_s, far.start_s, far.leave_s, far.leg_m) == (1, 1200, 1200, 1260, 2000)
    assert (near.position, near.arrive_s, near.start_s, near.leave_s, near.leg_m) == (
        2,
        1360,
        1500,
        1560,
        1000,
    )
    assert (route.starts_s, route.ends_s, route.return_m, route.distance_m) == (1000, 1660, 1000, 4000)
    assert made.distance_m == 4000
    assert check_plan(request, made) == []


def test_the_agent_sets_out_late_rather_than_wait_at_the_first_door() -> None:
    """Waiting before the first window is spent at home."""
    made = plan(street_day([street_agent()], [street_visit("v", 1.0, windows=((5000, 6000),))]))
    assert made.routes[0].starts_s == 4900
    assert stop_of(made, "v").arrive_s == stop_of(made, "v").start_s == 5000


@pytest.mark.parametrize(("closes_s", "planned"), [(100, True), (99, False)])
def test_the_last_second_of_a_window_counts(closes_s: int, planned: bool) -> None:
    """A window bounds the start of the service, its last second included."""
    made = plan(street_day([street_agent()], [street_visit("v", 1.0, windows=((0, closes_s),))]))
    assert (visits_of(made, "li") == ["v"]) is planned


@pytest.mark.parametrize(("ends_s", "planned"), [(260, True), (259, False)])
def test_the_agent_is_home_by_the_end_of_the_shift(ends_s: int, planned: bool) -> None:
    """100 s there, 60 s service, 100 s back: a second less is too little."""
    made = plan(street_day([street_agent(ends_s=ends_s)], [street_visit("v", 1.0)]))
    assert (visits_of(made, "li") == ["v"]) is planned


def test_a_second_window_is_used() -> None:
    """A visit whose first window cannot be kept is made in the next one."""
    visit = street_visit("v", 5.0, windows=((0, 400), (700, 800)))
    made = plan(street_day([street_agent()], [visit]))
    assert stop_of(made, "v").start_s == 700


def test_each_visit_is_made_once_however_many_windows_it_has() -> None:
    """Windows are alternatives, not repetitions."""
    visits = [street_visit(f"v{n}", 1.0, windows=((0, 900), (2000, 2900))) for n in range(4)]
    made = plan(street_day([street_agent("li"), street_agent("wang")], visits))
    assert sorted(visits_of(made, "li") + visits_of(made, "wang")) == ["v0", "v1", "v2", "v3"]


@pytest.mark.parametrize(("prize", "planned"), [(2000, True), (1999, False)])
def test_an_optional_visit_is_worth_its_prize(prize: int, planned: bool) -> None:
    """A kilometre out and back is driven for a prize of 2,000 m and not for a metre less."""
    request = street_day([street_agent()], [street_visit("v", 1.0, prize=prize)])
    made = plan(request)
    assert (visits_of(made, "li") == ["v"]) is planned
    if not planned:
        assert reasons_of(made) == {"v": "DETOUR-TOO-LONG"}
        assert "2.0 km" in made.left_out[0].reason_en
        assert "2.0 公里" in made.left_out[0].reason_zh


def test_a_booking_comes_before_any_prize() -> None:
    """Time for one: the far booking without a prize beats the rich neighbour."""
    request = street_day(
        [street_agent(ends_s=1060)],
        [street_visit("rich", 0.1, service_s=1000), street_visit("booked", 5.0, mandatory=True, prize=0)],
    )
    made = plan(request)
    assert visits_of(made, "li") == ["booked"]
    assert reasons_of(made) == {"rich": "NO-TIME"}
    assert made.left_out[0].mandatory is False


def test_the_greater_prize_wins_when_time_is_short() -> None:
    """Two optional visits at one door and time for one."""
    request = street_day(
        [street_agent(ends_s=300)],
        [street_visit("less", 1.0, prize=5000, service_s=90), street_visit("more", 1.0, service_s=90)],
    )
    made = plan(request)
    assert visits_of(made, "li") == ["more"]
    assert reasons_of(made) == {"less": "NO-TIME"}


def test_bookings_that_clash_cost_one_booking_and_not_the_plan() -> None:
    """Of two bookings at once the lesser is left out, listed first, with its reason."""
    clash = ((1000, 1010),)
    request = street_day(
        [street_agent()],
        [
            street_visit("a-lesser", 3.0, windows=clash, mandatory=True, prize=10),
            street_visit("b-greater", 1.0, windows=clash, mandatory=True, prize=20),
            street_visit("c-optional", 2.0, prize=50_000),
            street_visit("d-poor", 4.0, prize=1),
        ],
    )
    made = plan(request)
    assert set(visits_of(made, "li")) == {"b-greater", "c-optional"}
    assert [left_out.visit_id for left_out in made.left_out] == ["a-lesser", "d-poor"]
    assert made.left_out[0].mandatory is True
    assert reasons_of(made) == {"a-lesser": "NO-TIME", "d-poor": "DETOUR-TOO-LONG"}
    assert "mandatory" in made.left_out[0].reason_en
    assert check_plan(request, made) == []


def test_a_fixed_visit_goes_to_its_agent() -> None:
    """The agent it is fixed to makes it, though another lives next door."""
    request = street_day(
        [street_agent("li"), street_agent("wang", home_km=5.0)],
        [street_visit("v", 5.0, agent_id="li"), street_visit("w", 0.5, agent_id="wang")],
    )
    made = plan(request)
    assert (visits_of(made, "li"), visits_of(made, "wang")) == (["v"], ["w"])


def test_a_skilled_visit_goes_to_a_skilled_agent() -> None:
    """Only who has all the skills is sent."""
    request = street_day(
        [street_agent("li", skills=("legal",)), street_agent("wang", home_km=9.0, skills=("legal", "dialect"))],
        [street_visit("v", 0.5, skills=("dialect", "legal"))],
    )
    made = plan(request)
    assert visits_of(made, "wang") == ["v"]


def test_an_empty_day() -> None:
    """Without visits every agent has an empty route that goes nowhere."""
    request = street_day([street_agent(starts_s=50)], [])
    made = plan(request)
    route = made.routes[0]
    assert (route.stops, route.distance_m, route.starts_s, route.ends_s) == ((), 0, 50, 50)
    assert check_plan(request, made) == []


def test_an_agent_on_the_way_starts_where_they_are() -> None:
    """The route starts at the present place and time and ends at home."""
    request = street_day([street_agent(present_km=4.0, present_s=700)], [street_visit("v", 5.0)])
    made = plan(request)
    route = made.routes[0]
    assert (route.starts_s, stop_of(made, "v").arrive_s, route.ends_s) == (700, 800, 1360)
    assert (stop_of(made, "v").leg_m, route.return_m) == (1000, 5000)
    assert check_plan(request, made) == []


def test_an_agent_on_the_way_without_visits_goes_home() -> None:
    """Nothing left to do: straight home, even after the end of the shift."""
    request = street_day([street_agent(present_km=4.0, present_s=9_900)], [street_visit("v", 5.0)])
    made = plan(request)
    assert (made.routes[0].distance_m, made.routes[0].ends_s) == (4000, 10_300)
    assert reasons_of(made) == {"v": "TOO-FAR"}
    assert check_plan(request, made) == []


def test_a_present_time_before_the_shift_waits_for_it() -> None:
    """Being early somewhere does not start the shift early."""
    made = plan(street_day([street_agent(starts_s=1000, present_km=1.0, present_s=10)], [street_visit("v", 1.0)]))
    assert stop_of(made, "v").start_s == 1000


def test_an_agent_present_after_the_shift_gets_nothing() -> None:
    """Who is past the end of the shift is planned for no visit."""
    made = plan(street_day([street_agent(present_km=1.0, present_s=10_001)], [street_visit("v", 1.0, mandatory=True)]))
    assert reasons_of(made) == {"v": "NO-WINDOW-IN-ANY-SHIFT"}


def test_visits_at_one_door_are_made_together() -> None:
    """Several visits to one address are no way apart."""
    made = plan(street_day([street_agent()], [street_visit(f"v{n}", 1.0) for n in range(5)]))
    assert len(visits_of(made, "li")) == 5
    assert made.distance_m == 2000


def test_progress_rises_to_the_end() -> None:
    """Progress is told in rising steps and ends with all iterations done."""
    told: list[tuple[int, int]] = []
    request = street_day([street_agent()], [street_visit("v", 1.0)], iterations_max=250)
    plan(request, lambda done, wanted: told.append((done, wanted)))
    assert told == sorted(set(told))
    assert told[-1] == (250, 250)
    assert 100 <= len(told) <= 126


def test_an_error_in_progress_reaches_the_caller() -> None:
    """A caller stops a search by raising from progress; nothing swallows it."""

    def stop(_done: int, _wanted: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan(street_day([street_agent()], [street_visit("v", 1.0)]), stop)


def test_without_iterations_there_is_still_a_sound_plan() -> None:
    """No search at all: what is planned is sound, and what fits is planned."""
    request = town_day(5, visits=30, agents=2, iterations_max=0)
    made = plan(request)
    assert check_plan(request, made) == []
    assert len(made.left_out) < 10


def test_the_same_request_gives_the_same_plan() -> None:
    """To the last byte, in whatever order agents and visits were listed."""
    request = town_day(3, visits=40, agents=3, iterations_max=150, odd=True)
    turned = msgspec.structs.replace(request, agents=request.agents[::-1], candidates=request.candidates[::-1])
    first, second, third = plan(request), plan(request), plan(turned)
    assert msgspec.json.encode(first) == msgspec.json.encode(second) == msgspec.json.encode(third)


def test_the_digest_covers_the_plan() -> None:
    """The digest is the SHA-256 of the plan's JSON with an empty digest."""
    made = plan(street_day([street_agent()], [street_visit("v", 1.0)]))
    bare = msgspec.json.encode(msgspec.structs.replace(made, digest=""), order="deterministic")
    assert made.digest == hashlib.sha256(bare).hexdigest()


def test_a_request_that_would_not_fit_into_memory_is_refused() -> None:
    """A hundred agents with a visit fixed to each need a hundred matrices: refused, with the numbers."""
    agents = tuple(
        AgentShift(agent_id=f"a{n}", home=Place(33, 120), starts_s=0, ends_s=9000, visits_max=9) for n in range(100)
    )
    candidates = tuple(
        Candidate(
            visit_id=f"v{n}",
            place=Place(33, 120),
            service_s=60,
            windows=((0, 9000),),
            mandatory=False,
            prize=1,
            agent_id=f"a{n % 100}",
        )
        for n in range(700)
    )
    request = PlanRequest(branch_id="b", service_day="2025-11-24", agents=agents, candidates=candidates)
    with pytest.raises(PlanningError, match="81000000 matrix cells"):
        plan(request)
