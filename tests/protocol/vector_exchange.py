"""Vectors of what travels: exchange, acknowledgement, enrolment, epoch, published keys, side records, seals."""

from __future__ import annotations

from typing import Any

import msgspec

from sync.encoding import b64
from sync.messages import (
    Acknowledgement,
    Claims,
    ClockClaim,
    Cursor,
    DocumentChange,
    EnrolAnswer,
    EnrolRequest,
    EpochGrant,
    EpochRequest,
    ExchangeAnswer,
    ExchangeRequest,
    JournalDocument,
    PublishedKey,
    PublishedKeys,
    Resend,
    SideRecordMessage,
    Signed,
    VerdictDocument,
)
from sync.operations import GENESIS
from sync.sealing import seal
from sync.side_records import make_side_record
from sync.signing import TAG_ACKNOWLEDGEMENT, TAG_ENROLMENT, TAG_EPOCH, TAG_EXCHANGE
from sync.visit_code import answer_binding, code_digest
from tests.protocol.vector_journal import DEVICE, NOTE, START_MS, journal_lines
from tests.protocol.vector_keys import private_key, public_text, signature

__all__ = ["exchange_vectors", "sealing_vectors", "side_record_vectors"]

_NONCE = "000102030405060708090a0b0c0d0e0f"
_OFFICE_KEY = "office-1"


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _sign(name: str, tag: bytes, value: object, key: str = "") -> Signed:
    payload = msgspec.json.encode(value)
    return Signed(payload=msgspec.Raw(payload), signature=signature(name, tag, payload), key=key)


def exchange_vectors() -> dict[str, Any]:
    """Whole messages as text, and signed payloads that verify or do not."""
    entries = journal_lines()
    last = entries[-1]
    claims = Claims(
        device=DEVICE,
        epoch=last.operation.epoch,
        seq=last.operation.seq,
        hash=last.hash,
        clock=ClockClaim(at="2026-11-22T19:05:00.000+08:00", boot="b00t-2", mono_ms=37_300_000),
        nonce=_NONCE,
        cursor=Cursor(incarnation="i-7f3a", n=41),
    )
    first_claims = Claims(device=DEVICE, epoch=1, seq=0, hash=GENESIS, clock=claims.clock, nonce="ff" * 16, pull=True)
    acknowledgement = Acknowledgement(
        device=DEVICE,
        epoch=last.operation.epoch,
        seq=last.operation.seq,
        hash=last.hash,
        nonce=_NONCE,
        server_ms=START_MS + 36_301_000,
    )
    before = Acknowledgement(
        device=DEVICE, epoch=1, seq=2, hash=entries[1].hash, nonce="11" * 16, server_ms=START_MS + 200_000
    )
    claims_payload = msgspec.json.encode(claims)
    signed_before = _sign("office", TAG_ACKNOWLEDGEMENT, before, _OFFICE_KEY)
    request = ExchangeRequest(
        protocol=1,
        claims=msgspec.Raw(claims_payload),
        signature=signature("device", TAG_EXCHANGE, claims_payload),
        operations=[msgspec.Raw(entry.data) for entry in entries[2:]],
        side_records=[SideRecordMessage(sha256=NOTE.sha256, data=b64(NOTE.data))],
        acknowledged=signed_before,
    )
    first_payload = msgspec.json.encode(first_claims)
    first_request = ExchangeRequest(
        protocol=1,
        claims=msgspec.Raw(first_payload),
        signature=signature("device", TAG_EXCHANGE, first_payload),
    )
    answer = ExchangeAnswer(
        acknowledgement=_sign("office", TAG_ACKNOWLEDGEMENT, acknowledgement, _OFFICE_KEY),
        documents=[
            DocumentChange(
                n=42,
                name=f"journal/{DEVICE}/2",
                document=msgspec.Raw(msgspec.json.encode(JournalDocument(device=DEVICE, epoch=2, reconciled_seq=3))),
            ),
            DocumentChange(
                n=43,
                name=f"verdict/{entries[2].hash}",
                document=msgspec.Raw(msgspec.json.encode(_verdict(entries[2].hash))),
            ),
            DocumentChange(n=44, name="visit/V-0999"),
        ],
        cursor=Cursor(incarnation="i-7f3a", n=44),
        total=12,
    )
    behind = ExchangeAnswer(
        acknowledgement=signed_before,
        resend_from=Resend(epoch=1, seq=3),
        epoch=EpochGrant(epoch=3, continues=last.hash, reason="fork"),
        more=True,
        lock=True,
        wipe_after_upload=True,
        missing_side_records=[NOTE.sha256],
    )
    enrol = EnrolRequest(code="K7F3-9QXA", public_key=public_text("device"), model="测试机")
    epoch = EpochRequest(device=DEVICE, epoch=1, seq=6, hash=entries[5].hash, request="22" * 16, reason="restored")
    return {
        "office_key": _OFFICE_KEY,
        "request": _text(request),
        "first_request": _text(first_request),
        "answer": _text(answer),
        "answer_behind": _text(behind),
        "signed": [
            _case("exchange", "device", TAG_EXCHANGE, claims_payload.decode(), request.signature),
            _case("exchange", "device", TAG_EXCHANGE, first_payload.decode(), first_request.signature),
            _signed_case("acknowledgement", "office", TAG_ACKNOWLEDGEMENT, answer.acknowledgement),
            _signed_case("acknowledgement", "office", TAG_ACKNOWLEDGEMENT, signed_before),
            _signed_case("enrolment", "device", TAG_ENROLMENT, _sign("device", TAG_ENROLMENT, enrol)),
            _signed_case("epoch", "device", TAG_EPOCH, _sign("device", TAG_EPOCH, epoch)),
        ],
        "signed_wrongly": [
            _case("another key", "other device", TAG_EXCHANGE, claims_payload.decode(), request.signature),
            _case("another purpose", "device", TAG_ACKNOWLEDGEMENT, claims_payload.decode(), request.signature),
            _case("one space more", "device", TAG_EXCHANGE, claims_payload.decode() + " ", request.signature),
            _case("zeros", "device", TAG_EXCHANGE, claims_payload.decode(), b64(bytes(64))),
        ],
        "enrolment": _text(_sign("device", TAG_ENROLMENT, enrol)),
        "enrolment_answer": _text(_enrolment_answer()),
        "epoch_request": _text(_sign("device", TAG_EPOCH, epoch)),
        "epoch_answer": _text(EpochGrant(epoch=2, continues=entries[5].hash, reason="restored")),
        "keys": _text(
            PublishedKeys(keys=[_key(DEVICE, "receipt", "device"), _key(_OFFICE_KEY, "acknowledgement", "office")])
        ),
    }


