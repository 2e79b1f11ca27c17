"""Agreed plans against the money that came: due order, breach, cure, and withdrawal, whatever arrived first."""

from __future__ import annotations

from typing import Any

import pytest

from sync.journal import Entry
from sync.operations.field import PlanProposed
from sync.operations.office import ExternalPaymentRecorded, PromiseJudged
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World, found, same_in_any_order, sentences

NOON_MS = 1_795_388_400_000 + 5 * 3_600_000
"""Noon of 23 November 2026 in Shanghai."""
DAY_MS = 86_400_000
SHANGHAI = "Asia/Shanghai"


@pytest.fixture
def agreed(world: World, phone: Phone) -> Entry:
    """600.00 in three instalments of 200.00, due on 30 November, 30 December and 30 January."""
    world.visit("V2", zone=SHANGHAI)
    phone.check()
    return propose(phone)


def propose(phone: Phone, **more: Any) -> Entry:
    """A plan within the agent's authority, sent at once."""
    terms: dict[str, Any] = {
        "scheme": "equal_instalments",
        "total_minor": 60_000,
        "periods": 3,
        "first_due": "2026-11-30",
    } | more
    entry = phone.write(PlanProposed(visit="V1", account="A1", customer="C1", currency="CNY", **terms))
    phone.sync()
    return entry


def pay(world: World, amount_minor: int, day: int, name: str, currency: str = "CNY") -> None:
    """A payment elsewhere, at noon so many days after the plan was made."""
    world.office(
        ExternalPaymentRecorded(
            external=name,
            account="A1",
            amount_minor=amount_minor,
            currency=currency,
            paid_ms=NOON_MS + day * DAY_MS,
            channel="online",
        )
    )


def judge(world: World, plan: Entry, as_of_day: str) -> None:
    """The office looks for what was due before a day."""
    world.office(PromiseJudged(account="A1", promise=plan.hash, as_of_day=as_of_day))


def state(result: Replay) -> dict[str, Any]:
    """How the plan of the account stands."""
    (only,) = result.outcomes["account:A1"].state["agreed"]
    return dict(only)


def test_payments_count_toward_instalments_in_due_order(world: World, phone: Phone, agreed: Entry) -> None:
    """Cash at the door and money online fill the first, then part of the second, in any order of arrival."""
    phone.collect(5_000)
    phone.sync()
    pay(world, 15_000, 2, "E1")
    pay(world, 7_000, 4, "E2")
    found_ = state(same_in_any_order(world))
    assert (found_["status"], found_["cured"], found_["paid_minor"], found_["total_minor"]) == (
        "honoured", False, 27_000, 60_000,
    )  # fmt: skip
    assert found_["open"] == [{"due": "2026-12-30", "open_minor": 13_000}, {"due": "2027-01-30", "open_minor": 20_000}]


def test_money_from_before_the_plan_or_in_another_currency_counts_for_none(world: World, phone: Phone) -> None:
    """By chain order, by time, by currency."""
    phone.check()
    phone.collect(20_000)
    propose(phone)
    pay(world, 20_000, -1, "before")
    pay(world, 20_000, 1, "dollars", currency="USD")
    assert state(same_in_any_order(world))["paid_minor"] == 0


def test_nothing_is_breached_until_the_office_has_looked(world: World, agreed: Entry) -> None:
    """Months without money change nothing by themselves, and on the due day itself nothing is missing yet."""
    world.tick(200 * 24 * 60)
    assert state(world.replay())["status"] == "honoured"
    judge(world, agreed, "2026-11-30")
    result = same_in_any_order(world)
    assert state(result)["status"] == "honoured"
    assert found(result, "PROMISE-BROKEN") is None


def test_a_breach_by_the_offices_word_names_the_instalments(world: World, agreed: Entry) -> None:
    """Looked for as of 3 January: the first is short, the second is missing, the third is not due."""
    pay(world, 15_000, 3, "E1")
    world.tick(41 * 24 * 60)
    judge(world, agreed, "2027-01-03")
    result = same_in_any_order(world)
    assert (state(result)["status"], state(result)["overdue_minor"]) == ("breached", 25_000)
    broken = found(result, "PROMISE-BROKEN")
    assert broken is not None
    assert (broken.severity, broken.agent) == ("info", "")
    assert "50.00 CNY, 200.00 CNY promised by 2026-11-30, 2026-12-30" in sentences(broken)[0]


def test_a_late_payment_cures_a_breach(world: World, agreed: Entry) -> None:
    """Honoured again, and it says that it had not been."""
    judge(world, agreed, "2026-12-05")
    assert state(world.replay())["status"] == "breached"
    pay(world, 20_000, 12, "late")
    result = same_in_any_order(world)
    assert (state(result)["status"], state(result)["cured"]) == ("honoured", True)
    assert found(result, "PROMISE-BROKEN") is None


