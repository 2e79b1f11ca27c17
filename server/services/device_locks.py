"""Locking a phone from afar, lifting the lock, asking for a wipe once everything is uploaded, and the end of a phone.

A lock is for a phone that is mislaid, or whose agent shall not work now: it may still upload, what it wrote counts,
and the lock can be lifted. A phone that is lost for certain is revoked (`server.services.devices`), for good. The
phone is told in its next exchange; until then nothing reaches it.
"""

from __future__ import annotations

import msgspec

from server.keys import OfficeKeys
from server.ports import Device, OfficeWork, Reader, Writer
from server.services.devices import revoke
from server.services.office import Person, actor_for
from server.services.packs import refresh_badges
from sync.errors import Conflict, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.operations.office import DeviceLocked, DeviceUnlocked

__all__ = ["lock_device", "phone_of", "revoke_device", "unlock_device"]


def lock_device(
    writer: Writer, person: Person, device: str, reason: str, now_ms: int, *, wipe: bool, basis: str | None = None
) -> str:
    """Lock a phone, or ask one that is locked to wipe as well; the operation's hash. One work.

    Raises DEVICE-UNKNOWN, ARGUMENT-WRONG, STATE-STALE, and STATE-FORBIDS for a phone that is revoked or locked so
    already.
    """
    by = actor_for(person, "DeviceLocked")
    known = phone_of(writer, device)
    if known.revoked_ms:
        raise Conflict("STATE-FORBIDS", f"device {device} is revoked, which locks and wipes it for good")
    if known.locked_ms and (known.wipe_after_upload or not wipe):
        raise Conflict("STATE-FORBIDS", f"device {device} is locked already")
    key, seen = _seen(writer, device, basis)
    body = DeviceLocked(device=device, wipe_after_upload=wipe, reason=_reason(reason), basis=seen)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: seen})
    writer.put_device(msgspec.structs.replace(known, locked_ms=known.locked_ms or now_ms, wipe_after_upload=wipe))
    return entry.hash


def unlock_device(
    writer: Writer, keys: OfficeKeys, person: Person, device: str, reason: str, *, basis: str | None = None
) -> str:
    """Lift a lock, and a wipe that was not done yet; the phone gets its badges again. The operation's hash. One work.

    Raises DEVICE-UNKNOWN, ARGUMENT-WRONG, STATE-STALE, and STATE-FORBIDS for a phone that is revoked or not locked.
    """
    by = actor_for(person, "DeviceUnlocked")
    known = phone_of(writer, device)
    if known.revoked_ms:
        raise Conflict("STATE-FORBIDS", f"device {device} is revoked: enrol the phone anew")
    if not known.locked_ms:
        raise Conflict("STATE-FORBIDS", f"device {device} is not locked")
    key, seen = _seen(writer, device, basis)
    body = DeviceUnlocked(device=device, reason=_reason(reason), basis=seen)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: seen})
    writer.put_device(msgspec.structs.replace(known, locked_ms=0, wipe_after_upload=False))
    refresh_badges(writer, keys, known.agent)
    return entry.hash


def revoke_device(writer: Writer, person: Person, device: str, reason: str, now_ms: int) -> str:
    """Revoke a phone for good, as a person with a reason; the operation's hash. One work.

    Raises DEVICE-UNKNOWN, ARGUMENT-WRONG, and STATE-FORBIDS for a phone that was revoked before.
    """
    by = actor_for(person, "DeviceRevoked")
    return revoke(writer, device, by, _reason(reason), now_ms)


def phone_of(reader: Reader, device: str) -> Device:
    """An enrolled phone; raises DEVICE-UNKNOWN."""
    known = reader.device(device)
    if known is None or not known.agent:
        raise Refused("DEVICE-UNKNOWN", f"no device {device[:32]!r} is enrolled")
    return known


def _seen(reader: Reader, device: str, basis: str | None) -> tuple[str, str]:
    key = f"device:{device}"
    return key, reader.aggregate_head(key) if basis is None else basis


def _reason(reason: str) -> str:
    found = reason.strip()
    if not 0 < len(found) <= TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a reason has 1 to {TEXT_LENGTH_MAX} characters")
    return found
