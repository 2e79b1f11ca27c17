"""What is stored equals what the journals say, however it came; and what was changed is found and named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from server.services.verify import Verification, verify
from server.store.sqlite.hashes import settle
from tests.verify.life import Life, open_store


def lived(folder: Path, seed: int, steps: int = 120) -> Verification:
    """A random day, folded piece by piece, then verified in another order."""
    store = open_store(folder)
    try:
        life = Life(store, seed)
        for _ in range(steps):
            life.step()
        life.finish()
        with store.read() as reader:
            return verify(reader, shuffle=seed)
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(12))
def test_folding_piece_by_piece_equals_a_replay_from_the_journals(tmp_path: Path, seed: int) -> None:
    """However operations arrive and whenever folds run, the stored state is that of a replay in another order."""
    found = lived(tmp_path, seed)

    assert found.faults == ()
    assert found.sound
    assert found.books_stored == found.books_replayed
    assert found.state_stored == found.state_replayed
    assert found.operations > 100


def test_a_flipped_bit_is_found_and_its_place_is_named(tmp_path: Path) -> None:
    """One changed bit inside one stored operation is reported with journal, number and row."""
    lived(tmp_path, 3, 60)
    with sqlite3.connect(tmp_path / "doorstep.sqlite") as connection:
        row, data = connection.execute(
            "SELECT o.id, o.data FROM operation o JOIN journal j ON j.id = o.journal"
            " WHERE j.device = '0000000000000001' AND o.seq = 2"
        ).fetchone()
        changed = bytearray(data)
        changed[len(changed) // 2] ^= 1
        connection.execute("UPDATE operation SET data = ? WHERE id = ?", (bytes(changed), row))
    connection.close()

    found = _verified(tmp_path)

    assert not found.sound
    assert any(fault.where.startswith(f"0000000000000001/1/2 (row {row}") for fault in found.faults)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posting SET amount_minor = amount_minor + 1 WHERE id = (SELECT min(id) FROM posting)",
        "DELETE FROM posting WHERE id = (SELECT min(id) FROM posting)",
        "UPDATE aggregate SET state = replace(state, 'AC1', 'AC2') WHERE key = 'account:AC1'",
        "DELETE FROM discrepancy WHERE id = (SELECT min(id) FROM discrepancy)",
        (
            "DELETE FROM operation WHERE seq = 2 AND journal ="
            " (SELECT id FROM journal WHERE device = '0000000000000001')"
        ),
    ],
)
def test_a_tampered_view_is_found(tmp_path: Path, statement: str) -> None:
    """Changing or deleting what folds said, or a whole operation, makes the verification fail."""
    lived(tmp_path, 5, 120)
    with sqlite3.connect(tmp_path / "doorstep.sqlite") as connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()

    assert not _verified(tmp_path).sound


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM hash_{table} WHERE operation = {row}", "is stored and not found by its hash"),
        (
            (
                "INSERT INTO operation (hash, journal, seq, prev, exchange, data)"
                " SELECT hash, journal, seq, prev, exchange, data FROM operation WHERE id = {row}"
            ),
            "is stored 2 times",
        ),
    ],
)
@pytest.mark.parametrize("table", ["recent", "settled"])
def test_an_operation_is_stored_once_and_found_by_its_hash(
    tmp_path: Path, statement: str, told: str, table: str
) -> None:
    """A second row, or a hash that an index lost, is named with its place."""
    lived(tmp_path, 3, 60)
    with sqlite3.connect(tmp_path / "doorstep.sqlite") as connection:
        if table == "settled":
            settle(connection, b"", 1_000_000)
        (row,) = connection.execute(
            "SELECT o.id FROM operation o JOIN journal j ON j.id = o.journal"
            " WHERE j.device = '0000000000000001' AND o.seq = 2"
        ).fetchone()
        assert connection.execute(statement.format(table=table, row=row)).rowcount == 1
    connection.close()

    (fault,) = (fault for fault in _verified(tmp_path).faults if fault.what == told)
    assert fault.where.startswith("0000000000000001/1/2 (hash ")


def _verified(folder: Path) -> Verification:
    from server.clock import FixedClock
    from server.keys import load_keys
    from server.store.sqlite import SqliteStore

    store = SqliteStore(folder / "doorstep.sqlite", load_keys(folder / "keys"), FixedClock(0))
    try:
        with store.read() as reader:
            return verify(reader)
    finally:
        store.close()
