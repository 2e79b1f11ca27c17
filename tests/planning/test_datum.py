"""Datums: known places, round trips, and the world outside."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.planning import Datum, Place, PlanningError, from_wgs84, leg_distance_m, to_wgs84

datums = st.sampled_from(get_args(Datum))
chinese = st.builds(Place, st.floats(3.0, 53.5), st.floats(73.6, 135.0))


BEIJING = Place(39.915, 116.404)
"""The example point of public implementations, taken there in each datum in turn."""


def test_a_point_in_beijing_in_gcj02() -> None:
    """39.915 N, 116.404 E in WGS-84 is what the public formula makes of it in GCJ-02."""
    shifted = from_wgs84(BEIJING, "gcj02")
    assert (shifted.latitude, shifted.longitude) == pytest.approx((39.91640428150164, 116.41024449916938), abs=1e-9)


def test_a_point_in_beijing_from_gcj02_to_bd09() -> None:
    """39.915 N, 116.404 E in GCJ-02 is what Baidu's offset makes of it, by way of WGS-84."""
    shifted = from_wgs84(to_wgs84(BEIJING, "gcj02"), "bd09")
    assert (shifted.latitude, shifted.longitude) == pytest.approx((39.92133699351021, 116.41036949371029), abs=1e-9)


@given(chinese, datums)
def test_there_and_back_is_the_same_place(place: Place, datum: Datum) -> None:
    """A round trip through any datum ends within a millimetre."""
    assert leg_distance_m(to_wgs84(from_wgs84(place, datum), datum), place) < 0.001


@given(chinese, datums)
def test_back_and_there_is_the_same_place(place: Place, datum: Datum) -> None:
    """What an import names in its datum, a navigation link in that datum names again."""
    assert leg_distance_m(from_wgs84(to_wgs84(place, datum), datum), place) < 0.001


@given(chinese)
def test_the_shift_is_some_hundred_metres(place: Place) -> None:
    """GCJ-02 lies off WGS-84 by what was published of it: under a kilometre and a half."""
    assert leg_distance_m(from_wgs84(place, "gcj02"), place) < 1_500


@pytest.mark.parametrize(
    "place",
    [Place(51.5, -0.1), Place(-33.9, 151.2), Place(28.6, 71.9), Place(0.5, 100.0), Place(56.0, 100.0)],
)
@pytest.mark.parametrize("datum", get_args(Datum))
def test_outside_china_nothing_is_shifted(place: Place, datum: Datum) -> None:
    """Beyond the rectangle every datum is WGS-84."""
    assert from_wgs84(place, datum) == place
    assert to_wgs84(place, datum) == place


def test_an_unknown_datum_is_refused() -> None:
    """A datum of another name is refused with that name, both ways."""
    unknown: Any = "cgcs2000"
    with pytest.raises(PlanningError, match="'cgcs2000'"):
        to_wgs84(Place(39.9, 116.4), unknown)
    with pytest.raises(PlanningError, match="'cgcs2000'"):
        from_wgs84(Place(39.9, 116.4), unknown)
