"""Plans a branch's service day: screen, search, polish, explain."""

import hashlib
from collections.abc import Sequence

import msgspec

from server.planning import reasons
from server.planning.model import AgentRoute, LeftOut, Plan, PlannedStop, PlanRequest
from server.planning.polishing import cheapest_insertion, polish, rank
from server.planning.problem import Problem, measure
from server.planning.schedule import route_distance_m, schedule
from server.planning.screening import screen
from server.planning.solver import Progress, search

__all__ = ["plan"]


def plan(request: PlanRequest, progress: Progress | None = None) -> Plan:
    """Plan all agents' routes for one service day.

    Always gives a plan: what cannot be visited, mandatory or not, is left out with its reason. The same
    request gives the same plan, digest and all, on the same machine and library versions, because the
    search stops after a number of iterations and never by a clock. `progress` is called with
    (iterations done, iterations wanted). CPU-bound, about a second for every thousand iterations with 240
    visits: call it from a thread or a job, not from an event loop; other threads wait some milliseconds
    at most. Raises PlanningError when the request
    is too large to measure.
    """
    problem = measure(request)
    refused: dict[int, LeftOut] = {}
    able: dict[int, tuple[int, ...]] = {}
    for candidate in range(len(problem.candidates)):
        agents, left_out = screen(problem, candidate)
        if left_out is not None:
            refused[candidate] = left_out
        else:
            able[candidate] = agents
    searched = search(problem, list(able), seed=request.seed, iterations=request.iterations_max, progress=progress)
    sequences = polish(problem, searched, able)
    planned = {candidate for sequence in sequences for candidate in sequence}
    for candidate, agents in able.items():
        if candidate not in planned:
            refused[candidate] = _explain(problem, sequences, candidate, agents)
    routes = tuple(_route(problem, agent, sequence) for agent, sequence in enumerate(sequences))
    unsealed = Plan(
        branch_id=request.branch_id,
        service_day=request.service_day,
        routes=routes,
        left_out=tuple(refused[candidate] for candidate in sorted(refused, key=lambda c: rank(problem, c))),
        distance_m=sum(route.distance_m for route in routes),
        seed=request.seed,
        iterations=request.iterations_max,
        digest="",
    )
    encoded = msgspec.json.encode(unsealed, order="deterministic")
    return msgspec.structs.replace(unsealed, digest=hashlib.sha256(encoded).hexdigest())


def _explain(problem: Problem, sequences: Sequence[Sequence[int]], candidate: int, able: tuple[int, ...]) -> LeftOut:
    """Say why a visit that could be made alone is on none of the finished routes."""
    wanted = problem.candidates[candidate]
    spare = cheapest_insertion(problem, sequences, candidate, among_full=False)
    if spare is not None:
        return reasons.detour_too_long(wanted, spare.added_m)
    all_full = all(len(sequences[agent]) >= problem.agents[agent].visits_max for agent in able)
    if all_full or cheapest_insertion(problem, sequences, candidate, among_full=True) is not None:
        return reasons.agent_full(wanted, max(problem.agents[agent].visits_max for agent in able))
    return reasons.no_time(wanted)


def _route(problem: Problem, agent: int, sequence: Sequence[int]) -> AgentRoute:
    if not sequence:
        return _idle_route(problem, agent)
    timed = schedule(problem, agent, sequence)
    if timed is None:
        raise AssertionError(f"the polished route of {problem.agents[agent].agent_id} is late")
    node, home = problem.start_node(agent), problem.end_node(agent)
    ready_s = problem.ready_s(agent)
    # Waiting at the first door helps nobody: set out later instead.
    wait_s = timed[0].start_s - timed[0].arrive_s
    stops = []
    for position, stop in enumerate(timed, start=1):
        following = problem.visit_node(stop.candidate)
        stops.append(
            PlannedStop(
                visit_id=problem.candidates[stop.candidate].visit_id,
                position=position,
                arrive_s=stop.arrive_s + (wait_s if position == 1 else 0),
                start_s=stop.start_s,
                leave_s=stop.leave_s,
                leg_m=problem.metres[node][following],
            )
        )
        node = following
    return AgentRoute(
        agent_id=problem.agents[agent].agent_id,
        stops=tuple(stops),
        distance_m=route_distance_m(problem, agent, sequence),
        return_m=problem.metres[node][home],
        starts_s=ready_s + wait_s,
        ends_s=timed[-1].leave_s + problem.seconds[node][home],
    )


def _idle_route(problem: Problem, agent: int) -> AgentRoute:
    """Straight home, from wherever the agent is."""
    node, home, ready_s = problem.start_node(agent), problem.end_node(agent), problem.ready_s(agent)
    return AgentRoute(
        agent_id=problem.agents[agent].agent_id,
        stops=(),
        distance_m=problem.metres[node][home],
        return_m=problem.metres[node][home],
        starts_s=ready_s,
        ends_s=ready_s + problem.seconds[node][home],
    )
