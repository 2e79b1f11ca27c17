"""Plans the rest of a day that is under way: what is done stays done, the rest is planned from here."""

from collections.abc import Iterable

import msgspec

from server.planning.errors import PlanningError
from server.planning.model import AgentShift, Place, PlanRequest

__all__ = ["AgentStanding", "rest_of_day"]


class AgentStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where an agent is, from when they are free to go on, and which visits they have concluded.

    For an agent in the middle of a visit: that door, the time they will be done, and the visit in `done`.
    """

    agent_id: str
    place: Place
    free_s: int
    done: tuple[str, ...] = ()


def rest_of_day(request: PlanRequest, standings: Iterable[AgentStanding], now_s: int) -> PlanRequest:
    """Turn the request of a day into the request of its rest, to be given to `plan`.

    Visits that anybody has done are dropped and count against that agent's largest number. An agent
    without a standing is still at home. Nobody starts before `now_s`. Refuses two standings of one agent,
    and an agent or a visit that the request does not know.
    """
    by_agent: dict[str, AgentStanding] = {}
    for standing in standings:
        if standing.agent_id in by_agent:
            raise PlanningError("standings", f"Agent {standing.agent_id!r} has two standings.", "Give the latest one.")
        by_agent[standing.agent_id] = standing
    _refuse_unknown("agent", by_agent, {agent.agent_id for agent in request.agents})
    done = {visit_id for standing in by_agent.values() for visit_id in standing.done}
    _refuse_unknown("visit", done, {candidate.visit_id for candidate in request.candidates})
    agents = tuple(_from_here(agent, by_agent.get(agent.agent_id), now_s) for agent in request.agents)
    remaining = tuple(candidate for candidate in request.candidates if candidate.visit_id not in done)
    return msgspec.structs.replace(request, agents=agents, candidates=remaining)


def _from_here(agent: AgentShift, standing: AgentStanding | None, now_s: int) -> AgentShift:
    if standing is None:
        return msgspec.structs.replace(agent, present=agent.home, present_s=now_s)
    return msgspec.structs.replace(
        agent,
        present=standing.place,
        present_s=max(now_s, standing.free_s),
        visits_max=max(0, agent.visits_max - len(set(standing.done))),
    )


def _refuse_unknown(kind: str, named: Iterable[str], known: set[str]) -> None:
    for name in sorted(set(named) - known):
        raise PlanningError(
            "standings",
            f"A standing names {kind} {name!r}, which is not in the request.",
            "Plan the rest of the day from the request of its morning, with what was added since.",
        )
