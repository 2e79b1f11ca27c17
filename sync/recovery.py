"""A forgotten PIN: what the phone asks and what the office answers.

While a phone holds anything that the office has not acknowledged, its database key is also *sealed* to the
branch's recovery key (`sync.sealing`; associated data: the device id). When the agent forgets the PIN:

1. the phone writes a **request**: its device id, that seal, and a one-time public key whose private part
   never leaves the phone;
2. the office, having made sure in person who is asking, opens the seal with the branch's recovery key and
   seals the database key again, to the one-time key: the **answer**;
3. the phone opens the answer and sets a new PIN.

Neither text is secret by itself: the request opens only with the recovery key, the answer only with the
one-time key. The answer's associated data carries the device id and the one-time key, so that an answer to
another request does not fit. Both are JSON text that can travel as a file, a QR code or a message.
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.encoding import b64, canonical_json, unb64
from sync.errors import Refused
from sync.sealing import seal, unseal
from sync.signing import load_public_key, public_bytes

__all__ = [
    "DATABASE_KEY_BYTES",
    "RecoveryAnswer",
    "RecoveryRequest",
    "make_recovery_slot",
    "open_recovery_answer",
    "open_recovery_request",
    "parse_recovery_request",
]

DATABASE_KEY_BYTES: Final = 32
"""SQLCipher's key: 256 bits."""

_REQUEST_BYTES_MAX: Final = 4_096
"""A request or an answer has about 500 bytes; more is not one of ours."""

_ANSWER_TAG: Final = b"doorstep/recovery-answer/1\0"

_Message = TypeVar("_Message", "RecoveryRequest", "RecoveryAnswer")


class RecoveryRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the phone asks: `recovery_slot` (a seal) and `one_time_public` (65-byte point) in base64url."""

    device: str
    one_time_public: str
    recovery_slot: str
    version: int = 1


class RecoveryAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the office answers: the database key sealed to the one-time key, in base64url."""

    device: str
    sealed: str
    version: int = 1


def make_recovery_slot(
    database_key: bytes,
    device: str,
    recovery_public: ec.EllipticCurvePublicKey,
    ephemeral_private: ec.EllipticCurvePrivateKey,
) -> bytes:
    """The database key sealed to the branch; `ephemeral_private` is fresh for every call."""
    return seal(recovery_public, database_key, device.encode(), ephemeral_private)


def parse_recovery_request(request: bytes) -> RecoveryRequest:
    """What a request says, before anybody opens it: the office shows the device to its operator first.

    Raises RECOVERY-WRONG for what is not a request.
    """
    return _parse(request, RecoveryRequest)


def open_recovery_request(
    request: bytes,
    recovery_private: ec.EllipticCurvePrivateKey,
    ephemeral_private: ec.EllipticCurvePrivateKey,
) -> bytes:
    """The office's step: the answer (JSON text) to a phone's request.

    `ephemeral_private` is fresh for every call. Raises RECOVERY-WRONG for a request that is malformed, was
    sealed to another branch's key, or carries the slot of another device.
    """
    asked = parse_recovery_request(request)
    try:
        database_key = unseal(recovery_private, unb64(asked.recovery_slot), asked.device.encode())
        one_time = load_public_key(unb64(asked.one_time_public, 65))
    except Refused as error:
        raise Refused("RECOVERY-WRONG", f"request of device {asked.device!r}: {error.cause}") from error
    if len(database_key) != DATABASE_KEY_BYTES:
        raise Refused("RECOVERY-WRONG", f"request of device {asked.device!r}: the slot holds no database key")
    sealed = seal(one_time, database_key, _answer_data(asked.device, one_time), ephemeral_private)
    return canonical_json(RecoveryAnswer(device=asked.device, sealed=b64(sealed)))


def open_recovery_answer(answer: bytes, device: str, one_time_private: ec.EllipticCurvePrivateKey) -> bytes:
    """The phone's step: the database key out of the office's answer; else RECOVERY-WRONG."""
    given = _parse(answer, RecoveryAnswer)
    if given.device != device:
        raise Refused("RECOVERY-WRONG", f"the answer is for device {given.device!r}, this is {device!r}")
    try:
        key = unseal(one_time_private, unb64(given.sealed), _answer_data(device, one_time_private.public_key()))
    except Refused as error:
        raise Refused("RECOVERY-WRONG", f"the answer does not belong to this request: {error.cause}") from error
    if len(key) != DATABASE_KEY_BYTES:
        raise Refused("RECOVERY-WRONG", f"the answer holds {len(key)} bytes, not a database key")
    return key


def _answer_data(device: str, one_time: ec.EllipticCurvePublicKey) -> bytes:
    return _ANSWER_TAG + public_bytes(one_time) + device.encode()


def _parse(text: bytes, kind: type[_Message]) -> _Message:
    # Neither text has white space of its own; messages and forms break long lines.
    text = b"".join(text.split())
    if len(text) > _REQUEST_BYTES_MAX:
        raise Refused("RECOVERY-WRONG", f"{len(text)} bytes are not a recovery file (at most {_REQUEST_BYTES_MAX})")
    try:
        parsed = msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("RECOVERY-WRONG", f"this is not a recovery file: {error}") from error
    if parsed.version != 1:
        raise Refused("RECOVERY-WRONG", f"a recovery file of version {parsed.version} is not known here")
    return parsed
