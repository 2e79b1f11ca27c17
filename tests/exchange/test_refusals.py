"""What an exchange is refused for: each envelope fault by its code, and nothing of it is stored."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import msgspec
import pytest

from sync.encoding import b64
from sync.limits import EXCHANGE_BYTES_MAX, EXCHANGE_OPERATIONS_MAX, OPERATION_BYTES_MAX
from sync.messages import ClockClaim, SideRecordMessage
from sync.side_records import make_side_record
from tests.exchange.office import Office, code_of, zipped
from tests.exchange.phone import Phone


def _refused(office: Office, phone: Phone, body: bytes, code: str, status: int, **headers: str) -> None:
    """The problem names the code, and neither operations nor an arrival were stored."""
    before, arrivals = office.stored(phone), office.received()
    response = office.post(body, **headers)
    assert (code_of(response), response.status_code) == (code, status), response.text
    assert office.stored(phone) == before
    assert office.received() == arrivals


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _body: b"",
        lambda _body: b"[]",
        lambda _body: b"{}",
        lambda _body: b"\xff\xfe",
        lambda body: body[:-1],
        lambda body: body.replace(b'"operations":[', b'"operations":{', 1),
        lambda body: body.replace(b'"nonce":"', b'"nonce":["', 1),
        lambda _body: b"[" * 100_000,
    ],
    ids=["empty", "a list", "no members", "no text", "cut", "wrong shape", "broken claims", "too deep"],
)
def test_a_body_that_is_no_exchange(office: Office, spoil: Callable[[bytes], bytes]) -> None:
    """EXCHANGE-MALFORMED."""
    phone = office.phone()
    _refused(office, phone, spoil(phone.upload(phone.write(1))), "EXCHANGE-MALFORMED", 400)


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": 0},
        {"epoch": 70_000},
        {"seq": -1},
        {"hash": "F" * 64},
        {"hash": "0" * 63},
        {"nonce": ""},
        {"nonce": "n" * 65},
        {"device": ""},
        {"clock": ClockClaim(at="yesterday", boot="b", mono_ms=1)},
        {"clock": ClockClaim(at="2026-11-23T12:00:00.000+08:00", boot="b" * 65, mono_ms=1)},
        {"clock": ClockClaim(at="2026-11-23T12:00:00.000+08:00", boot="b", mono_ms=-1)},
    ],
    ids=lambda changes: ",".join(f"{key}={value}"[:30] for key, value in changes.items()),
)
def test_claims_out_of_range(office: Office, changes: dict[str, object]) -> None:
    """EXCHANGE-MALFORMED, before any signature is looked at."""
    phone = office.phone()
    _refused(office, phone, phone.request(claims=phone.claims(**changes)), "EXCHANGE-MALFORMED", 400)


def test_an_unknown_protocol_version(office: Office) -> None:
    """PROTOCOL-UNKNOWN."""
    phone = office.phone()
    _refused(office, phone, phone.request(protocol=2), "PROTOCOL-UNKNOWN", 400)


def test_an_unknown_device(office: Office) -> None:
    """DEVICE-UNKNOWN, whoever signed; an office journal is no phone either."""
    phone = office.phone()
    stranger = Phone(7, "f" * 16)
    _refused(office, phone, stranger.upload(stranger.write(1)), "DEVICE-UNKNOWN", 401)
    with office.parts.store.read() as reader:
        head = reader.office_head()
    assert head is not None
    false = Phone(7, head.device)
    _refused(office, phone, false.upload(false.write(1)), "DEVICE-UNKNOWN", 401)


def test_a_signature_by_another_key(office: Office) -> None:
    """SIGNATURE-WRONG."""
    phone = office.phone()
    thief = phone.twin()
    thief.private = Phone(9).private
    _refused(office, phone, thief.upload(thief.write(1)), "SIGNATURE-WRONG", 401)


@pytest.mark.parametrize("signature", ["", "AAAA", "!" * 86, b64(b"\0" * 64), b64(b"\xff" * 64)])
def test_a_signature_that_is_none(office: Office, signature: str) -> None:
    """SIGNATURE-WRONG for each form of nonsense."""
    phone = office.phone()
    request = json.loads(phone.upload(phone.write(1)))
    request["signature"] = signature
    _refused(office, phone, json.dumps(request).encode(), "SIGNATURE-WRONG", 401)


def test_claims_changed_after_they_were_signed(office: Office) -> None:
    """SIGNATURE-WRONG: every byte of the claims is covered."""
    phone = office.phone()
    body = phone.upload(phone.write(1))
    _refused(office, phone, body.replace(b'"mono_ms":1015', b'"mono_ms":1016', 1), "SIGNATURE-WRONG", 401)


def test_a_signature_made_for_another_purpose(office: Office) -> None:
    """Domain tags keep an epoch request from being an exchange."""
    phone = office.phone()
    phone.write(1)
    signed = json.loads(phone.epoch_request("r1"))
    body = phone.upload(phone.entries)
    request = json.loads(body) | {"signature": signed["signature"]}
    _refused(office, phone, json.dumps(request).encode(), "SIGNATURE-WRONG", 401)


def test_a_broken_chain(office: Office) -> None:
    """CHAIN-BROKEN for a hole, a repetition, a wrong order and somebody else's operation."""
    phone, other = office.phone(), office.phone(2, "A02")
    first, second, third = phone.write(3)
    (foreign,) = other.write(1)
    for entries in ([first, third], [first, first], [second, first], [foreign]):
        last = entries[-1]
        claims = phone.claims(seq=last.head.seq, hash=last.hash)
        body = phone.request([entry.data for entry in entries], claims=claims)
        _refused(office, phone, body, "CHAIN-BROKEN", 400)


