"""Rules about conduct: where, when, and with how many of our own staff."""

from __future__ import annotations

import pytest

from sync.distance import distance_m
from sync.operations import Position
from sync.operations.field import CompanionConfirmed, ContactMade, NoticeDelivered, SafetyRaised, VisitStarted
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, World, found, same_in_any_order, sentences

HOME = (334_000_000, 1_201_000_000)
KILOMETRE_E7 = 89_932
"""A thousand metres to the north, in ten-millionths of a degree."""
SHANGHAI = "Asia/Shanghai"
HOUR = 60


def north(kilometres: float, accuracy_m: int = 10) -> Position:
    """So far north of the address."""
    return Position(HOME[0] + round(kilometres * KILOMETRE_E7), HOME[1], accuracy_m)


def at_home(**more: object) -> World:
    """A world whose visit V1 has an address and a zone."""
    world = World()
    world.phone()
    world.account()
    world.visit(place=HOME, **more)  # type: ignore[arg-type]  # the keywords of `World.visit`
    world.issue_pack()
    return world


def start(phone: Phone, where: Position | None = None, visit: str = "V1") -> None:
    """The agent arrives."""
    phone.write(VisitStarted(visit=visit), position=where)


def test_a_great_circle_is_as_long_as_it_is() -> None:
    """A degree of a meridian is 111.2 km, the same both ways, and nothing from a place to itself."""
    assert distance_m(0, 0, 10_000_000, 0) == 111_195
    assert distance_m(10_000_000, 0, 0, 0) == 111_195
    assert distance_m(*HOME, *HOME) == 0
    assert distance_m(0, 1_799_999_999, 0, -1_799_999_999) == 0
    assert 20_015_000 < distance_m(900_000_000, 0, -900_000_000, 0) < 20_016_000


def test_place_fires_when_the_agent_was_certainly_elsewhere() -> None:
    """Two kilometres off with ten metres of doubt: for review, the payment stands, nobody is named."""
    world = at_home()
    (phone,) = world.phones
    start(phone, north(2))
    phone.check()
    phone.collect(10_000)
    phone.sync()
    result = same_in_any_order(world)
    place = found(result, "VISIT-PLACE")
    assert place is not None
    assert (place.subject, place.severity, place.open, place.agent) == ("visit:V1", "review", True, "")
    assert "at least 1.9 km from the address" in sentences(place)[0]
    assert "1.9 公里" in sentences(place)[1]
    assert result.outcomes["account:A1"].state["debt_left_minor"] == 90_000


@pytest.mark.parametrize("where", [north(0.4), north(2, accuracy_m=600), None], ids=["near", "blurred", "unknown"])
def test_place_does_not_fire_while_the_agent_may_have_been_there(where: Position | None) -> None:
    """Within what an address is wide, within the doubt, or without any position."""
    world = at_home()
    (phone,) = world.phones
    start(phone, where)
    phone.conclude()
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-PLACE") is None


def test_place_does_not_fire_without_the_address(world: World, phone: Phone) -> None:
    """A plan that does not say where judges no place."""
    start(phone, north(50))
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-PLACE") is None


def test_a_conclusion_written_up_elsewhere_counts_only_where_nothing_else_does() -> None:
    """Started at the door and concluded in the car is in order; only concluded, and far away, is not."""
    world = at_home()
    world.visit("V2", place=HOME)
    (phone,) = world.phones
    start(phone, north(0))
    conclude_at(phone, north(3))
    conclude_at(phone, north(3), "V2")
    phone.sync()
    place = found(same_in_any_order(world), "VISIT-PLACE")
    assert place is not None
    assert place.subject == "visit:V2"


def conclude_at(phone: Phone, where: Position, visit: str = "V1") -> None:
    """The agent concludes at some place."""
    body = phone.conclude(visit).operation.body
    phone.unsent.pop()
    phone.head = phone.unsent[-1].head if phone.unsent else phone.head
    phone.write(body, position=where)


