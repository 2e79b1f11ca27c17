"""Answering a phone whose PIN was forgotten (`sync.recovery`): checked, and on record before the answer is given.

The answer opens the phone's database for whoever holds that phone, so that a supervisor or an administrator must have
made sure who asks. A phone that is locked or revoked gets none: somebody may have found it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from server.keys import OfficeKeys
from server.ports import OfficeWork, Writer
from server.services.agents import agent_details
from server.services.device_locks import phone_of
from server.services.office import Person, actor_for
from sync.encoding import canonical_json, sha256_hex
from sync.errors import Conflict, Refused
from sync.operations.office import RecoveryAnswered
from sync.recovery import open_recovery_request, parse_recovery_request

__all__ = ["Identified", "RecoveryGiven", "answer_recovery"]

Identified = Literal["in_person", "call_back"]


class RecoveryGiven(msgspec.Struct, frozen=True, kw_only=True):
    """For whom the office answered; `answer` is the text for the phone (PROTOCOL.md chapter 10)."""

    device: str
    agent: str
    agent_name: str
    answer: str
    operation: str


def answer_recovery(
    writer: Writer,
    keys: OfficeKeys,
    person: Person,
    request: str,
    identified: Identified,
    ephemeral: Callable[[], ec.EllipticCurvePrivateKey],
) -> RecoveryGiven:
    """Open a request with the branch's recovery keys and journal that it was answered. One work.

    Raises ROLE-MISSING, RECOVERY-WRONG, DEVICE-UNKNOWN, and STATE-FORBIDS for a phone that is locked or revoked.
    """
    by = actor_for(person, "RecoveryAnswered")
    text = request.strip().encode()
    asked = parse_recovery_request(text)
    known = phone_of(writer, asked.device)
    if known.gives_nothing:
        state = "revoked" if known.revoked_ms else "locked"
        raise Conflict("STATE-FORBIDS", f"device {asked.device} is {state}: whoever holds it gets no key")
    answer = _opened(keys, text, ephemeral)
    body = RecoveryAnswered(device=asked.device, request=sha256_hex(canonical_json(asked)), identified=identified)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)])
    details = agent_details(writer, known.agent)
    return RecoveryGiven(
        device=asked.device,
        agent=known.agent,
        agent_name=details.name if details else known.agent,
        answer=answer.decode(),
        operation=entry.hash,
    )


def _opened(keys: OfficeKeys, text: bytes, ephemeral: Callable[[], ec.EllipticCurvePrivateKey]) -> bytes:
    """The phone may have been enrolled under an earlier recovery key, which opens nothing of the present one's."""
    *earlier, present = keys.recovery
    for key in reversed(earlier):
        with contextlib.suppress(Refused):
            return open_recovery_request(text, key.private, ephemeral())
    # The last try says what is wrong with the request.
    return open_recovery_request(text, present.private, ephemeral())
