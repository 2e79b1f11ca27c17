"""Rules about plans and promises."""

from __future__ import annotations

from typing import Any

import pytest

from sync.clock import Seen
from sync.journal import Entry
from sync.operations.field import PlanProposed, PromiseMade
from sync.operations.office import ExternalPaymentRecorded, PromiseJudged, ReceiptCheckAnswered
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, World, found, receipt_of, same_in_any_order, sentences

AFTER = "2026-11-27"


def propose(phone: Phone, **more: Any) -> Entry:
    """A plan within the agent's authority, unless told otherwise."""
    terms: dict[str, Any] = {
        "scheme": "equal_instalments",
        "total_minor": 60_000,
        "periods": 6,
        "first_due": "2026-12-15",
    } | more
    return phone.write(PlanProposed(visit="V1", account="A1", customer="C1", currency="CNY", **terms))


def plans(result: Replay) -> list[str]:
    """Standing of each plan, in canonical order."""
    return [plan["status"] for plan in result.outcomes["account:A1"].state["plans"]]


@pytest.mark.parametrize(
    "terms",
    [
        {"periods": 25},
        {"scheme": "deferral", "periods": 3},
        {"scheme": "reduction"},
        {"total_minor": 10_000_001},
        {"periods": 61},
        {"total_minor": 0},
    ],
)
def test_authority_fires_for_terms_beyond_and_the_plan_is_pending(
    world: World, phone: Phone, terms: dict[str, Any]
) -> None:
    """Too long, put off too far, anything waived, too large, or terms that no plan has."""
    phone.check()
    propose(phone, **terms)
    phone.sync()
    result = same_in_any_order(world)
    beyond = found(result, "PLAN-AUTHORITY")
    assert beyond is not None
    assert (beyond.subject, beyond.severity, beyond.open, beyond.agent) == ("account:A1", "review", True, "")
    assert (beyond.branch, beyond.service_day) == ("B1", DAY)
    sentences(beyond)
    assert plans(result) == ["pending"]


@pytest.mark.parametrize(("outcome", "status"), [("accept", "agreed"), ("void", "declined"), ("escalate", "pending")])
def test_the_office_approves_or_declines(world: World, phone: Phone, outcome: Any, status: str) -> None:
    """Passing it on decides nothing."""
    phone.check()
    propose(phone, periods=36)
    phone.sync()
    beyond = found(world.replay(), "PLAN-AUTHORITY")
    assert beyond is not None
    world.decide(beyond, outcome)
    assert plans(same_in_any_order(world)) == [status]


@pytest.mark.parametrize("terms", [{"periods": 24}, {"scheme": "deferral", "periods": 2}, {"total_minor": 10_000_000}])
def test_authority_does_not_fire_up_to_the_limits(world: World, phone: Phone, terms: dict[str, Any]) -> None:
    """What an agent may agree on is agreed."""
    phone.check()
    propose(phone, **terms)
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "PLAN-AUTHORITY") is None
    assert plans(result) == ["agreed"]


def two_plans(world: World, *, second_periods: int = 6) -> None:
    """Two agents, neither of whom can have known of the other's plan."""
    one, other = world.phones[0], world.phone("agent-2")
    propose(one)
    propose(other, periods=second_periods)
    one.sync()
    other.sync()


def test_twice_fires_and_the_first_in_canonical_order_stands(world: World) -> None:
    """For review; the other is pending."""
    two_plans(world)
    result = same_in_any_order(world)
    twice = found(result, "PLAN-TWICE")
    assert twice is not None
    assert (twice.severity, twice.open, twice.agent, len(twice.operations)) == ("review", True, "", 2)
    sentences(twice)
    assert plans(result) == ["agreed", "pending"]
    world.decide(twice, "accept")
    assert plans(same_in_any_order(world)) == ["agreed", "declined"]


def test_of_two_plans_the_one_that_the_office_confirmed_stands(world: World) -> None:
    """The second was beyond authority and approved: it beats the first."""
    two_plans(world, second_periods=36)
    assert plans(world.replay()) == ["agreed", "pending"]
    beyond = found(world.replay(), "PLAN-AUTHORITY")
    assert beyond is not None
    world.decide(beyond, "accept")
    assert plans(same_in_any_order(world)) == ["pending", "agreed"]


def test_twice_can_end_with_no_plan_at_all(world: World) -> None:
    """Both are declined and another is drawn up."""
    two_plans(world)
    twice = found(world.replay(), "PLAN-TWICE")
    assert twice is not None
    world.decide(twice, "void")
    assert plans(same_in_any_order(world)) == ["declined", "declined"]


def test_twice_does_not_fire_when_the_later_author_can_have_known(world: World, phone: Phone) -> None:
    """The other phone had synced after the first plan arrived; the same phone knows what it wrote."""
    other = world.phone("agent-2")
    propose(phone)
    phone.sync()
    world.tick()
    other.seen = Seen(world.now_ms, other.boot, other.mono_ms)
    propose(other, periods=3)
    propose(other, periods=4)
    other.sync()
    result = same_in_any_order(world)
    assert found(result, "PLAN-TWICE") is None
    assert plans(result) == ["replaced", "replaced", "agreed"]


def promise(phone: Phone, amount_minor: int = 20_000, due: str = NEXT_DAY) -> Entry:
    """The customer promises to pay."""
    body = PromiseMade(visit="V1", account="A1", customer="C1", amount_minor=amount_minor, currency="CNY", due=due)
    return phone.write(body)


