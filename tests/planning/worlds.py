"""Worlds for the planner's tests: one street to be checked by hand, and towns drawn from a seed.

On the street everybody lives on one meridian, a metre is a metre (detour factor 1) and everybody makes
10 m/s, so that a kilometre takes 100 s.
"""

from __future__ import annotations

import math
import random

from server.planning import AgentShift, Candidate, Place, Plan, PlannedStop, PlanRequest

METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180
"""Metres along a meridian for each degree, on the planner's sphere."""

WHOLE_DAY = ((0, 86_400),)
"""A window that never closes."""


def at_km(kilometres: float) -> Place:
    """The house on the street that many kilometres north of the base."""
    return Place(33.0 + kilometres * 1000 / METRES_PER_DEGREE, 120.0)


def street_agent(
    agent_id: str = "li",
    *,
    home_km: float = 0.0,
    starts_s: int = 0,
    ends_s: int = 10_000,
    visits_max: int = 10,
    skills: tuple[str, ...] = (),
    present_km: float | None = None,
    present_s: int | None = None,
) -> AgentShift:
    """An agent who lives on the street."""
    return AgentShift(
        agent_id=agent_id,
        home=at_km(home_km),
        starts_s=starts_s,
        ends_s=ends_s,
        visits_max=visits_max,
        skills=skills,
        present=None if present_km is None else at_km(present_km),
        present_s=present_s,
    )


def street_visit(
    visit_id: str,
    kilometres: float,
    *,
    windows: tuple[tuple[int, int], ...] = WHOLE_DAY,
    service_s: int = 60,
    mandatory: bool = False,
    prize: int = 100_000,
    agent_id: str | None = None,
    skills: tuple[str, ...] = (),
) -> Candidate:
    """A visit to a house on the street, worth any way unless told otherwise."""
    return Candidate(
        visit_id=visit_id,
        place=at_km(kilometres),
        service_s=service_s,
        windows=windows,
        mandatory=mandatory,
        prize=prize,
        agent_id=agent_id,
        skills=skills,
    )


def street_day(
    agents: list[AgentShift], candidates: list[Candidate], *, iterations_max: int = 50, seed: int = 1
) -> PlanRequest:
    """A day on the street."""
    return PlanRequest(
        branch_id="street",
        service_day="2025-11-24",
        agents=tuple(agents),
        candidates=tuple(candidates),
        seed=seed,
        iterations_max=iterations_max,
        speed_mps=10.0,
        detour_factor=1.0,
    )


def town_day(
    seed: int,
    *,
    visits: int,
    agents: int,
    iterations_max: int,
    radius_m: float = 5_000.0,
    service_s: int = 480,
    visits_max: int = 60,
    odd: bool = False,
) -> PlanRequest:
    """A town around one base, shifts of 8.5 hours, every fifth visit a booking of two hours.

    An `odd` town also has skills, fixed agents, second windows and doors that nobody can reach.
    """
    chance = random.Random(seed)
    base = Place(33.35, 120.16)
    skills = ("legal", "dialect")
    shifts = tuple(
        AgentShift(
            agent_id=f"agent-{number}",
            home=base,
            starts_s=9 * 3600,
            ends_s=9 * 3600 + 30_600,
            visits_max=visits_max,
            skills=tuple(skill for skill in skills if odd and chance.random() < 0.5),
        )
        for number in range(agents)
    )
    candidates = []
    for number in range(visits):
        booked = chance.random() < 0.2
        opens_s = 9 * 3600 + chance.randrange(7) * 3600
        windows: tuple[tuple[int, int], ...] = ((opens_s, opens_s + 7200),) if booked else WHOLE_DAY
        if odd and chance.random() < 0.2:
            windows = ((8 * 3600, 10 * 3600), (15 * 3600, 16 * 3600))
        if odd and chance.random() < 0.05:
            windows = ((20 * 3600, 21 * 3600),)
        reach_m = radius_m * (30 if odd and chance.random() < 0.05 else 1)
        candidates.append(
            Candidate(
                visit_id=f"visit-{number:03d}",
                place=_near(base, reach_m * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)),
                service_s=service_s,
                windows=windows,
                mandatory=booked,
                prize=chance.randrange(500, 5_000),
                agent_id=f"agent-{chance.randrange(agents)}" if odd and chance.random() < 0.1 else None,
                skills=(chance.choice(skills),) if odd and chance.random() < 0.2 else (),
            )
        )
    return PlanRequest(
        branch_id="town",
        service_day="2025-11-24",
        agents=shifts,
        candidates=tuple(candidates),
        seed=seed,
        iterations_max=iterations_max,
    )


def _near(base: Place, metres: float, angle: float) -> Place:
    north_m, east_m = metres * math.cos(angle), metres * math.sin(angle)
    shrink = math.cos(math.radians(base.latitude))
    return Place(base.latitude + north_m / METRES_PER_DEGREE, base.longitude + east_m / METRES_PER_DEGREE / shrink)


def visits_of(plan: Plan, agent_id: str) -> list[str]:
    """The visits on an agent's route, in order."""
    return [stop.visit_id for route in plan.routes if route.agent_id == agent_id for stop in route.stops]


def stop_of(plan: Plan, visit_id: str) -> PlannedStop:
    """The stop at which a visit is planned."""
    return next(stop for route in plan.routes for stop in route.stops if stop.visit_id == visit_id)


def reasons_of(plan: Plan) -> dict[str, str]:
    """Reason code of each visit left out."""
    return {left_out.visit_id: left_out.reason_code for left_out in plan.left_out}