def _verdict(hash_: str) -> VerdictDocument:
    return VerdictDocument(
        hash=hash_,
        seq=3,
        epoch=1,
        verdict="disputed",
        rule="PAY-OVER",
        title="Payments exceed the payoff",
        title_zh="收款超过应还总额",
        sentence="The account was paid 50.00 CNY more than it owed.",
        holds="The debt is zero; the rest is the customer's credit.",
    )


def _key(key: str, use: Any, name: str) -> PublishedKey:
    return PublishedKey(key=key, use=use, public_key=public_text(name), not_before_ms=START_MS)


def _enrolment_answer() -> EnrolAnswer:
    return EnrolAnswer(
        device=DEVICE,
        agent="agent-1",
        agent_name="李明",
        branch="yancheng",
        epoch=1,
        public_url="https://example.org",
        office_key=_key(_OFFICE_KEY, "acknowledgement", "office"),
        identity_key=_key("identity-1", "identity", "identity"),
        recovery_key=_key("recovery-1", "recovery", "recovery"),
        server_ms=START_MS,
    )


def _case(what: str, key: str, tag: bytes, payload: str, signed: str) -> dict[str, str]:
    return {"what": what, "key": key, "tag": tag.decode(), "payload": payload, "signature": signed}


def _signed_case(what: str, key: str, tag: bytes, signed: Signed) -> dict[str, str]:
    return _case(what, key, tag, bytes(signed.payload).decode(), signed.signature)


def side_record_vectors() -> list[dict[str, str]]:
    """Salt and content to bytes and name."""
    found = []
    for salt, content in (
        (bytes(range(16)), "门铃坏了，请敲门。"),
        (bytes(16), ""),
        (b"\xff" * 16, "+86 138 0000 0000"),
    ):
        record = make_side_record(content.encode(), salt)
        found.append({"salt_hex": salt.hex(), "text": content, "data": b64(record.data), "sha256": record.sha256})
    return found


def sealing_vectors() -> dict[str, Any]:
    """Contents sealed to the key `identity` with the ephemeral key `ephemeral`; visit codes."""
    binding = answer_binding(DEVICE, "V-1001", journal_lines()[0].hash)
    seals = []
    for content, associated in (("482107", binding), ("", b""), ("身份证后四位 8412", b"doorstep")):
        sealed = seal(private_key("identity").public_key(), content.encode(), associated, private_key("ephemeral"))
        seals.append({"text": content, "associated_hex": associated.hex(), "sealed_hex": sealed.hex()})
    return {
        "recipient": "identity",
        "ephemeral": "ephemeral",
        "seals": seals,
        "binding": {
            "device": DEVICE,
            "visit": "V-1001",
            "prev": journal_lines()[0].hash,
            "associated_hex": binding.hex(),
        },
        "codes": [
            {"code": code, "salt": salt, "digest": code_digest(code, salt)}
            for code, salt in (
                ("482107", "s-1"),
                ("48 21-07", "s-1"),
                ("４８２１０７", "s-1"),
                ("482107", "s-2"),
                ("000000", "s-1"),
            )
        ],
    }
