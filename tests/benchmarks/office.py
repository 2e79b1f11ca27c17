"""The office that is measured: a real data folder made by `doorstep init`, and a real `doorstep serve` process.

Before the server starts, `Prepared` has the folder to itself and fills it through the office's own services: agents
are registered and phones enrolled, accounts imported, days planned, and history comes in through exchanges.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
_POLL_S = 0.02


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

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process = process
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
                server = cls(process, int(line.split(" listens on ")[1].split()[0].rpartition(":")[2]))
                server.wait_reconciled()
                yield server
            finally:
                process.terminate()

    def readiness(self) -> Readiness:
        """What `/readyz` says."""
        return msgspec.json.decode(get(self.port, "/readyz"), type=Readiness)

    def wait_reconciled(self) -> None:
        """Until nothing is pending; raises RuntimeError when the reconciler reports an error."""
        until = time.monotonic() + _DRAIN_S_MAX
        while time.monotonic() < until:
            found = self.readiness()
            if found.reconciler or found.store != "writable":
                raise RuntimeError(f"not ready: {found}")
            if found.backlog == 0:
                return
            time.sleep(_POLL_S)
        raise RuntimeError(f"still not reconciled after {_DRAIN_S_MAX} s")

    def cpu_seconds(self) -> float:
        """User and system time of the process so far; NaN where the system does not tell."""
        try:
            text = Path(f"/proc/{self._process.pid}/stat").read_text("ascii")
        except OSError:
            return float("nan")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
