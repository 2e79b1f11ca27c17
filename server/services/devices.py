"""Devices: one-time codes, enrolment, epochs and revocation. Each function is one work for the store's writer."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Literal
from urllib.parse import quote

import msgspec

from server.limits import ENROL_CODE_BYTES, ENROL_CODE_LIFE_MS
from server.ports import Device, Epoch, OfficeWork, Reader, Writer
from server.services.agents import AgentDetails, agent_details
from sync.errors import Conflict, DoorstepError, NotAllowed, Refused
from sync.limits import EPOCH_MAX, OPERATION_BYTES_MAX
from sync.operations.envelope import GENESIS, Actor
from sync.operations.office import DeviceEnrolled, DeviceRevoked, EpochOpened, Head, ReceiptWitnessed
from sync.operations.understand import Held, understand
from sync.receipt import read_receipt
from sync.segments import heads

__all__ = [
    "SYSTEM",
    "EnrolCode",
    "enrol",
    "format_code",
    "issue_code",
    "open_epoch",
    "parse_code",
    "revoke",
]

SYSTEM = Actor("system", "system")
"""A server process acting by rule."""

Reason = Literal["enrolled", "fork", "restored", "requested"]

_GROUP = 4
_FORGIVEN = str.maketrans({"0": "O", "1": "I", "8": "B"})
_WITNESS_BYTES = 170
"""One witness inside a DeviceRevoked: 160 characters, quotes, a comma, and room."""
_REVOKED_REST_BYTES = 2_000


class EnrolCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code as it is shown: grouped text to type, the text of its QR code, and where a phone gets the app."""

    agent: str
    code: str
    qr: str
    app: str
    expires_ms: int


