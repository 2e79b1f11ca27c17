"""A route as a small drawing: stops in order, projected onto a box. Elements with attributes only, no style."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

import msgspec

from server.services.day_views import StopView

__all__ = ["HEIGHT", "WIDTH", "Drawing", "Mark", "draw_route"]

WIDTH, HEIGHT = 320, 180
_MARGIN = 16


class Mark(msgspec.Struct, frozen=True):
    """One stop in the drawing."""

    x: int
    y: int
    label: int
    state: str
    review: bool


class Drawing(msgspec.Struct, frozen=True):
    """Marks in order, and the same as the `points` of a polyline."""

    marks: tuple[Mark, ...]
    points: str


def draw_route(stops: Sequence[StopView]) -> Drawing | None:
    """Equirectangular, scaled alike in both directions; None with fewer than two places known."""
    known = [(stop, stop.lat_e7, stop.lon_e7) for stop in stops if stop.lat_e7 is not None and stop.lon_e7 is not None]
    if len(known) < 2:
        return None
    middle = radians(sum(lat or 0 for _, lat, _ in known) / len(known) / 1e7)
    flat = [((lon or 0) * cos(middle), -(lat or 0)) for _, lat, lon in known]
    left, top = min(x for x, _ in flat), min(y for _, y in flat)
    wide, high = max(x for x, _ in flat) - left, max(y for _, y in flat) - top
    scale = min((WIDTH - 2 * _MARGIN) / (wide or 1), (HEIGHT - 2 * _MARGIN) / (high or 1))
    shift_x, shift_y = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    marks = tuple(
        Mark(
            round((x - left) * scale + shift_x),
            round((y - top) * scale + shift_y),
            stop.position,
            stop.state,
            stop.review,
        )
        for (stop, _, _), (x, y) in zip(known, flat, strict=True)
    )
    return Drawing(marks, " ".join(f"{mark.x},{mark.y}" for mark in marks))
