"""A request made ready for search: everything sorted, numbered, measured.

With A agents and C candidates there are 2A + C nodes: where each agent sets out, where each ends, and one
for each candidate, even when two share a door.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.planning import limits
from server.planning.distance import great_circle_m
from server.planning.errors import PlanningError
from server.planning.model import AgentShift, Candidate, Place, PlanRequest

__all__ = ["Problem", "measure"]


@dataclass(frozen=True)
class Problem:
    """Agents and candidates by id, and the way between all nodes.

    `metres` and `seconds` are (n, n) lists of whole numbers, `eligible` is (A, C): the agent has the
    skills, and the visit is not fixed to somebody else.
    """

    agents: tuple[AgentShift, ...]
    candidates: tuple[Candidate, ...]
    metres: list[list[int]]
    seconds: list[list[int]]
    eligible: list[list[bool]]

    def start_node(self, agent: int) -> int:
        """Node where the agent's route starts: home, or the present place."""
        return agent

    def end_node(self, agent: int) -> int:
        """Node of the agent's home."""
        return len(self.agents) + agent

    def visit_node(self, candidate: int) -> int:
        """Node of the candidate's door."""
        return 2 * len(self.agents) + candidate

    def ready_s(self, agent: int) -> int:
        """First second at which the agent can set out."""
        shift = self.agents[agent]
        return shift.starts_s if shift.present_s is None else max(shift.starts_s, shift.present_s)


def measure(request: PlanRequest) -> Problem:
    """Number and measure a request; refuses one whose matrices would not fit into memory."""
    agents = tuple(sorted(request.agents, key=lambda agent: agent.agent_id))
    candidates = tuple(sorted(request.candidates, key=lambda candidate: candidate.visit_id))
    eligible = [[_may_make(agent, candidate) for candidate in candidates] for agent in agents]
    nodes = 2 * len(agents) + len(candidates)
    profiles = len({tuple(row) for row in eligible})
    if profiles * nodes * nodes > limits.MATRIX_CELLS_MAX:
        raise PlanningError(
            "candidates",
            f"{len(candidates)} visits for {len(agents)} agents with {profiles} different sets of skills "
            f"and fixed visits need {profiles * nodes * nodes} matrix cells, more than "
            f"{limits.MATRIX_CELLS_MAX}.",
            "Plan the branch in parts, or fix fewer visits to agents.",
        )
    metres, seconds = _travel(_places(agents, candidates), request.speed_mps, request.detour_factor)
    return Problem(agents, candidates, metres.tolist(), seconds.tolist(), eligible)


def _may_make(agent: AgentShift, candidate: Candidate) -> bool:
    fixed_elsewhere = candidate.agent_id is not None and candidate.agent_id != agent.agent_id
    return not fixed_elsewhere and set(candidate.skills) <= set(agent.skills)


def _places(agents: tuple[AgentShift, ...], candidates: tuple[Candidate, ...]) -> list[Place]:
    starts = [agent.home if agent.present is None else agent.present for agent in agents]
    homes = [agent.home for agent in agents]
    return [*starts, *homes, *(candidate.place for candidate in candidates)]


def _travel(
    places: list[Place], speed_mps: float, detour_factor: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    way_m = great_circle_m(places) * detour_factor
    # Rounded up, so that no promise to a customer rests on a fraction of a second. The nudge keeps
    # 100 m at 5 m/s from becoming 21 s because the floating point product is a hair over.
    seconds = np.ceil(way_m / speed_mps - 1e-7).astype(np.int64)
    metres = np.rint(way_m).astype(np.int64)
    return metres, seconds
