"""The network between one phone and the office: it loses, cuts, doubles, delays and reorders; and it is tapped.

It stands where sockets would, below the client's own transport, so that compression, status codes and problem
documents are the real ones.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import msgspec

from sync.messages import Acknowledgement, ExchangeAnswer, ExchangeRequest
from tests.simulation.disk import Crash
from tests.simulation.limits import DAY_MS, MINUTE_MS
from tests.simulation.process import Reply

if TYPE_CHECKING:
    from tests.simulation.phone import Phone
    from tests.simulation.world import World

__all__ = ["Wire"]

_NAME = "https://pay.example"


class Wire(httpx.BaseTransport):
    """Carries one phone's requests; `meanwhile` is called while a slow answer is under way."""

    def __init__(self, world: World, phone: Phone) -> None:
        self._world = world
        self._phone = phone
        self._chance = world.chance.stream("wire")
        self.meanwhile: Callable[[], None] = lambda: None

    def client(self) -> httpx.Client:
        """A client over this wire."""
        return httpx.Client(transport=self, base_url=_NAME)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request: whatever becomes of it."""
        world = self._world
        call = (request.method, request.url.path, dict(request.headers), self._body(request))
        fate = world.faults.fate()
        world.time.pass_ms(self._chance.between(40, 900))
        if fate == "request_lost" or (world.time.now_ms < self._phone.silent_until_ms and not world.faults.over):
            raise httpx.ConnectError("no signal")
        if fate == "late":
            self._later(call)
            raise httpx.ReadTimeout("no answer")
        if fate == "request_cut":
            call = (*call[:3], call[3][: len(call[3]) // 2])
        reply = self._deliver(call)
        if fate == "twice":
            reply = self._deliver(call)
        elif fate == "again_later":
            self._later(call)
        elif fate == "answer_lost":
            raise httpx.ReadError("the signal is gone")
        elif fate == "slow":
            world.time.pass_ms(self._chance.between(1_000, 10 * MINUTE_MS))
            self.meanwhile()
        content = reply.content
        if fate == "answer_cut":
            content = content[: self._chance.between(0, max(0, len(content) - 1))]
        world.time.pass_ms(self._chance.between(20, 400))
        return httpx.Response(reply.status, content=content, request=request)

    def _body(self, request: httpx.Request) -> bytes:
        """What the phone sends; an old client says less, a newer one more than this office knows."""
        body = request.read()
        if not self._phone.old or request.url.path != "/api/v1/sync":
            return body
        sent = msgspec.json.decode(gzip.decompress(body), type=ExchangeRequest)
        plain = msgspec.json.encode(msgspec.structs.replace(sent, acknowledged=None))
        return gzip.compress(plain[:-1] + b',"battery":80}', mtime=0)

    def _deliver(self, call: tuple[str, str, dict[str, str], bytes]) -> Reply:
        try:
            reply = self._world.office.serve(*call)
        except Crash as crash:
            raise httpx.ReadError("the office is gone") from crash
        if call[1] == "/api/v1/sync" and reply.status == 200:
            self._tap(reply.content)
        return reply

    def _later(self, call: tuple[str, str, dict[str, str], bytes]) -> None:
        at_ms = self._world.time.now_ms + self._chance.between(MINUTE_MS, DAY_MS)
        self._world.at(at_ms, lambda: self._deliver_unheard(call))

    def _deliver_unheard(self, call: tuple[str, str, dict[str, str], bytes]) -> None:
        try:
            self._deliver(call)
        except httpx.HTTPError:
            return

    def _tap(self, content: bytes) -> None:
        answer = msgspec.json.decode(content, type=ExchangeAnswer)
        told = msgspec.json.decode(answer.acknowledgement.payload, type=Acknowledgement)
        if told.seq:
            self._world.watch.acknowledged(told.device, told.epoch, told.seq, told.hash)
