"""Contacts screened by integers are judged as the rules themselves judge them, and at a cost that does not grow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.policies import judging_policy
from sync.clock import Seen
from sync.operations.envelope import Operation
from sync.operations.field import ContactMade, VisitConcluded
from sync.policy import (
    Channel,
    ContactLimit,
    PastContact,
    PermittedHours,
    Policy,
    PolicyRule,
    Situation,
    Window,
    certain_breaches,
    screening,
)
from sync.policy.screening import ScreenedContact, over_limits
from sync.policy.zones import day_number, day_start_ms, local_of, number_start_ms, steady_offset_ms, zone_of
from sync.reconcile.facts import Arrival, Fact, canonical_order
from sync.reconcile.folds.conduct import frequency_breaches, hours_breaches
from tests.policy.support import policy, rule

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
FIRST_MS = 1_790_000_000_000
"""21 September 2026: summer time ends in Berlin and New York some weeks later."""
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
CHANNELS: tuple[Channel, ...] = ("visit", "call", "message", "letter")
DEVICES = ("1" * 16, "2" * 16)


class Made(msgspec.Struct, frozen=True):
    """One contact as it is drawn: hours since the first moment, and how well it is bounded."""

    at_h: int
    before_m: int
    after_m: int
    device: int
    channel: Channel
    effective: bool
    bounded: int


def fact_of(made: Made, seq: int) -> Fact:
    """The contact as an operation: seen so many minutes before, received so many after, with or without a bound."""
    at_ms = FIRST_MS + made.at_h * HOUR_MS
    seen = Seen(at_ms - made.before_m * 60_000, "b" * 16, 0) if made.bounded & 1 else None
    arrival = Arrival(at_ms + made.after_m * 60_000, "c" * 16, 0) if made.bounded & 2 else None
    body = (
        VisitConcluded(visit=f"V{seq}", account="A1", customer="C1", reason="paid" if made.effective else "nobody_home")
        if made.channel == "visit"
        else ContactMade(account="A1", customer="C1", channel=made.channel, effective=made.effective, visit="")
    )
    operation = Operation(
        v=1,
        device=DEVICES[made.device],
        epoch=1,
        seq=seq,
        prev="0" * 64,
        at="2026-09-21T00:00:00.000+00:00",
        hlc=f"{at_ms:013d}-0000",
        boot="a" * 16,
        mono_ms=0,
        seen=seen,
        pack="2026-09-21/agent-1",
        body=body,
    )
    return Fact(f"{seq:064x}", operation, arrival)


contacts = st.lists(
    st.builds(
        Made,
        at_h=st.integers(0, 24 * 60) | st.integers(0, 24 * 12),
        before_m=st.sampled_from((0, 5, 60, 600, 3000, 30_000)),
        after_m=st.sampled_from((0, 5, 60, 600, 3000)),
        device=st.integers(0, 1),
        channel=st.sampled_from(CHANNELS),
        effective=st.booleans(),
        bounded=st.sampled_from((3, 3, 3, 3, 2, 1, 0)),
    ),
    max_size=12,
)
clock = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from((0, 1, 30, 59)))
windows = st.builds(
    lambda starts, ends, days: Window(starts=starts, ends="24:00" if starts == ends else ends, days=tuple(days)),
    clock,
    clock,
    st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True),
)
days = st.dates(date(2026, 8, 1), date(2026, 11, 30))
channels = st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=4, unique=True).map(tuple)
conditions = st.builds(
    PermittedHours, windows=st.lists(windows, min_size=1, max_size=3).map(tuple), agreement=st.booleans()
) | st.builds(
    ContactLimit,
    limit=st.integers(1, 3),
    days=st.integers(1, 9),
    channels=st.just(()) | channels,
    counts=st.sampled_from(("all", "effective")),
    concerns=st.sampled_from(("all", "effective")),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A few rules of the two kinds, some not in force throughout."""
    rules: list[PolicyRule] = []
    for number in range(draw(st.integers(1, 4))):
        from_, to = sorted((draw(days), draw(days)))
        if draw(st.booleans()):
            from_, to = date(2000, 1, 1), date(2100, 1, 1)
        made = rule(
            draw(conditions),
            rule_id=f"R{number}",
            channels=draw(channels),
            effective_from=from_,
            effective_to=draw(st.sampled_from((None, to))),
        )
        rules.append(made)
    return policy(*rules)


def channel_of(fact: Fact) -> tuple[Channel, bool]:
    """Channel and whether anybody was reached."""
    body = fact.operation.body
    if isinstance(body, ContactMade):
        return body.channel, body.effective
    assert isinstance(body, VisitConcluded)
    return "visit", body.reason != "nobody_home"


def is_before(one: Fact, other: Fact) -> bool:
    """One chain says so, and the times do not contradict it."""
    mine, theirs = one.operation, other.operation
    low, high = one.interval.low_ms, other.interval.high_ms
    return mine.device == theirs.device and mine.seq < theirs.seq and (low is None or high is None or low <= high)


