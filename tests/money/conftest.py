"""The small world of the reconciliation tests, for money too."""

from __future__ import annotations

import pytest

from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World


@pytest.fixture
def world() -> World:
    """Two agents of one branch, an account of 1,000.00 CNY, a planned visit, packs without float."""
    world = World()
    world.phone()
    world.phone("agent-2")
    world.account()
    world.visit()
    world.issue_pack()
    world.issue_pack("agent-2")
    return world


@pytest.fixture
def phone(world: World) -> Phone:
    """The phone of agent-1, who has the visit."""
    return world.phones[0]


@pytest.fixture
def other(world: World) -> Phone:
    """The phone of agent-2."""
    return world.phones[1]
