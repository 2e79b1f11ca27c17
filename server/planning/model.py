"""What the planner is asked and what it answers: data only, refused at construction when it makes no sense.

Times are whole seconds since local midnight of the service day, distances whole metres along the way
(great circle times the detour factor), coordinates WGS-84 degrees. A window bounds the *start* of the
service: someone who comes at its last second is still served.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from server.planning import limits
from server.planning.errors import PlanningError

__all__ = [
    "AgentRoute",
    "AgentShift",
    "Candidate",
    "LeftOut",
    "Place",
    "Plan",
    "PlanRequest",
    "PlannedStop",
]


class Place(msgspec.Struct, frozen=True, kw_only=False):
    """A point in WGS-84 degrees, latitude in [-90, 90] and longitude in [-180, 180]."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        # Written so that NaN, which compares false with everything, is refused too.
        if not -90.0 <= self.latitude <= 90.0:
            raise PlanningError(
                "latitude",
                f"Latitude {self.latitude} is outside -90 to 90 degrees.",
                "Give WGS-84 degrees, latitude first.",
            )
        if not -180.0 <= self.longitude <= 180.0:
            raise PlanningError(
                "longitude",
                f"Longitude {self.longitude} is outside -180 to 180 degrees.",
                "Give WGS-84 degrees, latitude first.",
            )


class AgentShift(msgspec.Struct, frozen=True, kw_only=True):
    """One agent's working time on the service day.

    The route starts at `home`, or at `present` when the day is already under way, not before
    `present_s`; it always ends at `home` by `ends_s`. `visits_max` counts the visits still to be planned.
    """

    agent_id: str
    home: Place
    starts_s: int
    ends_s: int
    visits_max: int
    skills: tuple[str, ...] = ()
    present: Place | None = None
    present_s: int | None = None

    def __post_init__(self) -> None:
        _refuse_empty_name("agent_id", self.agent_id)
        _refuse_span(f"shift of agent {self.agent_id!r}", self.starts_s, self.ends_s)
        if self.starts_s == self.ends_s:
            raise PlanningError(
                "shift",
                f"The shift of agent {self.agent_id!r} starts and ends at {self.starts_s}.",
                "Leave out agents who do not work that day.",
            )
        _refuse_outside("visits_max", self.visits_max, 0, limits.VISITS_MAX_MAX)
        _refuse_skills(self.agent_id, self.skills)
        if (self.present is None) != (self.present_s is None):
            raise PlanningError(
                "present",
                f"Agent {self.agent_id!r} has present={self.present} with present_s={self.present_s}.",
                "Give both the present place and its time, or neither.",
            )
        if self.present_s is not None:
            _refuse_outside("present_s", self.present_s, 0, limits.DAY_END_S_MAX)


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that may be planned.

    `windows` are ordered and disjoint; `prize` is the length of way in metres that the visit is worth. A
    mandatory visit (a booking) comes before any number of optional ones; among mandatory ones that do not
    all fit, the greater prize stays. `agent_id` fixes it to that agent.
    """

    visit_id: str
    place: Place
    service_s: int
    windows: tuple[tuple[int, int], ...]
    mandatory: bool
    prize: int
    agent_id: str | None = None
    skills: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_empty_name("visit_id", self.visit_id)
        _refuse_outside("service_s", self.service_s, 0, limits.SERVICE_S_MAX)
        _refuse_outside("prize", self.prize, 0, limits.PRIZE_MAX)
        _refuse_outside("number of windows", len(self.windows), 1, limits.WINDOWS_MAX)
        _refuse_skills(self.visit_id, self.skills)
        previous_end_s = -1
        for start_s, end_s in self.windows:
            _refuse_span(f"window of visit {self.visit_id!r}", start_s, end_s)
            if start_s <= previous_end_s:
                raise PlanningError(
                    "windows",
                    f"Window {start_s}-{end_s} of visit {self.visit_id!r} starts at or before the end "
                    f"{previous_end_s} of the window before it.",
                    "Give windows in order, and join those that overlap or touch.",
                )
            previous_end_s = end_s


class PlanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A branch's service day: who works, what could be visited, how the search is to run.

    The same request gives the same plan; the order of agents and candidates does not matter.
    """

    branch_id: str
    service_day: str
    agents: tuple[AgentShift, ...]
    candidates: tuple[Candidate, ...]
    seed: int = 0
    iterations_max: int = limits.ITERATIONS_DEFAULT
    speed_mps: float = limits.SPEED_MPS_DEFAULT
    detour_factor: float = limits.DETOUR_FACTOR_DEFAULT

    def __post_init__(self) -> None:
        _refuse_empty_name("branch_id", self.branch_id)
        _refuse_day(self.service_day)
        _refuse_outside("number of agents", len(self.agents), 0, limits.AGENTS_MAX)
        _refuse_outside("number of candidates", len(self.candidates), 0, limits.CANDIDATES_MAX)
        _refuse_outside("seed", self.seed, 0, limits.SEED_MAX)
        _refuse_outside("iterations_max", self.iterations_max, 0, limits.ITERATIONS_MAX)
        _refuse_outside("speed_mps", self.speed_mps, limits.SPEED_MPS_MIN, limits.SPEED_MPS_MAX)
        _refuse_outside("detour_factor", self.detour_factor, 1.0, limits.DETOUR_FACTOR_MAX)
        _refuse_duplicate("agent", (agent.agent_id for agent in self.agents))
        _refuse_duplicate("visit", (candidate.visit_id for candidate in self.candidates))
        known = {agent.agent_id for agent in self.agents}
        for candidate in self.candidates:
            if candidate.agent_id is not None and candidate.agent_id not in known:
                raise PlanningError(
                    "agent_id",
                    f"Visit {candidate.visit_id!r} is fixed to agent {candidate.agent_id!r}, who is not in "
                    "the request.",
                    "Add the agent's shift, or free the visit.",
                )


