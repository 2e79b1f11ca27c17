"""Operations are found by their hash wherever it stands, before, while and after the recent ones are merged."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.sqlite import SqliteStore, checkpoints, hashes
from server.store.sqlite import store as store_module
from server.store.sqlite.connection import open_connection, prepare
from sync.operations.office import Head
from tests.exchange.phone import Phone
from tests.store.contract_journals import ARRIVAL, placed_run
from tests.store.opening import fixed_clock, keys_in

_WAIT_S_MAX = 30.0


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A writing connection to an empty database."""
    path = tmp_path / "some.db"
    found = open_connection(path, writing=True)
    prepare(found, path)
    yield found
    found.close()


def _hash(number: int) -> bytes:
    return number.to_bytes(1) + b"\xff" * 31


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[bytes, int]]:
    return connection.execute(f"SELECT hash, operation FROM {table} ORDER BY hash").fetchall()  # noqa: S608  # one of ours


@pytest.mark.parametrize("limit", [1, 2, 99, 100, 101, 256])
def test_slices_merge_everything_once(connection: sqlite3.Connection, limit: int) -> None:
    """Each slice goes on above the last one, up to the highest hash there is; no hash is in both tables, or in none."""
    numbers = [(number * 37) % 256 for number in range(256)]
    hashes.enter(connection, [_hash(number) for number in numbers[:156]], 1)
    hashes.enter(connection, [_hash(number) for number in numbers[156:]], 157)
    everything = _rows(connection, "operation_hash")
    assert everything == sorted((_hash(number), row) for row, number in enumerate(numbers, start=1))
    after: bytes | None = b""
    slices = 0
    while after is not None:
        held = hashes.recent_count(connection)
        after = hashes.settle(connection, after, limit)
        slices += 1
        assert held - hashes.recent_count(connection) <= limit
        assert _rows(connection, "operation_hash") == everything
    assert hashes.recent_count(connection) == 0
    assert _rows(connection, "hash_settled") == everything
    assert slices <= 256 // limit + 1


def test_what_comes_between_slices_waits_or_is_merged(connection: sqlite3.Connection) -> None:
    """Below the last slice it waits for the next merge; that one finds it."""
    hashes.enter(connection, [_hash(number) for number in (10, 20, 30)], 1)
    after = hashes.settle(connection, b"", 2)
    assert after == _hash(20)
    hashes.enter(connection, [_hash(5), _hash(25)], 4)
    assert hashes.settle(connection, after, 9) is None
    assert _rows(connection, "hash_recent") == [(_hash(5), 4)]
    assert hashes.settle(connection, b"", 9) is None
    assert [row for _, row in _rows(connection, "hash_settled")] == [4, 1, 2, 5, 3]


def test_a_hash_is_entered_once(connection: sqlite3.Connection) -> None:
    """Whoever would append what is held meets an error, at once or at the merge, and never a second row."""
    hashes.enter(connection, [_hash(1)], 1)
    with pytest.raises(sqlite3.IntegrityError):
        hashes.enter(connection, [_hash(1)], 2)
    hashes.settle(connection, b"", 9)
    hashes.enter(connection, [_hash(1)], 2)
    with pytest.raises(sqlite3.IntegrityError):
        hashes.settle(connection, b"", 9)


class _Merging:
    """A store that merges as soon as so few hashes are recent, a few at a time."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(checkpoints, "CHECKPOINT_CHANGES", 5)
        patch.setattr(checkpoints, "CHECKPOINT_PAUSE_S", 0.001)
        patch.setattr(store_module, "HASHES_RECENT", 4)
        patch.setattr(store_module, "HASHES_AT_ONCE", 3)
        self.store = SqliteStore(folder / "doorstep.db", keys_in(folder / "keys"), fixed_clock())
        self.phone = Phone(1, "aa" * 8)

    def append(self, count: int) -> list[str]:
        """Hashes of a phone's next operations."""
        run = placed_run(self.phone, count)
        self.store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, run, ARRIVAL))
        return [item.hash for item in run]

    def wait(self) -> None:
        """Until few are recent."""
        until = time.monotonic() + _WAIT_S_MAX
        while self._recent() >= 4:
            assert time.monotonic() < until, "nothing was merged"
            time.sleep(0.005)

    def _recent(self) -> int:
        with self.store.read() as reader:
            return reader.recent_hashes()


def test_a_store_merges_in_its_pauses_and_finds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known, read, walked and covered: nothing tells where a hash stands."""
    merging = _Merging(tmp_path, monkeypatch)
    written: list[str] = []
    for count in (9, 1, 7, 2):
        written += merging.append(count)
        merging.wait()
    written += merging.append(2)
    store = merging.store
    with store.read() as reader:
        assert reader.known([*written, "0" * 64]) == set(written)
        assert sorted(reader.operations(written), key=written.index) == written
        found = reader.operation(written[0])
        assert found is not None
        assert (found.seq, found.hash) == (1, written[0])
        head = Head("aa" * 8, 1, len(written), written[-1])
        assert all(reader.is_at_or_below(hash_, head) for hash_ in written)
        assert reader.contiguous_below("aa" * 8, 1, len(written), written[-1]) == (len(written), written[-1])
    assert len(store.write_now(lambda writer: writer.cover([head], "c" * 64))) == len(written)
    store.close()


def test_a_store_closes_while_it_merges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was merged stays merged, the rest recent, and nothing waits for a writer that has gone."""
    for turn in range(10):
        folder = tmp_path / str(turn)
        folder.mkdir()
        merging = _Merging(folder, monkeypatch)
        written = merging.append(60)
        time.sleep(0.001 * turn)
        closing = threading.Thread(target=merging.store.close, daemon=True)
        closing.start()
        closing.join(_WAIT_S_MAX)
        assert not closing.is_alive()
        again = SqliteStore(folder / "doorstep.db", keys_in(folder / "keys"), fixed_clock())
        with again.read() as reader:
            assert reader.known(written) == set(written)
        again.close()
