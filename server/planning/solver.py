"""The search: PyVRP (Wouda, Lan, Kool 2024) on the screened part of a problem.

How the office's words become PyVRP's: an agent is a vehicle type with one vehicle; the number of visits
is a load of one each; skills and fixed agents are profiles, in which the ways to other people's visits
take longer than any day; several windows are a group of alternatives. Every visit is optional to the
solver, mandatory ones with prizes that outweigh all optional ones together, so that bookings which do not
fit together cost the day one booking and not its plan.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from pyvrp import (
    Client,
    ClientGroup,
    Depot,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Location,
    PenaltyParams,
    ProblemData,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxIterations

from server.planning.problem import Problem

__all__ = ["Progress", "search"]

Progress = Callable[[int, int], None]
"""Called now and then with the iterations done and the iterations wanted."""

_FORBIDDEN_S: Final = 1_000_000
"""Seconds to a visit the agent may not make: eleven days, so that it is late by any shift."""

_PENALTY_MAX: Final = 20_000.0
"""Most metres that a second of lateness costs in the search. PyVRP's own 100,000 starts the search too
stiff to trade visits between routes; measured over worlds of 240 visits."""

_REPORTS: Final = 100
"""How often progress is told in one search."""


def search(
    problem: Problem,
    candidates: Sequence[int],
    *,
    seed: int,
    iterations: int,
    progress: Progress | None,
) -> list[list[int]]:
    """Search routes through `candidates`; one sequence for each agent, perhaps empty.

    What comes back may break a window or a limit when the search found nothing better; the caller
    repairs. The same arguments give the same sequences.
    """
    sequences: list[list[int]] = [[] for _ in problem.agents]
    vehicles = [
        agent
        for agent, shift in enumerate(problem.agents)
        if shift.visits_max > 0 and problem.ready_s(agent) < shift.ends_s
    ]
    if not candidates or not vehicles:
        return sequences
    data, candidate_of_client = _data(problem, vehicles, candidates)
    ceiling = max(_PENALTY_MAX, max(client.prize for client in data.clients()) / 30)
    parameters = SolveParams(
        ils=IteratedLocalSearchParams(callbacks=_Reporter(progress, iterations)),
        penalty=PenaltyParams(solutions_between_updates=100, penalty_decrease=0.8, max_penalty=ceiling),
    )
    with warnings.catch_warnings():
        # It warns when bookings do not fit together. Here they are left out, with their reason.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = solve(data, MaxIterations(iterations), seed=seed, collect_stats=False, params=parameters)
    for route in result.best.routes():
        clients = [activity.idx for activity in route if activity.is_client()]
        sequences[vehicles[route.vehicle_type()]] = [candidate_of_client[client] for client in clients]
    return sequences


def _data(problem: Problem, vehicles: Sequence[int], candidates: Sequence[int]) -> tuple[ProblemData, list[int]]:
    """Translate; also gives the candidate of each client, since each window is a client of its own."""
    nodes = [problem.start_node(agent) for agent in vehicles]
    nodes += [problem.end_node(agent) for agent in vehicles]
    nodes += [problem.visit_node(candidate) for candidate in candidates]
    metres = np.array(problem.metres, dtype=np.int64)[np.ix_(nodes, nodes)]
    seconds = np.array(problem.seconds, dtype=np.int64)[np.ix_(nodes, nodes)]
    depots = 2 * len(vehicles)
    clients, groups, candidate_of_client = _clients(problem, candidates, depots, int(metres.max()))
    patterns: dict[tuple[bool, ...], int] = {}
    types = []
    for index, agent in enumerate(vehicles):
        shift = problem.agents[agent]
        pattern = tuple(problem.eligible[agent][candidate] for candidate in candidates)
        types.append(
            VehicleType(
                capacity=[shift.visits_max],
                start_depot=index,
                end_depot=len(vehicles) + index,
                tw_early=problem.ready_s(agent),
                tw_late=shift.ends_s,
                profile=patterns.setdefault(pattern, len(patterns)),
            )
        )
    # PyVRP's stubs give NumPy arrays a shape parameter that no array has, hence Any.
    durations: list[Any] = []
    distances: list[Any] = [metres] * len(patterns)
    for pattern in patterns:
        duration = seconds.copy()
        duration[:, [depots + place for place, allowed in enumerate(pattern) if not allowed]] = _FORBIDDEN_S
        np.fill_diagonal(duration, 0)
        durations.append(duration)
    data = ProblemData(
        # Coordinates only serve PyVRP's drawings; the matrices count.
        locations=[Location(0, 0) for _ in nodes],
        clients=clients,
        depots=[Depot(index) for index in range(depots)],
        vehicle_types=types,
        distance_matrices=distances,
        duration_matrices=durations,
        groups=groups,
    )
    return data, candidate_of_client


def _clients(
    problem: Problem, candidates: Sequence[int], depots: int, leg_m_max: int
) -> tuple[list[Client], list[ClientGroup], list[int]]:
    optional_prizes = sum(
        problem.candidates[candidate].prize for candidate in candidates if not problem.candidates[candidate].mandatory
    )
    # One mandatory visit outweighs all optional ones, and the longest way round to reach it.
    mandatory_prize = optional_prizes + 10 * leg_m_max + 1
    clients: list[Client] = []
    groups: list[ClientGroup] = []
    candidate_of_client: list[int] = []
    for place, candidate in enumerate(candidates):
        wanted = problem.candidates[candidate]
        group: int | None = None
        if len(wanted.windows) > 1:
            group = len(groups)
            alternatives = list(range(len(clients), len(clients) + len(wanted.windows)))
            groups.append(ClientGroup(alternatives, required=False))
        for start_s, end_s in wanted.windows:
            clients.append(
                Client(
                    location=depots + place,
                    delivery=[1],
                    service_duration=wanted.service_s,
                    tw_early=start_s,
                    tw_late=end_s,
                    prize=wanted.prize + (mandatory_prize if wanted.mandatory else 0),
                    required=False,
                    group=group,
                )
            )
            candidate_of_client.append(candidate)
    return clients, groups, candidate_of_client


class _Reporter(IteratedLocalSearchCallbacks):
    """Counts iterations and tells progress a hundred times."""

    def __init__(self, progress: Progress | None, iterations: int) -> None:
        self._progress = progress
        self._iterations = iterations
        self._every = max(1, iterations // _REPORTS)
        self._done = 0

    def on_iteration(self, *_solutions: object) -> None:
        """Called by PyVRP after each iteration."""
        self._done += 1
        if self._progress is not None and (self._done % self._every == 0 or self._done == self._iterations):
            self._progress(self._done, self._iterations)