def test_a_payment_possibly_in_time_withdraws_a_breach(world: World, phone: Phone, agreed: Entry) -> None:
    """A phone that was without signal reports cash of before: as if the breach had never been said."""
    phone.collect(20_000)
    judge(world, agreed, "2026-12-05")
    assert state(world.replay())["status"] == "breached"
    phone.sync()
    result = same_in_any_order(world)
    assert (state(result)["status"], state(result)["cured"]) == ("honoured", False)
    assert found(result, "PROMISE-BROKEN") is None


def test_a_plan_that_is_paid_in_full_is_kept(world: World, agreed: Entry) -> None:
    """Info, over the whole plan; a cent less is not kept."""
    pay(world, 59_999, 3, "E1")
    assert found(same_in_any_order(world), "PROMISE-KEPT") is None
    pay(world, 1, 4, "E2")
    result = same_in_any_order(world)
    kept = found(result, "PROMISE-KEPT")
    assert kept is not None
    assert "600.00 CNY promised by 2027-01-30" in sentences(kept)[0]
    assert (state(result)["status"], state(result)["open"]) == ("completed", [])


def test_where_no_zone_is_known_the_earliest_day_counts(world: World, phone: Phone) -> None:
    """Half past two in the morning of the day after, in Shanghai: the day before somewhere, so in time."""
    phone.check()
    plan = propose(phone)
    judge(world, plan, "2026-12-05")
    world.office(
        ExternalPaymentRecorded(
            external="E1",
            account="A1",
            amount_minor=20_000,
            currency="CNY",
            paid_ms=NOON_MS + 7 * DAY_MS + 14 * 3_600_000 + 1_800_000,
            channel="online",
        )
    )
    result = same_in_any_order(world)
    assert (state(result)["status"], state(result)["cured"]) == ("honoured", False)


@pytest.mark.parametrize(
    ("terms", "total", "due"),
    [
        ({"scheme": "deferral", "periods": 2}, 60_000, "2027-01-30"),
        ({"scheme": "deferral", "periods": 1, "deferral_months": 2}, 60_000, "2027-01-30"),
        ({"scheme": "deferral", "periods": 1, "deferral_months": 1, "rate_bp": 1200}, 60_600, "2026-12-30"),
        ({"scheme": "equal_principal", "periods": 1, "rate_bp": 1200}, 60_600, "2026-11-30"),
    ],
)
def test_an_agreed_plan_asks_for_what_its_terms_say(
    world: World, phone: Phone, terms: dict[str, Any], total: int, due: str
) -> None:
    """Interest, and a deferral's months by either field."""
    phone.check()
    propose(phone, **terms)
    result = same_in_any_order(world)
    assert state(result)["total_minor"] == total
    assert state(result)["open"] == [{"due": due, "open_minor": total}]


def test_a_reduction_stands_once_the_office_approved_it(world: World, phone: Phone) -> None:
    """Pending until then, because no agent may waive; afterwards three quarters are to be paid."""
    phone.check()
    propose(phone, scheme="reduction", reduction_bp=2500, periods=2)
    result = world.replay()
    assert result.outcomes["account:A1"].state["agreed"] == []
    beyond = found(result, "PLAN-AUTHORITY")
    assert beyond is not None
    assert "25.00 %" in sentences(beyond)[0]
    world.decide(beyond, "accept")
    assert state(same_in_any_order(world))["total_minor"] == 45_000


def test_a_plan_that_was_replaced_or_waits_is_not_judged(world: World, phone: Phone, agreed: Entry) -> None:
    """The later plan counts, and the office's word on the first says nothing about it."""
    propose(phone, first_due="2027-02-28", periods=2)
    judge(world, agreed, "2026-12-05")
    result = same_in_any_order(world)
    assert [plan["status"] for plan in result.outcomes["account:A1"].state["plans"]] == ["replaced", "agreed"]
    assert (state(result)["status"], state(result)["judged_through"]) == ("honoured", "")


def test_a_plan_of_sixty_periods_is_kept_to_the_last_cent(world: World, phone: Phone) -> None:
    """The longest there is, beyond an agent's authority, approved, and paid exactly."""
    phone.check()
    propose(phone, periods=60, total_minor=100_001, rate_bp=435)
    beyond = found(world.replay(), "PLAN-AUTHORITY")
    assert beyond is not None
    world.decide(beyond, "accept")
    total = state(world.replay())["total_minor"]
    pay(world, total - 1, 3, "most")
    assert state(world.replay())["open"] == [{"due": "2031-10-30", "open_minor": 1}]
    pay(world, 1, 4, "last")
    assert state(same_in_any_order(world))["status"] == "completed"
