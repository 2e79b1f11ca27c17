"""The office as a process: real sockets, real signals, the command line, and being killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from server.app import open_parts
from server.cli.commands.serve import bind
from server.limits import SIDE_RECORD_PART_BYTES
from server.settings import Settings
from sync.errors import Unavailable
from sync.journal import verify_chain
from sync.messages import EnrolAnswer, ExchangeAnswer
from sync.side_records import make_side_record
from tests.exchange.office import Office, zipped
from tests.exchange.phone import Phone

TRIES = 600
"""Tenths of a second until something that must come has come."""


def _doorstep(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server", "--data", str(data), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root}


class Server:
    """`doorstep serve` on a free port."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "--data", str(data), "serve", "--port", "0"],
            env=_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "listens on" in line, line
        self.url = line.split("listens on ")[1].split()[0]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with keys, a database and one agent."""
    folder = tmp_path / "data"
    office = Office(folder)
    office.register("A01")
    office.close()
    return folder


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    """A running office."""
    server = Server(data)
    yield server
    if server.process.poll() is None:
        server.stop()


def _enrolled(server: Server) -> Phone:
    made = _doorstep(server.data, "enrol-code", "--agent", "A01", "--text-only")
    assert made.returncode == 0, made.stderr
    code = made.stdout.strip().rsplit(" ", 1)[1]
    phone = Phone(1)
    answer = httpx.post(f"{server.url}/api/v1/enrol", content=phone.enrol_request(code))
    assert answer.status_code == 200, answer.text
    return phone.enrolled(msgspec.json.decode(answer.content, type=EnrolAnswer).device)


def test_a_day_over_real_sockets(server: Server) -> None:
    """Enrol through the running server, upload, be reconciled, export what verifies, and stop cleanly."""
    phone = _enrolled(server)
    phone.write(40)
    answer = httpx.post(
        f"{server.url}/api/v1/sync",
        content=zipped(phone.upload(phone.entries)),
        headers={"content-encoding": "gzip"},
    )
    assert answer.status_code == 200, answer.text
    assert (
        json.loads(bytes(msgspec.json.decode(answer.content, type=ExchangeAnswer).acknowledgement.payload))["seq"] == 40
    )
    ready = httpx.get(f"{server.url}/readyz").json()
    for _ in range(TRIES):
        if ready["backlog"] == 0:
            break
        time.sleep(0.1)
        ready = httpx.get(f"{server.url}/readyz").json()
    assert ready["ready"], ready
    assert (server.data / "server.json").stat().st_mode & 0o777 == 0o600
    assert "reconcile" in _doorstep(server.data, "jobs").stdout
    assert _doorstep(server.data, "jobs", "--run", "reconcile").stdout == "reconcile: 0 operations\n"
    exported = _doorstep(server.data, "export", "--device", phone.device)
    lines = exported.stdout.encode().splitlines()
    assert [item.hash for item in verify_chain(lines)] == [entry.hash for entry in phone.entries]
    assert server.stop() == 0
    assert not (server.data / "server.json").exists()


def test_a_connection_cut_in_the_middle_stores_nothing(server: Server) -> None:
    """Half a body and silence: the office goes on, and the same upload succeeds afterwards."""
    phone = _enrolled(server)
    phone.write(3)
    body = phone.upload(phone.entries)
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = f"POST /api/v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[: len(body) // 2])
    assert _doorstep(server.data, "export", "--device", phone.device).stdout == ""
    assert httpx.post(f"{server.url}/api/v1/sync", content=body).status_code == 200


def test_a_second_server_on_the_same_data_is_refused(server: Server) -> None:
    """STORE-LOCKED in one line, naming the process."""
    second = _doorstep(server.data, "serve", "--port", "0")
    assert second.returncode == 1
    assert second.stderr.startswith(f"STORE-LOCKED: process {server.process.pid} ")
    assert second.stderr.count("\n") == 1


def test_a_killed_server_leaves_no_lock_behind(server: Server) -> None:
    """Its successor takes the office up in a new epoch, and commands do not ask the dead one."""
    phone = _enrolled(server)
    server.stop(signal.SIGKILL)
    made = _doorstep(server.data, "enrol-code", "--agent", "A01", "--text-only")
    assert made.returncode == 0, made.stderr
    again = Server(server.data)
    try:
        phone.write(2)
        assert httpx.post(f"{again.url}/api/v1/sync", content=phone.upload(phone.entries)).status_code == 200
    finally:
        again.stop()
    lines = _doorstep(server.data, "export").stdout.encode().splitlines()
    office = [line for line in lines if b'"device":"office-' in line]
    assert len({item.header.epoch for item in verify_chain(office)}) >= 4


def test_what_was_acknowledged_before_a_kill_is_reconciled_at_the_start(data: Path) -> None:
    """Killed between commit and reconciliation: the next process catches up by itself."""
    script = f"""
