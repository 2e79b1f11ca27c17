"""Between the datums of maps in use in China: WGS-84, GCJ-02 and BD-09.

Coordinates are stored as WGS-84. Maps published in China (AutoNavi, Tencent) use GCJ-02, which shifts
WGS-84 by some hundred metres; Baidu's BD-09 shifts GCJ-02 once more. Imports name their datum and are
converted once; a navigation link is converted to its target's datum.

Source: no official formula of GCJ-02 was published. The one here is the formula in public circulation
since 2010 (a Krasovsky 1940 ellipsoid and a series of sines), and Baidu's polar offset.

Accuracy: forward, within a few metres of what map providers return. Backward, the forward formula is
inverted by iteration, so that a round trip returns within a millimetre. Outside a rectangle around China,
[0.8293, 55.8271] by [72.004, 137.8347] degrees, nothing is shifted; the rectangle also covers parts of
neighbouring countries, where these datums must not be used.

>>> place = Place(39.915, 116.404)
>>> shifted = from_wgs84(place, "gcj02")
>>> round(shifted.latitude, 4), round(shifted.longitude, 4)
(39.9164, 116.4102)
"""

import math
from collections.abc import Callable
from typing import Final, Literal, get_args

from server.planning.errors import PlanningError
from server.planning.model import Place

__all__ = ["Datum", "from_wgs84", "to_wgs84"]

Datum = Literal["wgs84", "gcj02", "bd09"]
"""The datums that imports may name."""

_Degrees = tuple[float, float]

_SEMI_MAJOR_M: Final = 6_378_245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid in metres."""
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
"""First eccentricity squared of the Krasovsky 1940 ellipsoid."""
_BAIDU_TURN: Final = math.pi * 3000.0 / 180.0
"""Angular frequency of Baidu's offset, per degree."""
_BAIDU_SHIFT: Final = (0.006, 0.0065)
"""Constant part of Baidu's offset in degrees: latitude, longitude."""
_INVERSE_TOLERANCE: Final = 1e-11
"""Degrees, about a micrometre: where the inversion stops."""
_INVERSE_STEPS_MAX: Final = 30
"""Each step shrinks the error some hundredfold; a handful suffices, the rest is a backstop."""


def to_wgs84(place: Place, datum: Datum) -> Place:
    """Convert a place whose degrees are given in `datum` to WGS-84; refuses an unknown datum."""
    _refuse_unknown(datum)
    degrees = (place.latitude, place.longitude)
    if datum == "wgs84" or _outside_china(degrees):
        return place
    if datum == "bd09":
        degrees = _invert(_baidu_from_gcj02, degrees)
    return Place(*_invert(_gcj02_from_wgs84, degrees))


def from_wgs84(place: Place, datum: Datum) -> Place:
    """Convert a WGS-84 place to the degrees of `datum`; refuses an unknown datum."""
    _refuse_unknown(datum)
    degrees = (place.latitude, place.longitude)
    if datum == "wgs84" or _outside_china(degrees):
        return place
    degrees = _gcj02_from_wgs84(degrees)
    if datum == "bd09":
        degrees = _baidu_from_gcj02(degrees)
    return Place(*degrees)


def _refuse_unknown(datum: str) -> None:
    if datum not in get_args(Datum):
        raise PlanningError("datum", f"The datum is {datum!r}.", f"Name one of {', '.join(get_args(Datum))}.")


def _outside_china(degrees: _Degrees) -> bool:
    latitude, longitude = degrees
    return not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347)


def _gcj02_from_wgs84(degrees: _Degrees) -> _Degrees:
    latitude, longitude = degrees
    y, x = latitude - 35.0, longitude - 105.0
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north_m += (wave + _ripple(y) + _slow(y, 160.0, 320.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east_m += (wave + _ripple(x) + _slow(x, 150.0, 300.0)) * 2.0 / 3.0
    radians = math.radians(latitude)
    flattening = 1.0 - _ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / flattening**1.5
    parallel_m = _SEMI_MAJOR_M / math.sqrt(flattening) * math.cos(radians)
    return latitude + math.degrees(north_m / meridian_m), longitude + math.degrees(east_m / parallel_m)


def _ripple(value: float) -> float:
    return 20.0 * math.sin(value * math.pi) + 40.0 * math.sin(value / 3.0 * math.pi)


def _slow(value: float, twelfth: float, thirtieth: float) -> float:
    return twelfth * math.sin(value / 12.0 * math.pi) + thirtieth * math.sin(value / 30.0 * math.pi)


def _baidu_from_gcj02(degrees: _Degrees) -> _Degrees:
    latitude, longitude = degrees
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU_TURN)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU_TURN)
    shift_latitude, shift_longitude = _BAIDU_SHIFT
    return radius * math.sin(angle) + shift_latitude, radius * math.cos(angle) + shift_longitude


def _invert(forward: Callable[[_Degrees], _Degrees], target: _Degrees) -> _Degrees:
    """Find the degrees that `forward` takes to `target`; it moves points little, so this contracts."""
    latitude, longitude = target
    for _ in range(_INVERSE_STEPS_MAX):
        reached = forward((latitude, longitude))
        error_latitude, error_longitude = target[0] - reached[0], target[1] - reached[1]
        latitude, longitude = latitude + error_latitude, longitude + error_longitude
        if max(abs(error_latitude), abs(error_longitude)) < _INVERSE_TOLERANCE:
            break
    return latitude, longitude
