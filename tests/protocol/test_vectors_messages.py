"""The golden vectors of receipts, messages, side records and seals."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import pytest

from sync.badge import (
    Certificate,
    agent_hash,
    badge_digits,
    is_fresh,
    pack_certificate,
    read_badge,
    read_badge_digits,
    read_certificate,
    unpack_certificate,
    verify_badge,
    verify_certificate,
)
from sync.encoding import b64, unb64
from sync.errors import DoorstepError
from sync.messages import (
    EnrolAnswer,
    EnrolRequest,
    EpochGrant,
    EpochRequest,
    ExchangeAnswer,
    ExchangeRequest,
    PublishedKeys,
    Signed,
    read_acknowledgement,
    verify_claims,
)
from sync.receipt import (
    ReceiptBody,
    account_tag,
    from_digits,
    pack_body,
    parse_short,
    read_receipt,
    short_number,
    to_digits,
    unpack_body,
    verify_receipt,
)
from sync.sealing import seal, unseal
from sync.side_records import check_side_record, content_of, make_side_record
from sync.signing import load_public_key, verify
from sync.visit_code import answer_binding, code_digest, normal_code
from tests.core.writing import code_of
from tests.protocol.make_vectors import FOLDER
from tests.protocol.vector_keys import private_key


def load(name: str) -> Any:
    """One file of vectors."""
    return json.loads((FOLDER / name).read_bytes())


def public(name: str) -> Any:
    """A test key's public half, from its 65 bytes."""
    return load_public_key(unb64(next(key["public_key"] for key in load("keys.json") if key["name"] == name), 65))


def test_receipts_go_from_fields_to_digits_and_back() -> None:
    """Body, identity, signature, digits, QR text and short number follow from the fields."""
    vectors = load("receipts.json")
    key = public(vectors["key"])
    for case in vectors["receipts"]:
        body = msgspec.convert(case["fields"], ReceiptBody)
        packed = bytes.fromhex(case["body_hex"])
        assert pack_body(body) == packed
        assert unpack_body(packed) == body
        receipt = read_receipt(packed + bytes.fromhex(case["signature_hex"]))
        verify_receipt(receipt, key)
        assert (receipt.identity, receipt.text) == (case["identity"], case["base64url"])
        assert read_receipt(case["base64url"]) == receipt
        assert to_digits(receipt.data) == case["digits"]
        assert from_digits(case["qr"].removeprefix(vectors["prefix"])) == receipt.data
        assert (short_number(receipt), body.series) == (case["short"], case["series"])


def test_receipts_that_are_not_genuine_are_refused() -> None:
    """Wrong digits, impossible bodies and forged signatures are refused; appended tracking is not."""
    vectors = load("receipts.json")
    for text in vectors["digits_refused"]:
        assert code_of(from_digits, text) == "RECEIPT-MALFORMED"
    for case in vectors["digits_appended"]:
        assert to_digits(from_digits(case["text"])) == case["digits"]
    for body in vectors["bodies_refused"]:
        assert code_of(unpack_body, bytes.fromhex(body)) == "RECEIPT-MALFORMED"
    for case in vectors["forged"]:
        receipt = read_receipt(bytes.fromhex(case["receipt"]))
        assert code_of(verify_receipt, receipt, public(vectors["key"])) == "RECEIPT-FORGED"
    for case in vectors["short_typed"]:
        assert msgspec.structs.asdict(parse_short(case["text"])) == {k: v for k, v in case.items() if k != "text"}
    assert all(code_of(parse_short, text) == "RECEIPT-MALFORMED" for text in vectors["short_refused"])
    for case in vectors["account_tags"]:
        assert account_tag(bytes.fromhex(case["key_hex"]), case["account"]) == case["tag"]


# -- badges


def test_badges_go_from_fields_to_digits_and_back() -> None:
    """Certificate, badge, digits and QR text follow from the fields, and both signatures verify."""
    vectors = load("badge.json")
    office, device = public(vectors["office_key"]), public(vectors["device_key"])
    for case in vectors["agents"]:
        assert agent_hash(case["agent"]) == case["agent_hash"]
    for case in vectors["badges"]:
        body = msgspec.convert(case["fields"], Certificate)
        packed = bytes.fromhex(case["certificate_hex"])
        assert pack_certificate(body) == packed
        assert unpack_certificate(packed) == body
        certificate = read_certificate(case["certificate"])
        assert certificate.data == packed + bytes.fromhex(case["office_signature_hex"])
        verify_certificate(certificate, office)
        badge = read_badge(bytes.fromhex(case["badge_hex"]))
        assert (badge.certificate, badge.minute) == (certificate, case["minute"])
        assert badge.data == certificate.data + badge.minute.to_bytes(4, "big") + bytes.fromhex(
            case["device_signature_hex"]
        )
        verify_badge(badge, office, device)
        assert badge_digits(badge) == case["digits"]
        assert read_badge_digits(case["qr"].removeprefix(vectors["prefix"])) == badge


def test_badges_are_fresh_for_five_minutes_of_their_day() -> None:
    """Each badge is fresh or stale at each moment as the vectors say, and both occur."""
    cases = load("badge.json")["fresh"]
    for case in cases:
        assert is_fresh(read_badge(bytes.fromhex(case["badge_hex"])), case["now_ms"]) is case["fresh"]
    assert {case["fresh"] for case in cases} == {True, False}


