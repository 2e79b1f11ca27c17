"""Cases of the rules about conduct: where, when, how often, with how many."""

from __future__ import annotations

from sync.operations import Position
from sync.operations.field import CompanionConfirmed, ContactMade, VisitStarted
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World

__all__: list[str] = []

HOME = (334_000_000, 1_201_000_000)
METRE_E7 = 90
SHANGHAI = "Asia/Shanghai"
HOUR = 60


def _start(phone: Phone, visit: str, metres: int) -> None:
    where = Position(HOME[0] + metres * METRE_E7, HOME[1], 10)
    phone.write(VisitStarted(visit=visit), position=where)


def _at(metres: int) -> World:
    world, phone = ready(place=HOME)
    _start(phone, "V1", metres)
    phone.sync()
    return world


@fires("VISIT-PLACE")
def six_hundred_metres_from_the_address() -> World:
    """Beyond what an address is wide and the position is unsure."""
    return _at(600)


@nearly("VISIT-PLACE")
def five_hundred_metres_from_the_address() -> World:
    """Within the doubt."""
    return _at(500)


def _travelled(minutes: int) -> World:
    world, phone = ready(place=HOME)
    _start(phone, "V8", 0)
    world.tick(minutes)
    _start(phone, "V9", 50_000)
    phone.sync()
    return world


@fires("VISIT-PLACE")
def fifty_kilometres_in_a_minute() -> World:
    """Nobody gets that far."""
    return _travelled(0)


@nearly("VISIT-PLACE")
def fifty_kilometres_in_ten_minutes() -> World:
    """The fastest train does."""
    return _travelled(10)


def _visited(minutes: int, **visit: object) -> World:
    """The agent arrives so many minutes after seven in the morning, with a signal."""
    world, phone = ready(zone=SHANGHAI, **visit)
    world.tick(minutes)
    phone.sync()
    phone.write(VisitStarted(visit="V1"))
    phone.sync()
    return world


@fires("VISIT-HOURS")
def an_hour_after_the_evening_ends() -> World:
    """At eleven in the evening, customer's time."""
    return _visited(16 * HOUR)


@nearly("VISIT-HOURS")
def the_customer_asked_for_that_hour() -> World:
    """At eleven in the evening, booked from ten to midnight."""
    return _visited(16 * HOUR, window_s=(22 * 3600, 24 * 3600))


def _called(times: int) -> World:
    world, phone = ready(zone=SHANGHAI)
    world.tick(3 * HOUR)
    phone.sync()
    for _ in range(times):
        phone.write(ContactMade(customer="C1", account="A1", channel="call", effective=True))
    phone.sync()
    return world


@fires("VISIT-HOURS")
def a_fourth_effective_call_on_one_day() -> World:
    """The guideline allows three."""
    return _called(4)


@nearly("VISIT-HOURS")
def a_third_effective_call_on_one_day() -> World:
    """As many as are allowed."""
    return _called(3)


def _with_companion(who: str) -> World:
    world, phone = ready(staff_min=2)
    phone.write(CompanionConfirmed(visit="V1", companion=who, proof=""))
    phone.conclude()
    phone.sync()
    return world


@fires("VISIT-STAFF")
def nobody_but_the_agent_confirmed() -> World:
    """The companion is the agent."""
    return _with_companion("agent-1")


@nearly("VISIT-STAFF")
def a_companion_confirmed() -> World:
    """Two of our staff."""
    return _with_companion("agent-2")
