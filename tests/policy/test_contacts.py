"""Contacts counted by local day and by rolling days, with uncertain times."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.clock import Interval
from sync.policy import Channel, ContactLimit, PastContact, Situation, advise, exactly
from sync.policy.zones import day_start_ms, local_of
from tests.policy.support import ms, policy, rule, situation

THREE_A_DAY = ContactLimit(limit=3, days=1, counts="effective", concerns="effective")
SEVEN_IN_SEVEN = ContactLimit(limit=7, days=7)
HOUR = 3_600_000


def past(text: str, *, channel: Channel = "call", effective: bool = True, high: str = "") -> PastContact:
    """A contact at a moment, or between two."""
    return PastContact(
        channel=channel, effective=effective, interval=Interval(low_ms=ms(text), high_ms=ms(high or text))
    )


def call(at: str, *history: PastContact, effective: bool = True) -> Situation:
    """A call at a moment, after these."""
    return msgspec.structs.replace(situation(at, channel="call"), history=history, effective=effective)


CALLS = tuple(past(f"2026-11-23T{hour:02d}:00+08:00") for hour in (9, 11, 14))


def test_a_fourth_effective_call_on_one_day_is_one_too_many() -> None:
    """Three are allowed; after the third the next is possible at the next local midnight."""
    counted = policy(rule(THREE_A_DAY, channels=("call",)))
    assert advise(counted, call("2026-11-23T15:00+08:00", *CALLS[:2]))[0].verdict == "allowed"
    fourth = advise(counted, call("2026-11-23T15:00+08:00", *CALLS))[0]
    assert (fourth.verdict, fourth.certain) == ("blocked", True)
    assert fourth.next_ms == ms("2026-11-24T00:00+08:00")
    assert fourth.reason_en == "3 effective contact(s) by call that day before this one; at most 3 are allowed."
    assert fourth.reason_zh == "此前当日已有 3 次有效联系（电话），最多允许 3 次。"


def test_an_attempt_that_reached_nobody_neither_counts_nor_breaches() -> None:
    """Where only effective calls are limited, unanswered ones are left out on both sides."""
    counted = policy(rule(THREE_A_DAY, channels=("call",)))
    missed = past("2026-11-23T10:00+08:00", effective=False)
    assert advise(counted, call("2026-11-23T15:00+08:00", *CALLS[:2], missed))[0].verdict == "allowed"
    assert advise(counted, call("2026-11-23T15:00+08:00", *CALLS, effective=False))[0].verdict == "allowed"


def test_other_channels_count_only_when_named() -> None:
    """A rule for visits counts visits, unless it says that calls count as well."""
    both = rule(ContactLimit(limit=1, days=1, channels=("visit", "call")), channels=("visit",))
    own = rule(ContactLimit(limit=1, days=1), channels=("visit",))
    asked = msgspec.structs.replace(situation("2026-11-23T15:00+08:00"), history=CALLS[:1])
    assert advise(policy(both), asked)[0].certain
    assert not advise(policy(own), asked)[0].possible


def test_seven_days_are_this_local_day_and_the_six_before() -> None:
    """Seven calls from Monday on forbid an eighth until the Monday after, when the first no longer counts."""
    calls = tuple(past(f"2026-11-{day}T10:00+08:00") for day in range(23, 30))
    counted = policy(rule(SEVEN_IN_SEVEN, channels=("call",)))
    eighth = advise(counted, call("2026-11-29T20:00+08:00", *calls))[0]
    assert eighth.certain
    assert eighth.next_ms == ms("2026-11-30T00:00+08:00")
    assert advise(counted, call("2026-11-30T00:00+08:00", *calls))[0].verdict == "allowed"


def test_after_a_conversation_any_call_breaches_even_one_that_is_not_answered() -> None:
    """Counting effective calls while concerning all: the rule of Regulation F after a conversation."""
    quiet = policy(rule(ContactLimit(limit=1, days=7, counts="effective"), channels=("call",)))
    assert advise(quiet, call("2026-11-25T15:00+08:00", CALLS[0], effective=False))[0].certain
    assert not advise(quiet, call("2026-11-30T15:00+08:00", CALLS[0]))[0].possible


def test_a_call_that_may_have_been_on_the_day_before_counts_only_as_possible() -> None:
    """A contact between 23:00 and 01:00 does not accuse, and the sentence gives both counts."""
    unsure = past("2026-11-22T23:00+08:00", high="2026-11-23T01:00+08:00")
    advice = advise(policy(rule(THREE_A_DAY, channels=("call",))), call("2026-11-23T15:00+08:00", unsure, *CALLS[:2]))[
        0
    ]
    assert (advice.possible, advice.certain, advice.verdict) == (True, False, "warned")
    assert "2–3 effective contact(s)" in advice.reason_en


def test_a_later_contact_does_not_count_against_an_earlier_one() -> None:
    """Of four calls on a day only the last is one too many."""
    fourth = past("2026-11-23T18:00+08:00")
    asked = call("2026-11-23T14:00+08:00", CALLS[0], CALLS[1], fourth)
    assert advise(policy(rule(THREE_A_DAY, channels=("call",))), asked)[0].verdict == "allowed"


def test_order_in_the_chain_settles_what_the_clock_leaves_open() -> None:
    """Contacts known to be earlier count for certain although their intervals overlap this one's."""
    wide = Interval(low_ms=ms("2026-11-23T09:00+08:00"), high_ms=ms("2026-11-23T20:00+08:00"))
    for before in (False, True):
        history = tuple(PastContact(channel="call", effective=True, interval=wide, before=before) for _ in range(3))
        asked = Situation(zone="Asia/Shanghai", interval=wide, channel="call", history=history)
        assert advise(policy(rule(THREE_A_DAY, channels=("call",))), asked)[0].certain is before


