"""Whole metres on a small flat piece of the globe: exact enough for a round of a few kilometres."""

from __future__ import annotations

from math import cos, isqrt, radians

__all__ = ["METRES_PER_DEGREE", "metres_between", "moved"]

METRES_PER_DEGREE = 111_195
"""Metres of one degree of latitude on a sphere of radius 6,371,009 m (IUGG mean radius)."""


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Straight distance of two WGS-84 points in whole metres, flat, within 1 % up to 100 km."""
    middle = (latitude + other_latitude) / 2
    north = round((other_latitude - latitude) * METRES_PER_DEGREE)
    east = round((other_longitude - longitude) * _metres_per_degree_east(middle))
    return isqrt(north * north + east * east)


def moved(latitude: float, longitude: float, east_m: int, north_m: int) -> tuple[float, float]:
    """The WGS-84 point so many metres east and north, to six decimals (0.1 m)."""
    return (
        round(latitude + north_m / METRES_PER_DEGREE, 6),
        round(longitude + east_m / _metres_per_degree_east(latitude), 6),
    )


def _metres_per_degree_east(latitude: float) -> int:
    # Whole metres: the last bit of a cosine differs between machines, and files must not.
    return round(METRES_PER_DEGREE * cos(radians(latitude)))
