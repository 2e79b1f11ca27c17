"""Which visits could be made at all, by whom, and why the others could not: before any search."""

from server.planning import reasons
from server.planning.model import Candidate, LeftOut
from server.planning.problem import Problem
from server.planning.schedule import schedule

__all__ = ["screen"]


def screen(problem: Problem, candidate: int) -> tuple[tuple[int, ...], LeftOut | None]:
    """List the agents who could make the candidate as their only visit, or say why nobody can.

    The largest number of visits is not looked at here: an agent with no visit left to give is full, and
    the visit is not infeasible.
    """
    wanted = problem.candidates[candidate]
    suitable = [agent for agent in range(len(problem.agents)) if problem.eligible[agent][candidate]]
    if problem.agents and not suitable:
        return (), reasons.skill_missing(wanted, _lacking(problem, wanted))
    on_shift = [agent for agent in suitable if _window_in_shift(problem, agent, wanted)]
    if not on_shift:
        return (), reasons.no_window(wanted)
    able = tuple(agent for agent in on_shift if schedule(problem, agent, (candidate,)) is not None)
    if not able:
        here = problem.visit_node(candidate)
        nearest_m = min(problem.metres[problem.start_node(agent)][here] for agent in on_shift)
        return (), reasons.too_far(wanted, nearest_m)
    return able, None


def _window_in_shift(problem: Problem, agent: int, wanted: Candidate) -> bool:
    ready_s, ends_s = problem.ready_s(agent), problem.agents[agent].ends_s
    return any(
        ready_s <= end_s and max(ready_s, start_s) + wanted.service_s <= ends_s for start_s, end_s in wanted.windows
    )


def _lacking(problem: Problem, wanted: Candidate) -> list[str]:
    """Skills that none of the agents who may be sent has, or all when no one person unites them."""
    sendable = [agent for agent in problem.agents if wanted.agent_id in (None, agent.agent_id)]
    held = {skill for agent in sendable for skill in agent.skills}
    needed = sorted(set(wanted.skills))
    return [skill for skill in needed if skill not in held] or needed