def test_an_operation_altered_on_the_way(office: Office) -> None:
    """The chain no longer fits, or the signed head no longer is the last operation."""
    phone = office.phone()
    first, second = (entry.data for entry in phone.write(2))
    altered = first.replace(b'"V0"', b'"V9"')
    _refused(office, phone, phone.request([altered, second]), "CHAIN-BROKEN", 400)
    _refused(office, phone, phone.request([first, second.replace(b'"V1"', b'"V9"')]), "HEAD-MISMATCH", 400)


def test_a_head_that_is_not_the_last_operation(office: Office) -> None:
    """HEAD-MISMATCH: one signature covers exactly what its head goes back to."""
    phone = office.phone()
    entries = phone.write(3)
    _refused(office, phone, phone.request([entry.data for entry in entries[:2]]), "HEAD-MISMATCH", 400)


@pytest.mark.parametrize("inside", [b"\r", b"\n", b"\r\n"])
def test_a_line_break_inside_an_operation(office: Office, inside: bytes) -> None:
    """FRAMING-BROKEN: an operation is one line of an export."""
    phone = office.phone()
    (entry,) = phone.write(1)
    broken = entry.data.replace(b',"epoch"', b"," + inside + b'"epoch"', 1)
    _refused(office, phone, phone.request([broken]), "FRAMING-BROKEN", 400)


def test_an_operation_without_a_place(office: Office) -> None:
    """ENVELOPE-BROKEN when device, epoch, seq or prev cannot be read or is out of range."""
    phone = office.phone()
    (entry,) = phone.write(1)
    for before, after in ((b'"seq":1', b'"seq":"1"'), (b'"seq":1', b'"seq":0'), (b'"epoch":1', b'"epoch":70000')):
        _refused(office, phone, phone.request([entry.data.replace(before, after, 1)]), "ENVELOPE-BROKEN", 400)


def test_an_operation_beyond_the_limit(office: Office) -> None:
    """OPERATION-TOO-LARGE."""
    phone = office.phone()
    (entry,) = phone.write(1)
    large = entry.data[:-1] + b',"more":"' + b"x" * OPERATION_BYTES_MAX + b'"}'
    _refused(office, phone, phone.request([large]), "OPERATION-TOO-LARGE", 413)


def test_too_many_operations(office: Office) -> None:
    """EXCHANGE-TOO-MANY one beyond the limit; the limit itself is accepted."""
    phone = office.phone()
    phone.write(EXCHANGE_OPERATIONS_MAX + 1)
    _refused(office, phone, phone.upload(phone.entries), "EXCHANGE-TOO-MANY", 413)
    answer = office.sync(phone, phone.upload(phone.entries[:-1]))
    assert office.acknowledged(answer.acknowledgement).seq == EXCHANGE_OPERATIONS_MAX


def test_too_many_or_too_large_side_records(office: Office) -> None:
    """They travel apart."""
    phone = office.phone()
    record = make_side_record(b"x", b"s" * 16)
    many = [SideRecordMessage(sha256=record.sha256, data=b64(record.data))] * 501
    _refused(office, phone, phone.request(side_records=many), "EXCHANGE-TOO-MANY", 413)
    large = make_side_record(b"x" * 5_000, b"s" * 16)
    one = [SideRecordMessage(sha256=large.sha256, data=b64(large.data))]
    _refused(office, phone, phone.request(side_records=one), "EXCHANGE-TOO-LARGE", 413)


