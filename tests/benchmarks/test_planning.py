"""How long and how well a branch's day is planned. Run with `pytest -m benchmark -s tests/benchmarks`."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from server.planning import check_plan, limits, plan
from tests.planning.worlds import town_day

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize(("service_s", "radius_m"), [(480, 5_000.0), (900, 5_000.0), (480, 10_000.0)])
def test_a_day_of_240_visits_for_6_agents(
    service_s: int, radius_m: float, record_property: Callable[[str, object], None]
) -> None:
    """Measures a day with the default number of iterations; asserts only that the plan is sound."""
    request = town_day(
        1,
        visits=240,
        agents=6,
        iterations_max=limits.ITERATIONS_DEFAULT,
        service_s=service_s,
        radius_m=radius_m,
    )
    started = time.perf_counter()
    made = plan(request)
    seconds = time.perf_counter() - started
    planned = sum(len(route.stops) for route in made.routes)
    record_property("seconds", round(seconds, 2))
    record_property("visits_planned", planned)
    record_property("distance_m", made.distance_m)
    print(
        f"240 visits of {service_s} s within {radius_m:.0f} m: {seconds:.2f} s, {planned} planned, "
        f"{made.distance_m / 1000:.1f} km"
    )
    assert check_plan(request, made) == []
