"""A database that an older version folded is folded anew by itself, wherever that is interrupted."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.app import open_parts
from server.services import refold as refolding
from server.services.closing import close_day
from server.services.reconcile import Reconciler
from server.services.refold import is_refolding, refold, refold_text
from server.services.verify import verify
from server.settings import read_settings
from server.store.sqlite import SqliteStore
from sync.errors import Conflict, Corrupt
from sync.operations import Actor
from sync.reconcile.facts import FOLD_VERSION
from tests.verify.life import open_store

OLD = Path(__file__).parents[2] / "fixtures" / "databases" / "fold_1.sqlite.gz"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """The old database, opened by this program."""
    (tmp_path / "doorstep.sqlite").write_bytes(gzip.decompress(OLD.read_bytes()))
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def catch_up(store: SqliteStore) -> Callable[[], int]:
    """Reconcile until nothing is pending."""
    reconciler = Reconciler(store)

    def run() -> int:
        total = 0
        while done := reconciler.run_pending(1_000):
            total += done
        return total

    return run


def visits_of_customers(store: SqliteStore) -> int:
    """Operations that touch a customer."""
    with store.read() as reader:
        keys = reader.keys_starting("customer:")
        return sum(len(rows) for rows in reader.facts(keys).values())


def test_an_old_database_says_that_it_is_folded_anew(store: SqliteStore) -> None:
    """Verification names the cause and the remedy, and no day is closed meanwhile."""
    with store.read() as reader:
        assert is_refolding(reader)
        found = verify(reader)
    assert not found.sound
    assert any(fault.where == "fold version" and "job refold" in fault.what for fault in found.faults)
    catch_up(store)()
    with pytest.raises(Conflict) as refused:
        close_day(store, "B", "2026-11-23", Actor("anna", "supervisor"))
    assert refused.value.code == "CLOSING-STALE"
    assert "upgrade" in refused.value.cause


def test_the_job_folds_an_old_database_anew(store: SqliteStore) -> None:
    """After it the stored state is that of a replay, new touches included, and it has nothing more to do."""
    before = visits_of_customers(store)
    assert refold_text(store, catch_up(store)).endswith("nothing left")
    assert visits_of_customers(store) > before
    with store.read() as reader:
        assert not is_refolding(reader)
        assert verify(reader, shuffle=1).faults == ()
    assert refold(store, catch_up(store)) == 0


def test_it_goes_on_where_it_was_interrupted(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, with a process that dies between marking and folding: nothing is left out."""
    monkeypatch.setattr(refolding, "REFOLD_PAGE", 7)

    def dies() -> int:
        raise KeyboardInterrupt

    run = catch_up(store)
    done = 0
    for turn in range(100):
        if turn % 3 == 2:
            run()
        try:
            done += refold(store, dies if turn % 2 else run, pages=1)
        except KeyboardInterrupt:
            done += 7
        with store.read() as reader:
            if not is_refolding(reader):
                break
    assert done >= 99
    with store.read() as reader:
        assert verify(reader, shuffle=2).faults == ()


def test_the_server_does_it_by_itself(tmp_path: Path) -> None:
    """The job is among those that every writing server runs by the clock."""
    open_store(tmp_path).close()
    (tmp_path / "doorstep.sqlite").unlink()
    (tmp_path / "doorstep.sqlite").write_bytes(gzip.decompress(OLD.read_bytes()))
    parts = open_parts(read_settings({"DOORSTEP_JOBS": "0"}, tmp_path))
    try:
        job = next(job for job in parts.jobs.known if job.name == "refold")
        assert job.every_s <= 10
        assert parts.jobs.run("refold").result.endswith("nothing left")
        with parts.store.read() as reader:
            assert not is_refolding(reader)
    finally:
        parts.close()


def test_a_new_database_is_of_this_version(tmp_path: Path) -> None:
    """Nothing is folded twice where nothing was folded before."""
    opened = open_store(tmp_path)
    with opened.read() as reader:
        assert reader.setting("fold/version") == str(FOLD_VERSION)
        assert not is_refolding(reader)
    assert refold(opened, lambda: 0) == 0
    opened.close()


def test_a_newer_programs_folds_are_refused(tmp_path: Path) -> None:
    """An older program does not undo what a newer one found."""
    open_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "doorstep.sqlite") as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'fold/version'", (str(FOLD_VERSION + 1),))
    connection.close()
    (tmp_path / "keys").rename(tmp_path / "other")
    opened = open_store(tmp_path)
    with opened.read() as reader, pytest.raises(Corrupt) as refused:
        is_refolding(reader)
    assert refused.value.code == "STORE-VERSION"
    opened.close()
