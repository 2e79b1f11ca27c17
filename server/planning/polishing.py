"""After the search: make every route keep the rules, and let nothing be left out that plainly fits.

These steps are what the reasons for leaving out rest on. When they are done, no optional visit that is
left out could be added to a route of an agent with visits to spare for a way that its prize is worth, and no
mandatory one could be added even if the optional visits of one route were given up for it.
"""

from collections.abc import Iterable, Sequence

from server.planning.problem import Problem
from server.planning.schedule import Insertion, best_insertion, route_distance_m, schedule

__all__ = ["cheapest_insertion", "polish", "rank"]

Sequences = list[list[int]]


def polish(problem: Problem, searched: Sequence[Sequence[int]], wanted: Iterable[int]) -> Sequences:
    """Repair the searched sequences, then add what fits of `wanted`; the input is not changed."""
    sequences = [_repaired(problem, agent, sequence) for agent, sequence in enumerate(searched)]
    ordered = sorted(wanted, key=lambda candidate: rank(problem, candidate))
    planned = {candidate for sequence in sequences for candidate in sequence}
    for candidate in ordered:
        if candidate not in planned and problem.candidates[candidate].mandatory:
            _place_mandatory(problem, sequences, candidate)
    while True:
        planned = {candidate for sequence in sequences for candidate in sequence}
        added = [candidate for candidate in ordered if candidate not in planned and _add(problem, sequences, candidate)]
        if not added:
            return sequences


def rank(problem: Problem, candidate: int) -> tuple[bool, int, str]:
    """Sort key: mandatory first, then falling prize, then id."""
    wanted = problem.candidates[candidate]
    return (not wanted.mandatory, -wanted.prize, wanted.visit_id)


def cheapest_insertion(
    problem: Problem, sequences: Sequence[Sequence[int]], candidate: int, *, among_full: bool
) -> Insertion | None:
    """Find the shortest detour to the candidate, among agents with visits to spare or among full ones."""
    best: Insertion | None = None
    for agent, sequence in enumerate(sequences):
        full = len(sequence) >= problem.agents[agent].visits_max
        if full != among_full or not problem.eligible[agent][candidate]:
            continue
        found = best_insertion(problem, agent, sequence, candidate)
        if found is not None and (best is None or found.added_m < best.added_m):
            best = found
    return best


def _repaired(problem: Problem, agent: int, sequence: Sequence[int]) -> list[int]:
    """Drop what the agent may not make, then the least visits, until the route keeps its times."""
    kept = [candidate for candidate in sequence if problem.eligible[agent][candidate]]
    while kept and (len(kept) > problem.agents[agent].visits_max or schedule(problem, agent, kept) is None):
        kept.remove(max(kept, key=lambda candidate: rank(problem, candidate)))
    return kept


def _add(problem: Problem, sequences: Sequences, candidate: int) -> bool:
    found = cheapest_insertion(problem, sequences, candidate, among_full=False)
    wanted = problem.candidates[candidate]
    if found is None or (not wanted.mandatory and found.added_m > wanted.prize):
        return False
    sequences[found.agent].insert(found.position, candidate)
    return True


def _place_mandatory(problem: Problem, sequences: Sequences, candidate: int) -> None:
    """Add a mandatory visit, giving up optional visits of one route if it must be, the fewest metres first.

    The visits given up stay candidates, and come back where they fit.
    """
    if _add(problem, sequences, candidate):
        return
    options: list[tuple[int, Insertion, list[int]]] = []
    for agent, sequence in enumerate(sequences):
        bare = [other for other in sequence if problem.candidates[other].mandatory]
        has_room = len(bare) < min(len(sequence), problem.agents[agent].visits_max)
        if not has_room or not problem.eligible[agent][candidate]:
            continue
        found = best_insertion(problem, agent, bare, candidate)
        if found is not None:
            length_m = route_distance_m(problem, agent, bare) + found.added_m
            options.append((length_m, found, bare))
    if options:
        _, found, bare = min(options, key=lambda option: (option[0], option[1].agent))
        bare.insert(found.position, candidate)
        sequences[found.agent] = bare
