"""The log is written back after a burst, during one that does not end, and never keeps a store from closing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.limits import PAGE_BYTES
from server.store.sqlite import checkpoints, connection
from server.store.sqlite.checkpoints import Checkpoints
from server.store.sqlite.connection import open_connection
from sync.errors import Unavailable

_ROW = b"r" * 3_000
_WAIT_S_MAX = 30.0
_NEVER_S = 3_600.0


def _limits(patch: pytest.MonkeyPatch, **limits: float) -> None:
    """What takes an evening comes within a few commits."""
    for name, value in limits.items():
        patch.setattr(checkpoints, name, value)


class _Writing:
    """A database with a log, and the thread that writes it back."""

    def __init__(self, folder: Path, tidy: Callable[[], None] = lambda: None) -> None:
        self.path = folder / "some.db"
        self._connection = open_connection(self.path, writing=True)
        self._connection.execute("CREATE TABLE some (data BLOB)")
        self.checkpoints = Checkpoints(self.path, tidy)

    def commit(self, rows: int) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO some VALUES (?)", [(_ROW,)] * rows)
        self._connection.execute("COMMIT")
        self.checkpoints.note(self._connection.total_changes)

    def written_back(self) -> bool:
        """Whether the database itself, without its log, comes to hold the rows."""
        until = time.monotonic() + _WAIT_S_MAX
        while self.path.stat().st_size < len(_ROW) * 10 and time.monotonic() < until:
            time.sleep(0.01)
        return self.path.stat().st_size >= len(_ROW) * 10

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM some").fetchone()[0])

    def close(self) -> None:
        self.checkpoints.close()
        self._connection.close()


@pytest.mark.parametrize(
    ("rows", "pause_s"), [(12, 0.02), (25, _NEVER_S)], ids=["when commits pause", "when commits never pause"]
)
def test_it_is_written_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, pause_s: float) -> None:
    """In a pause nobody is disturbed; beyond a bound it is not waited for."""
    _limits(monkeypatch, CHECKPOINT_CHANGES=10, CHECKPOINT_CHANGES_MAX=20, CHECKPOINT_PAUSE_S=pause_s)
    writing = _Writing(tmp_path)
    writing.commit(rows)
    assert writing.written_back()
    writing.close()


def test_it_is_written_back_untidied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Tidying up can wait, the log cannot; that it failed is told."""
    _limits(monkeypatch, CHECKPOINT_CHANGES=10, CHECKPOINT_PAUSE_S=0.02)

    def fails() -> None:
        raise Unavailable("STORE-FULL", "no space left")

    writing = _Writing(tmp_path, fails)
    writing.commit(12)
    assert writing.written_back()
    writing.close()
    assert "no space left" in caplog.text


def test_the_log_begins_anew_although_there_is_always_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that follow one another without a gap do not make it grow for ever."""
    _limits(
        monkeypatch, CHECKPOINT_CHANGES=10, CHECKPOINT_CHANGES_MAX=20, CHECKPOINT_PAUSE_S=0.01, LOG_PAGES_RESTART=40
    )
    writing = _Writing(tmp_path)
    log = writing.path.with_name("some.db-wal")
    over = threading.Event()
    reading = threading.Thread(target=_read_without_a_gap, args=(writing.path, over))
    reading.start()
    longest = 0
    for _ in range(200):
        writing.commit(5)
        longest = max(longest, log.stat().st_size)
        time.sleep(0.002)
    over.set()
    reading.join()
    assert writing.count() == 1_000
    assert longest < 600 * PAGE_BYTES
    writing.close()


def _read_without_a_gap(path: Path, over: threading.Event) -> None:
    readers = [open_connection(path) for _ in range(2)]
    turn = 0
    while not over.wait(0.005):
        readers[turn % 2].execute("BEGIN")
        readers[turn % 2].execute("SELECT count(*) FROM some").fetchone()
        turn += 1
        if readers[turn % 2].in_transaction:
            readers[turn % 2].execute("ROLLBACK")
    for reader in readers:
        reader.close()


def test_a_snapshot_held_for_long_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log grows while it is held, commits go on, and the file is cut afterwards."""
    _limits(monkeypatch, CHECKPOINT_CHANGES=10, CHECKPOINT_CHANGES_MAX=20, LOG_PAGES_RESTART=40)
    monkeypatch.setattr(connection, "WAL_PAGES_MAX", 100)
    writing = _Writing(tmp_path)
    log = writing.path.with_name("some.db-wal")
    holding = open_connection(writing.path)
    holding.execute("BEGIN")
    holding.execute("SELECT count(*) FROM some").fetchone()
    for _ in range(40):
        writing.commit(5)
    assert log.stat().st_size > 150 * PAGE_BYTES
    holding.close()
    until = time.monotonic() + _WAIT_S_MAX
    while log.stat().st_size > 110 * PAGE_BYTES and time.monotonic() < until:
        writing.commit(25)
        time.sleep(0.05)
    assert log.stat().st_size <= 110 * PAGE_BYTES
    writing.close()


def test_closing_does_not_wait_for_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the log is durable there; the next start finds it."""
    _limits(monkeypatch, CHECKPOINT_CHANGES=10, CHECKPOINT_PAUSE_S=_NEVER_S)
    writing = _Writing(tmp_path)
    writing.commit(12)
    writing.close()
    again = open_connection(writing.path)
    assert again.execute("SELECT count(*) FROM some").fetchone() == (12,)
    again.close()
