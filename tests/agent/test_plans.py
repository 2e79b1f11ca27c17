"""Repayment plans on the phone: what each would cost, and drawing one up, without any signal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent_client.recording import Recorded
from agent_client.work.plans import PlanWish, propose_plan, what_if
from agent_client.work.visits import start_visit
from sync.errors import Conflict, Refused
from sync.operations import Operation, field, understand
from sync.side_records import content_of
from tests.agent.conftest import Phone

FIRST = "2026-12-31"
OWED = 500_000
"""What `a_visit` owes in all."""


def written(phone: Phone) -> field.PlanProposed:
    """The last operation's body, as the office understands it."""
    stored = phone.desk.store.journal.last()
    assert stored is not None
    operation = understand(stored.data)
    assert isinstance(operation, Operation)
    assert isinstance(operation.body, field.PlanProposed)
    return operation.body


def keys(recorded: Recorded) -> list[str]:
    """Which advice went with a step."""
    return [advice.key for advice in recorded.advice]


def test_what_a_plan_would_cost_is_asked_without_writing_anything(phone: Phone) -> None:
    """All that is owed in 3, 6 and 12 instalments: exact, side by side, and the journal stays as it was."""
    wishes = [PlanWish(scheme="equal_instalments", first_due=FIRST, periods=n, rate_bp=1200) for n in (3, 6, 12)]
    found = what_if(phone.desk, "V1", wishes)
    assert [column.schedule.principal_minor for column in found.columns] == [OWED] * 3
    assert [column.first_minor for column in found.columns] == [170_011, 86_274, 44_424]
    assert (found.cheapest, found.lightest) == (0, 2)
    assert found.columns[0].last_due == date(2027, 2, 28)
    assert all(column.authority is not None and column.authority.within for column in found.columns)
    assert phone.desk.store.journal.last() is None


@pytest.mark.parametrize(
    ("wish", "limit"),
    [
        ({"scheme": "equal_principal", "periods": 25}, "periods_max"),
        ({"scheme": "deferral", "deferral_months": 3}, "deferral_months_max"),
        ({"scheme": "reduction", "reduction_bp": 1, "periods": 6}, "reduction_max_bp"),
        ({"scheme": "equal_instalments", "total_minor": 10_000_001}, "total_max_minor"),
    ],
)
def test_what_lies_beyond_the_agents_authority_is_said_before_and_after(
    phone: Phone, wish: dict[str, Any], limit: str
) -> None:
    """The calculation names the limit, and the plan that is drawn up all the same waits for the office."""
    asked = PlanWish(first_due=FIRST, **wish)
    column = what_if(phone.desk, "V1", [asked]).columns[0]
    assert column.authority is not None
    assert [excess.limit for excess in column.authority.excess] == [limit]
    start_visit(phone.desk, "V1")
    recorded = propose_plan(phone.desk, "V1", asked)
    assert keys(recorded)[-2:] == ["plan-beyond", "plan-pending"]
    assert "agent" in recorded.advice[-2].sentence("en")
    assert "权限" in recorded.advice[-2].sentence("zh")


@pytest.mark.parametrize(
    "wish",
    [
        {"scheme": "equal_principal", "periods": 24},
        {"scheme": "deferral", "deferral_months": 2, "rate_bp": 350},
        {"scheme": "equal_instalments", "total_minor": 10_000_000, "periods": 2},
    ],
)
def test_a_plan_within_the_agents_authority_is_agreed_on_at_the_door(phone: Phone, wish: dict[str, Any]) -> None:
    """Up to the very limits; the operation carries every term."""
    start_visit(phone.desk, "V1")
    asked = PlanWish(first_due=FIRST, **wish)
    recorded = propose_plan(phone.desk, "V1", asked)
    assert keys(recorded)[-1] == "plan-agreed"
    body = written(phone)
    assert (body.scheme, body.first_due, body.currency) == (asked.scheme, FIRST, "CNY")
    assert body.total_minor == (asked.total_minor or OWED)
    assert (body.periods, body.rate_bp, body.reduction_bp, body.deferral_months) == (
        asked.periods,
        asked.rate_bp,
        0,
        asked.deferral_months,
    )


def test_a_reduction_says_how_much_is_waived(phone: Phone) -> None:
    """A fifth of the debt, in four instalments, with the words of both sides beside it."""
    start_visit(phone.desk, "V1")
    wish = PlanWish(scheme="reduction", first_due=FIRST, periods=4, reduction_bp=2000)
    assert what_if(phone.desk, "V1", [wish]).columns[0].waived_minor == OWED // 5
    propose_plan(phone.desk, "V1", wish, terms="四期，减免两成".encode())
    body = written(phone)
    assert (body.reduction_bp, body.periods) == (2000, 4)
    kept = phone.desk.store.side_records.get(body.terms_sha256)
    assert kept is not None
    assert content_of(kept).decode() == "四期，减免两成"


@pytest.mark.parametrize(
    ("wish", "error", "words"),
    [
        ({"periods": 0}, Conflict, "0"),
        ({"periods": -1}, Conflict, "-1"),
        ({"periods": 61}, Conflict, "61"),
        ({"currency": "USD"}, Conflict, "USD"),
        ({"first_due": "2026-02-30"}, Refused, "2026-02-30"),
        ({"first_due": "20261231"}, Refused, "20261231"),
        ({"rate_bp": -1}, Refused, "rate_bp"),
        ({"reduction_bp": 100}, Refused, "reduction_bp"),
        ({"scheme": "reduction"}, Refused, "reduction_bp"),
        ({"scheme": "deferral"}, Refused, "deferral_months"),
        ({"total_minor": 2, "periods": 3}, Refused, "do not make 3 instalments"),
    ],
)
def test_terms_that_no_plan_has_are_refused_and_nothing_is_written(
    phone: Phone, wish: dict[str, Any], error: type[Exception], words: str
) -> None:
    """Each refusal names the value."""
    start_visit(phone.desk, "V1")
    before = phone.desk.store.journal.last()
    terms: dict[str, Any] = {"scheme": "equal_instalments", "first_due": FIRST, "periods": 3} | wish
    asked = PlanWish(**terms)
    with pytest.raises(error, match=words):
        propose_plan(phone.desk, "V1", asked)
    after = phone.desk.store.journal.last()
    assert before is not None
    assert after is not None
    assert before.data == after.data


def test_no_plan_is_drawn_up_before_the_arrival_and_none_is_calculated_for_a_stranger(phone: Phone) -> None:
    """The visit must be open to agree on something; a visit that is not on this phone is unknown."""
    wish = PlanWish(scheme="equal_instalments", first_due=FIRST, periods=3)
    with pytest.raises(Conflict):
        propose_plan(phone.desk, "V1", wish)
    with pytest.raises((Conflict, Refused)):
        what_if(phone.desk, "V9", [wish])
    assert what_if(phone.desk, "V1", [wish]).columns
