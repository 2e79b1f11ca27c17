"""The agents' phones: a folder each, worked by the field's own command in processes of its own."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from server.demo.demonstration.limits import PHONE_S
from server.demo.demonstration.network import Line
from server.demo.demonstration.processes import Children, Failed, tail
from sync.simulated import SimulatedClock

__all__ = ["DayAtWork", "Phone", "Stop"]

_FIELD = "agent_client"
"""The field's program; named only, never imported: it depends on the office no more than the office on it."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a simulated day: what happened at a stop."""

    number: int
    visit: str
    reason: str
    paid_minor: int
    currency: str
    method: str
    receipt: str
    url: str
    notice: str

    @property
    def digits(self) -> str:
        """What a customer's scan of the receipt sends to the office."""
        return self.url.partition("#")[2]


class DayAtWork:
    """A simulated day that is going on: stops as they happen, in a thread of its own."""

    def __init__(self, phone: Phone, child: subprocess.Popen[bytes], log: Path) -> None:
        self.phone = phone
        self.stops: list[Stop] = []
        self.summary: dict[str, Any] = {}
        self._child = child
        self._log = log
        self._thread = threading.Thread(target=self._read, name=f"phone-{phone.agent}", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        output = self._child.stdout
        for line in output or ():
            value = msgspec.json.decode(line)
            if "summary" in value:
                self.summary = value["summary"]
            else:
                self.stops.append(msgspec.convert(value, Stop))

    @property
    def running(self) -> bool:
        """Whether the agent is still at work."""
        return self._child.poll() is None

    def wait(self, timeout_s: float) -> list[Stop]:
        """The stops, when the agent is done. Raises Failed."""
        try:
            status = self._child.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{self.phone.agent}'s day is not over after {timeout_s:.0f} s\n{tail(self._log)}") from error
        self._thread.join(timeout_s)
        self.phone.release(self._child)
        if status != 0:
            raise Failed(f"{self.phone.agent}'s day ended with exit status {status}\n{tail(self._log)}")
        return self.stops


class Phone:
    """One agent's phone. `clock_offset_s` makes its clock wrong."""

    def __init__(self, children: Children, folder: Path, agent: str, line: Line, secret: str) -> None:
        self._children = children
        self.agent = agent
        self.line = line
        self.home = folder / agent
        self.log = folder / f"{agent}.log"
        self.clock: SimulatedClock | None = None
        self.clock_offset_s = 0
        self._secret = folder / f"{agent}.passphrase"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._secret.touch(mode=0o600)
        self._secret.write_text(f"{secret}\n", encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """Run one command on this phone; its output. Raises Failed."""
        given = self._arguments(arguments)
        return self._children.run(_FIELD, given, self._environment(), self.log, PHONE_S)

    def ask(self, *arguments: str) -> Any:
        """Run one command with ``--json`` and decode its answer."""
        return msgspec.json.decode(self.run(*arguments, "--json"))

    def begin_day(self, *arguments: str) -> DayAtWork:
        """Let the agent work; the stops come as they happen."""
        given = self._arguments(("simulate-day", "--lines", *arguments))
        child = self._children.start(_FIELD, given, self._environment(), self.log, piped=True)
        return DayAtWork(self, child, self.log)

    def release(self, child: subprocess.Popen[bytes]) -> None:
        """A child that ended needs no stopping any more."""
        self._children.stop(child)

    def back_up(self, place: Path) -> None:
        """Copy the whole phone, as a backup would; nobody may be working on it."""
        shutil.copytree(self.home, place)

    def restore(self, place: Path) -> None:
        """Put the backup in the phone's place."""
        shutil.rmtree(self.home)
        shutil.copytree(place, self.home)

    def _arguments(self, arguments: Sequence[str]) -> list[str]:
        return ["--home", str(self.home), "--passphrase-file", str(self._secret), "--lang", "en", *arguments]

    def _environment(self) -> dict[str, str]:
        environment = {"DOORSTEP_CLOCK": self.clock.text} if self.clock else {}
        if self.clock_offset_s:
            environment["DOORSTEP_AGENT_CLOCK_OFFSET"] = str(self.clock_offset_s)
        return environment
