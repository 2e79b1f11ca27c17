"""A day closed over a gap: what arrives later below the heads that the closing named is under it, not late."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.services.closing import close_day, obstacles_of
from server.services.verify import verify
from sync.errors import Conflict
from sync.journal import Entry
from sync.operations import Actor
from sync.operations.field import DayEnded, NoteTaken
from tests.verify.life import DAY, Life, open_store

SUPERVISOR = Actor("lin", "supervisor")


def settle(life: Life) -> None:
    """Fold whatever is pending."""
    while life.reconciler.run_pending(1_000):
        pass


def deliver(life: Life, device: str, entries: list[Entry]) -> None:
    """One request of the phone arrives and is folded."""
    life.now_ms += 60_000
    life.store.write_now(lambda writer: life._ingest(writer, device, entries))
    settle(life)


@pytest.mark.parametrize("order", [("3-4",), ("4-4", "3-3"), ("3-3", "4-4")])
def test_a_filled_gap_below_a_closings_heads_is_covered_by_it(tmp_path: Path, order: tuple[str, ...]) -> None:
    """The closing names the heads above the gap; the late operations are its own, at the office as in a replay."""
    store = open_store(tmp_path)
    try:
        life = Life(store, 1)
        for device in life.heads:
            for _ in range(5):
                life._write(device, NoteTaken(visit="V1", note="0" * 64))
            life._write(
                device,
                DayEnded(seq=6, receipt_last=0, receipts=0, cash_minor=0, currency="CNY", concluded=0),
            )
        first, second = sorted(life.heads)
        entries = life.unsent[first]
        deliver(life, second, life.unsent[second])
        deliver(life, first, entries[:2])
        deliver(life, first, entries[4:])
        with store.read() as reader:
            names = [obstacle.name for obstacle in obstacles_of(reader, "B", DAY)]
        assert names == [f"JOURNAL-GAP|device:{first}"]
        with pytest.raises(Conflict, match="lacks operations 1/3"):
            close_day(store, "B", DAY, SUPERVISOR)

        close_day(store, "B", DAY, SUPERVISOR, "zhou", names)
        settle(life)
        for stretch in order:
            start, end = (int(number) for number in stretch.split("-"))
            deliver(life, first, entries[start - 1 : end])

        with store.read() as reader:
            assert reader.discrepancies(rule="DAY-LATE") == []
            assert reader.discrepancies(rule="JOURNAL-GAP") == []
            assert {row.covered for row in reader.operations_of(first, 1, 1, 10)} == {"000001"}
            assert verify(reader, shuffle=4).faults == ()
    finally:
        store.close()


def test_what_is_written_after_the_closing_is_late(tmp_path: Path) -> None:
    """An operation of the closed day above the heads is late, and stays so when the next day is closed."""
    store = open_store(tmp_path)
    try:
        life = Life(store, 1)
        life.finish()
        close_day(store, "B", DAY, SUPERVISOR)
        first = min(life.heads)
        late = life._write(first, NoteTaken(visit="V1", note="0" * 64))
        deliver(life, first, [late])
        with store.read() as reader:
            (found,) = reader.discrepancies(rule="DAY-LATE")
            assert found.operations == (late.hash,)
            assert verify(reader, shuffle=4).faults == ()
    finally:
        store.close()
