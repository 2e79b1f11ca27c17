"""Only envelope faults are refused: what cannot be understood is stored, acknowledged and held."""

from __future__ import annotations

import pytest

from sync.encoding import sha256_hex
from tests.exchange.office import Office
from tests.exchange.phone import Phone


def _send(office: Office, phone: Phone, data: bytes) -> str:
    """Upload one line and reconcile; the rule that holds it, empty if it counts."""
    answer = office.sync(phone, phone.request([data], claims=phone.claims(seq=1, hash=sha256_hex(data))))
    assert office.acknowledged(answer.acknowledgement).hash == sha256_hex(data)
    assert office.stored(phone) == [data]
    office.parts.worker.catch_up()
    with office.parts.store.read() as reader:
        found = reader.operation(sha256_hex(data))
    assert found is not None
    return found.held


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (b'"kind":"NoteTaken"', b'"kind":"TeleportUsed"', "SCHEMA-NEWER"),
        (b'{"v":1', b'{"v":9', "SCHEMA-NEWER"),
        (b'"visit":"V0"', b'"visit":"V0","visit":"V1"', "OPERATION-MALFORMED"),
        (b'"visit":"V0"', b'"visit":17', "OPERATION-MALFORMED"),
        (b'"mono_ms":1010', b'"mono_ms":9007199254740993', "OPERATION-MALFORMED"),
        (b'"mono_ms":1010', b'"mono_ms":1e3', "OPERATION-MALFORMED"),
        (b'"visit":"V0"', b'"visit":"\\ud800"', "OPERATION-MALFORMED"),
        (b'"visit":"V0"', b'"visit":"\\\\\\udc00 \\uD83D\\uDE00"', "OPERATION-MALFORMED"),
        (b'"pack":"2026-11-23/A01"', b'"pack":"\\ud83d"', "OPERATION-MALFORMED"),
    ],
    ids=[
        "unknown kind",
        "newer version",
        "duplicate keys",
        "wrong type",
        "integer beyond 2^53",
        "exponent",
        "a surrogate that stands alone",
        "another behind an escaped backslash, before a pair",
        "half a character for a pack",
    ],
)
def test_what_is_not_understood_is_acknowledged_and_held(
    office: Office, before: bytes, after: bytes, rule: str
) -> None:
    """It never blocks what comes behind it."""
    phone = office.phone()
    (entry,) = phone.write(1)
    assert before in entry.data
    assert _send(office, phone, entry.data.replace(before, after)) == rule


def test_an_operation_that_a_phone_may_not_write_is_kept_without_effect(office: Office) -> None:
    """AUTHOR-NOT-ALLOWED, and it is acknowledged all the same."""
    phone = office.phone()
    (entry,) = phone.write(1)
    start = entry.data.index(b'"body":')
    data = entry.data[:start] + b'"body":{"kind":"VisitCancelled","visit":"V1","reason":"office"}}'
    assert _send(office, phone, data) == "AUTHOR-NOT-ALLOWED"
