"""The office of the demonstration: a real server process, and calls to its ordinary routes.

Whatever the demonstration does at the office it does as a named person, over HTTP, with the token that the server
keeps in its data folder for commands.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec

from server.cli.office import RunningServer, read_running
from server.demo.demonstration.limits import COMMAND_S, FOLD_S, SERVER_READY_S, TICK_S
from server.demo.demonstration.processes import Children, Failed, tail
from server.settings import Settings
from sync.simulated import SimulatedClock

__all__ = ["Office", "Person", "Refusal"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the office; `password` is empty for the operator, who acts by commands only."""

    name: str
    role: str
    password: str = ""


class Refusal(Exception):
    """The office refused a call: its stable code and what it said."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Office:
    """One data folder, one port, and the server process that serves them under the present clock."""

    def __init__(self, children: Children, data: Path, port: int) -> None:
        self._children = children
        self._settings = Settings(data=data)
        self._server: subprocess.Popen[bytes] | None = None
        self._client: httpx.Client | None = None
        self.data = data
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = data / "server.log"
        self.clock: SimulatedClock | None = None

    def command(self, *arguments: str) -> str:
        """Run ``doorstep`` to its end; its output. Raises Failed."""
        environment = {"DOORSTEP_CLOCK": self.clock.text} if self.clock else {}
        log = self.data.parent / "commands.log" if not self.data.is_dir() else self.data / "commands.log"
        return self._children.run("server", ["--data", str(self.data), *arguments], environment, log, COMMAND_S)

    def start(self, clock: SimulatedClock) -> None:
        """Serve under a clock, and wait until the server is ready. Raises Failed with the end of its log."""
        self.clock = clock
        begins = self.log.stat().st_size if self.log.exists() else 0
        arguments = ["--data", str(self.data), "serve", "--port", str(self.port)]
        self._server = self._children.start("server", arguments, {"DOORSTEP_CLOCK": clock.text}, self.log)
        running = self._await_ready(self._server, begins)
        headers = {"authorization": f"Bearer {running.token}"}
        self._client = httpx.Client(base_url=self.url, headers=headers, timeout=COMMAND_S, trust_env=False)

    def _await_ready(self, server: subprocess.Popen[bytes], begins: int) -> RunningServer:
        deadline = time.monotonic() + SERVER_READY_S
        while time.monotonic() < deadline and server.poll() is None:
            running = read_running(self._settings)
            if running is not None and running.pid == server.pid and self._answers():
                return running
            time.sleep(TICK_S)
        raise Failed(f"the server is not ready\n{tail(self.log, begins)}")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=SERVER_READY_S, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Stop the server in order. Raises Failed when it had died before."""
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._server is not None:
            server, self._server = self._server, None
            died = server.poll()
            self._children.stop(server)
            if died is not None:
                raise Failed(f"the server died with exit status {died}\n{tail(self.log)}")

    def restart(self, clock: SimulatedClock) -> None:
        """Serve under the next clock."""
        self.stop()
        self.start(clock)

    @property
    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self._server is not None and self._server.poll() is None

    def get(self, person: Person, path: str, **params: str) -> Any:
        """The decoded answer of a GET under ``/api/v1/office``."""
        return self._call(person, "GET", path, params=params)

    def post(self, person: Person, path: str, body: Mapping[str, object] | None = None) -> Any:
        """The decoded answer of a POST under ``/api/v1/office``."""
        headers = {"content-type": "application/json"}
        return self._call(person, "POST", path, content=msgspec.json.encode(body or {}), headers=headers)

    def put(self, person: Person, path: str, content: bytes, **params: str) -> Any:
        """Send a file."""
        headers = {"content-type": "application/octet-stream"}
        return self._call(person, "PUT", path, content=content, params=params, headers=headers)

    def _call(self, person: Person, method: str, path: str, **more: Any) -> Any:
        if self._client is None:
            raise Failed(f"{method} {path}: no server runs")
        headers = {"doorstep-actor": f"{person.name}/{person.role}", **more.pop("headers", {})}
        try:
            answer = self._client.request(method, f"/api/v1/office{path}", headers=headers, **more)
        except httpx.TransportError as error:
            raise Failed(f"{method} {path}: {error}\n{tail(self.log)}") from error
        return _decoded(answer)

    def settle(self) -> None:
        """Wait until everything stored is folded. Raises Failed when that takes too long or goes wrong."""
        deadline = time.monotonic() + FOLD_S
        state: Any = {}
        while time.monotonic() < deadline:
            state = httpx.get(f"{self.url}/readyz", timeout=SERVER_READY_S, trust_env=False).json()
            if state["reconciler"]:
                break
            if not state["backlog"]:
                return
            time.sleep(TICK_S)
        raise Failed(f"the office does not settle: {state}\n{tail(self.log)}")

    def check_receipt(self, digits: str) -> Any:
        """What anybody is told who scans a receipt: no sign-in, the office's public address."""
        answer = httpx.post(
            f"{self.url}/api/v1/receipts/check", json={"digits": digits}, timeout=COMMAND_S, trust_env=False
        )
        return _decoded(answer)


def _decoded(answer: httpx.Response) -> Any:
    if answer.is_success:
        return msgspec.json.decode(answer.content) if answer.content else None
    try:
        problem = answer.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        code, detail = "INTERNAL", f"status {answer.status_code}"
    raise Refusal(code, detail)
