"""Agents' phones and pictures over HTTP: lock, unlock, the answer to a forgotten PIN, the face on a badge."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from litestar import Request, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from server.http.office_access import OfficeAccess, person_of
from server.http.reading import read_body
from server.limits import AGENT_PHOTO_BYTES_MAX
from server.services.agents import set_photo
from server.services.device_locks import lock_device, unlock_device
from server.services.office import Office
from server.services.recovery import Identified, RecoveryGiven, answer_recovery
from sync.limits import SIDE_RECORD_SALT_BYTES

__all__ = ["fresh_key", "office_device_routes"]

_BASE = "/api/v1/office"


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """Why a phone is locked, and whether it shall remove what it downloaded once everything is uploaded."""

    reason: str
    wipe_after_upload: bool = False
    basis: str | None = None


class Unlocking(msgspec.Struct, frozen=True, kw_only=True):
    """Why a lock is lifted."""

    reason: str
    basis: str | None = None


class RecoveryAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The request as the phone shows it, and how the office made sure who asks."""

    request: str
    identified: Identified


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The hash of the office's operation."""

    operation: str


def fresh_key() -> ec.EllipticCurvePrivateKey:
    """For one seal."""
    return ec.generate_private_key(ec.SECP256R1())


def office_device_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` about phones, and the pictures that badges are shown with."""
    keepers = access.require_role("admin", "supervisor")
    write = office.store.write

    @post(
        f"{_BASE}/devices/{{device:str}}/lock",
        status_code=200,
        guards=[keepers],
        summary="Lock a phone, and ask it to wipe after upload",
    )
    async def lock(request: Request[Any, Any, Any], device: FromPath[str], data: JSONBody[Lock]) -> Written:
        person, now_ms = person_of(request), office.clock.now_ms()
        hash_ = await write(
            lambda writer: lock_device(
                writer, person, device, data.reason, now_ms, wipe=data.wipe_after_upload, basis=data.basis
            )
        )
        return Written(operation=hash_)

    @post(f"{_BASE}/devices/{{device:str}}/unlock", status_code=200, guards=[keepers], summary="Lift a phone's lock")
    async def unlock(request: Request[Any, Any, Any], device: FromPath[str], data: JSONBody[Unlocking]) -> Written:
        person = person_of(request)
        hash_ = await write(
            lambda writer: unlock_device(writer, office.keys, person, device, data.reason, basis=data.basis)
        )
        return Written(operation=hash_)

    @post(f"{_BASE}/recovery", status_code=200, guards=[keepers], summary="Answer a phone whose PIN was forgotten")
    async def recovery(request: Request[Any, Any, Any], data: JSONBody[RecoveryAsked]) -> RecoveryGiven:
        person = person_of(request)
        return await write(
            lambda writer: answer_recovery(writer, office.keys, person, data.request, data.identified, fresh_key)
        )

    @put(
        f"{_BASE}/agents/{{agent:str}}/photo",
        status_code=200,
        guards=[keepers],
        request_max_body_size=AGENT_PHOTO_BYTES_MAX,
        summary="Keep the picture by which customers recognise an agent",
        description="Body: JPEG or PNG.",
    )
    async def photo(request: Request[Any, Any, Any], agent: FromPath[str]) -> Written:
        person, salt = person_of(request), os.urandom(SIDE_RECORD_SALT_BYTES)
        picture = await read_body(request, AGENT_PHOTO_BYTES_MAX)
        return Written(operation=await write(lambda writer: set_photo(writer, person, agent, picture, salt)))

    return [lock, unlock, recovery, photo]