import os, signal, sys
from pathlib import Path
from tests.exchange.office import Office
office = Office(Path({str(data)!r}))
phone = office.phone()
phone.write(30)
answer = office.sync(phone, phone.upload(phone.entries))
assert office.acknowledged(answer.acknowledgement).seq == 30
print(phone.device, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=200, env=_environment()
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    device = killed.stdout.strip()
    parts = open_parts(Settings(data=data))
    try:
        with parts.store.read() as reader:
            assert len([item for item in reader.pending(1000) if item.device == device]) == 30
        parts.start()
        for _ in range(TRIES):
            with parts.store.read() as reader:
                if reader.pending_count() == 0:
                    break
            time.sleep(0.1)
        with parts.store.read() as reader:
            assert reader.pending_count() == 0
            assert reader.aggregate("drawer:A01/2026-11-23") is not None
        assert parts.worker.error == ""
    finally:
        parts.close()


def test_a_port_that_is_taken_is_said_before_anything_is_opened(data: Path) -> None:
    """PORT-IN-USE in one line, and the office journal was not touched."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match="PORT-IN-USE"):
            bind("127.0.0.1", port)
        before = _doorstep(data, "export").stdout
        refused = _doorstep(data, "serve", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"PORT-IN-USE: 127.0.0.1:{port} ")
    assert refused.stderr.count("\n") == 1
    assert _doorstep(data, "export").stdout == before


@pytest.mark.parametrize("fault", ["missing", "too open"])
def test_a_key_file_that_cannot_be_used_is_named(data: Path, fault: str) -> None:
    """KEY-FILE-WRONG with its path, in one line, for every command that needs it."""
    path = data / "keys" / "field.json"
    if fault == "missing":
        path.unlink()
    else:
        path.chmod(0o644)
    for command in (["serve", "--port", "0"], ["export"], ["enrol-code", "--agent", "A01"]):
        refused = _doorstep(data, *command)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"KEY-FILE-WRONG: {path}")
        assert refused.stderr.count("\n") == 1


def test_init_makes_a_folder_once(tmp_path: Path) -> None:
    """Keys and an empty database; the second time is STATE-FORBIDS, and every key stays."""
    data = tmp_path / "fresh"
    made = _doorstep(data, "init")
    assert (made.returncode, made.stderr) == (0, "")
    assert _doorstep(data, "export").stdout == ""
    before = {path: path.read_bytes() for path in (data / "keys").iterdir()}
    again = _doorstep(data, "init")
    assert (again.returncode, again.stderr.split(":")[0]) == (1, "STATE-FORBIDS")
    assert {path: path.read_bytes() for path in (data / "keys").iterdir()} == before


def test_an_unknown_agent_and_an_unknown_job_are_said(data: Path) -> None:
    """Commands without a running server report as those with one."""
    for arguments in (["enrol-code", "--agent", "A77"], ["jobs", "--run", "nothing"]):
        refused = _doorstep(data, *arguments)
        assert refused.returncode == 1
        assert refused.stderr.startswith("NOT-FOUND: ")


def test_what_came_before_the_connection_broke_is_kept(server: Server) -> None:
    """Of a part that stops in the middle the office knows while it hangs, and the phone sends the rest only."""
    phone, photo = _enrolled(server), make_side_record(bytes(range(256)) * 2_000, b"s" * 16)
    address, sent = f"{server.url}/api/v1/side-records/{photo.sha256}", 300_000
    headers = {
        **phone.side_record_headers("PATCH", photo.sha256),
        "content-type": "application/partial-upload",
        "upload-complete": "?1",
    }
    lines = {"host": "127.0.0.1", **headers, "upload-offset": "0", "content-length": str(len(photo.data))}
    head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())

    def offset() -> int:
        state = httpx.head(address, headers=phone.side_record_headers("HEAD", photo.sha256)).headers
        assert state["upload-complete"] == "?0"
        return int(state["upload-offset"])

    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1]))) as wire:
        wire.sendall(f"PATCH /api/v1/side-records/{photo.sha256} HTTP/1.1\r\n{head}\r\n".encode())
        wire.sendall(photo.data[:sent])
        for _ in range(TRIES):
            # What makes no whole piece yet is written when the connection ends.
            if sent - SIDE_RECORD_PART_BYTES < offset() <= sent:
                break
            time.sleep(0.1)
    start = offset()
    assert sent - SIDE_RECORD_PART_BYTES < start <= sent
    answer = httpx.patch(address, content=photo.data[start:], headers=headers | {"upload-offset": str(start)})
    if answer.status_code == 409:
        # The rest of the broken request was written just then; the refusal says from where to go on.
        start = int(answer.headers["upload-offset"])
        answer = httpx.patch(address, content=photo.data[start:], headers=headers | {"upload-offset": str(start)})
    assert (answer.status_code, answer.headers["upload-complete"]) == (204, "?1")
    whole = httpx.get(address, headers=phone.side_record_headers("GET", photo.sha256))
    assert whole.content == photo.data
    assert server.stop() == 0