def test_badges_that_are_not_genuine_are_refused() -> None:
    """Wrong digits, impossible certificates and forged signatures are refused; appended tracking is not."""
    vectors = load("badge.json")
    office, device = public(vectors["office_key"]), public(vectors["device_key"])
    for text in vectors["digits_refused"]:
        assert code_of(read_badge_digits, text) == "BADGE-MALFORMED"
    for case in vectors["digits_appended"]:
        assert badge_digits(read_badge_digits(case["text"])) == case["digits"]
    for certificate in vectors["certificates_refused"]:
        assert code_of(unpack_certificate, bytes.fromhex(certificate)) == "BADGE-MALFORMED"
    for case in vectors["forged"]:
        badge = read_badge(bytes.fromhex(case["badge_hex"]))
        assert code_of(verify_badge, badge, office, device) == "BADGE-FORGED", case["why"]


# -- messages


def test_signed_payloads_verify_and_others_do_not() -> None:
    """Each signature holds for its key, tag and exact payload only."""
    vectors = load("exchange.json")
    for case in vectors["signed"]:
        verify(public(case["key"]), case["tag"].encode(), case["payload"].encode(), unb64(case["signature"], 64))
    for case in vectors["signed_wrongly"]:
        with pytest.raises(DoorstepError) as caught:
            verify(public(case["key"]), case["tag"].encode(), case["payload"].encode(), unb64(case["signature"], 64))
        assert caught.value.code == "SIGNATURE-WRONG"


def test_exchange_messages_are_read() -> None:
    """The request's operations are the journal's bytes, its claims and the answer's acknowledgement verify."""
    vectors = load("exchange.json")
    request = msgspec.json.decode(vectors["request"], type=ExchangeRequest)
    verify_claims(public("device"), request)
    lines = (FOLDER / "journal.ndjson").read_bytes().splitlines()
    assert [bytes(line) for line in request.operations] == lines[2:]
    for side_record in request.side_records:
        check_side_record(side_record.sha256, unb64(side_record.data))
    verify_claims(public("device"), msgspec.json.decode(vectors["first_request"], type=ExchangeRequest))
    answer = msgspec.json.decode(vectors["answer"], type=ExchangeAnswer)
    acknowledgement = read_acknowledgement(public("office"), answer.acknowledgement)
    assert acknowledgement.hash == hashlib.sha256(lines[-1]).hexdigest()
    assert [change.removed for change in answer.documents] == [False, False, True]
    behind = msgspec.json.decode(vectors["answer_behind"], type=ExchangeAnswer)
    assert behind.resend_from is not None
    assert behind.epoch is not None
    assert (behind.more, behind.lock, behind.wipe_after_upload) == (True, True, True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("request", ExchangeRequest),
        ("first_request", ExchangeRequest),
        ("answer", ExchangeAnswer),
        ("answer_behind", ExchangeAnswer),
        ("enrolment", Signed),
        ("enrolment_answer", EnrolAnswer),
        ("epoch_request", Signed),
        ("epoch_answer", EpochGrant),
        ("keys", PublishedKeys),
    ],
)
def test_messages_round_trip(name: str, kind: type[Any]) -> None:
    """A message that is read and written again is the same text."""
    text = load("exchange.json")[name]
    assert msgspec.json.encode(msgspec.json.decode(text, type=kind)).decode() == text


def test_payloads_of_signed_requests_are_read() -> None:
    """Enrolment and epoch requests carry their payloads' exact bytes."""
    vectors = load("exchange.json")
    enrolment = msgspec.json.decode(vectors["enrolment"], type=Signed)
    request = msgspec.json.decode(enrolment.payload, type=EnrolRequest)
    assert request.public_key == next(key["public_key"] for key in load("keys.json") if key["name"] == "device")
    epoch = msgspec.json.decode(vectors["epoch_request"], type=Signed)
    assert msgspec.json.decode(epoch.payload, type=EpochRequest).epoch == 1


def test_side_record_vectors() -> None:
    """Salt and content give the bytes and the name."""
    for case in load("side_records.json"):
        record = make_side_record(case["text"].encode(), bytes.fromhex(case["salt_hex"]))
        assert (record.sha256, b64(record.data)) == (case["sha256"], case["data"])
        assert content_of(unb64(case["data"])).decode() == case["text"]


def test_sealing_vectors() -> None:
    """Seals are made and opened as the vectors say, with their associated data only; codes have their digests."""
    vectors = load("sealing.json")
    recipient, ephemeral = private_key(vectors["recipient"]), private_key(vectors["ephemeral"])
    for case in vectors["seals"]:
        sealed, associated = bytes.fromhex(case["sealed_hex"]), bytes.fromhex(case["associated_hex"])
        assert seal(recipient.public_key(), case["text"].encode(), associated, ephemeral) == sealed
        assert unseal(recipient, sealed, associated).decode() == case["text"]
        assert code_of(unseal, recipient, sealed, associated + b"x") == "ARGUMENT-WRONG"
    binding = vectors["binding"]
    assert answer_binding(binding["device"], binding["visit"], binding["prev"]).hex() == binding["associated_hex"]
    for case in vectors["codes"]:
        assert code_digest(case["code"], case["salt"]) == case["digest"]
        assert normal_code(case["code"]).isdigit()
