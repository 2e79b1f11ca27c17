"""The demonstration's world, built once: building reads 30,000 rows."""

from __future__ import annotations

from datetime import date

import pytest

from server.demo.world import World, build_world, world_folder

SEED = 7
SERVICE_DAY = date(2026, 3, 2)


@pytest.fixture(scope="session")
def world() -> World:
    """The world of seed 7 on Monday, 2026-03-02."""
    return build_world(world_folder(), SEED, SERVICE_DAY)