class PlannedStop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a route. `position` counts from 1; `arrive_s` is the ETA; `leg_m` leads to the stop."""

    visit_id: str
    position: int
    arrive_s: int
    start_s: int
    leave_s: int
    leg_m: int


class AgentRoute(msgspec.Struct, frozen=True, kw_only=True):
    """An agent's stops in driving order; every agent has one, perhaps without stops.

    `starts_s` is when to set out, `ends_s` the arrival at home, `return_m` the leg home; `distance_m` is
    the sum of all legs.
    """

    agent_id: str
    stops: tuple[PlannedStop, ...]
    distance_m: int
    return_m: int
    starts_s: int
    ends_s: int


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that is on no route, and why, as a code and as a sentence in English and in Chinese."""

    visit_id: str
    mandatory: bool
    reason_code: str
    reason_en: str
    reason_zh: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The routes by agent id, and the visits left out: mandatory first, then by falling prize, then by id.

    `digest` is the SHA-256, in hexadecimal, of the plan's JSON (msgspec, deterministic order) with an
    empty digest. `iterations` is how many the solver ran.
    """

    branch_id: str
    service_day: str
    routes: tuple[AgentRoute, ...]
    left_out: tuple[LeftOut, ...]
    distance_m: int
    seed: int
    iterations: int
    digest: str


def _refuse_empty_name(field: str, value: str) -> None:
    if not value.strip():
        raise PlanningError(field, f"{field} is {value!r}.", f"Give a {field} that names something.")


def _refuse_outside(field: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise PlanningError(
            field,
            f"{field} is {value}, outside {low} to {high}.",
            f"Give {field} between {low} and {high}.",
        )


def _refuse_span(owner: str, start_s: int, end_s: int) -> None:
    if not 0 <= start_s <= end_s <= limits.DAY_END_S_MAX:
        raise PlanningError(
            owner,
            f"The {owner} runs from {start_s} to {end_s}.",
            f"Give seconds since local midnight, the start not after the end, the end at most {limits.DAY_END_S_MAX}.",
        )


def _refuse_skills(owner: str, skills: tuple[str, ...]) -> None:
    _refuse_outside(f"number of skills of {owner!r}", len(skills), 0, limits.SKILLS_MAX)
    for skill in skills:
        _refuse_empty_name(f"skill of {owner!r}", skill)


def _refuse_duplicate(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise PlanningError(
                f"{kind} ids",
                f"The {kind} id {name!r} occurs twice.",
                f"Give each {kind} once.",
            )
        seen.add(name)


def _refuse_day(service_day: str) -> None:
    try:
        parsed = date.fromisoformat(service_day)
    except ValueError:
        parsed = None
    if parsed is None or parsed.isoformat() != service_day:
        raise PlanningError(
            "service_day", f"The service day is {service_day!r}.", "Give an ISO date such as 2025-11-24."
        )
