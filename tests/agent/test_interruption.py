"""`kill -9` at any instant loses nothing that was shown as done, and leaves a phone that goes on."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlite_utils import Database

from agent_client.enrolment import open_desk
from agent_client.exchange import apply_answer, build_request
from agent_client.recording import Desk
from agent_client.store import Store
from agent_client.work.agreements import take_note
from agent_client.work.payments import collect, payments
from agent_client.work.visits import start_visit
from sync.journal import verify_chain
from sync.operations import GENESIS
from tests.agent.conftest import CHEAP, PASSPHRASE, HandClock, Phone, connect
from tests.agent.documents import a_visit
from tests.agent.fake_office import counted_bytes

CHILD = """
import os, secrets, sys
from pathlib import Path
from agent_client.clock import device_clock
from agent_client.enrolment import open_desk
from agent_client.exchange import apply_answer, build_request
from agent_client.vault import KdfCost
from agent_client.work.payments import collect
from sync.errors import DoorstepError

cheap = KdfCost(time=1, memory_kib=8, lanes=1)
desk = open_desk(Path(sys.argv[1]), sys.argv[2], keystore=None, clock=device_clock({}), random=secrets.token_bytes,
                 kdf=cheap)
while True:
    recorded = collect(desk, "V1", 100, "cash")
    os.write(1, f"{recorded.hash} {recorded.receipt.body.number}\\n".encode())
"""


def _check(desk: Desk) -> list[str]:
    """The chain holds, receipt numbers have no hole, and the head is the last operation."""
    stored = list(desk.store.journal.all())
    verify_chain([item.data for item in stored], prev=GENESIS)
    numbers = [payment.number for payment in payments(desk)]
    assert numbers == list(range(1, len(numbers) + 1))
    writer = desk.store.journal.writer(desk.device)
    assert (writer.head.hash, writer.receipt) == (stored[-1].hash, len(numbers))
    return [item.hash for item in stored]


def _reopen(home: Path, clock: HandClock) -> Desk:
    return open_desk(home, PASSPHRASE, keystore=None, clock=clock, random=counted_bytes("r"), kdf=CHEAP)


def test_killed_at_random_moments_nothing_shown_is_lost(phone: Phone) -> None:
    """Six times a process that takes payments is killed; every receipt that it printed is in the journal."""
    start_visit(phone.desk, "V1")
    phone.desk.store.close()
    draw = random.Random(20_261_123)
    shown: list[str] = []
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(phone.desk.home), PASSPHRASE],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )
        assert child.stdout is not None
        # Wait for the first receipt, so that the moment falls between and inside writes.
        lines = [child.stdout.readline()]
        time.sleep(draw.uniform(0.0, 0.12))
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().splitlines()
        child.wait()
        child.stdout.close()
        shown += [line.split()[0].decode() for line in lines if line.strip()]
    desk = _reopen(phone.desk.home, phone.clock)
    held = set(_check(desk))
    assert len(shown) >= 6
    assert set(shown) <= held
    collect(desk, "V1", 100, "cash")
    _check(desk)
    desk.store.close()


class _Fault(BaseException):
    """What a cut of the power is to the code: nothing catches it."""


class _FaultyConnection:
    """Passes everything on, and stops for good before the n-th statement."""

    def __init__(self, connection: Any, statements: int) -> None:
        self._connection = connection
        self._left = statements

    def execute(self, *arguments: Any) -> Any:
        """Count down, then fail for ever."""
        if self._left <= 0:
            raise _Fault
        self._left -= 1
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize("step", ["collect", "note"])
def test_cut_before_every_statement_an_operation_is_whole_or_absent(
    phone: Phone, clock: HandClock, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever statement does not happen, operation, head, receipt number and side record agree afterwards."""
    start_visit(phone.desk, "V1")
    steps: dict[str, Callable[[Desk], object]] = {
        "collect": lambda desk: collect(desk, "V1", 100, "cash"),
        "note": lambda desk: take_note(desk, "V1", "a note"),
    }
    home = phone.desk.home
    done = False
    for statements in range(60):
        desk = _reopen(home, clock)
        before = _check(desk)
        connection = desk.vault.connect().conn
        desk.store.close()
        database = Database(connection)
        desk.store = Store(database)
        database.conn = cast("sqlite3.Connection", _FaultyConnection(connection, statements))
        try:
            steps[step](desk)
            done = True
        except _Fault:
            pass
        connection.close()
        again = _reopen(home, clock)
        after = _check(again)
        assert after[: len(before)] == before
        assert len(after) - len(before) == int(done)
        if step == "note":
            assert again.store.side_records.unsent_count() == int(done)
        again.store.close()
        if done:
            break
    assert done


def test_cut_while_an_answer_is_taken_in_it_is_whole_or_absent(phone: Phone, clock: HandClock) -> None:
    """Acknowledgement, documents and cursor change together, and the next sync brings what is missing."""
    start_visit(phone.desk, "V1")
    phone.office.put("visit/V7", a_visit("V7", 7))
    whole = False
    for statements in range(0, 80, 2):
        with connect(phone.office) as office:
            asked = build_request(phone.desk)
            answer = office.sync(asked.data)
        connection = phone.desk.vault.connect().conn
        phone.desk.store.close()
        database = Database(connection)
        phone.desk.store = Store(database)
        database.conn = cast("sqlite3.Connection", _FaultyConnection(connection, statements))
        try:
            apply_answer(phone.desk, asked, answer)
            whole = True
        except _Fault:
            pass
        connection.close()
        phone.desk.store = Store(phone.desk.vault.connect())
        arrived = phone.desk.store.documents.visit("V7") is not None
        cursor = phone.desk.store.state.sync().cursor
        assert cursor is not None
        assert arrived == (phone.desk.store.journal.unsent_count() == 0) == (cursor.n == phone.office.n) == whole
        if whole:
            break
    assert whole
    assert phone.sync().complete


def test_two_processes_take_turns(phone: Phone, clock: HandClock) -> None:
    """Two phones' windows on one journal write one chain: each reads the head under the lock."""
    start_visit(phone.desk, "V1")
    other = _reopen(phone.desk.home, clock)
    for turn in range(6):
        collect(phone.desk if turn % 2 else other, "V1", 100, "cash")
    assert len(_check(other)) == 7
    other.store.close()
