"""Wall clock text, the hybrid logical clock, and effective time as an interval."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import (
    Interval,
    Seen,
    effective_interval,
    format_wall,
    hlc_format,
    hlc_next,
    hlc_parse,
    parse_wall,
    wall_distance_ms,
)
from sync.errors import Conflict, Refused
from sync.limits import CLOCK_DRIFT_PPM, HLC_COUNTER_MAX, HLC_WALL_MS_MAX

WALLS = st.integers(-62_000_000_000_000, 253_000_000_000_000)
OFFSETS = st.integers(-1439, 1439)
ANY_WALL = st.integers(-(10**18), 10**18)


@given(WALLS, OFFSETS)
def test_wall_clock_text_round_trips(wall_ms: int, offset: int) -> None:
    """Milliseconds and offset come back from the text, for every year from 5 to 9987."""
    text = format_wall(wall_ms, offset)
    assert len(text) == len("2026-11-22T09:00:00.000+08:00")
    assert parse_wall(text) == (wall_ms, offset)


@given(st.integers(0, 4_000_000_000_000), OFFSETS)
def test_wall_clock_text_is_rfc_3339(wall_ms: int, offset: int) -> None:
    """The standard library reads the text as the same moment."""
    moment = datetime.fromisoformat(format_wall(wall_ms, offset))
    assert round(moment.timestamp() * 1000) == wall_ms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22T09:00:00+08:00",
        "2026-11-22T09:00:00.000Z",
        "2026-11-22 09:00:00.000+08:00",
        "2026-11-22T09:00:00.000+0800",
        "2026-11-22T09:00:00.000000+08:00",
        "2026-02-29T09:00:00.000+08:00",
        "2026-11-22T24:00:00.000+08:00",
        "2026-11-22T09:00:60.000+08:00",
        "2026-11-22T09:00:00.000+08:60",
        "2026-11-22T09:00:00.000+24:00",
        "2026-11-22T09:00:00.000+99:99",
        "2026-11-22T09:00:00.000-00:00",
        "0000-11-22T09:00:00.000+08:00",
        "２０２６-11-22T09:00:00.000+08:00",
        "2026-11-22T09:00:00.000+08:00\n",
        " 2026-11-22T09:00:00.000+08:00",
    ],
)
def test_other_forms_of_time_are_refused(text: str) -> None:
    """Only the one form that is written is read."""
    with pytest.raises(Refused):
        parse_wall(text)


@given(st.text(st.sampled_from("0123456789-+:.T "), max_size=32) | st.text(max_size=32))
def test_a_time_that_is_read_is_the_one_that_is_written(text: str) -> None:
    """There is one text for each time and offset, and no text crashes."""
    try:
        wall_ms, offset = parse_wall(text)
    except Refused:
        return
    assert format_wall(wall_ms, offset) == text


@pytest.mark.parametrize(("wall_ms", "offset"), [(10**18, 0), (-(10**18), 0), (0, 1440), (0, -1440)])
def test_impossible_readings_are_refused(wall_ms: int, offset: int) -> None:
    """A wall clock outside the calendar or an offset of a day is refused with a reason."""
    with pytest.raises(Refused):
        format_wall(wall_ms, offset)


@given(st.integers(0, 10**13 - 1), st.integers(0, HLC_COUNTER_MAX))
def test_the_hybrid_clock_round_trips(ms: int, counter: int) -> None:
    """Milliseconds and counter come back from the text."""
    assert hlc_parse(hlc_format(ms, counter)) == (ms, counter)


@given(st.tuples(st.integers(0, 10**13 - 1), st.integers(0, HLC_COUNTER_MAX)), st.data())
def test_text_order_is_time_order(one: tuple[int, int], data: st.DataObject) -> None:
    """Comparing texts is comparing clocks."""
    other = data.draw(st.tuples(st.integers(0, 10**13 - 1), st.integers(0, HLC_COUNTER_MAX)))
    assert (hlc_format(*one) < hlc_format(*other)) == (one < other)


@pytest.mark.parametrize("text", ["", "0", "0000000000000-000", "0000000000000-000G", "0000000000000_0000", "1" * 18])
def test_other_texts_are_no_hybrid_clock(text: str) -> None:
    """Only thirteen digits, a hyphen and four lower-case hexadecimal digits are read."""
    with pytest.raises(Refused):
        hlc_parse(text)


@given(st.lists(ANY_WALL | st.integers(1_795_000_000_000, 1_795_000_000_010), min_size=1, max_size=50))
def test_the_hybrid_clock_never_runs_backwards(walls: list[int]) -> None:
    """However the wall clock is turned, each value is greater than the one before, and stays readable."""
    last: str | None = None
    for wall_ms in walls:
        following = hlc_next(last, wall_ms)
        assert hlc_parse(following)
        assert last is None or following > last
        last = following


@given(st.integers(1_700_000_000_000, 1_900_000_000_000), st.integers(1, 10**9))
def test_the_hybrid_clock_follows_a_wall_clock_that_moves_on(wall_ms: int, step: int) -> None:
    """Where the wall clock is ahead, the hybrid clock is the wall clock."""
    assert hlc_next(hlc_next(None, wall_ms), wall_ms + step) == hlc_format(wall_ms + step, 0)


def test_a_full_counter_moves_one_millisecond_ahead() -> None:
    """The counter's overflow carries into the milliseconds."""
    assert hlc_next(hlc_format(5, HLC_COUNTER_MAX), 0) == hlc_format(6, 0)
    assert hlc_next(hlc_format(5, 9), 5) == hlc_format(5, 10)


