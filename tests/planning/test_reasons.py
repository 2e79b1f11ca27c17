"""Why a visit is left out, each reason on a street where it can be checked by hand."""

from __future__ import annotations

import pytest

from server.planning import check_plan, plan
from tests.planning.worlds import reasons_of, street_agent, street_day, street_visit, visits_of


def test_a_skill_that_nobody_has_is_named() -> None:
    """SKILL-MISSING names the skill in both languages."""
    made = plan(street_day([street_agent()], [street_visit("v", 1.0, mandatory=True, skills=("legal",))]))
    assert reasons_of(made) == {"v": "SKILL-MISSING"}
    assert "legal" in made.left_out[0].reason_en
    assert "legal" in made.left_out[0].reason_zh


def test_skills_must_meet_in_one_person() -> None:
    """Two agents with half the skills each are not one with both."""
    agents = [street_agent("li", skills=("legal",)), street_agent("wang", skills=("dialect",))]
    made = plan(street_day(agents, [street_visit("v", 1.0, skills=("legal", "dialect"))]))
    assert reasons_of(made) == {"v": "SKILL-MISSING"}
    assert "dialect, legal" in made.left_out[0].reason_en


def test_a_fixed_agent_without_the_skill_is_named() -> None:
    """When it is fixed to somebody unskilled, another's skill does not help."""
    agents = [street_agent("li"), street_agent("wang", skills=("legal",))]
    made = plan(street_day(agents, [street_visit("v", 1.0, agent_id="li", skills=("legal",))]))
    assert reasons_of(made) == {"v": "SKILL-MISSING"}
    assert "li" in made.left_out[0].reason_en


@pytest.mark.parametrize(
    ("windows", "service_s"),
    [(((0, 900),), 60), (((6001, 8000),), 60), (((5990, 5999),), 60), (((1000, 6000),), 6000)],
    ids=["before", "after", "service past the end", "service longer than the shift"],
)
def test_no_window_in_any_shift(windows: tuple[tuple[int, int], ...], service_s: int) -> None:
    """Next door, but no window leaves time for the service while anybody works."""
    agent = street_agent(starts_s=1000, ends_s=6000)
    made = plan(street_day([agent], [street_visit("v", 0.0, windows=windows, service_s=service_s)]))
    assert reasons_of(made) == {"v": "NO-WINDOW-IN-ANY-SHIFT"}


def test_without_agents_every_visit_is_outside_every_shift() -> None:
    """A day on which nobody works still has a plan: nothing."""
    request = street_day([], [street_visit("v", 1.0, mandatory=True, skills=("legal",))])
    made = plan(request)
    assert made.routes == ()
    assert reasons_of(made) == {"v": "NO-WINDOW-IN-ANY-SHIFT"}
    assert check_plan(request, made) == []


def test_too_far_even_alone() -> None:
    """50 km need 10,000 s there and back, and the day has no second for the service."""
    made = plan(street_day([street_agent()], [street_visit("v", 50.0, mandatory=True)]))
    assert reasons_of(made) == {"v": "TOO-FAR"}
    assert "50.0 km" in made.left_out[0].reason_en


def test_too_far_for_its_window() -> None:
    """The shift is long enough, the early window is not."""
    made = plan(street_day([street_agent()], [street_visit("v", 2.0, windows=((0, 150),))]))
    assert reasons_of(made) == {"v": "TOO-FAR"}


def test_a_full_agent_takes_no_more() -> None:
    """With room for two, the two greater prizes are planned and the third is AGENT-FULL."""
    visits = [street_visit(f"v{n}", 1.0, prize=10_000 * n) for n in (1, 2, 3)]
    made = plan(street_day([street_agent(visits_max=2)], visits))
    assert set(visits_of(made, "li")) == {"v2", "v3"}
    assert reasons_of(made) == {"v1": "AGENT-FULL"}
    assert "2" in made.left_out[0].reason_en


def test_an_agent_with_no_visit_to_give_is_full() -> None:
    """A largest number of zero is full from the start, and the plan is still a plan."""
    request = street_day([street_agent(visits_max=0)], [street_visit("v", 1.0, mandatory=True)])
    made = plan(request)
    assert reasons_of(made) == {"v": "AGENT-FULL"}
    assert check_plan(request, made) == []
