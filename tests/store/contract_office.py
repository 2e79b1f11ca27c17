"""The contract of every store, third part: the office journal, closings' covers, devices and group commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from server.ports import Device, Epoch, OfficeWork, Reader, Store, Writer
from sync.errors import Conflict, NotAllowed, Unavailable
from sync.journal import Placed, verify_chain
from sync.operations.office import ExchangeReceived, Head, NoticeWithdrawn
from tests.exchange.phone import Phone
from tests.store.contract_journals import ARRIVAL, SYSTEM, notice, placed_run
from tests.store.opening import MakeStore, open_office

__all__ = ["OfficeContract"]


def _append(store: Store, run: list[Placed]) -> None:
    header = run[0].header
    store.write_now(lambda writer: writer.append_device_run(header.device, header.epoch, run, ARRIVAL))


def _read(store: Store, ask: Callable[[Reader], object]) -> object:
    with store.read() as reader:
        return ask(reader)


class OfficeContract:
    """Each store's test class inherits this and gives the fixture `make_store`."""

    @pytest.fixture
    def store(self, make_store: MakeStore) -> Iterator[Store]:
        """A store that holds the office journal."""
        store = open_office(make_store)
        yield store
        store.close()

    # -- the office journal
    def test_office_operations_form_one_verifiable_chain(self, store: Store, make_store: MakeStore) -> None:
        """Each restart opens an epoch that continues the head before; an export follows by hash."""
        store.write_now(lambda writer: writer.append_office([OfficeWork(body=notice(), by=SYSTEM)]))
        with store.read() as reader:
            head = reader.office_head()
        assert head is not None
        store.close()
        again = open_office(make_store)
        with again.read() as reader:
            after = reader.office_head()
            lines = list(reader.export(head.device))
        again.close()
        assert after is not None
        assert (after.device, after.epoch, after.seq) == (head.device, head.epoch + 1, 1)
        assert [item.header.seq for item in verify_chain(lines)] == [1, 2, 1]

    @pytest.mark.usefixtures("store")
    def test_a_second_process_does_not_get_the_office_journal(self, make_store: MakeStore) -> None:
        """It is told that another process writes, and can still read."""
        other = make_store()
        with pytest.raises(Unavailable, match="STORE-LOCKED"):
            other.open_office("process-2", "K" * 87, "key-1")
        with pytest.raises(Unavailable, match="STORE-LOCKED"):
            other.write_now(lambda writer: writer.append_office([OfficeWork(body=notice(), by=SYSTEM)]))
        with other.read() as reader:
            assert reader.devices()
        other.close()

    def test_a_command_on_a_stale_basis_changes_nothing(self, store: Store) -> None:
        """Compare-and-set: the second of two that saw the same state is refused."""
        key = "notice:N1"
        with store.read() as reader:
            assert reader.aggregate_head(key) == ""

        def issue(writer: Writer) -> str:
            return writer.append_office([OfficeWork(body=notice(), by=SYSTEM)], expect={key: ""})[0].hash

        basis = store.write_now(issue)
        with pytest.raises(Conflict, match="STATE-STALE"):
            store.write_now(issue)
        body = NoticeWithdrawn(notice="N1", account="A", reason="settled", basis=basis)
        store.write_now(lambda w: w.append_office([OfficeWork(body=body, by=SYSTEM)], expect={key: basis}))
        with store.read() as reader:
            assert len(reader.facts([key])[key]) == 2

    def test_an_arrival_makes_no_basis_stale(self, store: Store) -> None:
        """Uploads during a count do not refuse the cashier."""
        body = ExchangeReceived(
            device="aa" * 8, epoch=1, first_seq=1, last_seq=1, last_hash="0" * 64, new=1, again=0,
            received_ms=1, boot="b", mono_ms=1, wall="2026-11-23T12:00:00.000+08:00", pack="2026-11-23/A01",
        )  # fmt: skip
        store.write_now(lambda writer: writer.append_office([OfficeWork(body=body, by=SYSTEM)]))
        with store.read() as reader:
            assert reader.aggregate_head("drawer:A01/2026-11-23") == ""
            assert len(reader.facts(["drawer:A01/2026-11-23"])["drawer:A01/2026-11-23"]) == 1

    def test_covering_marks_each_operation_once(self, store: Store) -> None:
        """The first closing keeps what it covered; a fork's other branch is not covered by one head."""
        phone = Phone(1, "aa" * 8)
        trunk = placed_run(phone, 3)
        twin = phone.twin()
        twin.mono_ms += 5
        main, branch = placed_run(phone, 2), placed_run(twin, 1)
        _append(store, trunk)
        head = Head("aa" * 8, 1, 2, trunk[1].hash)
        assert len(store.write_now(lambda writer: writer.cover([head], "000001"))) == 2
        for run in (main, branch):
            _append(store, run)
        later = Head("aa" * 8, 1, 5, main[-1].hash)
        assert len(store.write_now(lambda writer: writer.cover([later], "000002"))) == 3
        with store.read() as reader:
            covered = [item.covered for item in reader.operations_of("aa" * 8, 1, 1, 10) if item.hash != branch[0].hash]
            other = reader.operation(branch[0].hash)
        assert covered == ["000001", "000001", "000002", "000002", "000002"]
        assert other is not None
        assert other.covered == ""

    # -- devices
    def test_the_registry_knows_a_device_as_soon_as_it_is_committed(self, store: Store) -> None:
        """Caches are dropped with the commit, and a work that failed leaves nothing."""
        device = Device(device="aa" * 8, agent="A01", branch="B", public_key="k", enrolled_ms=1)

        def fails(writer: Writer) -> None:
            writer.put_device(device)
            raise Conflict("STATE-FORBIDS", "on purpose")

        with pytest.raises(Conflict):
            store.write_now(fails)
        assert "aa" * 8 not in dict(_read(store, lambda reader: reader.registry()))  # type: ignore[call-overload]  # a mapping
        store.write_now(lambda writer: writer.put_device(device))
        with store.read() as reader:
            assert reader.registry()["aa" * 8].agent == "A01"
            assert reader.device("aa" * 8) == device
            assert reader.devices(agent="A01") == [device]

    def test_a_reader_that_began_earlier_hides_no_device_from_later_ones(self, store: Store) -> None:
        """What an old snapshot shows of the registry is its own, and stays with it."""
        device = Device(device="aa" * 8, agent="A01", branch="B", public_key="k", enrolled_ms=1)
        with store.read() as earlier:
            assert earlier.device(device.device) is None
            store.write_now(lambda writer: writer.put_device(device))
            assert device.device not in earlier.registry()
        with store.read() as reader:
            assert reader.registry()[device.device].agent == "A01"

    def test_an_epoch_is_never_assigned_twice(self, store: Store) -> None:
        """The second assignment of a number is refused."""
        epoch = Epoch(device="aa" * 8, epoch=2, continues="c", request="r", reason="requested")
        store.write_now(lambda writer: writer.put_epoch(epoch))
        with pytest.raises(Conflict, match="STATE-FORBIDS"):
            store.write_now(lambda writer: writer.put_epoch(epoch))
        assert _read(store, lambda reader: reader.epochs("aa" * 8)) == [epoch]

    def test_codes_are_used_once_and_expire(self, store: Store) -> None:
        """Wrong, used and expired codes are told apart."""

        def take(code: bytes, now_ms: int) -> tuple[str, str]:
            return store.write_now(lambda writer: writer.take_enrol_code(code, "aa" * 8, now_ms))

        store.write_now(lambda writer: writer.put_enrol_code(b"c" * 32, "A01", "B", 100))
        with pytest.raises(NotAllowed, match="ENROL-CODE-EXPIRED"):
            take(b"c" * 32, 100)
        assert take(b"c" * 32, 99) == ("A01", "B")
        with pytest.raises(NotAllowed, match="ENROL-CODE-USED"):
            take(b"c" * 32, 99)
        with pytest.raises(NotAllowed, match="ENROL-CODE-WRONG"):
            take(b"x" * 32, 99)

    def test_a_nonce_is_new_once_for_each_device(self, store: Store) -> None:
        """Another device may use the same."""
        use = [("a", "n1"), ("a", "n1"), ("b", "n1"), ("a", "n2")]
        fresh = store.write_now(lambda writer: [writer.use_nonce(device, nonce) for device, nonce in use])
        assert fresh == [True, False, True, True]

    # -- group commit
    def test_a_failing_work_undoes_only_itself(self, store: Store) -> None:
        """Works of one group: one raises, the others are kept, and the office chain has no hole."""

        def work(number: int) -> Callable[[Writer], int]:
            def run(writer: Writer) -> int:
                writer.append_office([OfficeWork(body=notice(f"N{number}"), by=SYSTEM)])
                if number % 3 == 1:
                    raise Conflict("STATE-FORBIDS", f"work {number}")
                return number

            return run

        async def together() -> list[int | BaseException]:
            return await asyncio.gather(*(store.write(work(n)) for n in range(30)), return_exceptions=True)

        results = asyncio.run(together())
        assert [r for r in results if isinstance(r, int)] == [n for n in range(30) if n % 3 != 1]
        assert [str(r) for r in results if not isinstance(r, int)] == [
            f"STATE-FORBIDS: work {n}" for n in range(30) if n % 3 == 1
        ]
        with store.read() as reader:
            head = reader.office_head()
            assert head is not None
            lines = list(reader.export(head.device, head.epoch))
            assert reader.summary(head.device, head.epoch).ends[0].hash == head.hash
        assert verify_chain(lines)[-1].hash == head.hash
        assert head.seq == 1 + 20

    def test_a_result_is_durable_when_its_caller_gets_it(self, store: Store, make_store: MakeStore) -> None:
        """Another process sees the work as soon as the caller continues."""
        store.write_now(lambda writer: writer.put_setting("seen", "yes"))
        other = make_store()
        assert _read(other, lambda reader: reader.setting("seen")) == "yes"
        other.close()

    def test_a_reader_sees_one_snapshot(self, store: Store) -> None:
        """What is committed while it reads does not appear in the middle."""
        with store.read() as reader:
            assert reader.setting("late") == ""
            store.write_now(lambda writer: writer.put_setting("late", "yes"))
            assert reader.setting("late") == ""
        assert _read(store, lambda reader: reader.setting("late")) == "yes"

    def test_many_threads_read_while_one_writes(self, store: Store) -> None:
        """The pool is bounded, and more threads than connections all get their turn."""
        seen: list[str] = []

        def look() -> None:
            with store.read() as reader:
                seen.append(reader.setting("incarnation") or store.incarnation)

        threads = [threading.Thread(target=look) for _ in range(24)]
        for thread in threads:
            thread.start()
        store.write_now(lambda writer: writer.put_setting("busy", "yes"))
        for thread in threads:
            thread.join()
        assert seen == [store.incarnation] * 24

    def test_a_work_must_not_wait_for_another(self, store: Store) -> None:
        """That would be waiting for itself; it is refused instead."""
        with pytest.raises(RuntimeError, match="must not wait"):
            store.write_now(lambda _writer: store.write_now(lambda writer: writer.put_setting("a", "b")))

    def test_a_closed_store_refuses(self, make_store: MakeStore) -> None:
        """Reading and writing say so."""
        store = make_store()
        store.close()
        with pytest.raises(Unavailable, match="STORE-LOCKED"):
            store.write_now(lambda writer: writer.put_setting("a", "b"))
        with pytest.raises(Unavailable, match="STORE-LOCKED"):
            _read(store, lambda reader: reader.jobs())
