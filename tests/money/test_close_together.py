"""Which equal payments are possibly close in time: the quick way finds what comparing every pair finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sync.clock import Interval
from sync.limits import PAY_TWICE_WINDOW_MS
from sync.reconcile.rules.accounts import possibly_close

MINUTE_MS = 60_000
BOUNDS = st.one_of(st.none(), st.integers(0, 90))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """An interval of minutes, open at either end or not."""
    low, high = draw(BOUNDS), draw(BOUNDS)
    if low is not None and high is not None and high < low:
        low, high = high, low
    return Interval(None if low is None else low * MINUTE_MS, None if high is None else high * MINUTE_MS)


def by_pairs(given: dict[int, Interval]) -> set[int]:
    """Every pair, one by one."""
    return {place for pair in combinations(given, 2) if _close(*(given[p] for p in pair)) for place in pair}


def _close(one: Interval, other: Interval) -> bool:
    for first, second in ((one, other), (other, one)):
        bounded = first.high_ms is not None and second.low_ms is not None
        if bounded and (second.low_ms or 0) - (first.high_ms or 0) > PAY_TWICE_WINDOW_MS:
            return False
    return True


@given(st.lists(intervals(), max_size=12))
def test_the_quick_way_finds_what_every_pair_finds(found: list[Interval]) -> None:
    """Open ends included."""
    places = dict(enumerate(found))
    assert possibly_close(places) == by_pairs(places)
