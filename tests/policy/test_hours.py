"""Permitted hours in the customer's local time: hand-worked days, and every minute against a plain oracle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.clock import Interval
from sync.policy import PermittedHours, Situation, Window, advise, exactly
from sync.policy.zones import day_start_ms, instants_of, local_of, offset_changes
from tests.policy.support import ms, policy, rule, situation

DAY = PermittedHours(windows=(Window(starts="08:00", ends="22:00"),))
NIGHT = PermittedHours(windows=(Window(starts="22:00", ends="02:00"),))
ZONES = (
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "UTC",
)
MINUTE = 60_000


@pytest.mark.parametrize(
    ("moment", "permitted"),
    [
        ("2026-11-23T07:59+08:00", False),
        ("2026-11-23T08:00+08:00", True),
        ("2026-11-23T21:59+08:00", True),
        ("2026-11-23T22:00+08:00", False),
        ("2026-11-23T00:00+00:00", True),
    ],
)
def test_the_window_opens_at_its_start_and_is_shut_at_its_end(moment: str, permitted: bool) -> None:
    """From 08:00 sharp a visit is allowed, from 22:00 sharp it is not, whatever zone wrote the time."""
    advice = advise(policy(rule(DAY)), situation(moment))[0]
    assert advice.verdict == ("allowed" if permitted else "blocked")
    assert advice.certain is not permitted


def test_the_customers_zone_counts_and_not_the_agents() -> None:
    """09:00 in Shanghai is 20:00 of the day before in New York: allowed in both; noon is night there."""
    at = "2026-11-23T12:00+08:00"
    assert advise(policy(rule(DAY)), situation(at))[0].verdict == "allowed"
    there = advise(policy(rule(DAY)), situation(at, zone="America/New_York"))[0]
    assert there.verdict == "blocked"
    assert there.next_ms == ms("2026-11-23T08:00-05:00")
    assert "2026-11-22 23:00" in there.reason_en
    assert "2026-11-22 23:00" in there.reason_zh


def test_a_window_across_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    """22:00 to 02:00 on Mondays covers Monday's evening and Tuesday's first two hours, and no more."""
    monday = PermittedHours(windows=(Window(starts="22:00", ends="02:00", days=(1,)),))
    found = {
        text: advise(policy(rule(monday)), situation(text))[0].verdict
        for text in (
            "2026-11-23T01:00+08:00",
            "2026-11-23T23:00+08:00",
            "2026-11-24T01:59+08:00",
            "2026-11-24T02:00+08:00",
            "2026-11-24T23:00+08:00",
        )
    }
    assert list(found.values()) == ["blocked", "allowed", "allowed", "blocked", "blocked"]


def test_an_interval_accuses_only_when_all_of_it_is_forbidden() -> None:
    """21:50 to 22:30 may have been in time: a warning; 22:00 to 22:30 cannot: blocked."""
    perhaps = advise(policy(rule(DAY)), situation("2026-11-23T21:50+08:00", "2026-11-23T22:30+08:00"))[0]
    assert (perhaps.verdict, perhaps.possible, perhaps.certain) == ("warned", True, False)
    assert perhaps.reason_en.startswith("Possibly: ")
    surely = advise(policy(rule(DAY)), situation("2026-11-23T22:00+08:00", "2026-11-23T22:30+08:00"))[0]
    assert (surely.verdict, surely.certain) == ("blocked", True)
    assert "between 2026-11-23 22:00 and 2026-11-23 22:30" in surely.reason_en


def test_an_interval_over_a_whole_night_is_not_certain_when_it_touches_the_morning() -> None:
    """From 23:00 to 08:00 sharp includes one permitted instant."""
    touching = advise(policy(rule(DAY)), situation("2026-11-23T23:00+08:00", "2026-11-24T08:00+08:00"))[0]
    assert not touching.certain
    inside = advise(policy(rule(DAY)), situation("2026-11-23T23:00+08:00", "2026-11-24T07:59+08:00"))[0]
    assert inside.certain


@pytest.mark.parametrize(
    "interval",
    [
        Interval(low_ms=None, high_ms=None),
        Interval(low_ms=ms("2026-11-23T23:00+08:00"), high_ms=None),
        Interval(low_ms=None, high_ms=ms("2026-11-23T23:00+08:00")),
    ],
)
def test_an_interval_without_a_bound_never_accuses(interval: Interval) -> None:
    """What may have been at any time was possibly, never certainly, at night."""
    asked = msgspec.structs.replace(situation("2026-11-23T23:00+08:00"), interval=interval)
    advice = advise(policy(rule(DAY)), asked)[0]
    assert (advice.possible, advice.certain, advice.verdict) == (True, False, "warned")


def test_agreed_hours_are_permitted_only_where_the_rule_allows_an_agreement() -> None:
    """A customer who asked for 22:30 may be visited then, under a rule that says "unless agreed otherwise"."""
    asked = msgspec.structs.replace(
        situation("2026-11-23T22:30+08:00"), agreed_hours=(Window(starts="22:00", ends="23:00"),)
    )
    yielding = PermittedHours(windows=DAY.windows, agreement=True)
    assert advise(policy(rule(yielding)), asked)[0].verdict == "allowed"
    assert advise(policy(rule(DAY)), asked)[0].verdict == "blocked"


def test_a_skipped_hour_has_no_instants_and_the_next_moment_is_after_the_change() -> None:
    """On 29 March 2026 Berlin has no 02:30; a window from 02:00 to 03:00 next opens on the day after."""
    assert instants_of(datetime(2026, 3, 29, tzinfo=UTC).date(), 150, ZoneInfo("Europe/Berlin")) == ()
    hours = PermittedHours(windows=(Window(starts="02:00", ends="03:00"),))
    advice = advise(policy(rule(hours)), situation("2026-03-29T00:30+01:00", zone="Europe/Berlin"))[0]
    assert advice.next_ms == ms("2026-03-30T02:00+02:00")


def test_a_window_that_begins_in_the_skipped_hour_opens_at_the_change() -> None:
    """From 02:30 on: on 29 March the first permitted instant in Berlin is 03:00, which follows 01:59."""
    hours = PermittedHours(windows=(Window(starts="02:30", ends="12:00"),))
    advice = advise(policy(rule(hours)), situation("2026-03-29T01:00+01:00", zone="Europe/Berlin"))[0]
    assert advice.next_ms == ms("2026-03-29T03:00+02:00")


def test_a_repeated_hour_is_forbidden_both_times() -> None:
    """On 25 October 2026 Berlin has 02:30 twice; a window that ends at 02:00 permits neither, and 01:59 once."""
    hours = PermittedHours(windows=(Window(starts="00:00", ends="02:00"), Window(starts="03:00", ends="24:00")))
    for moment in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"):
        advice = advise(policy(rule(hours)), situation(moment, zone="Europe/Berlin"))[0]
        assert advice.certain
        assert advice.next_ms == ms("2026-10-25T03:00+01:00")
    both = instants_of(datetime(2026, 10, 25, tzinfo=UTC).date(), 150, ZoneInfo("Europe/Berlin"))
    assert both == (ms("2026-10-25T02:30+02:00"), ms("2026-10-25T02:30+01:00"))


def test_a_day_whose_midnight_is_skipped_starts_at_the_change() -> None:
    """Cairo goes from 00:00 to 01:00 on 24 April 2026: the day's first instant shows 01:00."""
    zone = ZoneInfo("Africa/Cairo")
    start = day_start_ms(datetime(2026, 4, 24, tzinfo=UTC).date(), zone)
    assert local_of(start, zone).isoformat() == "2026-04-24T01:00:00+03:00"
    assert local_of(start - 1, zone).date().isoformat() == "2026-04-23"
    assert offset_changes(start - 86_400_000, start + 86_400_000, zone) == [start]


