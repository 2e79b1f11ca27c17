"""Planning a branch's day: what is offered, what is written, and what is refused."""

from __future__ import annotations

import pytest

from server.planning import PlanRequest, Violation
from server.planning import plan as real_plan
from server.services import plans
from server.services.imports import import_file
from server.services.office import Office
from server.services.plans import plan_day, plan_of
from server.services.present import visits_now
from server.services.visits import assign_visit, cancel_visit
from sync.operations.field import VisitConcluded, VisitStarted
from sync.operations.office import PackIssued, VisitAssigned, VisitMoved
from tests.office.conftest import ADMIN, CASHIER, SUPERVISOR, TINY, reconcile
from tests.office.looking import DAY, bodies, operations_count, pack, refused, write
from tests.office.phone import Phone

ONE, TWO = "AG-YC-1", "AG-YC-2"


def test_a_plan_assigns_every_visit_and_issues_packs(tiny: Office) -> None:
    """Each stop becomes a VisitAssigned with its basis, and each agent has a pack in driving order."""
    kept = plan_day(tiny, ADMIN, "YC", DAY, iterations=50)
    assigned = {body.visit: body for body in bodies(tiny, VisitAssigned)}
    assert set(assigned) == {"V1", "V2", "V3", "V4", "V5", "V6"}
    assert kept.assigned == 6
    assert all(body.basis for body in assigned.values())
    for route in kept.plan.routes:
        frame = pack(tiny, route.agent_id)
        assert frame is not None
        assert frame.visits == [stop.visit_id for stop in route.stops]
        for stop in route.stops:
            body = assigned[stop.visit_id]
            assert (body.agent, body.position, body.eta_s) == (route.agent_id, stop.position, stop.arrive_s)


def test_the_same_day_planned_again_writes_nothing(tiny: Office) -> None:
    """The same plan changes no visit, no pack and no journal."""
    first = plan_day(tiny, ADMIN, "YC", DAY, iterations=50)
    count = operations_count(tiny)
    again = plan_day(tiny, ADMIN, "YC", DAY, iterations=50)
    assert (again.assigned, again.freed, again.documents_changed) == (0, 0, 0)
    assert again.plan.digest == first.plan.digest
    assert operations_count(tiny) == count


def test_the_plan_is_kept_and_found(tiny: Office) -> None:
    """The last plan is a document that anybody can look at."""
    made = plan_day(tiny, ADMIN, "YC", DAY, iterations=20, seed=3)
    with tiny.store.read() as reader:
        kept = plan_of(reader, "YC", DAY)
        assert kept == made
        with refused("NOT-FOUND", "2026-03-05"):
            plan_of(reader, "YC", "2026-03-05")


def test_prizes_become_metres_at_the_requests_speed(tiny: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A prize of 1,500 seconds is worth 7,500 metres at five metres a second."""
    seen: list[PlanRequest] = []

    def spy(request: PlanRequest, progress: object = None) -> object:
        seen.append(request)
        return real_plan(request)

    monkeypatch.setattr(plans, "plan", spy)
    plan_day(tiny, ADMIN, "YC", DAY, iterations=5)
    prizes = {candidate.visit_id: candidate.prize for candidate in seen[0].candidates}
    assert (prizes["V2"], prizes["V1"]) == (7_500, 0)


def test_a_plan_that_breaks_a_rule_is_not_used(tiny: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The independent checker has the last word: nothing is written."""
    broken = [Violation(code="SHIFT-LATE", subject=ONE, detail="Home at midnight.")]
    monkeypatch.setattr(plans, "check_plan", lambda _request, _plan: broken)
    count = operations_count(tiny)
    with refused("STATE-FORBIDS", "SHIFT-LATE", "Home at midnight"):
        plan_day(tiny, ADMIN, "YC", DAY, iterations=5)
    assert operations_count(tiny) == count


def test_a_visit_that_changed_during_the_search_stops_the_plan(tiny: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a visit is called off while the planner searches, nothing of the plan is written."""

    def slow(request: PlanRequest, progress: object = None) -> object:
        write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V2", "customer"))
        return real_plan(request)

    monkeypatch.setattr(plans, "plan", slow)
    with refused("STATE-STALE", "visit:V2"):
        plan_day(tiny, ADMIN, "YC", DAY, iterations=5)
    assert bodies(tiny, VisitAssigned) == []
    assert bodies(tiny, PackIssued) == []


def test_what_is_left_out_is_freed_and_says_why(tiny: Office) -> None:
    """An account recalled after planning takes its visit off the route, with the reason in both languages."""
    plan_day(tiny, ADMIN, "YC", DAY, iterations=20)
    text = (TINY / "accounts.csv").read_text("utf-8").replace("2026-03-02T06", "2026-03-02T07")
    recalled = text.replace("2,open,李二", "2,recalled,李二")
    import_file(tiny, ADMIN, "accounts", "accounts.csv", recalled.encode())
    kept = plan_day(tiny, ADMIN, "YC", DAY, iterations=20)
    assert [(item.visit_id, item.reason_code) for item in kept.left_out] == [("V2", "ACCOUNT-RECALLED")]
    assert kept.left_out[0].reason_zh
    assert kept.freed == 1
    assert [body.visit for body in bodies(tiny, VisitMoved)] == ["V2"]
    with tiny.store.read() as reader:
        assert visits_now(reader, ["V2"])["V2"].agent == ""
    assert all("V2" not in (frame.visits if (frame := pack(tiny, agent)) else []) for agent in (ONE, TWO))


def test_what_is_done_or_under_way_stays_where_it_is(tiny: Office) -> None:
    """A concluded visit is not offered again; one under way stays with whoever is there."""
    for visit in ("V1", "V5"):
        write(tiny, lambda w, v=visit: assign_visit(w, tiny, SUPERVISOR, v, ONE))  # type: ignore[misc]  # bound early
    phone = Phone(tiny, ONE)
    phone.write(VisitConcluded(visit="V1", account="AC00001", customer="CU00001", reason="nobody_home"))
    phone.write(VisitStarted(visit="V5"))
    reconcile(tiny)
    kept = plan_day(tiny, ADMIN, "YC", DAY, iterations=50)
    planned = {stop.visit_id: route.agent_id for route in kept.plan.routes for stop in route.stops}
    assert "V1" not in planned
    assert planned["V5"] == ONE
    frame = pack(tiny, ONE)
    assert frame is not None
    assert frame.visits[0] == "V1"


def test_a_float_is_given_with_the_plan(tiny: Office) -> None:
    """The opening float stands in every pack of the day."""
    plan_day(tiny, ADMIN, "YC", DAY, iterations=5, float_minor=20_000)
    assert {body.float_minor for body in bodies(tiny, PackIssued)} == {20_000}


def test_unknown_branches_and_wrong_roles_are_refused(tiny: Office) -> None:
    """A branch without agents is not found, and a cashier plans nothing."""
    with refused("NOT-FOUND", "ZZ"):
        plan_day(tiny, ADMIN, "ZZ", DAY)
    with refused("ROLE-MISSING"):
        plan_day(tiny, CASHIER, "YC", DAY)
    with refused("ARGUMENT-WRONG", "service day"):
        plan_day(tiny, ADMIN, "YC", "tomorrow")
