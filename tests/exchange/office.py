"""An office for tests: the whole application over its own HTTP routes, on a clock that stands until it is moved."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import msgspec
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from server.app import Parts, build_app, open_parts
from server.keys import make_keys
from server.services.agents import register_agent
from server.settings import Settings
from sync.encoding import unb64
from sync.messages import Acknowledgement, EnrolAnswer, ExchangeAnswer, Signed, read_acknowledgement
from sync.operations.envelope import Actor
from sync.operations.office import AgentRegistered
from sync.signing import load_public_key
from tests.exchange.phone import NOON_MS, Phone

__all__ = ["ADMIN", "CLOCK", "Office", "agent", "code_of", "settings_in", "zipped"]

CLOCK = "start=2026-11-23T12:00:00+08:00;real=0;rate=0"
ADMIN = Actor("boss", "admin")


def settings_in(folder: Path) -> Settings:
    """Settings of an office whose background work the test does by hand; keys are made at the first call."""
    if not (folder / "keys").exists():
        make_keys(folder / "keys", NOON_MS)
    return Settings(data=folder, public_url="https://office.example", clock=CLOCK, jobs=False)


def agent(name: str, branch: str = "B1") -> AgentRegistered:
    """An agent's journaled part."""
    return AgentRegistered(
        agent=name,
        branch=branch,
        home_lat_e7=300_000_000,
        home_lon_e7=1_200_000_000,
        shift_starts_s=28_800,
        shift_ends_s=64_800,
        visits_max=40,
        cash_limit_minor=5_000_000,
        currency="CNY",
        details="",
    )


class Office:
    """Open from construction until `close`; `again` is a restart on the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: Parts = open_parts(settings_in(folder))
        self.client: TestClient[Litestar] = TestClient(
            build_app(self.parts.settings, self.parts), raise_server_exceptions=False
        )
        self.client.__enter__()

    def close(self) -> None:
        """Shut down as a server does."""
        self.client.__exit__(None, None, None)

    def again(self) -> Office:
        """The next process on the same data."""
        self.close()
        return Office(self.folder)

    def move_clock(self, ms: int) -> None:
        """Later by so many milliseconds."""
        simulated = self.parts.clock.simulated
        assert simulated is not None
        self.parts.clock.simulated = msgspec.structs.replace(simulated, start_ms=simulated.start_ms + ms)

    def register(self, name: str, branch: str = "B1") -> None:
        """Make an agent known."""
        body = agent(name, branch)
        self.parts.store.write_now(
            lambda writer: register_agent(writer, body, f"Agent {name}", "", ADMIN, os.urandom(16))
        )

    def command(self, method: str, path: str, body: object = None, role: str = "admin") -> Response:
        """A command with the data folder's token."""
        headers = {"authorization": f"Bearer {self.parts.token}", "doorstep-actor": f"boss/{role}"}
        content = None if body is None else msgspec.json.encode(body)
        return self.client.request(method, f"/api/v1/office/{path}", content=content, headers=headers)

    def code(self, name: str) -> str:
        """A fresh enrolment code."""
        answer = self.command("POST", "enrol-codes", {"agent": name})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])

    def enrol(self, phone: Phone, code: str) -> EnrolAnswer:
        """Enrol a phone that is expected to be accepted."""
        answer = self.client.post("/api/v1/enrol", content=phone.enrol_request(code))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=EnrolAnswer)

    def phone(self, number: int = 1, name: str = "A01") -> Phone:
        """A phone enrolled for an agent, who is registered at need."""
        self.register(name)
        phone = Phone(number)
        return phone.enrolled(self.enrol(phone, self.code(name)).device)

    def post(self, body: bytes, **headers: str) -> Response:
        """One exchange, whatever comes of it."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.post("/api/v1/sync", content=body, headers=named)

    def sync(self, phone: Phone, body: bytes, *, honour: bool = True) -> ExchangeAnswer:
        """One exchange that is expected to be accepted; the phone keeps what it is told."""
        response = self.post(body)
        assert response.status_code == 200, response.text
        answer = msgspec.json.decode(response.content, type=ExchangeAnswer)
        if honour:
            phone.acknowledged = answer.acknowledgement
            phone.cursor = answer.cursor or phone.cursor
        return answer

    def acknowledged(self, signed: Signed) -> Acknowledgement:
        """What the office signed, checked against its published key."""
        key = self.client.get(f"/api/v1/keys/{signed.key}").json()
        assert key["use"] == "acknowledgement"
        return read_acknowledgement(load_public_key(unb64(key["public_key"], 65)), signed)

    def stored(self, phone: Phone) -> list[bytes]:
        """The exact lines that the office holds of a phone."""
        with self.parts.store.read() as reader:
            return list(reader.export(phone.device))

    def received(self) -> list[dict[str, Any]]:
        """Bodies of every journaled arrival, in order."""
        with self.parts.store.read() as reader:
            operations = [msgspec.json.decode(line) for line in reader.export()]
        return [item["body"] for item in operations if item["body"]["kind"] == "ExchangeReceived"]

    def put_documents(self, name: str, count: int, size: int = 100) -> None:
        """Documents for an agent, ready to be fetched."""
        text = b'"' + b"x" * size + b'"'

        def put(writer: Any) -> None:
            for number in range(count):
                writer.put_document(name, f"visit/{number}", text)

        self.parts.store.write_now(put)


def code_of(response: Response) -> str:
    """The stable code of a problem document, whose form is checked."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"urn:doorstep:error:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]
    return str(problem["code"])


def zipped(body: bytes) -> bytes:
    """One gzip stream, the same for the same bytes."""
    return gzip.compress(body, mtime=0)