def test_an_empty_agreement_of_all_hours_leaves_no_next_moment_to_find() -> None:
    """A whole day every day is never breached, and so has no next moment."""
    always = PermittedHours(windows=(Window(starts="00:00", ends="24:00"),))
    advice = advise(policy(rule(always)), situation("2026-11-23T03:00+08:00"))[0]
    assert (advice.verdict, advice.next_ms, advice.reason_en) == ("allowed", None, "The rule.")


windows = st.builds(
    lambda starts, length, days: Window(
        starts=f"{starts // 60:02d}:{starts % 60:02d}",
        ends=f"{(starts + length) % 1440 // 60:02d}:{(starts + length) % 60:02d}",
        days=tuple(sorted(days)),
    ),
    st.integers(0, 1439),
    st.integers(1, 1439),
    st.sets(st.integers(1, 7), min_size=1),
)
# Around the clock changes of 2026 in all the zones above, and an ordinary week.
CHANGES = ("03-07", "03-28", "04-04", "04-23", "10-03", "10-24", "10-29", "10-31", "11-23")
starts_ms = st.sampled_from([ms(f"2026-{day}T00:00+00:00") for day in CHANGES])


def permitted_minutes(window: Window) -> set[int]:
    """The minutes of the week (Monday 00:00 is 0) that a window permits: counted one by one."""
    length = (window.ends_minute - window.starts_minute) % 1440
    return {
        ((day - 1) * 1440 + window.starts_minute + passed) % 10_080 for day in window.days for passed in range(length)
    }


