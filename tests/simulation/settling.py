"""Faults are over: everything arrives, is decided and closed, within a bounded number of rounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.simulation.faulty import Violation
from tests.simulation.limits import DAY_MS, HOUR_MS, LATEST_LINE_MS, SETTLE_ROUNDS
from tests.simulation.rows import day_name

if TYPE_CHECKING:
    from tests.simulation.agent import Agent
    from tests.simulation.world import World

__all__ = ["settle"]


def settle(world: World) -> None:
    """Bring the world to rest; raises a violation of liveness when it will not."""
    world.faults.over = True
    world.office.down_until_ms = 0
    last = world.setup.days - 1
    if not world.families and len(world.branch.evening.closed) < world.setup.days:
        raise Violation("liveness", f"an honest day was not closed at night: {world.branch.evening.last_refusal[:300]}")
    world.time.until(world.end_ms())
    for _ in range(SETTLE_ROUNDS):
        world.time.pass_ms(HOUR_MS)
        world.recovery.ease()
        for agent in world.agents:
            _finish(world, agent)
        _sync_all(world)
        _office(world)
        if len(world.branch.evening.closed) == world.setup.days:
            break
        world.branch.evening.close(last, finally_=True)
    else:
        raise Violation("liveness", f"the days cannot be closed: {world.branch.evening.last_refusal[:400]}")
    # A day later every receipt that somebody holds has been shown, and every deadline has passed.
    for payment in world.customers.scanning:
        world.customers.scan(payment, finally_=True)
    world.time.pass_ms(DAY_MS)
    _rest(world)
    # By then every statement has come, and what found no counterpart is overdue.
    world.time.pass_ms(LATEST_LINE_MS)
    world.providers.import_new()
    _rest(world)


def _rest(world: World) -> None:
    """Jobs run, verdicts travel, packs follow."""
    for _ in range(2):
        _sync_all(world)
        _office(world)
    _sync_all(world)


def _finish(world: World, agent: Agent) -> None:
    """The agent ends every day that this phone worked on, and hands over what is left."""
    if not agent.phone.alive:
        return
    _drain(agent.dealings.catch_up())
    for day in range(world.setup.days):
        _drain(agent.end(day_name(day)))


def _drain(moments: Iterator[int]) -> None:
    """Let what would happen at these moments happen now."""
    for _ in moments:
        pass


def _sync_all(world: World) -> None:
    for phone in world.phones:
        if not phone.alive:
            continue
        report = None
        for _ in range(6):
            report = phone.sync(faults=False)
            if report is not None and report.unsent == 0 and (report.complete or report.locked):
                break
        else:
            raise Violation("liveness", f"phone {phone.name} cannot bring its records: {report}")


def _office(world: World) -> None:
    world.office.reconcile()
    world.branch.evening.believe_losses()
    world.office.run_jobs()
    world.office.reconcile()
    world.watch.books()
