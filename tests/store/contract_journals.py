"""The contract of every store, first part: operations, their journals, and what is pending."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server.ports import Reader, Store
from sync.encoding import sha256_hex
from sync.errors import DoorstepError
from sync.journal import Placed, place
from sync.operations.envelope import Actor
from sync.operations.office import Head, NoticeIssued
from sync.reconcile.facts import Arrival
from sync.segments import summarise
from tests.exchange.phone import Phone
from tests.store.opening import MakeStore, open_office

__all__ = ["ARRIVAL", "SYSTEM", "JournalContract", "notice", "placed_run"]

SYSTEM = Actor("system", "system")
ARRIVAL = Arrival(1_795_406_500_000, "boot-1", 9_000)


def placed_run(phone: Phone, count: int) -> list[Placed]:
    """Operations as an exchange hands them to the store."""
    return [place(entry.data) for entry in phone.write(count)]


def notice(number: str = "N1", version: int = 1) -> NoticeIssued:
    """An office body that touches one aggregate."""
    return NoticeIssued(
        notice=number,
        version=version,
        account="A",
        customer="C",
        title="t",
        content_sha256="0" * 64,
        amount_minor=1,
        currency="CNY",
        issued_on="2026-11-23",
    )


def _append(store: Store, run: list[Placed]) -> None:
    header = run[0].header
    store.write_now(lambda writer: writer.append_device_run(header.device, header.epoch, run, ARRIVAL))


def _read(store: Store, ask: Callable[[Reader], object]) -> object:
    with store.read() as reader:
        return ask(reader)


class JournalContract:
    """Each store's test class inherits this and gives the fixture `make_store`."""

    @pytest.fixture
    def store(self, make_store: MakeStore) -> Iterator[Store]:
        """A store that holds the office journal."""
        store = open_office(make_store)
        yield store
        store.close()

    # -- operations
    def test_an_operation_comes_back_byte_for_byte(self, store: Store) -> None:
        """Bytes, place, arrival and hash are what was stored."""
        run = placed_run(Phone(1, "aa" * 8), 1)
        _append(store, run)
        with store.read() as reader:
            found = reader.operation(run[0].hash)
        assert found is not None
        assert (found.data, found.hash, found.seq) == (run[0].data, sha256_hex(run[0].data), 1)
        assert (found.device, found.epoch, found.arrival) == ("aa" * 8, 1, ARRIVAL)
        assert (found.held, found.covered) == ("", "")

    def test_known_tells_only_what_is_held(self, store: Store) -> None:
        """Unknown hashes are absent from every answer."""
        run = placed_run(Phone(1, "aa" * 8), 3)
        _append(store, run[:2])
        with store.read() as reader:
            assert reader.known([item.hash for item in run]) == {run[0].hash, run[1].hash}
            assert reader.operation(run[2].hash) is None
            assert set(reader.operations([item.hash for item in run])) == {run[0].hash, run[1].hash}

    def test_the_same_operation_is_never_stored_twice(self, store: Store) -> None:
        """The second append fails as a whole and leaves the first as it was."""
        run = placed_run(Phone(1, "aa" * 8), 2)
        _append(store, run)
        with pytest.raises(DoorstepError):
            _append(store, run)
        assert _read(store, lambda reader: list(reader.export("aa" * 8))) == [item.data for item in run]

    def test_many_operations_in_one_run(self, store: Store) -> None:
        """A run longer than any batch inside the store arrives whole and in order."""
        run = placed_run(Phone(1, "aa" * 8), 331)
        _append(store, run)
        with store.read() as reader:
            assert [item.data for item in reader.operations_of("aa" * 8, 1, 1, 1000)] == [item.data for item in run]
            assert [item.seq for item in reader.operations_of("aa" * 8, 1, 330, 1)] == [330]

    def test_summaries_follow_gaps_and_forks(self, store: Store) -> None:
        """Whatever the order of arrival, the summary is that of the set."""
        phone = Phone(1, "aa" * 8)
        first = placed_run(phone, 3)
        twin = phone.twin()
        second, branch = placed_run(phone, 4), placed_run(twin, 1)
        twin.mono_ms += 5
        _append(store, second[2:])
        _append(store, first)
        _append(store, branch)
        with store.read() as reader:
            assert reader.summary("aa" * 8, 1) == summarise([*first, *branch, *second[2:]])
            assert reader.summary("aa" * 8, 1).missing == ((5, 5),)
            assert [state.epoch for state in reader.journals("aa" * 8)] == [1]

    def test_at_or_below_means_ancestor_by_hash(self, store: Store) -> None:
        """A smaller number on another branch, or beyond a gap, is not below a head."""
        phone = Phone(1, "aa" * 8)
        trunk = placed_run(phone, 3)
        twin = phone.twin()
        twin.mono_ms += 5
        main, branch = placed_run(phone, 3), placed_run(twin, 2)
        for run in (trunk, main, branch):
            _append(store, run)
        head, side = Head("aa" * 8, 1, 6, main[-1].hash), Head("aa" * 8, 1, 5, branch[-1].hash)
        with store.read() as reader:
            assert reader.is_at_or_below(trunk[0].hash, head)
            assert reader.is_at_or_below(trunk[2].hash, side)
            assert reader.is_at_or_below(main[-1].hash, head)
            assert not reader.is_at_or_below(branch[0].hash, head)
            assert not reader.is_at_or_below(main[0].hash, side)
            assert not reader.is_at_or_below("0" * 64, head)

    def test_contiguous_below_stops_at_a_gap(self, store: Store) -> None:
        """What lies behind missing numbers is not acknowledged; filling the gap acknowledges all."""
        run = placed_run(Phone(1, "aa" * 8), 9)
        _append(store, run[:3])
        _append(store, run[5:])
        with store.read() as reader:
            assert reader.contiguous_below("aa" * 8, 1, 9, run[8].hash) == (3, run[2].hash)
            assert reader.contiguous_below("aa" * 8, 1, 2, run[1].hash) == (2, run[1].hash)
            assert reader.contiguous_below("aa" * 8, 1, 12, "f" * 64) == (3, run[2].hash)
        _append(store, run[3:5])
        with store.read() as reader:
            assert reader.contiguous_below("aa" * 8, 1, 9, run[8].hash) == (9, run[8].hash)
            assert reader.contiguous_below("aa" * 8, 2, 1, run[8].hash) == (0, "")

    def test_contiguous_below_knows_the_branches_of_a_fork(self, store: Store) -> None:
        """Each branch is contiguous down to the first operation, and no other branch is acknowledged for it."""
        phone = Phone(1, "aa" * 8)
        trunk = placed_run(phone, 3)
        twin = phone.twin()
        twin.mono_ms += 5
        main, branch = placed_run(phone, 3), placed_run(twin, 3)
        for run in (trunk, main, branch[1:]):
            _append(store, run)
        with store.read() as reader:
            assert reader.contiguous_below("aa" * 8, 1, 6, main[-1].hash) == (6, main[-1].hash)
            assert reader.contiguous_below("aa" * 8, 1, 5, main[1].hash) == (5, main[1].hash)
            assert reader.contiguous_below("aa" * 8, 1, 6, branch[-1].hash)[1] != branch[-1].hash
        _append(store, branch[:1])
        with store.read() as reader:
            assert reader.contiguous_below("aa" * 8, 1, 6, branch[-1].hash) == (6, branch[-1].hash)
            assert reader.contiguous_below("aa" * 8, 1, 4, branch[0].hash) == (4, branch[0].hash)

    # -- pending
    def test_what_is_stored_is_pending_until_it_is_reconciled(self, store: Store) -> None:
        """The mark comes with the operation and goes only when it is taken away."""
        run = placed_run(Phone(1, "aa" * 8), 3)
        _append(store, run)
        assert store.wait_for_pending(0)
        with store.read() as reader:
            pending = [item for item in reader.pending(10) if item.device == "aa" * 8]
            assert [item.hash for item in pending] == [item.hash for item in run]
            assert len(reader.pending(1)) == 1
        store.write_now(lambda writer: writer.mark_reconciled([pending[0].id, pending[1].id]))
        with store.read() as reader:
            assert [item.hash for item in reader.pending(10) if item.device == "aa" * 8] == [run[2].hash]
        store.write_now(lambda writer: writer.mark_pending([pending[0].id]))
        with store.read() as reader:
            assert {item.hash for item in reader.pending(10)} >= {run[0].hash, run[2].hash}
