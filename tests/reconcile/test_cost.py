"""Whether a replay costs the same for each operation, whatever their number.

Run with `pytest -m benchmark -s tests/reconcile`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from sync.reconcile.replay import replay
from tests.reconcile.worlds import World

pytestmark = pytest.mark.benchmark

VISITS_A_DAY = 25


def busy(agents: int) -> World:
    """A branch's day: each agent with as many visits as fit, each visit a check, a payment and a conclusion."""
    world = World()
    for number in range(agents):
        agent = f"agent-{number}"
        phone = world.phone(agent)
        world.issue_pack(agent)
        for place in range(VISITS_A_DAY):
            visit, account = f"V{number}-{place}", f"A{number}-{place}"
            world.account(account)
            world.visit(visit, account, agent=agent)
            phone.check(visit, account=account)
            payment = phone.collect(10_000, visit=visit, account=account)
            if place % 10 == 0:
                phone.void(payment)
            phone.conclude(visit, account)
        phone.end_day(10_000 * VISITS_A_DAY)
        phone.sync()
    return world


@pytest.mark.parametrize("agents", [2, 8, 32])
def test_a_replay_of_so_many_agents_days(agents: int, record_property: Callable[[str, object], None]) -> None:
    """Measures microseconds for each operation; asserts only that everything was folded."""
    world = busy(agents)
    started = time.perf_counter()
    result = replay(world.lines, world.blobs)
    seconds = time.perf_counter() - started
    each_us = seconds / len(world.lines) * 1e6
    record_property("operations", len(world.lines))
    record_property("microseconds_each", round(each_us, 1))
    print(f"{agents} agents, {len(world.lines)} operations: {seconds:.2f} s, {each_us:.0f} µs each")
    assert result.operations == len(world.lines)
    assert result.held == {}
