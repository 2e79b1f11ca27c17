"""Repayment plans at the office: nobody is sent to collect while one holds, and what is missing is looked for."""

from __future__ import annotations

from typing import Any

import pytest

from server.services.conduct import explain_customer
from server.services.decisions import DecisionCommand, decide
from server.services.office import Office
from server.services.packs import refresh_all
from server.services.plans import plan_day
from server.services.promises import judge_promises
from server.services.visits import assign_visit
from sync.operations.field import PlanProposed
from sync.operations.office import PromiseJudged
from tests.office.conftest import ADMIN, MORNING_MS, SUPERVISOR, reconcile
from tests.office.looking import DAY, bodies, visit_document, write
from tests.office.phone import Phone

ONE = "AG-YC-1"
NOON_MS = MORNING_MS + 5 * 3_600_000


@pytest.fixture
def phone(tiny: Office) -> Phone:
    """The phone of the agent who has V2, V3 and V4."""
    for visit in ("V2", "V3", "V4"):
        write(tiny, lambda w, visit=visit: assign_visit(w, tiny, SUPERVISOR, visit, ONE))  # type: ignore[misc]  # bound at once
    return Phone(tiny, ONE)


def draw_up(tiny: Office, phone: Phone, number: int = 3, **more: Any) -> None:
    """A plan over 600.00 for one customer, reconciled, and told to the phones."""
    terms: dict[str, Any] = {"scheme": "equal_instalments", "periods": 2} | more
    phone.write(
        PlanProposed(
            visit=f"V{number}", account=f"AC0000{number}", customer=f"CU0000{number}", total_minor=60_000,
            currency="CNY", first_due="2026-04-01", **terms,
        )
    )  # fmt: skip
    reconcile(tiny)
    refresh_all(tiny)


def forbidden(tiny: Office, visit: str) -> dict[str, str]:
    """Forbidden task → why, as the phone's route shows it."""
    document = visit_document(tiny, ONE, visit)
    assert document is not None
    return dict(zip(document.forbidden, document.forbidden_why, strict=True))


def left_out(tiny: Office) -> dict[str, str]:
    """Visit → why the planner did not offer it."""
    kept = plan_day(tiny, ADMIN, "YC", DAY, iterations=20)
    return {item.visit_id: item.reason_code for item in kept.left_out}


def blocked_by(tiny: Office, customer: str) -> set[str]:
    """Rules that block a visit to the customer at noon."""
    with tiny.store.read() as reader:
        answer = explain_customer(reader, tiny, customer, NOON_MS, ["visit"])
    return {line.rule for line in answer.channels[0].reasons if line.verdict == "blocked"}


def decided(tiny: Office, outcome: Any) -> None:
    """The supervisor decides on the plan beyond authority."""
    with tiny.store.read() as reader:
        (found,) = reader.discrepancies(rule="PLAN-AUTHORITY", limit=9)
    command = DecisionCommand(rule=found.rule, subject=found.subject, ground=found.ground, outcome=outcome)
    write(tiny, lambda w: decide(w, SUPERVISOR, command))
    reconcile(tiny)
    refresh_all(tiny)


def test_nobody_is_sent_to_collect_while_a_plan_is_kept(tiny: Office, phone: Phone) -> None:
    """The phone's route says so in both languages, the planner leaves the stop out, and the rules say why."""
    assert "PLAN" not in str(left_out(tiny))
    draw_up(tiny, phone)
    why = forbidden(tiny, "V3")
    assert {"collect", "negotiate", "notice"} <= why.keys()
    assert "keeps to an agreed repayment plan" in why["collect"]
    assert "正在履行" in why["collect"]
    assert left_out(tiny)["V3"] == "PLAN-HONOURED"
    assert "CN-PLAN" in blocked_by(tiny, "CU00003")


def test_nobody_is_sent_to_collect_while_a_plan_waits(tiny: Office, phone: Phone) -> None:
    """Beyond the agent's authority: pending, until the office declines it."""
    draw_up(tiny, phone, periods=36)
    assert "waits for the office" in forbidden(tiny, "V3")["collect"]
    assert left_out(tiny)["V3"] == "PLAN-PENDING"
    assert blocked_by(tiny, "CU00003") == {"HOUSE-PLAN-PENDING"}
    decided(tiny, "void")
    assert "V3" not in left_out(tiny)
    assert blocked_by(tiny, "CU00003") == set()


def test_an_approved_plan_stops_collection_as_an_agreed_one_does(tiny: Office, phone: Phone) -> None:
    """From pending to honoured."""
    draw_up(tiny, phone, periods=36)
    decided(tiny, "accept")
    assert left_out(tiny)["V3"] == "PLAN-HONOURED"
    assert "CN-PLAN" in blocked_by(tiny, "CU00003")


def test_a_customer_who_booked_a_visit_may_pay_an_instalment(tiny: Office, phone: Phone) -> None:
    """A booking stays on the route, and its payment is not forbidden."""
    draw_up(tiny, phone, number=4)
    assert "collect" not in forbidden(tiny, "V4")
    assert "V4" not in left_out(tiny)


def test_whoever_has_something_else_to_do_there_still_goes(tiny: Office, phone: Phone) -> None:
    """V6 is about the customer's details: planned, with collecting forbidden."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V6", ONE))
    draw_up(tiny, phone, number=6)
    assert "V6" not in left_out(tiny)


def test_each_instalment_is_looked_for_once_some_days_after_it_was_due(tiny: Office, phone: Phone) -> None:
    """Not while phones may still report; again for the next; then somebody may be sent again."""
    draw_up(tiny, phone)
    assert judge_promises(tiny.store, "2026-04-03", 2, 100) == 0
    assert judge_promises(tiny.store, "2026-04-04", 2, 100) == 1
    assert judge_promises(tiny.store, "2026-04-04", 2, 100) == 0
    reconcile(tiny)
    refresh_all(tiny)
    assert judge_promises(tiny.store, "2026-04-30", 2, 100) == 0
    assert "V3" not in left_out(tiny)
    assert "collect" not in forbidden(tiny, "V3")
    assert "CN-PLAN" not in blocked_by(tiny, "CU00003")
    assert judge_promises(tiny.store, "2026-05-04", 2, 100) == 1
    assert [body.as_of_day for body in bodies(tiny, PromiseJudged)] == ["2026-04-04", "2026-05-04"]


def test_money_that_comes_after_all_restores_the_plan(tiny: Office, phone: Phone) -> None:
    """The phone's cash was possibly in time: honoured, and nobody is sent again."""
    draw_up(tiny, phone)
    assert judge_promises(tiny.store, "2026-04-04", 2, 100) == 1
    reconcile(tiny)
    phone.collect("V3", "AC00003", "CU00003", 30_000)
    reconcile(tiny)
    refresh_all(tiny)
    assert left_out(tiny)["V3"] == "PLAN-HONOURED"
    assert judge_promises(tiny.store, "2026-04-20", 2, 100) == 0