def test_a_wall_clock_set_centuries_ahead_does_not_stop_the_journal() -> None:
    """A clock set to the year 9999 is followed as far as thirteen digits go, with room to count on."""
    following = hlc_next(None, 253_402_300_799_999)
    assert following == hlc_format(HLC_WALL_MS_MAX, 0)
    assert hlc_next(following, 253_402_300_799_999) == hlc_format(HLC_WALL_MS_MAX, 1)


def test_a_hybrid_clock_at_its_very_end_says_so() -> None:
    """When no digits are left the answer is a refusal, not a clock that runs backwards."""
    with pytest.raises(Conflict):
        hlc_next(hlc_format(10**13 - 1, HLC_COUNTER_MAX), 0)


@given(
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.integers(-CLOCK_DRIFT_PPM, CLOCK_DRIFT_PPM),
    st.integers(0, 999),
    st.integers(0, 60_000),
    st.sampled_from(["same", "other"]),
    st.sampled_from(["same", "other"]),
    st.booleans(),
)
def test_an_honest_clock_lies_inside_its_interval(
    to_seen_us: int,
    to_write: int,
    to_send: int,
    drift: int,
    phase: int,
    delay_us: int,
    seen_boot: str,
    sent_boot: str,
    has_seen: bool,
) -> None:
    """True time, cut to milliseconds, is inside the interval for every drift within the limit and every boot."""
    # Everything in microseconds: the office answers, the phone sees, writes, sends, and the office receives.
    answered = 1_795_000_000_000_000 + phase
    seen_at = answered + to_seen_us % 60_000
    written = seen_at + to_write * 1_000 + delay_us
    sent = written + to_send * 1_000 + phase
    received = sent + delay_us

    def mono(moment: int) -> int:
        return (moment - answered) * (1_000_000 + drift) // 1_000_000 // 1_000

    interval = effective_interval(
        boot="same",
        mono_ms=mono(written),
        seen=Seen(answered // 1_000, seen_boot, mono(seen_at)) if has_seen else None,
        received_ms=received // 1_000,
        received_boot=sent_boot,
        received_mono_ms=mono(sent),
    )
    assert interval.low_ms is None or interval.low_ms <= written // 1_000
    assert interval.high_ms is not None
    assert written // 1_000 <= interval.high_ms
    assert (interval.low_ms is not None) == has_seen


def test_the_interval_narrows_within_one_boot() -> None:
    """Elapsed monotonic time, less the drift, moves both bounds towards each other."""
    interval = effective_interval(
        boot="b",
        mono_ms=3_600_000,
        seen=Seen(1_000_000_000, "b", 0),
        received_ms=1_010_000_000,
        received_boot="b",
        received_mono_ms=7_200_000,
    )
    assert interval == Interval(1_000_000_000 + 3_600_000 - 1_801, 1_010_000_000 - 3_600_000 + 1_801)


def test_nothing_is_known_without_server_time_and_arrival() -> None:
    """An operation that saw no server time and has not arrived may be of any time."""
    interval = effective_interval(
        boot="b", mono_ms=0, seen=None, received_ms=None, received_boot="", received_mono_ms=0
    )
    assert interval == Interval(None, None)


def test_bounds_that_contradict_each_other_bound_nothing_from_below() -> None:
    """A server time from the future leaves only the receive time, so that nobody is accused by it."""
    interval = effective_interval(
        boot="b", mono_ms=0, seen=Seen(2_000, "x", 0), received_ms=1_000, received_boot="y", received_mono_ms=0
    )
    assert interval == Interval(None, 1_000)


@pytest.mark.parametrize(
    ("wall_ms", "distance"), [(99, 1), (100, 0), (150, 0), (200, 0), (201, 1), (0, 100), (300, 100)]
)
def test_the_distance_of_a_wall_clock_is_what_is_certain(wall_ms: int, distance: int) -> None:
    """Inside the interval a wall clock may be right, outside it is off by at least the distance."""
    assert wall_distance_ms(wall_ms, Interval(100, 200)) == distance
    assert wall_distance_ms(wall_ms, Interval(None, None)) == 0