def format_code(secret: bytes) -> str:
    """Base 32 (RFC 4648) in groups of four: ``ABCD-EFGH-…``."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def parse_code(text: str) -> bytes:
    """What a person typed or a phone scanned; raises ENROL-CODE-WRONG for any other form."""
    cleaned = "".join(text.split()).replace("-", "").upper().translate(_FORGIVEN)
    try:
        secret = base64.b32decode(cleaned + "=" * (-len(cleaned) % 8))
    except (ValueError, binascii.Error) as error:
        raise NotAllowed("ENROL-CODE-WRONG", "this is not an enrolment code") from error
    if len(secret) != ENROL_CODE_BYTES:
        raise NotAllowed("ENROL-CODE-WRONG", "this is not an enrolment code")
    return secret


def issue_code(writer: Writer, agent: str, secret: bytes, now_ms: int, public_url: str) -> EnrolCode:
    """Make a code for an agent out of 16 random bytes; the store keeps its hash only. Raises NOT-FOUND."""
    details = agent_details(writer, agent)
    if details is None:
        raise Refused("NOT-FOUND", f"no agent {agent!r} is registered")
    expires_ms = now_ms + ENROL_CODE_LIFE_MS
    writer.put_enrol_code(_hashed(secret), agent, details.branch, expires_ms)
    code = format_code(secret)
    qr = f"doorstep:ENROL?url={quote(public_url, safe='')}&code={code}"
    return EnrolCode(agent=agent, code=code, qr=qr, app=f"{public_url}/app/", expires_ms=expires_ms)


def _hashed(secret: bytes) -> bytes:
    return hashlib.sha256(b"doorstep/enrol-code/1\0" + secret).digest()


def enrol(
    writer: Writer, code: str, public_key: str, model: str, device: str, now_ms: int
) -> tuple[Device, AgentDetails]:
    """Turn a code into a device with the id given (16 hexadecimal digits) and its first epoch.

    The same code with the same public key again finds the same device, since the first answer may have been lost.
    Raises ENROL-CODE-WRONG, ENROL-CODE-USED, ENROL-CODE-EXPIRED.
    """
    try:
        agent, branch = writer.take_enrol_code(_hashed(parse_code(code)), device, now_ms)
    except NotAllowed as error:
        before = writer.device(str(error.context.get("device", "")))
        if before is None or before.public_key != public_key:
            raise
        return before, _details(writer, before)
    body = DeviceEnrolled(device=device, agent=agent, branch=branch, public_key=public_key)
    writer.append_office([OfficeWork(body=body, by=SYSTEM)])
    enrolled = Device(device=device, agent=agent, branch=branch, public_key=public_key, enrolled_ms=now_ms, model=model)
    writer.put_device(enrolled)
    open_epoch(writer, device, GENESIS, f"enrol/{device}", "enrolled")
    return enrolled, _details(writer, enrolled)


def _details(reader: Reader, device: Device) -> AgentDetails:
    found = agent_details(reader, device.agent)
    return found or AgentDetails(agent=device.agent, branch=device.branch, name=device.agent)


def open_epoch(writer: Writer, device: str, continues: str, request: str, reason: Reason) -> Epoch:
    """Assign the next epoch, or the same one again to the same request that continues the same head.

    A number is never assigned twice, and never one that a journal of the device carries already.
    """
    assigned = writer.epochs(device)
    for epoch in assigned:
        if epoch.request == request and epoch.continues == continues:
            return epoch
    numbers = [epoch.epoch for epoch in assigned] + [journal.epoch for journal in writer.journals(device)]
    number = max(numbers, default=0) + 1
    if number > EPOCH_MAX:
        raise Conflict("STATE-FORBIDS", f"device {device} used {EPOCH_MAX} epochs; enrol it again")
    opened = Epoch(device=device, epoch=number, continues=continues, request=request, reason=reason)
    writer.put_epoch(opened)
    body = EpochOpened(device=device, epoch=number, continues=continues, request=request, reason=reason)
    writer.append_office([OfficeWork(body=body, by=SYSTEM)])
    return opened


def revoke(writer: Writer, device: str, by: Actor, reason: str, now_ms: int) -> str:
    """Revoke a device: what the office holds now, and what customers' receipts prove now, goes on counting.

    The operation's hash. Raises DEVICE-UNKNOWN, or STATE-FORBIDS for a device that was revoked before.
    """
    known = writer.device(device)
    if known is None or not known.agent:
        raise Refused("DEVICE-UNKNOWN", f"no device {device[:32]!r} is enrolled")
    if known.revoked_ms:
        raise Conflict("STATE-FORBIDS", f"device {device} was revoked before")
    held = tuple(
        Head(device, journal.epoch, seq, hash_)
        for journal in writer.journals(device)
        for seq, hash_ in heads(journal.summary)
    )
    body = DeviceRevoked(device=device, heads=held, witnesses=_witnesses(writer, device), reason=reason)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)])
    writer.put_device(msgspec.structs.replace(known, revoked_ms=now_ms))
    return entry.hash


def _witnesses(reader: Reader, device: str) -> tuple[str, ...]:
    """Receipts that customers scanned and that no held operation carries; the farthest along first.

    Each covers the chain below it, so where they are too many for one operation the farthest say most.
    """
    found: list[tuple[int, int, str]] = []
    after = ""
    while keys := reader.keys_starting(f"payment:{device}/", after=after):
        for stored in reader.facts(keys).values():
            bodies = [operation.body for item in stored if not isinstance(operation := understand(item.data), Held)]
            if all(isinstance(body, ReceiptWitnessed) for body in bodies):
                found += [_placed(body.receipt) for body in bodies if isinstance(body, ReceiptWitnessed)]
        after = keys[-1]
    most = (OPERATION_BYTES_MAX - _REVOKED_REST_BYTES) // _WITNESS_BYTES
    return tuple(receipt for _, _, receipt in sorted(set(found), reverse=True)[:most])


def _placed(receipt: str) -> tuple[int, int, str]:
    try:
        body = read_receipt(receipt).body
    except DoorstepError:
        return 0, 0, receipt
    return body.epoch, body.seq, receipt