def test_a_side_record_under_another_name(office: Office) -> None:
    """SIDE-RECORD-MISMATCH, and the operations beside it are not stored either."""
    phone = office.phone()
    (entry,) = phone.write(1)
    record = make_side_record(b"x", b"s" * 16)
    message = SideRecordMessage(sha256="0" * 64, data=b64(record.data))
    _refused(office, phone, phone.request([entry.data], side_records=[message]), "SIDE-RECORD-MISMATCH", 400)


def test_a_body_beyond_the_limit(office: Office) -> None:
    """EXCHANGE-TOO-LARGE."""
    phone = office.phone()
    body = phone.request()[:-1] + b',"pad":"' + b"x" * EXCHANGE_BYTES_MAX + b'"}'
    _refused(office, phone, body, "EXCHANGE-TOO-LARGE", 413)


def test_a_gzip_bomb_is_cut_at_the_limit(office: Office) -> None:
    """A hundred kilobytes that would become a hundred megabytes are refused."""
    phone = office.phone()
    bomb = gzip.compress(b"\0" * (100 * 1024 * 1024), 9, mtime=0)
    assert len(bomb) < 120_000
    _refused(office, phone, bomb, "EXCHANGE-TOO-LARGE", 413, content_encoding="gzip")


def test_compression_that_is_broken(office: Office) -> None:
    """EXCHANGE-ENCODING for a truncated stream, a spoilt one, something behind it, and another encoding."""
    phone = office.phone()
    body = zipped(phone.upload(phone.write(3)))
    spoilt = body[:40] + bytes([body[40] ^ 0xFF]) + body[41:]
    for bad in (body[: len(body) // 2], body[:-4], spoilt, body + b"more", b"plain"):
        _refused(office, phone, bad, "EXCHANGE-ENCODING", 400, content_encoding="gzip")
    _refused(office, phone, body, "EXCHANGE-ENCODING", 400, content_encoding="br")
    assert office.post(body, content_encoding="gzip").status_code == 200


def test_a_nonce_used_before_for_documents_only(office: Office) -> None:
    """NONCE-REUSED: whoever repeats a recorded request gets no pack."""
    phone = office.phone()
    body = phone.request()
    assert office.post(body).status_code == 200
    _refused(office, phone, body, "NONCE-REUSED", 409)


def test_an_epoch_that_was_never_assigned(office: Office) -> None:
    """EPOCH-UNKNOWN, and nothing of the batch is stored."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(2)))
    phone.go_on_in(2, phone.head.hash)
    _refused(office, phone, phone.upload(phone.write(1)), "EPOCH-UNKNOWN", 409)


def test_every_answer_is_a_problem_document(office: Office) -> None:
    """Unknown paths, other methods and unexpected errors too."""
    assert code_of(office.client.get("/api/v1/nothing")) == "NOT-FOUND"
    assert code_of(office.client.get("/api/v1/sync")) == "METHOD-NOT-ALLOWED"
    assert code_of(office.client.get("/api/v1/keys?limit=many")) == "ARGUMENT-WRONG"


def test_an_unexpected_error_tells_only_a_reference(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """INTERNAL: the answer names the log's entry and nothing of what went wrong."""

    async def fail(_body: bytes) -> bytes:
        raise RuntimeError("secret path")

    monkeypatch.setattr(office.parts.exchange, "handle", fail)
    response = office.post(b"{}")
    assert code_of(response) == "INTERNAL"
    assert "secret path" not in response.text
    assert msgspec.json.decode(response.content)["reference"]


def test_an_overloaded_office_says_when_to_come_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After, and nothing is lost: the phone offers the same again."""
    phone = office.phone()
    body = phone.upload(phone.write(1))
    group = office.parts.store._group  # type: ignore[attr-defined]  # the SQLite store's
    monkeypatch.setattr("server.store.sqlite.group.WRITE_QUEUE_MAX", 0)
    response = office.post(body)
    assert (code_of(response), response.status_code) == ("STORE-LOCKED", 503)
    assert int(response.headers["retry-after"]) > 0
    monkeypatch.undo()
    assert group is not None
    assert office.post(body).status_code == 200
