"""Where the cases of the rules are kept, and the world that most of them begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World

__all__ = ["FIRES", "NEARLY", "Build", "fires", "nearly", "ready"]

Build = Callable[[], World]
FIRES: dict[str, list[Build]] = {}
"""Code → worlds in which the rule fires."""
NEARLY: dict[str, list[Build]] = {}
"""Code → worlds in which it nearly does and must not."""


def fires(code: str) -> Callable[[Build], Build]:
    """Register a world in which the rule fires."""
    return _register(FIRES, code)


def nearly(code: str) -> Callable[[Build], Build]:
    """Register a world in which the rule nearly fires and must not."""
    return _register(NEARLY, code)


def _register(cases: dict[str, list[Build]], code: str) -> Callable[[Build], Build]:
    def register(build: Build) -> Build:
        cases.setdefault(code, []).append(build)
        return build

    return register


def ready(**visit: Any) -> tuple[World, Phone]:
    """An account of 1,000.00 CNY, a planned visit at it (`World.visit`'s keywords), and a pack without float."""
    world = World()
    phone = world.phone()
    world.account()
    world.visit(**visit)
    world.issue_pack()
    return world, phone
