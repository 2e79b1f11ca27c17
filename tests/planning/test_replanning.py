"""The rest of a day: what is done stays done."""

from __future__ import annotations

import pytest

from server.planning import AgentStanding, PlanningError, check_plan, plan, rest_of_day
from tests.planning.worlds import at_km, stop_of, street_agent, street_day, street_visit, town_day, visits_of

MORNING = street_day(
    [street_agent("li", visits_max=3), street_agent("wang", home_km=10.0, visits_max=3)],
    [street_visit("a", 1.0), street_visit("b", 2.0), street_visit("c", 3.0), street_visit("d", 11.0)],
)


def test_done_visits_are_dropped_and_counted() -> None:
    """What was done is not planned again, and uses up its agent's number."""
    standing = AgentStanding(agent_id="li", place=at_km(2.0), free_s=500, done=("a", "b"))
    rest = rest_of_day(MORNING, [standing], now_s=450)
    assert [candidate.visit_id for candidate in rest.candidates] == ["c", "d"]
    assert rest.agents[0].visits_max == 1
    made = plan(rest)
    assert visits_of(made, "li") == ["c"]
    assert stop_of(made, "c").arrive_s == 600
    assert (made.routes[0].starts_s, made.routes[0].return_m) == (500, 3000)
    assert check_plan(rest, made) == []


def test_an_agent_without_a_standing_is_still_at_home() -> None:
    """Nobody reported from wang: the route starts at home, and not in the past."""
    made = plan(rest_of_day(MORNING, [], now_s=3000))
    assert stop_of(made, "d").arrive_s == 3100
    assert all(route.starts_s >= 3000 for route in made.routes)


def test_nobody_starts_before_now() -> None:
    """An agent who has been free for long still starts now."""
    standing = AgentStanding(agent_id="li", place=at_km(1.0), free_s=100)
    made = plan(rest_of_day(MORNING, [standing], now_s=2000))
    assert made.routes[0].starts_s == 2000


def test_more_done_than_allowed_leaves_nothing_to_give() -> None:
    """An agent who did more than planned is full, not in debt."""
    request = street_day([street_agent("li", visits_max=1)], list(MORNING.candidates))
    standing = AgentStanding(agent_id="li", place=at_km(2.0), free_s=10, done=("a", "b"))
    assert rest_of_day(request, [standing], now_s=10).agents[0].visits_max == 0


def test_a_visit_done_by_somebody_else_is_dropped_for_all() -> None:
    """Whoever did it, and however often, it is done."""
    standings = [
        AgentStanding(agent_id="li", place=at_km(11.0), free_s=10, done=("d",)),
        AgentStanding(agent_id="wang", place=at_km(11.0), free_s=10, done=("d",)),
    ]
    rest = rest_of_day(MORNING, standings, now_s=10)
    assert "d" not in {candidate.visit_id for candidate in rest.candidates}
    assert [agent.visits_max for agent in rest.agents] == [2, 2]


def test_a_day_replanned_at_every_stop_stays_sound() -> None:
    """Following the plan and replanning after each stop never breaks a rule nor repeats a visit."""
    request = town_day(4, visits=12, agents=1, iterations_max=60)
    done: list[str] = []
    made = plan(request)
    places = {candidate.visit_id: candidate.place for candidate in request.candidates}
    while made.routes[0].stops:
        stop = made.routes[0].stops[0]
        done.append(stop.visit_id)
        standing = AgentStanding(agent_id="agent-0", place=places[stop.visit_id], free_s=stop.leave_s, done=tuple(done))
        rest = rest_of_day(request, [standing], now_s=stop.leave_s)
        made = plan(rest)
        assert check_plan(rest, made) == []
    assert len(done) == len(set(done)) >= 8


@pytest.mark.parametrize(
    ("standings", "value"),
    [
        ([AgentStanding(agent_id="zhao", place=at_km(1.0), free_s=1)], "'zhao'"),
        ([AgentStanding(agent_id="li", place=at_km(1.0), free_s=1, done=("q",))], "'q'"),
        ([AgentStanding(agent_id="li", place=at_km(1.0), free_s=1)] * 2, "'li'"),
        ([AgentStanding(agent_id="li", place=at_km(1.0), free_s=999_999)], "999999"),
    ],
    ids=["unknown agent", "unknown visit", "two standings", "time out of range"],
)
def test_a_standing_that_does_not_fit_is_refused(standings: list[AgentStanding], value: str) -> None:
    """Standings must be about this day's agents and visits."""
    with pytest.raises(PlanningError) as refused:
        rest_of_day(MORNING, standings, now_s=0)
    assert value in refused.value.cause
