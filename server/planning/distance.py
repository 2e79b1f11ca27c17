"""How far it is: a geodesic for one leg, a vectorised great circle for a whole day.

A geodesic on the WGS-84 ellipsoid costs some thousand times a great circle on a sphere, which lies within
0.5 % of it anywhere in China, and 0.3 % at its middle latitudes. So single legs are measured, and matrices
are estimated, with a factor for the way along streets.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from geopy.distance import geodesic

from server.planning.model import Place

__all__ = ["EARTH_RADIUS_M", "great_circle_m", "leg_distance_m"]

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth in metres (IUGG, as in Moritz, Geodetic Reference System 1980)."""


def leg_distance_m(a: Place, b: Place) -> float:
    """Measure the geodesic between two places in metres (Karney 2013, WGS-84 ellipsoid, by geopy).

    For single legs, as from a recorded position to the address it should be at. The straight line over
    the ground: no detour factor.
    """
    return float(geodesic((a.latitude, a.longitude), (b.latitude, b.longitude)).meters)


def great_circle_m(places: Sequence[Place]) -> npt.NDArray[np.float64]:
    """Estimate all distances between n places in metres: an (n, n) array, symmetric, zero diagonal.

    Haversine formula (Sinnott 1984) on a sphere of radius `EARTH_RADIUS_M`.
    """
    degrees = np.array([(place.latitude, place.longitude) for place in places], dtype=np.float64)
    latitude, longitude = np.radians(degrees.reshape(-1, 2)).T
    half_latitude = np.sin((latitude[:, None] - latitude[None, :]) / 2.0)
    half_longitude = np.sin((longitude[:, None] - longitude[None, :]) / 2.0)
    cosines = np.cos(latitude)
    chord = half_latitude**2 + cosines[:, None] * cosines[None, :] * half_longitude**2
    metres: npt.NDArray[np.float64] = 2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return metres