def promises(result: Replay) -> list[str]:
    """Standing of each promise, by due day."""
    return [made["status"] for made in result.outcomes["account:A1"].state["promises"]]


def pay_elsewhere(world: World, amount_minor: int, day: int, name: str = "E1") -> None:
    """The creditor reports a payment made at noon, so many days after the world began."""
    paid_ms = world_noon(day)
    world.office(
        ExternalPaymentRecorded(
            external=name, account="A1", amount_minor=amount_minor, currency="CNY", paid_ms=paid_ms, channel="online"
        )
    )


def world_noon(day: int) -> int:
    """Noon of a day after the world's first, Shanghai time."""
    return 1_795_388_400_000 + 5 * 3_600_000 + day * 86_400_000


def test_a_promise_is_kept_by_the_money_that_came_whatever_arrived_first(world: World, phone: Phone) -> None:
    """Part at the door and part online, both after the promise and in time."""
    phone.check()
    promise(phone)
    phone.collect(5_000)
    phone.sync()
    assert promises(world.replay()) == ["open"]
    pay_elsewhere(world, 15_000, 1)
    result = same_in_any_order(world)
    kept = found(result, "PROMISE-KEPT")
    assert kept is not None
    assert (kept.severity, kept.open, len(kept.operations)) == ("info", False, 3)
    assert "200.00 CNY" in sentences(kept)[0]
    assert promises(result) == ["kept"]


def test_a_promise_is_not_kept_by_money_from_before_or_late_or_too_little(world: World, phone: Phone) -> None:
    """Paid before the promise by chain order, a cent short, or on the day after."""
    phone.check()
    phone.collect(20_000)
    promise(phone)
    phone.sync()
    pay_elsewhere(world, 19_999, 1)
    pay_elsewhere(world, 20_000, 3, "E2")
    result = same_in_any_order(world)
    assert found(result, "PROMISE-KEPT") is None
    assert found(result, "PROMISE-BROKEN") is None
    assert promises(result) == ["open"]


def test_each_unit_of_money_keeps_one_promise(world: World, phone: Phone) -> None:
    """Of two promises the one that is due first takes the money."""
    phone.check()
    promise(phone, due=AFTER)
    promise(phone)
    phone.sync()
    pay_elsewhere(world, 20_000, 1)
    assert promises(same_in_any_order(world)) == ["kept", "open"]


def judge(world: World, made: Entry, as_of_day: str) -> None:
    """The office looks for the money."""
    world.office(PromiseJudged(account="A1", promise=made.hash, as_of_day=as_of_day))


def test_a_promise_is_broken_by_the_office_alone_and_whole_again_when_the_money_comes(
    world: World, phone: Phone
) -> None:
    """Info, as of a day after it was due; a payment possibly in time withdraws it, one certainly late does not."""
    phone.check()
    made = promise(phone)
    phone.sync()
    world.tick(5 * 24 * 60)
    judge(world, made, AFTER)
    pay_elsewhere(world, 20_000, 4, "late")
    result = same_in_any_order(world)
    broken = found(result, "PROMISE-BROKEN")
    assert broken is not None
    assert (broken.severity, broken.open) == ("info", False)
    sentences(broken)
    assert promises(result) == ["broken"]
    pay_elsewhere(world, 20_000, 1)
    result = same_in_any_order(world)
    assert found(result, "PROMISE-BROKEN") is None
    assert found(result, "PROMISE-KEPT") is not None


@pytest.mark.parametrize("as_of_day", [DAY, NEXT_DAY])
def test_a_promise_is_not_broken_before_its_day_has_ended(world: World, phone: Phone, as_of_day: str) -> None:
    """The office's word as of the day itself says nothing yet; nor does a word about another account's promise."""
    phone.check()
    made = promise(phone)
    phone.sync()
    judge(world, made, as_of_day)
    world.office(PromiseJudged(account="A1", promise="0" * 64, as_of_day=AFTER))
    result = same_in_any_order(world)
    assert found(result, "PROMISE-BROKEN") is None
    assert promises(result) == ["open"]


def test_shared_fires_for_another_accounts_check_value(world: World, phone: Phone) -> None:
    """For review, about the receipt; the payment stands and nobody is named."""
    phone.check()
    payment = phone.collect(10_000)
    phone.sync()
    body = ReceiptCheckAnswered(series=f"{phone.device}/1/1", matches="last_four", account="A2", visit="V2")
    world.office(body)
    result = same_in_any_order(world)
    shared = found(result, "RECEIPT-SHARED")
    assert shared is not None
    assert (shared.subject, shared.severity, shared.agent) == (f"payment:{phone.device}/1/1", "review", "")
    assert "last four digits of account A2" in sentences(shared)[0]
    assert "卡号后四位" in sentences(shared)[1]
    assert result.outcomes["account:A1"].state["debt_left_minor"] == 90_000
    assert receipt_of(payment)


def test_shared_does_not_fire_for_scans_alone(world: World, phone: Phone) -> None:
    """Any number of scans, and nobody gave another's value."""
    phone.check()
    payment = phone.collect(10_000)
    phone.sync()
    world.witness(payment)
    world.witness(payment)
    assert found(same_in_any_order(world), "RECEIPT-SHARED") is None
