"""Looking at the office's file past its code: plain SQL on a connection of the simulator's own."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sync.clock import parse_wall

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["BY_HASH", "held_hashes", "office_bodies", "reached_ms", "rows", "without_effect"]

BY_HASH = "FROM operation_hash h JOIN operation o ON o.id = h.operation WHERE h.hash = ?"
"""Where a query finds one operation."""


def rows(world: World, sql: str, *values: Any) -> list[Any]:
    """What a query finds."""
    return world.office.look.execute(sql, values).fetchall()


def held_hashes(world: World) -> set[str]:
    """Every operation that the office holds, whether it has an effect or not."""
    return {row[0].hex() for row in rows(world, "SELECT hash FROM operation")}


def without_effect(world: World) -> set[str]:
    """Those kept without effect."""
    return {row[0].hex() for row in rows(world, "SELECT hash FROM operation WHERE held IS NOT NULL")}


def office_bodies(world: World, kind: str) -> list[tuple[int, dict[str, Any]]]:
    """(written, body) of the office's operations of a kind, past the code that reads them."""
    lines = [json.loads(data) for (data,) in rows(world, "SELECT data FROM operation WHERE instr(data, ?)", kind)]
    return [
        (parse_wall(line["at"])[0], line["body"])
        for line in lines
        if line["device"].startswith("office-") and line["body"].get("kind") == kind
    ]


def reached_ms(world: World) -> dict[str, int]:
    """Operation that a phone showed → when it reached the office as it is now, at the latest."""
    found: dict[str, int] = {}
    runs: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for _, body in office_bodies(world, "ExchangeReceived"):
        if body["new"]:
            runs[body["device"], body["epoch"]].append(body)
    for shown in world.notebook.shown.values():
        for body in runs[shown.device, shown.epoch]:
            if body["first_seq"] <= shown.seq <= body["last_seq"]:
                found[shown.hash] = max(found.get(shown.hash, 0), body["received_ms"])
    return found