def broken_limits(asked: Policy, zone: str, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    """(operation, rule) of every contact that was too many, by asking the rules about each."""
    only = msgspec.structs.replace(
        asked, rules=tuple(item for item in asked.rules if isinstance(item.condition, ContactLimit))
    )
    found = []
    for fact in facts:
        channel, effective = channel_of(fact)
        history = tuple(
            PastContact(
                channel=channel_of(other)[0],
                effective=channel_of(other)[1],
                interval=other.interval,
                before=is_before(other, fact),
            )
            for other in facts
            if other is not fact and not is_before(fact, other)
        )
        situation = Situation(zone=zone, interval=fact.interval, channel=channel, effective=effective, history=history)
        found += [(fact.hash, advice.rule) for advice in certain_breaches(only, situation)]
    return found


@given(policies(), st.sampled_from(ZONES), contacts)
def test_contacts_that_are_too_many_are_those_that_the_rules_find(asked: Policy, zone: str, drawn: list[Made]) -> None:
    """Whatever the limits, the zone and the bounds: contact by contact and rule by rule the same."""
    facts = canonical_order(fact_of(made, seq) for seq, made in enumerate(drawn, start=1))
    screened = [(breach.fact.hash, breach.rule) for breach in frequency_breaches(asked, zone, facts)]
    assert screened == broken_limits(asked, zone, facts)


@given(policies(), st.sampled_from(ZONES), contacts, st.lists(windows, max_size=2))
def test_contacts_outside_the_hours_are_those_that_the_rules_find(
    asked: Policy, zone: str, drawn: list[Made], agreed: list[Window]
) -> None:
    """Across midnight and clock changes, with and without agreed hours."""
    facts = [fact_of(made, seq) for seq, made in enumerate(drawn, start=1)]
    only = msgspec.structs.replace(
        asked, rules=tuple(item for item in asked.rules if isinstance(item.condition, PermittedHours))
    )
    wanted = [
        (fact.hash, advice.rule)
        for fact in facts
        if None not in {fact.interval.low_ms, fact.interval.high_ms}
        for advice in certain_breaches(
            only,
            Situation(zone=zone, interval=fact.interval, channel=channel_of(fact)[0], agreed_hours=tuple(agreed)),
        )
    ]
    screened = hours_breaches(asked, zone, [(fact, channel_of(fact)[0]) for fact in facts], tuple(agreed))
    assert [(breach.fact.hash, breach.rule) for breach in screened] == wanted


@given(st.integers(0, 4_000_000_000_000), st.sampled_from(ZONES))
def test_remembered_offsets_and_days_are_those_of_the_zone(at_ms: int, zone: str) -> None:
    """A day's offset is remembered only where it holds all day; local days and their beginnings agree with it."""
    local = local_of(at_ms, zone_of(zone))
    offset_ms = steady_offset_ms(zone, at_ms // DAY_MS)
    shift = local.utcoffset()
    assert shift is not None
    assert offset_ms in {None, shift.total_seconds() * 1000}
    assert day_number(at_ms, zone) == local.toordinal()
    assert number_start_ms(local.toordinal(), zone) == day_start_ms(local.date(), zone_of(zone))


def test_a_day_with_a_clock_change_has_no_one_offset() -> None:
    """In Berlin summer time ended within 25 October 2026; the days around it have one offset each."""
    day = (date(2026, 10, 25) - date(1970, 1, 1)).days
    assert [steady_offset_ms("Europe/Berlin", day + step) for step in (-1, 0, 1)] == [2 * HOUR_MS, None, HOUR_MS]


def test_two_hundred_visits_ask_no_rule_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer who is visited now and then for years: no situation is built, and no interval worked out."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a rule was asked closely")

    monkeypatch.setattr(screening, "certain_breaches", never)
    monkeypatch.setattr("sync.reconcile.folds.conduct.over_limits", never)
    monkeypatch.setattr("sync.reconcile.folds.conduct._contacts", never)
    zone = "Asia/Shanghai"
    made = [Made(24 * 9 * visit, 10, 300, 0, "visit", True, 3) for visit in range(200)]
    facts = [fact_of(item, seq) for seq, item in enumerate(made, start=1)]
    assert frequency_breaches(judging_policy(), zone, facts) == ()
    noon = [fact_of(Made(24 * visit + 13, 10, 30, 0, "visit", True, 3), visit + 1) for visit in range(200)]
    assert hours_breaches(judging_policy(), zone, [(fact, "visit") for fact in noon]) == ()


def test_each_contact_sees_only_those_near_it() -> None:
    """Of a thousand visits, three a week, each is compared with its own days alone."""
    asked = policy(rule(ContactLimit(limit=3, days=7), channels=("visit",)))
    made = [
        ScreenedContact("visit", True, at_ms, at_ms, DEVICES[0], 1, number)
        for number in range(1_000)
        for at_ms in [FIRST_MS + (number // 3 * 7 + number % 3 * 2) * DAY_MS]
    ]
    window = screening._Window("Asia/Shanghai", screening._compiled(asked, "Asia/Shanghai").limits[0], made)
    sizes = {place + 1 - window._first_counted(contact.low_ms or 0) for place, contact in enumerate(made)}
    assert sizes == {1, 2, 3}
    assert over_limits(asked, "Asia/Shanghai", made) == []
