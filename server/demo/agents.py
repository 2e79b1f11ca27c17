"""Agents: three a branch, each at home in a real town of their own.

The branch sits in its most populous town. Agents live there and in the next most populous towns that lie
near enough to the branch and far enough from each other; of towns equal in size the nearer one comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from server.demo.draw import Draw
from server.demo.geography import metres_between
from server.demo.limits import (
    AGENT_BASE_METRES_MAX,
    AGENT_BASE_METRES_MIN,
    AGENT_CASH_LIMIT_MINOR,
    AGENT_VISITS_MAX,
    AGENTS_PER_BRANCH,
)
from server.demo.people import invent_name
from server.demo.records import Agent
from server.demo.sources import BRANCHES, Settlement
from sync.errors import Refused

__all__ = ["agent_bases", "build_agents"]


def build_agents(settlements: Sequence[Settlement], seed: int) -> tuple[Agent, ...]:
    """All agents, ordered by branch; raises Refused IMPORT-MALFORMED where a branch has too few towns."""
    draw = Draw(seed, "agents")
    return tuple(
        Agent(
            agent_id=f"AG-{branch_id}-{number}",
            name=invent_name(draw, female=draw.chance(400)),
            branch_id=branch_id,
            home_latitude=base.latitude,
            home_longitude=base.longitude,
            shift_start=time(8, 30),
            shift_end=time(18, 30),
            visits_max=AGENT_VISITS_MAX,
            cash_limit_minor=AGENT_CASH_LIMIT_MINOR,
        )
        for branch_id in BRANCHES.values()
        for number, base in enumerate(agent_bases(settlements, branch_id), start=1)
    )


def agent_bases(settlements: Sequence[Settlement], branch_id: str) -> list[Settlement]:
    """The towns of a branch's agents, the branch's own town first."""
    towns = [town for town in settlements if town.branch_id == branch_id]
    if not towns:
        raise Refused("IMPORT-MALFORMED", f"settlements.csv has no town for branch {branch_id}")
    office = min(towns, key=lambda town: (-town.population, int(town.geonameid)))
    near = [town for town in towns if _metres(office, town) <= AGENT_BASE_METRES_MAX]
    near.sort(key=lambda town: (-town.population, _metres(office, town), int(town.geonameid)))
    bases: list[Settlement] = []
    for town in near:
        if len(bases) < AGENTS_PER_BRANCH and all(_metres(base, town) >= AGENT_BASE_METRES_MIN for base in bases):
            bases.append(town)
    if len(bases) < AGENTS_PER_BRANCH:
        cause = f"branch {branch_id} has {len(bases)} towns fit for agents, expected {AGENTS_PER_BRANCH}"
        raise Refused("IMPORT-MALFORMED", f"settlements.csv: {cause}")
    return bases


def _metres(one: Settlement, other: Settlement) -> int:
    return metres_between(one.latitude, one.longitude, other.latitude, other.longitude)
