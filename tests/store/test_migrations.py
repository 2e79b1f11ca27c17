"""A database of an older program keeps what it holds when this one opens it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from server.store.sqlite import SqliteStore, migrations
from server.store.sqlite.base import encode_summary
from server.store.sqlite.migrations import SCHEMA_VERSION
from sync.encoding import canonical_json
from sync.segments import summarise
from tests.exchange.phone import Phone
from tests.store.contract_content import discrepancy, posting
from tests.store.contract_journals import ARRIVAL, placed_run
from tests.store.opening import fixed_clock, keys_in


def _older(path: Path, version: int) -> sqlite3.Connection:
    """A database as a program of that version left it."""
    connection = sqlite3.connect(path, isolation_level=None)
    steps = Migrations("doorstep")
    for number, step in enumerate(migrations._STEPS[:version], start=1):
        steps(name=f"{number:04d}")(step)
    steps.apply(Database(connection))
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def test_outcomes_that_were_clustered_are_kept(tmp_path: Path) -> None:
    """States, postings, open lines and discrepancies of version 7; only what is open disputes its operations."""
    opened = discrepancy("PAY-OVER", "account:K1", ("op1", "op2"))
    told = discrepancy("PAY-UNCONFIRMED", "account:K1", ("op1",), "info")
    paid = posting(1, debit="agent_cash:A1")
    older = _older(tmp_path / "doorstep.db", 7)
    states = [(f"account:K{number}", canonical_json({"owed": number})) for number in (2, 1)]
    older.executemany("INSERT INTO aggregate (key, state) VALUES (?, ?)", states)
    for item in (opened, told):
        row = (item.id, "account:K1", item.rule, item.subject, "B", item.service_day, int(item.open))
        older.execute("INSERT INTO discrepancy VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, canonical_json(item)))
        older.executemany(
            "INSERT INTO discrepancy_operation VALUES (?, ?, ?)",
            [(operation, item.id, "account:K1") for operation in item.operations],
        )
    older.execute(
        "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0)",
        ("account:K1", paid.id, paid.debit, paid.credit, 100, "CNY", "B", paid.service_day, "op1"),
    )
    older.execute("INSERT INTO open_line (branch, posting, key) VALUES ('B', ?, 'account:K1')", (paid.id,))
    older.close()

    store = SqliteStore(tmp_path / "doorstep.db", keys_in(tmp_path / "keys"), fixed_clock())
    with store.read() as reader:
        assert reader.aggregates_of("account") == [("account:K1", {"owed": 1}), ("account:K2", {"owed": 2})]
        assert reader.postings(key="account:K1") == [paid]
        assert list(reader.postings_at("agent_cash:A1")) == [paid]
        assert reader.open_lines("B") == ({paid.id: paid}, {})
        assert reader.discrepancies() == [opened, told]
        assert reader.discrepancies(open_only=True) == [opened]
        assert [reader.disputes(operation) for operation in ("op1", "op2", "op3")] == [[opened], [opened], []]
    store.close()
    with sqlite3.connect(tmp_path / "doorstep.db") as now:
        assert now.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert now.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    now.close()


def test_operations_are_found_by_hash_as_before(tmp_path: Path) -> None:
    """Version 8 had one index; each operation's hash is settled, and what arrives next goes on from there."""
    phone = Phone(1, "aa" * 8)
    run = placed_run(phone, 3)
    older = _older(tmp_path / "doorstep.db", 8)
    older.execute(
        "INSERT INTO journal (id, device, epoch, segments) VALUES (1, ?, 1, ?)",
        ("aa" * 8, encode_summary(summarise(run))),
    )
    older.executemany(
        "INSERT INTO operation (id, hash, journal, seq, prev, data) VALUES (?, ?, 1, ?, ?, ?)",
        [
            (id_, bytes.fromhex(item.hash), item.header.seq, bytes.fromhex(item.header.prev), item.data)
            for id_, item in enumerate(run, start=1)
        ],
    )
    older.close()

    store = SqliteStore(tmp_path / "doorstep.db", keys_in(tmp_path / "keys"), fixed_clock())
    more = placed_run(phone, 2)
    store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, more, ARRIVAL))
    with store.read() as reader:
        assert reader.recent_hashes() == len(more)
        assert reader.known([item.hash for item in (*run, *more)]) == {item.hash for item in (*run, *more)}
        found = reader.operation(run[1].hash)
        assert found is not None
        assert found.data == run[1].data
        assert reader.contiguous_below("aa" * 8, 1, 5, more[-1].hash) == (5, more[-1].hash)
    store.close()
