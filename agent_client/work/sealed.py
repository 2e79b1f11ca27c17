"""Answers that only the office may read: sealed to its identity key, kept as a side record."""

from __future__ import annotations

from agent_client.recording import Desk, Moment
from agent_client.vault.keys import private_key_from
from sync.encoding import unb64
from sync.limits import SIDE_RECORD_SALT_BYTES
from sync.sealing import seal
from sync.side_records import SideRecord, make_side_record
from sync.signing import load_public_key
from sync.visit_code import answer_binding, normal_code

__all__ = ["personal_record", "sealed_record"]


def sealed_record(desk: Desk, moment: Moment, visit: str, answer: str) -> SideRecord:
    """The answer in normal form, sealed with device, visit and previous hash as associated data, then salted."""
    key = load_public_key(unb64(desk.enrolment.answer.identity_key.public_key, 65))
    binding = answer_binding(desk.device, visit, moment.head.hash)
    sealed = seal(key, normal_code(answer).encode(), binding, private_key_from(desk.random))
    return make_side_record(sealed, desk.random(SIDE_RECORD_SALT_BYTES))


def personal_record(desk: Desk, content: bytes) -> SideRecord:
    """Personal content, salted."""
    return make_side_record(content, desk.random(SIDE_RECORD_SALT_BYTES))
