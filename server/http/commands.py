"""Commands for the operator at the machine: enrolment codes, revocation, jobs.

They are authorised by the token that the running server keeps in the data folder (mode 0600): whoever may read it
may read the database too. ``Doorstep-Actor: user/role`` says as whom; it ends up in the office's operations.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from server.jobs import Jobs
from server.limits import ENROL_CODE_BYTES
from server.ports import Clock, JobState, Store
from server.services.devices import EnrolCode, issue_code, revoke
from sync.errors import NotAllowed
from sync.limits import TEXT_LENGTH_MAX
from sync.operations.envelope import Actor
from sync.operations.kinds import ROLES

__all__ = ["ACTOR_HEADER", "CommandGuard", "actor_of", "command_routes"]

ACTOR_HEADER = "doorstep-actor"


class CommandGuard:
    """A Litestar guard: only requests with this process's command token pass."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}"

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        """Raises NOT-SIGNED-IN for any other token."""
        given = connection.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), self._expected.encode()):
            raise NotAllowed("NOT-SIGNED-IN", "this address takes the token of the data folder only")


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """As whom a guarded command acts; without the header, the operator as admin. Raises ROLE-MISSING."""
    user, _, role = request.headers.get(ACTOR_HEADER, "operator/admin").partition("/")
    if role not in ROLES or not 0 < len(user) <= TEXT_LENGTH_MAX:
        raise NotAllowed("ROLE-MISSING", f"{role!r} is not a role at the office")
    return Actor(user, role)


class AgentNamed(msgspec.Struct, frozen=True):
    """For which agent."""

    agent: str


class Revocation(msgspec.Struct, frozen=True):
    """Why a device is revoked."""

    reason: str = ""


class Revoked(msgspec.Struct, frozen=True):
    """The hash of the office's operation."""

    operation: str


class JobShown(msgspec.Struct, frozen=True, kw_only=True):
    """A job with what became of its last run."""

    name: str
    title: str
    every_s: int
    last: JobState | None


def command_routes(
    store: Store, clock: Clock, jobs: Jobs, public_url: str, guard: CommandGuard
) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for the command line."""

    @post("/api/v1/office/enrol-codes", status_code=201, guards=[guard], summary="Make an enrolment code")
    async def make_code(data: JSONBody[AgentNamed]) -> EnrolCode:
        secret, now_ms = os.urandom(ENROL_CODE_BYTES), clock.now_ms()
        return await store.write(lambda writer: issue_code(writer, data.agent, secret, now_ms, public_url))

    @post("/api/v1/office/devices/{device:str}/revoke", status_code=200, guards=[guard], summary="Revoke a device")
    async def revoke_device(
        request: Request[Any, Any, Any], device: FromPath[str], data: JSONBody[Revocation]
    ) -> Revoked:
        by, now_ms = actor_of(request), clock.now_ms()
        return Revoked(await store.write(lambda writer: revoke(writer, device, by, data.reason, now_ms)))

    @get("/api/v1/office/jobs", guards=[guard], summary="Jobs and their last runs")
    async def list_jobs() -> list[JobShown]:
        with store.read() as reader:
            states = {state.name: state for state in reader.jobs()}
        return [
            JobShown(name=job.name, title=job.title, every_s=job.every_s, last=states.get(job.name))
            for job in jobs.known
        ]

    @post("/api/v1/office/jobs/{name:str}/run", status_code=200, guards=[guard], summary="Run a job now")
    async def run_job(name: FromPath[str]) -> JobState:
        return await asyncio.to_thread(jobs.run, name)

    return [make_code, revoke_device, list_jobs, run_job]
