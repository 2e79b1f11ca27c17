"""When each stop of a route happens, and whether one more fits in between.

The earliest start is always best here: travel times do not depend on the hour, so arriving earlier never
makes a later stop infeasible. Hence one pass forward tells the times, one pass backward tells how late
each stop may be reached, and an insertion is judged in constant time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.planning.problem import Problem

__all__ = ["Insertion", "Stop", "best_insertion", "route_distance_m", "schedule"]


@dataclass(frozen=True)
class Stop:
    """A candidate's times on a route, seconds since local midnight."""

    candidate: int
    arrive_s: int
    start_s: int
    leave_s: int


@dataclass(frozen=True)
class Insertion:
    """Where one more stop fits: before `position` (from 0), lengthening the route by `added_m`."""

    agent: int
    position: int
    added_m: int


def schedule(problem: Problem, agent: int, sequence: Sequence[int]) -> tuple[Stop, ...] | None:
    """Time the candidates of `sequence` as early as possible; None when one of them, or home, is late.

    Time alone is judged: neither skills nor the number of visits.
    """
    stops: list[Stop] = []
    node, time_s = problem.start_node(agent), problem.ready_s(agent)
    for candidate in sequence:
        following = problem.visit_node(candidate)
        arrive_s = time_s + problem.seconds[node][following]
        start_s = _earliest_start_s(problem, candidate, arrive_s)
        if start_s is None:
            return None
        node, time_s = following, start_s + problem.candidates[candidate].service_s
        stops.append(Stop(candidate, arrive_s, start_s, time_s))
    home_s = time_s + problem.seconds[node][problem.end_node(agent)]
    return tuple(stops) if home_s <= problem.agents[agent].ends_s else None


def route_distance_m(problem: Problem, agent: int, sequence: Sequence[int]) -> int:
    """Metres from where the agent sets out, through the candidates, to home."""
    nodes = _nodes(problem, agent, sequence)
    return sum(problem.metres[a][b] for a, b in pairwise(nodes))


def best_insertion(problem: Problem, agent: int, sequence: Sequence[int], candidate: int) -> Insertion | None:
    """Find the cheapest feasible place for `candidate` on a feasible route, the first of equals.

    Time alone is judged: neither skills nor the number of visits.
    """
    stops = schedule(problem, agent, sequence)
    if stops is None:
        return None
    nodes = _nodes(problem, agent, sequence)
    leave_s = [problem.ready_s(agent), *(stop.leave_s for stop in stops)]
    latest_s = _latest_arrivals_s(problem, agent, sequence)
    here = problem.visit_node(candidate)
    service_s = problem.candidates[candidate].service_s
    best: Insertion | None = None
    for position in range(len(sequence) + 1):
        before, after = nodes[position], nodes[position + 1]
        start_s = _earliest_start_s(problem, candidate, leave_s[position] + problem.seconds[before][here])
        if start_s is None:
            break  # further along the route it is only reached later
        if start_s + service_s + problem.seconds[here][after] > latest_s[position]:
            continue
        added_m = problem.metres[before][here] + problem.metres[here][after] - problem.metres[before][after]
        if best is None or added_m < best.added_m:
            best = Insertion(agent, position, added_m)
    return best


def _nodes(problem: Problem, agent: int, sequence: Sequence[int]) -> list[int]:
    doors = [problem.visit_node(candidate) for candidate in sequence]
    return [problem.start_node(agent), *doors, problem.end_node(agent)]


def _earliest_start_s(problem: Problem, candidate: int, arrive_s: int) -> int | None:
    for start_s, end_s in problem.candidates[candidate].windows:
        if arrive_s <= end_s:
            return max(arrive_s, start_s)
    return None


def _latest_arrivals_s(problem: Problem, agent: int, sequence: Sequence[int]) -> list[int]:
    """Latest arrival at each stop, and last at home, that keeps the rest of a feasible route feasible."""
    latest_s = [problem.agents[agent].ends_s]
    node = problem.end_node(agent)
    for candidate in reversed(sequence):
        here = problem.visit_node(candidate)
        leave_by_s = latest_s[-1] - problem.seconds[here][node]
        start_by_s = leave_by_s - problem.candidates[candidate].service_s
        # A feasible route starts this stop within some window, so at least one opens early enough.
        latest_s.append(
            max(
                min(end_s, start_by_s)
                for start_s, end_s in problem.candidates[candidate].windows
                if start_s <= start_by_s
            )
        )
        node = here
    latest_s.reverse()
    return latest_s
