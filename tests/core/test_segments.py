"""What is held, missing and forked does not depend on the order in which it came."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.journal import Placed
from sync.operations import GENESIS, Header
from sync.segments import End, Start, Stretch, Summary, extend, heads, summarise
from tests.core.writing import journal, placed


@st.composite
def trees(draw: st.DrawFn) -> list[Placed]:
    """Operations of one epoch with forks anywhere, gaps, and now and then a number that does not fit its parent."""
    operations: list[Placed] = []
    for number in range(draw(st.integers(1, 24))):
        choice = draw(st.integers(0, 9))
        parent = operations[draw(st.integers(0, len(operations) - 1))] if operations else None
        if choice < 6 and operations:
            parent = operations[-1]
        if parent is None:
            header = Header("d", 1, 1, GENESIS)
        elif choice == 9:
            header = Header("d", 1, draw(st.integers(1, 30)), parent.hash)
        else:
            header = Header("d", 1, parent.header.seq + 1, parent.hash)
        operations.append(Placed(b"", f"h{number:02d}", header))
    lost = draw(st.sets(st.integers(0, len(operations) - 1), max_size=6))
    return [item for index, item in enumerate(operations) if index not in lost]


def runs_of(operations: list[Placed], data: st.DataObject) -> list[list[Placed]]:
    """The operations cut into runs (ascending, each naming the one before) in a drawn order."""
    runs: list[list[Placed]] = []
    order: list[Placed] = data.draw(st.permutations(operations))
    for item in order:
        fitting = [
            run for run in runs if run[-1].hash == item.header.prev and run[-1].header.seq + 1 == item.header.seq
        ]
        longer: bool = data.draw(st.booleans())
        if fitting and longer:
            fitting[0].append(item)
        else:
            runs.append([item])
    joined: list[list[Placed]] = []
    for run in runs:
        before = next((other for other in joined if _follows(other, run)), None)
        join: bool = data.draw(st.booleans())
        if before is not None and join:
            before.extend(run)
        else:
            joined.append(run)
    shuffled: list[list[Placed]] = data.draw(st.permutations(joined))
    return shuffled


def _follows(before: list[Placed], run: list[Placed]) -> bool:
    return before[-1].hash == run[0].header.prev and before[-1].header.seq + 1 == run[0].header.seq


@settings(max_examples=400)
@given(trees(), st.data())
def test_any_order_and_batching_gives_the_summary_of_the_set(operations: list[Placed], data: st.DataObject) -> None:
    """Runs added in any order and batches, forks and gaps included, give what the whole set gives."""
    summary = Summary()
    for run in runs_of(operations, data):
        summary = extend(summary, run)
    assert summary == summarise(operations)


def trunk(operations: list[Placed]) -> int:
    """By walking: how far one chain goes from 1, with one operation under each number and each child in its place."""
    reached, last = 0, None
    while True:
        here = [item for item in operations if item.header.seq == reached + 1]
        if len(here) != 1 or (last is not None and here[0].header.prev != last.hash):
            return reached
        reached, last = reached + 1, here[0]


@settings(max_examples=200)
@given(trees())
def test_the_summary_counts_what_is_held(operations: list[Placed]) -> None:
    """Copies, gaps, forks and reach follow from the numbers that are held, and heads are what nothing continues."""
    summary = summarise(operations)
    held = Counter(item.header.seq for item in operations)
    highest = max(held, default=0)
    counted = [
        copies
        for stretch in summary.stretches
        for copies in [stretch.copies] * (stretch.last_seq - stretch.first_seq + 1)
    ]
    assert counted == [held[seq] for seq in range(1, highest + 1)]
    assert [seq for first, last in summary.missing for seq in range(first, last + 1)] == [
        seq for seq in range(1, highest + 1) if not held[seq]
    ]
    assert summary.forked == any(copies > 1 for copies in held.values())
    assert summary.reach == trunk(operations)
    assert summary.last_seq == highest
    if summary.whole:
        by_number = sorted(operations, key=lambda item: item.header.seq)
        assert all(later.header.prev == earlier.hash for earlier, later in pairwise(by_number))
    parents = {(item.header.prev, item.header.seq - 1) for item in operations}
    assert set(heads(summary)) == {
        (item.header.seq, item.hash) for item in operations if (item.hash, item.header.seq) not in parents
    }


@given(trees(), st.data())
def test_repetition_does_not_change_a_summary_of_a_set(operations: list[Placed], data: st.DataObject) -> None:
    """The same operation twice, in any order, counts once."""
    again = data.draw(st.permutations([*operations, *operations[:3]]))
    assert summarise(again) == summarise(operations)


def test_an_ordinary_journal_has_one_start_and_one_end() -> None:
    """Without gap or fork there is one of each, however long the journal is."""
    whole = placed(journal(9))
    summary = extend(extend(Summary(), whole[:4]), whole[4:])
    assert summary == Summary((Start(1, GENESIS),), (End(9, whole[-1].hash),))
    assert (summary.missing, summary.forked, summary.reach, summary.whole) == ((), False, 9, True)
    assert summary.stretches == (Stretch(1, 9, 1),)


def test_a_fork_in_the_middle_is_the_same_whichever_branch_came_first() -> None:
    """A branch that leaves the middle of a stretch is seen the same before and after the stretch is whole."""
    trunk = placed(journal(10))
    branch = placed(journal(2, first=6, prev=trunk[4].hash, branch="x"))
    orders = (
        [trunk, branch],
        [trunk[:5], branch, trunk[5:]],
        [branch, trunk],
        [trunk[5:], branch, trunk[:5]],
        [[item] for item in reversed([*trunk, *branch])],
    )
    expected = Summary((Start(1, GENESIS), Start(6, trunk[4].hash)), (End(7, branch[-1].hash), End(10, trunk[-1].hash)))
    for order in orders:
        summary = Summary()
        for run in order:
            summary = extend(summary, run)
        assert summary == expected
    assert expected.forked
    assert expected.reach == 5
    assert expected.stretches == (Stretch(1, 5, 1), Stretch(6, 7, 2), Stretch(8, 10, 1))


def test_a_gap_is_named_until_it_is_filled() -> None:
    """Missing numbers are those below the highest held, and reach stops before them."""
    whole = placed(journal(9))
    summary = extend(extend(Summary(), whole[7:]), whole[2:4])
    assert summary.missing == ((1, 2), (5, 7))
    assert summary.reach == 0
    summary = extend(summary, whole[:2])
    assert (summary.missing, summary.reach) == (((5, 7),), 4)
    summary = extend(summary, whole[4:7])
    assert (summary.missing, summary.reach, summary.forked) == ((), 9, False)


def test_a_branch_over_a_gap_does_not_hide_the_gap() -> None:
    """What is missing in one branch only is found by its start, though the number is held elsewhere."""
    trunk = placed(journal(5))
    branch = placed(journal(4, first=3, prev=trunk[1].hash, branch="x"))
    summary = summarise([*trunk, *branch[2:]])
    assert summary.missing == ()
    assert Start(5, branch[1].hash) in summary.starts
    assert summary.forked


def test_a_number_that_is_held_by_a_stranger_is_not_whole() -> None:
    """Where 3 does not continue the 2 that is held, all numbers are there, and yet the chain is not whole."""
    trunk, other = placed(journal(2)), placed(journal(4, branch="x"))
    summary = summarise([*trunk, *other[2:]])
    assert (summary.missing, summary.forked, summary.reach) == ((), False, 2)
    assert not summary.whole
    assert Start(3, other[1].hash) in summary.starts


def test_nothing_held_is_an_empty_summary() -> None:
    """No operations: nothing is missing, forked or reached."""
    assert summarise([]) == Summary() == extend(Summary(), [])
    assert (Summary().missing, Summary().forked, Summary().reach, Summary().last_seq) == ((), False, 0, 0)


@given(st.integers(1, 60))
def test_the_cost_of_extending_does_not_grow_with_the_journal(length: int) -> None:
    """However many runs of one chain came, the summary stays at one start and one end."""
    summary = Summary()
    for item in placed(journal(length)):
        summary = extend(summary, [item])
        assert len(summary.starts) + len(summary.ends) == 2
