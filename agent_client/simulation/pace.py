"""Spreading a simulated day over the day: each stop waits for the time at which the plan expects the agent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from agent_client.clock import Clock

__all__ = ["Pace", "no_pace", "paced"]

Pace: TypeAlias = Callable[[str, int], None]
"""Called before a stop with the service day (YYYY-MM-DD) and the planned arrival in seconds since midnight."""

_STEP_S: Final = 0.02
"""Real seconds between two looks: half a minute of a day that lasts twenty seconds."""


def no_pace(_service_day: str, _eta_s: int) -> None:
    """Go on at once."""


def paced(clock: Clock, sleep: Callable[[float], None]) -> Pace:
    """Wait until `clock` shows the planned arrival; a stop whose time has passed is not waited for.

    The clock is the world's, not a phone's wrong one: time passes for an agent whatever the phone shows.
    """

    def wait(service_day: str, eta_s: int) -> None:
        midnight = datetime.fromisoformat(service_day).replace(tzinfo=UTC)
        shown = midnight + timedelta(seconds=eta_s)
        while _local(clock) < shown:
            sleep(_STEP_S)

    return wait


def _local(clock: Clock) -> datetime:
    """What the clock's face shows, as if its zone were UTC."""
    reading = clock()
    return datetime.fromtimestamp(reading.wall_ms / 1000, UTC) + timedelta(minutes=reading.offset_minutes)
