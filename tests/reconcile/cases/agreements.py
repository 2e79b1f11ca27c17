"""Cases of the rules about plans and promises."""

from __future__ import annotations

from sync.clock import Seen
from sync.operations.field import PlanProposed, PromiseMade
from sync.operations.office import PromiseJudged
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import NEXT_DAY, World

__all__: list[str] = []


def _propose(phone: Phone, *, periods: int = 6) -> str:
    body = PlanProposed(
        visit="V1",
        account="A1",
        customer="C1",
        scheme="equal_instalments",
        total_minor=60_000,
        currency="CNY",
        periods=periods,
        first_due="2026-11-30",
    )
    return phone.write(body).hash


def _plan(periods: int) -> World:
    world, phone = ready()
    phone.check()
    _propose(phone, periods=periods)
    phone.sync()
    return world


@fires("PLAN-AUTHORITY")
def one_instalment_beyond_the_agents_authority() -> World:
    """Twenty-five months."""
    return _plan(25)


@nearly("PLAN-AUTHORITY")
def as_many_instalments_as_an_agent_may_agree_on() -> World:
    """Twenty-four months."""
    return _plan(24)


def _two_plans(*, heard: bool) -> World:
    world, phone = ready()
    other = world.phone("agent-2")
    phone.check()
    _propose(phone)
    phone.sync()
    if heard:
        world.tick()
        other.seen = Seen(world.now_ms, other.boot, other.mono_ms)
    _propose(other, periods=3)
    other.sync()
    return world


@fires("PLAN-TWICE")
def two_agents_who_had_not_heard_of_each_other() -> World:
    """The second had not synced since the first plan arrived."""
    return _two_plans(heard=False)


@nearly("PLAN-TWICE")
def the_second_agent_had_synced_after_the_first_plan() -> World:
    """So the second plan replaces the first."""
    return _two_plans(heard=True)


def _promise(amount_minor: int, *, paid_minor: int, as_of_day: str = "") -> World:
    world, phone = ready()
    phone.check()
    body = PromiseMade(visit="V1", account="A1", customer="C1", amount_minor=amount_minor, currency="CNY", due=NEXT_DAY)
    made = phone.write(body)
    if paid_minor:
        phone.collect(paid_minor)
    phone.sync()
    if as_of_day:
        world.office(PromiseJudged(account="A1", promise=made.hash, as_of_day=as_of_day))
    return world


@fires("PROMISE-KEPT")
def all_of_the_money_came() -> World:
    """On the day itself."""
    return _promise(20_000, paid_minor=20_000)


@nearly("PROMISE-KEPT")
def a_cent_is_missing() -> World:
    """One minor unit less than was promised."""
    return _promise(20_000, paid_minor=19_999)


@fires("PROMISE-BROKEN")
def not_there_on_the_day_after() -> World:
    """The office looked as of a later day, and a cent was missing."""
    return _promise(20_000, paid_minor=19_999, as_of_day="2026-11-25")


@nearly("PROMISE-BROKEN")
def looked_for_on_the_day_itself() -> World:
    """The day promised had not ended."""
    return _promise(20_000, paid_minor=0, as_of_day=NEXT_DAY)


def _instalments(*, paid_minor: int, as_of_day: str) -> World:
    world, phone = ready()
    phone.check()
    plan = _propose(phone)
    if paid_minor:
        phone.collect(paid_minor)
    phone.sync()
    world.office(PromiseJudged(account="A1", promise=plan, as_of_day=as_of_day))
    return world


@fires("PROMISE-KEPT")
def all_of_a_plan_came() -> World:
    """Six instalments at once."""
    return _instalments(paid_minor=60_000, as_of_day="2027-05-01")


@nearly("PROMISE-KEPT")
def a_plan_that_is_honoured_is_not_done() -> World:
    """The first instalment came, five are to come."""
    return _instalments(paid_minor=10_000, as_of_day="2026-12-05")


@fires("PROMISE-BROKEN")
def an_instalment_is_a_cent_short() -> World:
    """By the office's word as of a day after it was due."""
    return _instalments(paid_minor=9_999, as_of_day="2026-12-05")


@nearly("PROMISE-BROKEN")
def the_next_instalment_is_due_today() -> World:
    """The first is paid, the second has its day."""
    return _instalments(paid_minor=10_000, as_of_day="2026-12-30")
