"""One small world that most tests start from."""

from __future__ import annotations

import pytest

from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World


@pytest.fixture
def world() -> World:
    """An account of 1,000.00 CNY, a planned visit at it, and a pack without float."""
    world = World()
    world.phone()
    world.account()
    world.visit()
    world.issue_pack()
    return world


@pytest.fixture
def phone(world: World) -> Phone:
    """The phone of agent-1, who has the visit."""
    return world.phones[0]