def test_a_safety_exception_excuses_the_place() -> None:
    """Whoever felt unsafe and stayed away is not asked: shown, and nothing to decide."""
    world = at_home()
    (phone,) = world.phones
    start(phone, north(2))
    phone.write(SafetyRaised(level="threatened", visit="V1"))
    phone.sync()
    place = found(same_in_any_order(world), "VISIT-PLACE")
    assert place is not None
    assert (place.severity, place.open) == ("info", False)


def test_impossible_travel_fires_for_the_day() -> None:
    """Fifty kilometres in a minute by two bounds that hold."""
    world = at_home()
    (phone,) = world.phones
    start(phone, north(0), "V8")
    start(phone, north(50), "V9")
    phone.sync()
    travel = found(same_in_any_order(world), "VISIT-PLACE")
    assert travel is not None
    assert (travel.subject, travel.severity, travel.agent) == (f"drawer:agent-1/{DAY}", "review", "")
    assert "km between two records" in sentences(travel)[0]
    sentences(travel)


def test_impossible_travel_does_not_fire_when_there_may_have_been_time() -> None:
    """An hour is enough for fifty kilometres; and after a restart of the phone nothing bounds the time between."""
    world = at_home()
    (phone,) = world.phones
    start(phone, north(0), "V8")
    world.tick(HOUR)
    start(phone, north(50), "V9")
    phone.reboot("other")
    start(phone, north(0), "V8")
    world.tick(8 * HOUR)
    phone.reboot("third")
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-PLACE") is None


def test_hours_fire_as_an_alarm_against_the_law_for_compliance() -> None:
    """At half past ten in the evening, certainly: the visit stands."""
    world = at_home(zone=SHANGHAI)
    (phone,) = world.phones
    world.tick(15 * HOUR + 30)
    phone.sync()
    start(phone)
    phone.check()
    phone.collect(10_000)
    phone.sync()
    result = same_in_any_order(world)
    hours = found(result, "VISIT-HOURS")
    assert hours is not None
    assert (hours.subject, hours.severity, hours.open, hours.agent) == ("visit:V1", "alarm", True, "")
    english, chinese = sentences(hours)
    assert "between 22:00 and 08:00" in english
    assert "22:00" in chinese
    assert result.outcomes["account:A1"].state["debt_left_minor"] == 90_000


def test_a_house_rule_about_hours_is_for_review() -> None:
    """At nine in the evening the law allows what the house does not."""
    world = at_home(zone=SHANGHAI)
    (phone,) = world.phones
    world.tick(14 * HOUR)
    phone.sync()
    start(phone)
    phone.sync()
    hours = found(same_in_any_order(world), "VISIT-HOURS")
    assert hours is not None
    assert hours.severity == "review"
    assert "House rule" in sentences(hours)[0]


def test_hours_do_not_fire_when_one_instant_was_permitted() -> None:
    """Seen at nine in the morning and synced at night after a restart: it may have been any time between."""
    world = at_home(zone=SHANGHAI)
    (phone,) = world.phones
    world.tick(3 * HOUR)
    phone.sync()
    world.tick(13 * HOUR)
    phone.reboot("other")
    start(phone)
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-HOURS") is None


@pytest.mark.parametrize("zone", ["", "Nowhere/Else"])
def test_hours_do_not_fire_without_the_customers_zone(zone: str) -> None:
    """A plan without a zone, or with one that is unknown here, judges nothing."""
    world = at_home(zone=zone)
    (phone,) = world.phones
    start(phone)
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-HOURS") is None


def test_hours_that_the_customer_asked_for_are_permitted() -> None:
    """A booking from half past seven in the morning on."""
    world = at_home(zone=SHANGHAI, window_s=(7 * 3600, 9 * 3600))
    (phone,) = world.phones
    phone.sync()
    start(phone)
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-HOURS") is None


def contacts(visits: int) -> World:
    """So many visits to one customer within a day, well within the hours."""
    world = at_home(zone=SHANGHAI)
    (phone,) = world.phones
    world.tick(3 * HOUR)
    phone.sync()
    for number in range(visits):
        phone.conclude(f"V{number}")
        phone.conclude(f"V{number}")
    phone.sync()
    return world