def shown_minute(at_ms: int, zone: ZoneInfo) -> int:
    """The minute of the week that a wall clock shows."""
    shown = datetime.fromtimestamp(at_ms // 1000, zone)
    return (shown.isoweekday() - 1) * 1440 + shown.hour * 60 + shown.minute


@settings(max_examples=60, deadline=None)
@given(
    chosen=st.lists(windows, min_size=1, max_size=2),
    zone=st.sampled_from(ZONES),
    start=starts_ms,
    offset=st.integers(0, 2 * 1440),
    length=st.integers(0, 26 * 60),
)
def test_every_minute_of_an_interval_is_judged_like_the_wall_clock(
    chosen: list[Window], zone: str, start: int, offset: int, length: int
) -> None:
    """Certain means all minutes breach, possible means one does, and the next moment is the first that does not."""
    low = start + offset * MINUTE
    high = low + length * MINUTE
    asked = Situation(zone=zone, interval=Interval(low_ms=low, high_ms=high), channel="visit")
    advice = advise(policy(rule(PermittedHours(windows=tuple(chosen)))), asked)[0]
    free = set().union(*(permitted_minutes(window) for window in chosen))
    clock = ZoneInfo(zone)
    breaches = [shown_minute(at, clock) not in free for at in range(low, high + 1, MINUTE)]
    assert advice.certain is all(breaches)
    assert advice.possible is any(breaches)
    if advice.possible:
        tried = range(high, high + 9 * 86_400_000, MINUTE)
        assert advice.next_ms == next(at for at in tried if shown_minute(at, clock) in free)


@settings(max_examples=200, deadline=None)
@given(zone=st.sampled_from(ZONES), start=starts_ms, minute=st.integers(0, 3 * 1440))
def test_local_time_and_back_finds_the_same_instant(zone: str, start: int, minute: int) -> None:
    """Every instant is among those that show its local time, also in a repeated hour."""
    at = start + minute * MINUTE
    shown = local_of(at, ZoneInfo(zone))
    assert at in instants_of(shown.date(), shown.hour * 60 + shown.minute, ZoneInfo(zone))
    assert local_of(at, ZoneInfo(zone)) - datetime(1970, 1, 1, tzinfo=UTC) == timedelta(milliseconds=at)


def test_exactly_makes_an_interval_of_one_moment() -> None:
    """Both bounds are the moment."""
    assert exactly(5) == Interval(low_ms=5, high_ms=5)
