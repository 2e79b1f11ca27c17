"""The SQLite store keeps the contract, and meets a full disk, a lock, old and broken files, and what lies on disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest

from server.limits import SIDE_RECORD_PART_BYTES, WRITE_QUEUE_MAX
from server.ports import Folded, OfficeWork, Reader, Writer, folded
from server.store.sqlite import SqliteStore
from server.store.sqlite.base import Base
from server.store.sqlite.group import _Item
from server.store.sqlite.migrations import SCHEMA_VERSION
from sync.errors import Conflict, Corrupt, DoorstepError, Unavailable
from sync.reconcile.facts import Outcome
from sync.reconcile.ledger import lines_between
from sync.side_records import make_side_record
from tests.exchange.phone import Phone
from tests.store.contract_content import ContentContract, posting
from tests.store.contract_journals import ARRIVAL, SYSTEM, JournalContract, notice, placed_run
from tests.store.contract_office import OfficeContract
from tests.store.contract_uploads import UploadContract
from tests.store.opening import MakeStore, fixed_clock, keys_in, open_office


@pytest.fixture
def make_store(tmp_path: Path) -> MakeStore:
    """Opens the same file each time."""
    keys = keys_in(tmp_path / "keys")
    return lambda: SqliteStore(tmp_path / "doorstep.db", keys, fixed_clock())


@pytest.fixture
def store(make_store: MakeStore) -> Iterator[SqliteStore]:
    """A store that holds the office journal."""
    store = open_office(make_store)
    assert isinstance(store, SqliteStore)
    yield store
    store.close()


class TestSqliteJournals(JournalContract):
    """Operations, journals, and what is pending."""


class TestSqliteOffice(OfficeContract):
    """The office journal, covers, devices and group commit."""


class TestSqliteContent(ContentContract):
    """Folds, documents and personal content."""


class TestSqliteUploads(UploadContract):
    """Side records that came in part."""


def test_personal_content_is_not_readable_on_disk(store: SqliteStore, tmp_path: Path) -> None:
    """Neither documents, side records nor personal rows or their indexes stand in the files in the clear."""
    secret = "王小芳13800001111"

    def put(writer: Writer) -> None:
        record = make_side_record(secret.encode(), b"s" * 16)
        writer.put_side_record(record.sha256, record.data)
        writer.append_side_record_part("aa" * 8, "0" * 64, 0, secret.encode(), 1)
        writer.put_document("A01", "visit/1", f'"{secret}"'.encode())
        writer.put_personal("customer", "C1", secret.encode(), {"phone": secret})

    store.write_now(put)
    store.close()
    assert not [path for path in tmp_path.glob("doorstep.db*") if secret.encode() in path.read_bytes()]


def test_an_envelope_moved_elsewhere_does_not_open(store: SqliteStore, tmp_path: Path) -> None:
    """Encrypted rows are bound to their place: exchanging two of them is noticed."""
    store.write_now(lambda writer: writer.put_personal("customer", "C1", b"one"))
    store.write_now(lambda writer: writer.put_personal("customer", "C2", b"two"))
    with sqlite3.connect(tmp_path / "doorstep.db") as other:
        other.execute("UPDATE personal SET data = (SELECT data FROM personal WHERE id = 'C2') WHERE id = 'C1'")
    other.close()
    with store.read() as reader, pytest.raises(Corrupt, match="STORE-CORRUPT"):
        reader.personal("customer", "C1")


def test_parts_of_two_phones_cannot_be_exchanged(store: SqliteStore, tmp_path: Path) -> None:
    """A part is bound to its device, record and place."""
    for device, data in (("aa" * 8, b"one"), ("bb" * 8, b"two")):
        store.write_now(partial(_append, device=device, data=data))
    with sqlite3.connect(tmp_path / "doorstep.db") as other:
        other.execute(
            "UPDATE side_record_part SET data = (SELECT data FROM side_record_part WHERE device = ?) WHERE device = ?",
            ("bb" * 8, "aa" * 8),
        )
    other.close()
    with store.read() as reader, pytest.raises(Corrupt, match="STORE-CORRUPT"):
        reader.side_record_parts("aa" * 8, "0" * 64)


def test_many_small_parts_become_few_rows(store: SqliteStore) -> None:
    """Pieces join the one before them until that is large enough to stand alone."""
    data = bytes(range(256)) * 1_000
    for start in range(0, len(data), 5_000):
        piece = data[start : start + 5_000]
        store.write_now(partial(_append, device="aa" * 8, data=piece, offset=start))
    count = store._connection.execute("SELECT count(*) FROM side_record_part").fetchone()[0]
    assert count <= len(data) // SIDE_RECORD_PART_BYTES + 1
    with store.read() as reader:
        assert reader.side_record_parts("aa" * 8, "0" * 64) == data


def _append(writer: Writer, device: str, data: bytes, offset: int = 0) -> None:
    writer.append_side_record_part(device, "0" * 64, offset, data, 1)


def test_a_full_disk_is_said_and_loses_nothing(store: SqliteStore) -> None:
    """The work fails as STORE-FULL, what was there stays, and with room again it goes on."""
    run = placed_run(Phone(1, "aa" * 8), 400)
    store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, run[:10], ARRIVAL))
    connection = store._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Unavailable, match="STORE-FULL"):
        store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, run[10:], ARRIVAL))
    connection.execute("PRAGMA max_page_count = 1000000")
    with store.read() as reader:
        assert reader.summary("aa" * 8, 1).last_seq == 10
    store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, run[10:], ARRIVAL))
    store.write_now(lambda writer: writer.append_office([OfficeWork(body=notice(), by=SYSTEM)]))
    with store.read() as reader:
        assert reader.summary("aa" * 8, 1).last_seq == 400


def test_a_database_locked_by_another_program_is_said(store: SqliteStore, tmp_path: Path) -> None:
    """STORE-LOCKED while the lock lasts; afterwards the same work succeeds."""
    store._connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(tmp_path / "doorstep.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="STORE-LOCKED"):
        store.write_now(lambda writer: writer.put_setting("a", "1"))
    with pytest.raises(Unavailable, match="STORE-LOCKED"):
        store.check()
    other.execute("ROLLBACK")
    other.close()
    store.write_now(lambda writer: writer.put_setting("a", "2"))
    with store.read() as reader:
        assert reader.setting("a") == "2"


def test_a_newer_database_is_refused(make_store: MakeStore, tmp_path: Path) -> None:
    """STORE-VERSION, and the file is left as it is."""
    make_store().close()
    with sqlite3.connect(tmp_path / "doorstep.db") as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    other.close()
    with pytest.raises(Corrupt, match="STORE-VERSION"):
        make_store()


def test_what_waits_is_found_without_reading_what_is_done(make_store: MakeStore) -> None:
    """Open discrepancies, a subject's and a place's postings each have an index that holds no others."""
    store = make_store()
    asked: dict[str, Callable[[Reader], object]] = {
        "discrepancy_open": lambda reader: reader.discrepancies(branch="B", open_only=True),
        "discrepancy_branch": lambda reader: reader.discrepancies(branch="B", service_day="2026-11-23", open_only=True),
        "discrepancy_subject": lambda reader: reader.discrepancies(subject="visit:V1"),
        "posting_debit": lambda reader: list(reader.postings_at("agent_cash:A1")),
    }
    with store.read() as reader:
        assert isinstance(reader, Base)
        connection = reader._connection  # which index is taken shows nowhere else
        for index, ask in asked.items():
            said: list[str] = []
            connection.set_trace_callback(said.append)
            ask(reader)
            connection.set_trace_callback(None)
            plans = [row[3] for sql in said for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            assert any(index in plan for plan in plans), (index, plans)
            assert not any(plan.startswith("SCAN") for plan in plans), plans
    store.close()


def test_what_never_reached_the_books_does_not_stay_open(make_store: MakeStore, tmp_path: Path) -> None:
    """A payment recorded and voided before the closing leaves no line that every later closing looks at."""
    store = make_store()
    for postings in ((posting(1), posting(2)), (posting(2),)):
        outcome = folded(Outcome(key="account:K1", state={}, postings=postings))
        store.write_now(partial(_put, outcome=outcome))
    with store.read() as reader:
        current, booked = reader.open_lines("B")
    assert list(current) == ["op2/paid"]
    store.write_now(lambda writer: writer.book("B", lines_between(booked, current)))
    store.close()
    with sqlite3.connect(tmp_path / "doorstep.db") as other:
        assert other.execute("SELECT count(*) FROM open_line").fetchone() == (0,)
    other.close()


def _put(writer: Writer, outcome: Folded) -> None:
    writer.put_outcomes([outcome])


def test_a_work_alone_is_undone_whole(store: SqliteStore) -> None:
    """Without others in its transaction it needs no savepoint: what it wrote before it failed is gone."""

    def fails(writer: Writer) -> None:
        writer.put_setting("a", "1")
        writer.append_office([OfficeWork(body=notice(), by=SYSTEM)])
        raise Conflict("STATE-FORBIDS", "on second thoughts")

    with store.read() as reader:
        pending = reader.pending_count()
    with pytest.raises(Conflict, match="on second thoughts"):
        store.write_now(fails)
    with store.read() as reader:
        assert reader.setting("a") == ""
        assert reader.aggregate_head("notice:N1") == ""
        assert reader.pending_count() == pending
    entry = store.write_now(lambda writer: writer.append_office([OfficeWork(body=notice(), by=SYSTEM)])[0])
    with store.read() as reader:
        assert reader.aggregate_head("notice:N1") == entry.hash


def test_an_empty_file_becomes_a_database_of_this_version(make_store: MakeStore, tmp_path: Path) -> None:
    """Migrations run once and are recorded."""
    make_store().close()
    make_store().close()
    with sqlite3.connect(tmp_path / "doorstep.db") as other:
        assert other.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert other.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (SCHEMA_VERSION,)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()


def test_a_file_that_is_no_database_is_refused(make_store: MakeStore, tmp_path: Path) -> None:
    """STORE-CORRUPT with its path, and the bytes stay."""
    (tmp_path / "doorstep.db").write_bytes(b"not a database, but somebody's letter" * 40)
    with pytest.raises(Corrupt, match=r"STORE-CORRUPT.*doorstep\.db"):
        make_store()
    assert (tmp_path / "doorstep.db").read_bytes().startswith(b"not a database")


def test_a_process_that_lost_its_lease_unnoticed_cannot_write(store: SqliteStore, tmp_path: Path) -> None:
    """The fence is the journal's head: whoever advanced it meanwhile wins."""
    with sqlite3.connect(tmp_path / "doorstep.db") as other:
        other.execute("UPDATE office SET holder = 'somebody else', seq = seq + 1, hash = 'f'")
    other.close()
    with pytest.raises(Unavailable, match=r"STORE-LOCKED.*took the office journal over"):
        store.write_now(lambda writer: writer.append_office([OfficeWork(body=notice(), by=SYSTEM)]))
    with store.read() as reader:
        assert reader.aggregate_head("notice:N1") == ""


def test_a_full_queue_is_said_at_once(store: SqliteStore) -> None:
    """Nobody waits unboundedly behind a work that takes long."""
    release, started = threading.Event(), threading.Event()

    def slow(_writer: Writer) -> None:
        started.set()
        release.wait(30)

    threads = [threading.Thread(target=store.write_now, args=(slow,))]
    threads[0].start()
    assert started.wait(30)
    errors: list[DoorstepError] = []

    def quick() -> None:
        try:
            store.write_now(lambda writer: writer.put_setting("a", "1"))
        except DoorstepError as error:
            errors.append(error)

    # The queue itself is filled without a thread for each place.
    for _ in range(WRITE_QUEUE_MAX):
        store._group._queue.put(_nothing())
    quick()
    release.set()
    threads[0].join()
    assert [error.code for error in errors] == ["STORE-LOCKED"]
    quick()
    assert len(errors) == 1


def _nothing() -> _Item:
    return _Item(lambda _writer: None, None, Future())
