"""The office that is measured: a real data folder made by `doorstep init`, and a real `doorstep serve` process.

Before the server starts, `Prepared` has the folder to itself and fills it through the office's own services: agents
are registered and phones enrolled, accounts imported, days planned, and history comes in through exchanges.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from server.clock import FixedClock
from server.http.health import Readiness
from server.keys import load_keys
from server.ports import OfficeWork, Writer
from server.services.device_keys import DeviceKeys
from server.services.exchange import Exchange
from server.services.reconcile import Reconciler
from server.settings import Settings
from server.store.sqlite import SqliteStore
from tests.benchmarks.load import get

__all__ = ["Prepared", "Server", "init"]

_DOORSTEP = (sys.executable, "-m", "server")
_WORKS_AT_ONCE = 2_000
_RECONCILE_AT_ONCE = 4_000
"""Larger steps than a server takes: nobody waits behind them here."""
_DRAIN_S_MAX = 900.0
_POLL_S = 0.01
_IDLE_S = 1.0
_IDLE_CPU_S = 0.02
"""A second in which the whole server needs no more than this is one in which it has nothing to do."""


def init(folder: Path) -> None:
    """`doorstep init`."""
    subprocess.run([*_DOORSTEP, "--data", str(folder), "init"], check=True, capture_output=True)


class Prepared:
    """The folder opened in this process, with a clock that stands where it is put."""

    def __init__(self, folder: Path, now_ms: int) -> None:
        settings = Settings(data=folder)
        keys = load_keys(settings.keys)
        self.clock = FixedClock(now_ms)
        self.store = SqliteStore(settings.database, keys, self.clock)
        self.store.open_office("benchmark", keys.office[-1].public, keys.office[-1].id)
        self._exchange = Exchange(self.store, keys, self.clock, DeviceKeys(self.store))
        self._reconciler = Reconciler(self.store)

    def append(self, works: Iterable[OfficeWork]) -> None:
        """Office operations, many in one transaction."""
        source = iter(works)
        while some := list(islice(source, _WORKS_AT_ONCE)):
            self.store.write_now(partial(_append, works=some))

    def exchange(self, requests: Sequence[bytes]) -> None:
        """Exchanges as they come out of HTTP."""

        async def run() -> None:
            await asyncio.gather(*(self._exchange.handle(request) for request in requests))

        asyncio.run(run())

    def reconcile(self) -> int:
        """Until nothing is pending; how many operations were done."""
        total = 0
        while done := self._reconciler.run_pending(_RECONCILE_AT_ONCE):
            total += done
        return total

    def close(self) -> None:
        """Give the folder up."""
        self.store.close()


def _append(writer: Writer, works: Sequence[OfficeWork]) -> None:
    writer.append_office(works)


class Server:
    """A running `doorstep serve`."""

    def __init__(self, process: subprocess.Popen[str], port: int, database: Path) -> None:
        self._process = process
        self._database = database
        self.port = port

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Server]:
        """Start it on a free port of 127.0.0.1 and stop it afterwards."""
        command = [*_DOORSTEP, "--data", str(folder), "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                line = process.stdout.readline() if process.stdout else ""
                if " listens on " not in line:
                    raise RuntimeError(f"the server did not start: {line!r}")
                port = int(line.split(" listens on ")[1].split()[0].rpartition(":")[2])
                server = cls(process, port, Settings(data=folder).database)
                server.wait_reconciled()
                yield server
                server.check_ready()
            finally:
                process.terminate()

    def readiness(self) -> Readiness:
        """What `/readyz` says."""
        return msgspec.json.decode(get(self.port, "/readyz"), type=Readiness)

    def wait_reconciled(self) -> None:
        """Until nothing is pending; raises RuntimeError when the server is not well then, or never gets there.

        The table of pending marks is looked at from outside, so that asking costs the server nothing.
        """
        until = time.monotonic() + _DRAIN_S_MAX
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as connection:
            while connection.execute("SELECT EXISTS (SELECT 1 FROM pending)").fetchone()[0]:
                if time.monotonic() > until:
                    raise RuntimeError(f"still not reconciled after {_DRAIN_S_MAX} s: {self.readiness()}")
                time.sleep(_POLL_S)

    def wait_idle(self) -> None:
        """Until it uses no processor, so that what it does after the last answer is counted and disturbs nothing."""
        until = time.monotonic() + _DRAIN_S_MAX
        before = -1.0
        while (now := self.cpu_seconds()) - before > _IDLE_CPU_S and time.monotonic() < until:
            before = now
            time.sleep(_IDLE_S)

    def check_ready(self) -> None:
        """Raise RuntimeError unless `/readyz` says that all is well and nothing is pending."""
        found = self.readiness()
        if not found.ready or found.backlog:
            raise RuntimeError(f"not ready: {found}")

    def cpu_seconds(self) -> float:
        """User and system time of the process and its children so far; NaN where the system does not tell."""
        try:
            ticks = sum(_ticks(pid) for pid in (self._process.pid, *_children(self._process.pid)))
        except OSError:
            return float("nan")
        return ticks / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(text) for text in (task / "children").read_text("ascii").split()]
    return found


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
