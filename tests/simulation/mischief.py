"""What happens to a world besides its work: clocks bent, phones lost, set back and copied, the office set back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.simulation.limits import HOUR_MS, MINUTE_MS
from tests.simulation.rows import day_ms

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["plant"]


def plant(world: World) -> None:
    """Let everything that this world's families name happen at moments drawn from the seed."""
    if "clocks" in world.families:
        for agent in range(world.setup.agents):
            world.spawn(_bend(world, agent))


def _bend(world: World, number: int) -> Iterator[int]:
    chance = world.chance.stream(f"bend/{number}")
    yield day_ms(0, 6) + chance.between(0, 10 * HOUR_MS)
    while world.time.now_ms < world.end_ms():
        phone = world.agents[number].phone
        if chance.permille(250):
            phone.clock.reboot()
        else:
            phone.clock.bend()
        yield world.time.now_ms + chance.between(20 * MINUTE_MS, 14 * HOUR_MS)
