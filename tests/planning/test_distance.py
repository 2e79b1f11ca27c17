"""Distances: against figures known elsewhere, and against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.planning import Place, leg_distance_m
from server.planning.distance import EARTH_RADIUS_M, great_circle_m

places = st.builds(Place, st.floats(-89.9, 89.9), st.floats(-180.0, 180.0))


def test_a_degree_of_the_equator() -> None:
    """One degree of longitude at the equator is 111,319.49 m on WGS-84 (6,378,137 m times pi/180)."""
    assert leg_distance_m(Place(0.0, 10.0), Place(0.0, 11.0)) == pytest.approx(111_319.4908, abs=1e-3)


def test_from_equator_to_pole() -> None:
    """The meridian quadrant of WGS-84 is 10,001,965.729 m."""
    assert leg_distance_m(Place(0.0, 0.0), Place(90.0, 0.0)) == pytest.approx(10_001_965.729, abs=1e-2)


def test_a_place_is_no_way_from_itself() -> None:
    """Zero, exactly."""
    assert leg_distance_m(Place(33.3, 120.2), Place(33.3, 120.2)) == 0.0


def test_the_matrix_of_no_places_is_empty() -> None:
    """No agents and no visits are measured too."""
    assert great_circle_m([]).shape == (0, 0)


def test_antipodes_are_half_the_circumference_apart() -> None:
    """Rounding at the far end of the earth does not leave the arcsine's domain."""
    metres = great_circle_m([Place(0.0, 0.0), Place(0.0, 180.0)])
    assert metres[0, 1] == pytest.approx(3.141592653589793 * EARTH_RADIUS_M)


@given(st.lists(places, min_size=1, max_size=6))
def test_the_matrix_is_symmetric_with_a_zero_diagonal(some: list[Place]) -> None:
    """There and back are the same, and nobody is away from themselves."""
    metres = great_circle_m(some)
    assert (metres == metres.T).all()
    assert (metres.diagonal() == 0.0).all()


@given(st.floats(18.0, 53.5), st.floats(75.0, 130.0), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_the_great_circle_is_within_half_a_percent_in_china(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    """The planner's estimate and the geodesic agree to 0.5 % over ten kilometres."""
    a, b = Place(latitude, longitude), Place(latitude + north, longitude + east)
    assert great_circle_m([a, b])[0, 1] == pytest.approx(leg_distance_m(a, b), rel=0.005, abs=0.01)