def test_contacts_without_bounds_are_possible_and_never_certain() -> None:
    """What has no time may have been today."""
    lost = PastContact(channel="call", effective=True, interval=Interval(low_ms=None, high_ms=None))
    advice = advise(policy(rule(THREE_A_DAY, channels=("call",))), call("2026-11-23T15:00+08:00", lost, lost, lost))[0]
    assert (advice.possible, advice.certain, advice.next_ms) == (True, False, None)


@pytest.mark.parametrize(("zone", "expected"), [("Asia/Shanghai", False), ("America/New_York", True)])
def test_the_day_is_the_customers(zone: str, expected: bool) -> None:
    """23:00 and 01:00 in Shanghai lie on two days there, and on one in New York."""
    asked = msgspec.structs.replace(
        situation("2026-11-24T01:00+08:00", zone=zone, channel="call"), history=(past("2026-11-23T23:00+08:00"),)
    )
    assert advise(policy(rule(ContactLimit(limit=1, days=1), channels=("call",))), asked)[0].certain is expected


BASE = ms("2026-10-23T00:00+00:00")
hours = st.integers(0, 24 * 10)
contacts = st.builds(
    lambda start, length, effective: PastContact(
        channel="call",
        effective=effective,
        interval=Interval(low_ms=BASE + start * HOUR, high_ms=BASE + (start + length) * HOUR),
    ),
    hours,
    st.integers(0, 30),
    st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(
    history=st.lists(contacts, max_size=6),
    start=hours,
    length=st.integers(0, 40),
    limit=st.integers(1, 4),
    days=st.sampled_from([1, 2, 7]),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)
def test_counts_agree_with_every_hour_tried_and_no_order_matters(
    history: list[PastContact], start: int, length: int, limit: int, days: int, zone: str
) -> None:
    """Certain means: in every hour, with every past contact placed as late or early as it helps, the limit is met."""
    low, high = BASE + start * HOUR + 1, BASE + (start + length) * HOUR + 1
    asked = Situation(zone=zone, interval=Interval(low_ms=low, high_ms=high), channel="call", history=tuple(history))
    counted = policy(rule(ContactLimit(limit=limit, days=days), channels=("call",)))
    advice = advise(counted, asked)[0]
    turned = msgspec.structs.replace(asked, history=tuple(reversed(history)))
    assert advise(counted, turned)[0] == advice

    def counts(at: int) -> tuple[int, int]:
        first = local_of(at, ZoneInfo(zone)).date() - timedelta(days=days - 1)
        begins = day_start_ms(first, ZoneInfo(zone))
        bounds = [(p.interval.low_ms or 0, p.interval.high_ms or 0) for p in history]
        tried = [[begins <= place < at for place in range(low, high + 1, HOUR)] for low, high in bounds]
        return sum(all(places) for places in tried), sum(any(places) for places in tried)

    # Midnights lie on whole hours, as do the contacts; one instant after each whole hour sees every state.
    tried = [counts(at) for at in range(low, high + 1, HOUR)]
    assert advice.certain is all(certain >= limit for certain, _ in tried)
    assert advice.possible is any(possible >= limit for _, possible in tried)
    if advice.next_ms is not None:
        then, just_before = (
            advise(counted, msgspec.structs.replace(asked, interval=exactly(at)))[0]
            for at in (advice.next_ms, advice.next_ms - 1)
        )
        assert not then.possible
        assert advice.next_ms == high or just_before.possible


def test_a_rule_that_has_not_begun_cannot_be_breached() -> None:
    """A rule from Tuesday on says nothing of Monday, and of a night between the two only that it may be breached."""
    late = rule(ContactLimit(limit=1, days=7), channels=("call",), effective_from=date(2026, 11, 24))
    assert advise(policy(late), call("2026-11-23T15:00+08:00", CALLS[0])) == ()
    astride = msgspec.structs.replace(
        situation("2026-11-23T23:00+08:00", "2026-11-24T01:00+08:00", channel="call"), history=CALLS
    )
    advice = advise(policy(late), astride)[0]
    assert (advice.possible, advice.certain) == (True, False)


def test_a_rule_ends_with_its_last_day() -> None:
    """In force through Monday: breached then, silent on Tuesday, and Tuesday is when the next contact is possible."""
    ended = rule(ContactLimit(limit=1, days=7), channels=("call",), effective_to=date(2026, 11, 23))
    advice = advise(policy(ended), call("2026-11-23T15:00+08:00", CALLS[0]))[0]
    assert advice.certain
    assert advice.next_ms == ms("2026-11-24T00:00+08:00")
    assert advise(policy(ended), call("2026-11-24T15:00+08:00", CALLS[0])) == ()
