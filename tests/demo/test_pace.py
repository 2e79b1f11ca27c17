"""A paced day waits for the plan, by the world's clock."""

from __future__ import annotations

from agent_client.simulation import no_pace, paced
from sync.clock import Reading, parse_wall


class _World:
    """A clock that moves only while somebody sleeps: a real second is half an hour."""

    def __init__(self, text: str) -> None:
        self.wall_ms, self.offset = parse_wall(text)
        self.slept_s = 0.0

    def reading(self) -> Reading:
        return Reading(self.wall_ms, self.offset, "boot", self.wall_ms)

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.wall_ms += round(seconds * 1_800_000)


def test_a_stop_waits_for_its_planned_time() -> None:
    """At eight an agent waits for the stop of half past nine, and no longer than that."""
    world = _World("2026-11-23T08:00:00.000+08:00")
    paced(world.reading, world.sleep)("2026-11-23", 9 * 3600 + 1800)
    late_ms = world.wall_ms - parse_wall("2026-11-23T09:30:00.000+08:00")[0]
    assert 0 <= late_ms < 60_000


def test_a_stop_whose_time_has_passed_is_not_waited_for() -> None:
    """Nobody waits for a time that is over, nor without a pace."""
    world = _World("2026-11-23T12:00:00.000+08:00")
    paced(world.reading, world.sleep)("2026-11-23", 9 * 3600)
    no_pace("2026-11-23", 20 * 3600)
    assert world.slept_s == 0
