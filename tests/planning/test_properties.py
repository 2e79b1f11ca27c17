"""Laws of the planner over random worlds, judged by the independent checker and by brute force."""

from __future__ import annotations

import itertools
import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.planning import AgentShift, Candidate, Plan, PlanRequest, check_plan, plan
from server.planning.problem import measure
from server.planning.schedule import best_insertion, route_distance_m, schedule
from tests.planning.worlds import street_agent, street_day, street_visit, town_day

ALONE_IMPOSSIBLE = {"SKILL-MISSING", "NO-WINDOW-IN-ANY-SHIFT", "TOO-FAR"}
ALONE_POSSIBLE = {"AGENT-FULL", "DETOUR-TOO-LONG", "NO-TIME"}

kilometres = st.integers(-80, 80).map(lambda tenths: tenths / 10)
skill_sets = st.sets(st.sampled_from(["legal", "dialect"])).map(lambda skills: tuple(sorted(skills)))


@st.composite
def windows(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """One or two windows, in order."""
    edges = sorted(draw(st.sets(st.integers(0, 7000), min_size=4, max_size=4)))
    return ((edges[0], edges[1]), (edges[2], edges[3])) if draw(st.booleans()) else ((edges[0], edges[3]),)


@st.composite
def street_agents(draw: st.DrawFn, agent_id: str) -> AgentShift:
    """An agent with any shift, perhaps on the way."""
    starts_s = draw(st.integers(0, 3000))
    under_way = draw(st.booleans())
    return street_agent(
        agent_id,
        home_km=draw(kilometres),
        starts_s=starts_s,
        ends_s=starts_s + draw(st.integers(1, 4000)),
        visits_max=draw(st.integers(0, 5)),
        skills=draw(skill_sets),
        present_km=draw(kilometres) if under_way else None,
        present_s=draw(st.integers(0, 7000)) if under_way else None,
    )


@st.composite
def street_days(draw: st.DrawFn) -> PlanRequest:
    """Up to three agents and nine visits of every kind."""
    agents = [draw(street_agents(name)) for name in ("li", "wang", "zhao")[: draw(st.integers(0, 3))]]
    fixed_to = st.sampled_from([None, None, *(agent.agent_id for agent in agents)])
    visits: list[Candidate] = [
        street_visit(
            f"v{number}",
            draw(kilometres),
            windows=draw(windows()),
            service_s=draw(st.integers(0, 600)),
            mandatory=draw(st.booleans()),
            prize=draw(st.integers(0, 20_000)),
            agent_id=draw(fixed_to),
            skills=draw(st.one_of(st.just(()), skill_sets)),
        )
        for number in range(draw(st.integers(0, 9)))
    ]
    return street_day(agents, visits, iterations_max=30, seed=draw(st.integers(0, 99)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(request=street_days())
def test_every_plan_is_sound(request: PlanRequest) -> None:
    """Whatever is asked, the plan breaks no rule, and accounts for every visit."""
    made = plan(request)
    assert check_plan(request, made) == []
    _assert_reasons_true(request, made)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(request=street_days(), order=st.randoms(use_true_random=False))
def test_order_of_the_request_does_not_matter(request: PlanRequest, order: random.Random) -> None:
    """Any shuffling of agents and visits gives the same plan."""
    agents, candidates = list(request.agents), list(request.candidates)
    order.shuffle(agents)
    order.shuffle(candidates)
    turned = msgspec.structs.replace(request, agents=tuple(agents), candidates=tuple(candidates))
    assert plan(turned).digest == plan(request).digest


@pytest.mark.parametrize("seed", range(12))
def test_odd_towns_are_planned_soundly(seed: int) -> None:
    """Towns with skills, fixed agents, second windows and unreachable doors keep every rule."""
    request = town_day(seed, visits=70, agents=3, iterations_max=60, visits_max=18, service_s=900, odd=True)
    made = plan(request)
    assert check_plan(request, made) == []
    _assert_reasons_true(request, made)


@pytest.mark.parametrize("seed", range(25))
def test_small_days_are_planned_as_well_as_possible(seed: int) -> None:
    """One agent, five visits: no other sequence keeps more bookings or costs fewer metres."""
    request = town_day(seed, visits=5, agents=1, iterations_max=100, visits_max=3, service_s=3600)
    made = plan(request)
    reached = _score(request, [stop.visit_id for stop in made.routes[0].stops])
    assert reached == min(_feasible_scores(request))


def test_a_full_day_of_a_branch_is_planned() -> None:
    """240 visits within 5 km, 8 minutes each, 6 agents with 8.5 hours: at least 200 are planned."""
    request = town_day(1, visits=240, agents=6, iterations_max=300)
    made = plan(request)
    assert check_plan(request, made) == []
    assert sum(len(route.stops) for route in made.routes) >= 200
    assert not any(left_out.mandatory for left_out in made.left_out)


def test_more_iterations_do_not_make_it_worse() -> None:
    """The search keeps the best it has seen: prizes lost and metres driven never grow."""
    costs = [
        _cost_m(request, plan(request))
        for request in (town_day(8, visits=60, agents=2, iterations_max=iterations) for iterations in (0, 100, 400))
    ]
    assert costs == sorted(costs, reverse=True)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(request=street_days())
def test_an_insertion_is_what_trying_every_position_finds(request: PlanRequest) -> None:
    """The constant-time judgement of insertions agrees with timing every longer route anew."""
    problem = measure(request)
    for agent in range(len(problem.agents)):
        sequence: list[int] = []
        for candidate in range(len(problem.candidates)):
            length_m = route_distance_m(problem, agent, sequence)
            tried = [
                route_distance_m(problem, agent, longer) - length_m
                for longer in (
                    [*sequence[:position], candidate, *sequence[position:]] for position in range(len(sequence) + 1)
                )
                if schedule(problem, agent, longer) is not None
            ]
            found = best_insertion(problem, agent, sequence, candidate)
            if schedule(problem, agent, sequence) is None:
                assert found is None
                continue
            assert (None if found is None else found.added_m) == (min(tried) if tried else None)
            if found is not None:
                sequence.insert(found.position, candidate)


def _assert_reasons_true(request: PlanRequest, made: Plan) -> None:
    """A visit said to be impossible is impossible alone, and one said to be displaced is not."""
    for left_out in made.left_out:
        only = next(visit for visit in request.candidates if visit.visit_id == left_out.visit_id)
        spared = tuple(msgspec.structs.replace(agent, visits_max=1) for agent in request.agents)
        alone = plan(
            msgspec.structs.replace(
                request,
                agents=spared,
                candidates=(msgspec.structs.replace(only, mandatory=True),),
                iterations_max=0,
            )
        )
        assert left_out.reason_code in (ALONE_IMPOSSIBLE if alone.left_out else ALONE_POSSIBLE)
        if alone.left_out:
            assert alone.left_out[0].reason_code == left_out.reason_code


def _feasible_scores(request: PlanRequest) -> list[tuple[int, int]]:
    problem = measure(request)
    names = [candidate.visit_id for candidate in problem.candidates]
    return [
        _score(request, [names[candidate] for candidate in sequence])
        for length in range(request.agents[0].visits_max + 1)
        for sequence in itertools.permutations(range(len(names)), length)
        if schedule(problem, 0, sequence) is not None
    ]


def _score(request: PlanRequest, visit_ids: list[str]) -> tuple[int, int]:
    """Bookings lost, then metres driven and prizes lost: less is better."""
    problem = measure(request)
    names = [candidate.visit_id for candidate in problem.candidates]
    lost = [candidate for candidate in problem.candidates if candidate.visit_id not in visit_ids]
    metres = route_distance_m(problem, 0, [names.index(visit_id) for visit_id in visit_ids])
    return sum(visit.mandatory for visit in lost), metres + sum(visit.prize for visit in lost)


def _cost_m(request: PlanRequest, made: Plan) -> int:
    prizes = {candidate.visit_id: candidate.prize for candidate in request.candidates}
    return made.distance_m + sum(prizes[left_out.visit_id] for left_out in made.left_out)
