"""Looking at the office's file past its code: plain SQL on a connection of the simulator's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["held_hashes", "rows", "without_effect"]


def rows(world: World, sql: str, *values: Any) -> list[Any]:
    """What a query finds."""
    return world.office.look.execute(sql, values).fetchall()


def held_hashes(world: World) -> set[str]:
    """Every operation that the office holds, whether it has an effect or not."""
    return {row[0].hex() for row in rows(world, "SELECT hash FROM operation")}


def without_effect(world: World) -> set[str]:
    """Those kept without effect."""
    return {row[0].hex() for row in rows(world, "SELECT hash FROM operation WHERE held IS NOT NULL")}
