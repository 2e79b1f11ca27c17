"""How far apart two places are: the great circle on a sphere (haversine), within 0.5 % of the ellipsoid."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

__all__ = ["distance_m"]

_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""
_E7 = 10_000_000


def distance_m(lat_e7: int, lon_e7: int, other_lat_e7: int, other_lon_e7: int) -> int:
    """Whole metres, rounded down, between two places in ten-millionths of a degree, WGS-84."""
    lat, other_lat = radians(lat_e7 / _E7), radians(other_lat_e7 / _E7)
    half_lat = sin((other_lat - lat) / 2)
    half_lon = sin(radians((other_lon_e7 - lon_e7) / _E7) / 2)
    root = sqrt(min(1.0, half_lat * half_lat + cos(lat) * cos(other_lat) * half_lon * half_lon))
    return int(2 * _RADIUS_M * asin(root))