def test_frequency_fires_for_one_visit_too_many() -> None:
    """Four visits within seven days, where the house allows three; each is counted once, however often concluded."""
    hours = found(same_in_any_order(contacts(4)), "VISIT-HOURS")
    assert hours is not None
    assert (hours.subject, hours.severity, len(hours.operations)) == ("customer:C1", "review", 1)
    assert "at most three visits" in sentences(hours)[0]
    assert (hours.branch, hours.service_day) == ("B1", DAY)


def test_frequency_does_not_fire_at_the_limit() -> None:
    """Three visits are what the house allows."""
    assert found(same_in_any_order(contacts(3)), "VISIT-HOURS") is None


def test_a_fourth_effective_call_of_a_day_is_an_alarm_and_an_attempt_is_none() -> None:
    """China's guideline allows three effective calls; a call that reached nobody is not counted."""
    world = at_home(zone=SHANGHAI)
    (phone,) = world.phones
    world.tick(3 * HOUR)
    phone.sync()
    for effective in (True, False, True, True):
        phone.write(ContactMade(customer="C1", account="A1", channel="call", effective=effective))
    phone.sync()
    assert found(world.replay(), "VISIT-HOURS") is None
    phone.write(ContactMade(customer="C1", account="A1", channel="call", effective=True))
    phone.sync()
    calls = found(same_in_any_order(world), "VISIT-HOURS")
    assert calls is not None
    assert (calls.subject, calls.severity) == ("customer:C1", "alarm")


def companion(phone: Phone, who: str) -> None:
    """Somebody confirms with their own badge."""
    phone.write(CompanionConfirmed(visit="V1", companion=who, proof=""))


def test_staff_fires_for_fewer_than_the_visit_asks_for() -> None:
    """Two were asked for; the agent confirmed nobody but themselves."""
    world = at_home(staff_min=2)
    (phone,) = world.phones
    companion(phone, "agent-1")
    phone.conclude()
    phone.sync()
    staff = found(same_in_any_order(world), "VISIT-STAFF")
    assert staff is not None
    assert (staff.severity, staff.open, staff.agent) == ("review", True, "")
    assert "asks for 2 of our staff; agent-1 confirmed 1" in sentences(staff)[0]
    sentences(staff)


@pytest.mark.parametrize(("staff_min", "confirmed"), [(2, True), (1, False), (0, False)])
def test_staff_does_not_fire_with_a_companion_or_where_nobody_asks(staff_min: int, confirmed: bool) -> None:
    """The companion may confirm after the visit was concluded; a visit that asks for one asks for nobody more."""
    world = at_home(staff_min=staff_min)
    (phone,) = world.phones
    phone.conclude()
    if confirmed:
        companion(phone, "agent-2")
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-STAFF") is None


def letter(phone: Phone, manner: str, recipient: str) -> None:
    """A letter leaves the agent's hands."""
    phone.write(
        NoticeDelivered(
            visit="V1", account="A1", notice="N1", version=1, manner=manner, recipient=recipient  # type: ignore[arg-type]  # named in the tests
        )
    )  # fmt: skip


def test_disclosed_fires_for_an_open_letter_in_a_strangers_hands(world: World, phone: Phone) -> None:
    """An alarm for compliance; the delivery stands."""
    world.notice()
    letter(phone, "handed_open", "neighbour")
    phone.sync()
    result = same_in_any_order(world)
    disclosed = found(result, "NOTICE-DISCLOSED")
    assert disclosed is not None
    assert (disclosed.subject, disclosed.severity, disclosed.agent) == ("notice:N1", "alarm", "")
    assert "a neighbour" in sentences(disclosed)[0]
    assert "邻居" in sentences(disclosed)[1]
    assert result.outcomes["notice:N1"].state["delivered_versions"] == [1]


@pytest.mark.parametrize(
    ("manner", "recipient"), [("handed_open", "customer"), ("handed_sealed", "household"), ("refused", "neighbour")]
)
def test_disclosed_does_not_fire_for_the_customer_or_a_sealed_letter(
    world: World, phone: Phone, manner: str, recipient: str
) -> None:
    """The customer may read it, a sealed one nobody read, a refused one nobody got."""
    world.notice()
    letter(phone, manner, recipient)
    phone.sync()
    assert found(same_in_any_order(world), "NOTICE-DISCLOSED") is None
