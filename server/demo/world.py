"""The demonstration's world: real figures and towns, invented people, fixed by a seed and a day.

`build_world` is pure but for reading the folder: the same seed and day give the same world, and `write_world`
the same bytes, on every machine. Example::

    world = build_world(world_folder(), seed=7, service_day=date(2026, 3, 2))
    write_world(world, Path("intake"))

What is real and what is invented is told in `fixtures/worlds/yancheng_xinyang/README.md`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from server.demo.accounts import build_accounts
from server.demo.agents import build_agents
from server.demo.folder import world_folder
from server.demo.limits import SERVICE_YEAR_MAX, SERVICE_YEAR_MIN
from server.demo.notices import build_notices
from server.demo.payments import build_payments
from server.demo.records import World
from server.demo.sources import read_clients, read_settlements
from server.demo.visits import build_visits
from server.demo.writing import write_world
from sync.errors import Refused

__all__ = ["World", "build_world", "world_folder", "write_world"]


def build_world(folder: Path, seed: int, service_day: date) -> World:
    """The world of one service day from the source files in the folder.

    Raises Refused ARGUMENT-WRONG for a day outside this century, FILE-UNREADABLE for a file that is
    missing, and IMPORT-MALFORMED, with file, line and value, for one that is not as it should be.
    """
    if not SERVICE_YEAR_MIN <= service_day.year <= SERVICE_YEAR_MAX:
        years = f"{SERVICE_YEAR_MIN} to {SERVICE_YEAR_MAX}"
        raise Refused("ARGUMENT-WRONG", f"service day {service_day} is not within the years {years}")
    settlements = read_settlements(folder)
    agents = build_agents(settlements, seed)
    accounts = build_accounts(read_clients(folder), settlements, seed, service_day)
    visits = build_visits(accounts, agents, seed, service_day)
    return World(
        seed=seed,
        service_day=service_day,
        accounts=accounts,
        visits=visits,
        notices=build_notices(accounts, visits, seed, service_day),
        agents=agents,
        payments=build_payments(accounts, visits, agents, seed, service_day),
    )
