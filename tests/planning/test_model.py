"""What a request may not say."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from server.planning import AgentShift, Candidate, Place, PlanningError, PlanRequest, limits
from sync.errors import Refused
from tests.planning.worlds import at_km, street_agent, street_day, street_visit

Make = Callable[[], object]

BAD: dict[str, tuple[Make, str]] = {
    "latitude too great": (lambda: Place(90.5, 0.0), "90.5"),
    "latitude not a number": (lambda: Place(float("nan"), 0.0), "nan"),
    "longitude too small": (lambda: Place(0.0, -180.01), "-180.01"),
    "longitude infinite": (lambda: Place(0.0, float("inf")), "inf"),
    "agent without id": (lambda: street_agent(" "), "' '"),
    "shift reversed": (lambda: street_agent(starts_s=500, ends_s=400), "500 to 400"),
    "shift empty": (lambda: street_agent(starts_s=500, ends_s=500), "500"),
    "shift before midnight": (lambda: street_agent(starts_s=-1), "-1 to 10000"),
    "shift past the day": (lambda: street_agent(ends_s=limits.DAY_END_S_MAX + 1), "129601"),
    "negative visits": (lambda: street_agent(visits_max=-1), "-1"),
    "too many visits": (lambda: street_agent(visits_max=limits.VISITS_MAX_MAX + 1), "1001"),
    "empty skill": (lambda: street_agent(skills=("",)), "''"),
    "too many skills": (lambda: street_agent(skills=tuple(f"s{n}" for n in range(33))), "33"),
    "place without time": (lambda: street_agent(present_km=1.0), "present_s=None"),
    "time without place": (lambda: street_agent(present_s=10), "present_s=10"),
    "present too late": (lambda: street_agent(present_km=1.0, present_s=200_000), "200000"),
    "visit without id": (lambda: street_visit("", 1.0), "''"),
    "window reversed": (lambda: street_visit("v", 1.0, windows=((900, 800),)), "900 to 800"),
    "windows out of order": (lambda: street_visit("v", 1.0, windows=((900, 950), (100, 200))), "100-200"),
    "windows touching": (lambda: street_visit("v", 1.0, windows=((100, 200), (200, 300))), "200-300"),
    "no window": (lambda: street_visit("v", 1.0, windows=()), "0"),
    "too many windows": (
        lambda: street_visit("v", 1.0, windows=tuple((n * 100, n * 100 + 50) for n in range(9))),
        "9",
    ),
    "negative service": (lambda: street_visit("v", 1.0, service_s=-5), "-5"),
    "endless service": (lambda: street_visit("v", 1.0, service_s=limits.SERVICE_S_MAX + 1), "28801"),
    "negative prize": (lambda: street_visit("v", 1.0, prize=-1), "-1"),
    "prize too great": (lambda: street_visit("v", 1.0, prize=limits.PRIZE_MAX + 1), "1000001"),
    "two agents of one id": (lambda: street_day([street_agent("li"), street_agent("li")], []), "'li'"),
    "two visits of one id": (
        lambda: street_day([street_agent()], [street_visit("v", 1.0), street_visit("v", 2.0)]),
        "'v'",
    ),
    "fixed to nobody": (
        lambda: street_day([street_agent("li")], [street_visit("v", 1.0, agent_id="wang")]),
        "'wang'",
    ),
    "negative seed": (lambda: street_day([], [], seed=-1), "-1"),
    "negative iterations": (lambda: street_day([], [], iterations_max=-1), "-1"),
    "day of no calendar": (lambda: _request(service_day="2025-02-30"), "2025-02-30"),
    "day in another form": (lambda: _request(service_day="20251124"), "20251124"),
    "no branch": (lambda: _request(branch_id=""), "''"),
    "standing still": (lambda: _request(speed_mps=0.0), "0.0"),
    "speed not a number": (lambda: _request(speed_mps=float("nan")), "nan"),
    "shorter than straight": (lambda: _request(detour_factor=0.9), "0.9"),
}


def _request(
    *,
    branch_id: str = "b",
    service_day: str = "2025-11-24",
    speed_mps: float = 5.0,
    detour_factor: float = 1.3,
) -> PlanRequest:
    return PlanRequest(
        branch_id=branch_id,
        service_day=service_day,
        agents=(),
        candidates=(),
        speed_mps=speed_mps,
        detour_factor=detour_factor,
    )


@pytest.mark.parametrize("case", BAD)
def test_a_bad_argument_is_refused_with_its_value(case: str) -> None:
    """What makes no sense is refused at construction, and the message holds the value."""
    make, value = BAD[case]
    with pytest.raises(PlanningError) as refused:
        make()
    assert value in refused.value.cause
    assert refused.value.code == "ARGUMENT-WRONG"
    assert refused.value.remedy
    assert refused.value.context["argument"]


def test_a_refusal_is_one_of_the_products_refusals() -> None:
    """Whoever handles the product's refusals handles the planner's too."""
    with pytest.raises(Refused, match=r"Latitude 91\.0"):
        Place(91.0, 0.0)


def test_a_bad_document_is_refused_with_its_path() -> None:
    """A request that comes as JSON is refused by the same rules, naming the place in the document."""
    good = msgspec.json.encode(street_day([street_agent()], [street_visit("v", 1.0)]))
    assert msgspec.json.decode(good, type=PlanRequest).candidates[0].visit_id == "v"
    bad = good.replace(b'"prize":100000', b'"prize":-7')
    with pytest.raises(msgspec.ValidationError, match=r"prize is -7.*\$\.candidates"):
        msgspec.json.decode(bad, type=PlanRequest)


def test_a_changed_copy_is_checked_again() -> None:
    """Replacing a field does not get round the refusals."""
    with pytest.raises(PlanningError, match="-3"):
        msgspec.structs.replace(street_agent(), visits_max=-3)


def test_the_limits_themselves_are_allowed() -> None:
    """Every bound is inclusive."""
    agent = AgentShift(
        agent_id="li",
        home=Place(90.0, 180.0),
        starts_s=0,
        ends_s=limits.DAY_END_S_MAX,
        visits_max=limits.VISITS_MAX_MAX,
    )
    visit = Candidate(
        visit_id="v",
        place=Place(-90.0, -180.0),
        service_s=limits.SERVICE_S_MAX,
        windows=((5, 5),),
        mandatory=True,
        prize=limits.PRIZE_MAX,
    )
    assert street_day([agent], [visit], seed=limits.SEED_MAX).agents == (agent,)
    assert at_km(0.0).longitude == 120.0
