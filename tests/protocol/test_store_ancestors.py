"""What a store says about ancestors is what walking the chain says, whatever is forked, missing or misnumbered."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from server.ports import Store, Writer
from server.store.sqlite import SqliteStore
from sync.clock import Reading
from sync.journal import JournalHead, Placed, append, place
from sync.operations import GENESIS
from sync.operations.field import NoteTaken
from sync.operations.office import Head
from sync.reconcile.facts import Arrival
from tests.core.writing import DEVICE
from tests.store.opening import fixed_clock, keys_in

ARRIVAL = Arrival(1_795_309_200_000, "b", 1)


@st.composite
def journals(draw: st.DrawFn) -> tuple[list[Placed], list[Placed]]:
    """All operations that a device and its clones wrote in one epoch, and those of them that the office holds."""
    written: list[Placed] = []
    for number in range(draw(st.integers(2, 14))):
        straight: int = draw(st.integers(0, 3))
        parent = written[-1] if written and straight else None
        if parent is None and written:
            parent = written[draw(st.integers(0, len(written) - 1))]
        head = JournalHead(DEVICE, 1, parent.header.seq, parent.hash) if parent else JournalHead(DEVICE, 1, 0, GENESIS)
        written.append(place(append(head, NoteTaken(visit="V", note=f"n{number}"), Reading(0, 0, "b", number)).data))
    lost = draw(st.sets(st.integers(0, len(written) - 1), max_size=4))
    held = [item for place_, item in enumerate(written) if place_ not in lost]
    return written, draw(st.permutations(held))


def ancestors(held: dict[str, Placed], item: Placed) -> list[Placed]:
    """The operation and what it goes back to, as far as it is held."""
    found = [item]
    while (parent := held.get(found[-1].header.prev)) is not None:
        found.append(parent)
    return found


def fill(store: Store, held: list[Placed]) -> None:
    """One operation at a time, in the order given."""

    def work(writer: Writer) -> None:
        for item in held:
            writer.append_device_run(DEVICE, 1, [item], ARRIVAL)

    store.write_now(work)


def cover(store: Store, item: Placed) -> set[str]:
    """What a closing that names this head covers, by row."""
    head = Head(DEVICE, 1, item.header.seq, item.hash)
    rows = set(store.write_now(lambda writer: writer.cover([head], "c" * 64)))
    with store.read() as reader:
        return {row.hash for row in reader.operations_of(DEVICE, 1, 1, 1_000) if row.id in rows}


@settings(max_examples=60, deadline=None)
@given(journals())
def test_ancestry_is_the_chains_own(case: tuple[list[Placed], list[Placed]]) -> None:
    """At or below a head, contiguous below it, and covered by it mean the same to the store as to a walk by hash."""
    written, order = case
    held = {item.hash: item for item in order}
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "doorstep.db", keys_in(Path(folder) / "keys"), fixed_clock())
        try:
            fill(store, order)
            with store.read() as reader:
                for item in written:
                    head = Head(DEVICE, 1, item.header.seq, item.hash)
                    below = ancestors(held, item) if item.hash in held else []
                    for other in written:
                        assert reader.is_at_or_below(other.hash, head) == (other in below)
                    seq, hash_ = reader.contiguous_below(DEVICE, 1, item.header.seq, item.hash)
                    if below and below[-1].header.seq == 1:
                        assert (seq, hash_) == (item.header.seq, item.hash)
                    elif seq:
                        assert seq < item.header.seq
                        assert ancestors(held, held[hash_])[-1].header.seq == 1
            before: set[str] = set()
            for item in order:
                reached = {other.hash for other in ancestors(held, item)}
                assert cover(store, item) == reached - before
                before |= reached
        finally:
            store.close()
