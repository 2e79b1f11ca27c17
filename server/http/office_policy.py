"""Rules of conduct over HTTP: which there are, and what they say of a customer at a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from server.http.office_access import OfficeAccess
from server.services.conduct import PolicyAnswer, PolicyLine, explain_customer, list_policies
from server.services.office import Office
from sync.errors import Refused
from sync.policy import Channel

__all__ = ["policy_routes"]

_BASE = "/api/v1/office"


def policy_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` about conduct; they only read."""
    judges = access.require_role("admin", "supervisor", "compliance", "auditor")

    @get(f"{_BASE}/policies", guards=[judges], summary="The rules of conduct by which the office judges")
    async def get_policies() -> list[PolicyLine]:
        return await asyncio.to_thread(list_policies)

    @get(
        f"{_BASE}/customers/{{customer:str}}/policy", guards=[judges],
        summary="What may be done about a customer at a moment, and why not",
    )  # fmt: skip
    async def get_policy(
        customer: FromPath[str], at: FromQuery[str] = "", channel: FromQuery[str] = ""
    ) -> PolicyAnswer:
        at_ms = _moment(at) if at else office.clock.now_ms()
        channels = _channels(channel)

        def work() -> PolicyAnswer:
            with office.store.read() as reader:
                return explain_customer(reader, office, customer, at_ms, channels)

        return await asyncio.to_thread(work)

    return [get_policies, get_policy]


def _moment(text: str) -> int:
    """Milliseconds of an RFC 3339 time with its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} is not a time like 2026-11-23T21:30:00+08:00") from error
    if moment.tzinfo is None:
        raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} has no offset; write 2026-11-23T21:30:00+08:00")
    return int(moment.timestamp() * 1000)


def _channels(text: str) -> tuple[Channel, ...]:
    found: tuple[Channel, ...] = tuple(channel for channel in get_args(Channel) if channel == text)
    if text and not found:
        raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} is not one of {', '.join(get_args(Channel))}")
    return found
