"""The golden vectors: the files are what the code makes, and the code accepts and refuses what they say."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from sync.clock import (
    Seen,
    effective_interval,
    format_wall,
    hlc_format,
    hlc_next,
    hlc_parse,
    parse_wall,
)
from sync.encoding import b64, canonical_json, unb64
from sync.errors import DoorstepError
from sync.journal import Placed, check_batch, verify_chain
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
from sync.money import format_amount, parse_amount
from sync.operations import KINDS, Header, Held, Operation, encode, kind_of, understand
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
from sync.segments import Summary, extend, heads, summarise
from sync.side_records import check_side_record, content_of, make_side_record
from sync.signing import load_public_key, verify
from sync.visit_code import answer_binding, code_digest, normal_code
from tests.core.writing import code_of
from tests.protocol.make_vectors import FOLDER, make_all
from tests.protocol.vector_keys import private_key

GROWING = {"kinds.json"}
"""New members of a kind are added with defaults: what was recorded before must stay readable as it is."""


def load(name: str) -> Any:
    """One file of vectors."""
    return json.loads((FOLDER / name).read_bytes())


def public(name: str) -> Any:
    """A test key's public half, from its 65 bytes."""
    return load_public_key(unb64(next(key["public_key"] for key in load("keys.json") if key["name"] == name), 65))


def test_the_files_are_what_the_code_makes() -> None:
    """Each file can be made again, byte for byte, and no other file lies there but the description."""
    made = make_all()
    assert {path.name for path in FOLDER.iterdir()} == set(made) | {"README.md"}
    for name, content in made.items():
        if name not in GROWING:
            assert (FOLDER / name).read_bytes() == content, f"{name} differs: python -m tests.protocol.make_vectors"


@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8"])
@pytest.mark.parametrize("seed", ["0", "4242"])
def test_vectors_do_not_depend_on_dictionary_order_or_locale(seed: str, locale: str) -> None:
    """Another process with another hash seed and locale makes the same bytes."""
    program = (
        "import hashlib, sys; from tests.protocol.make_vectors import make_all;"
        "sys.stdout.write(hashlib.sha256(b''.join(n.encode() + c for n, c in sorted(make_all().items()))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"}
    found = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=FOLDER.parents[1], capture_output=True, check=True
    )
    here = hashlib.sha256(b"".join(name.encode() + content for name, content in sorted(make_all().items())))
    assert found.stdout.decode() == here.hexdigest()


def test_keys_follow_from_their_names() -> None:
    """Anybody can make the test keys again from the description."""
    for key in load("keys.json"):
        scalar = hashlib.sha256(f"doorstep test key: {key['name']}".encode()).digest()
        assert unb64(key["d"], 32) == scalar
        assert unb64(key["public_key"], 65) == b"\4" + unb64(key["x"], 32) + unb64(key["y"], 32)
        load_public_key(unb64(key["public_key"], 65))


# -- small codecs


def test_encoding_vectors() -> None:
    """base64url and canonical JSON agree with their vectors both ways."""
    vectors = load("encoding.json")
    for case in vectors["base64url"]:
        assert b64(bytes.fromhex(case["hex"])) == case["text"]
        assert unb64(case["text"]).hex() == case["hex"]
    assert all(code_of(unb64, text) for text in vectors["base64url_refused"])
    for case in vectors["canonical_json"]:
        assert canonical_json(case["value"]).decode() == case["text"]


def test_clock_vectors() -> None:
    """Wall clock, hybrid clock and intervals agree with their vectors."""
    vectors = load("clock.json")
    for case in vectors["wall"]:
        assert format_wall(case["ms"], case["offset_minutes"]) == case["text"]
        assert parse_wall(case["text"]) == (case["ms"], case["offset_minutes"])
    assert all(code_of(parse_wall, text) for text in vectors["wall_refused"])
    for case in vectors["hlc"]:
        assert hlc_format(case["ms"], case["counter"]) == case["text"]
        assert hlc_parse(case["text"]) == (case["ms"], case["counter"])
    assert all(code_of(hlc_parse, text) for text in vectors["hlc_refused"])
    for case in vectors["hlc_sequences"]:
        last = None
        for wall_ms, value in zip(case["walls_ms"], case["values"], strict=True):
            last = hlc_next(last, wall_ms)
            assert last == value
    overflow = vectors["hlc_overflow"]
    assert hlc_next(overflow["last"], overflow["wall_ms"]) == overflow["next"]
    for case in vectors["intervals"]:
        low, high = case.pop("low_ms"), case.pop("high_ms")
        interval = effective_interval(**{**case, "seen": msgspec.convert(case["seen"], Seen | None)})
        assert (interval.low_ms, interval.high_ms) == (low, high)


def test_money_vectors() -> None:
    """Amounts are read and written as the vectors say."""
    vectors = load("money.json")
    for case in vectors["parse"]:
        assert parse_amount(case["text"], case["currency"]) == case["minor"]
    for case in vectors["parse_refused"]:
        assert code_of(parse_amount, case["text"], case["currency"]) == "ARGUMENT-WRONG"
    for case in vectors["format"]:
        assert format_amount(case["minor"], case["currency"]) == case["text"]


# -- journals


def test_the_journal_is_followed_line_by_line() -> None:
    """Hashes, places, clocks, kinds and touches of the export are those of its description."""
    vectors = load("journal.json")
    content = (FOLDER / "journal.ndjson").read_bytes()
    lines = content.removesuffix(b"\n").split(b"\n")
    placed = verify_chain(lines, prev=vectors["genesis"])
    assert len(placed) == len(vectors["lines"]) == 9
    assert {item.header.epoch for item in placed} == {1, 2}
    assert any(ord(character) > 0x4E00 for character in content.decode())
    for item, case in zip(placed, vectors["lines"], strict=True):
        assert item.hash == case["sha256"] == hashlib.sha256(item.data).hexdigest()
        assert (item.header.epoch, item.header.seq, item.header.prev) == (case["epoch"], case["seq"], case["prev"])
        assert len(item.data) == case["bytes"]
        operation = understand(item.data)
        assert isinstance(operation, Operation)
        assert (kind_of(operation), operation.hlc) == (case["kind"], case["hlc"])


def test_batches_are_accepted_or_refused() -> None:
    """Each batch forms a chain of the device or is refused with the code named."""
    vectors = load("journal.json")
    refused = set()
    for case in vectors["batches"]:
        lines = [line.encode() for line in case["lines"]]
        assert code_of(check_batch, vectors["device"], lines) == case["refused"]
        refused.add(case["refused"])
    assert refused == {"", "CHAIN-BROKEN", "ENVELOPE-BROKEN", "FRAMING-BROKEN", "OPERATION-TOO-LARGE"}


def test_one_line_of_every_kind_is_understood() -> None:
    """Lines recorded by any version so far are understood, and none is missing."""
    kinds = load("kinds.json")["kinds"]
    assert set(kinds) == KINDS
    for kind, case in kinds.items():
        data = case["line"].encode()
        operation = understand(data)
        assert isinstance(operation, Operation), f"{kind}: {operation}"
        assert kind_of(operation) == kind
        assert encode(operation) == data
        assert hashlib.sha256(data).hexdigest() == case["sha256"]


def test_lines_are_held_by_the_rule_named() -> None:
    """What is odd is understood, malformed or newer, as the vectors say."""
    rules = set()
    for case in load("kinds.json")["held"]:
        found = understand(case["line"].encode())
        assert (found.rule if isinstance(found, Held) else "") == case["rule"], case["line"]
        rules.add(case["rule"])
    assert rules == {"", "OPERATION-MALFORMED", "SCHEMA-NEWER"}


def test_summaries_say_what_is_held() -> None:
    """Starts, ends, gaps, forks and reach are those of the vectors, one by one and all at once."""
    for case in load("segments.json"):
        places = [Placed(b"", place["hash"], Header("d", 1, place["seq"], place["prev"])) for place in case["places"]]
        summary = summarise(places)
        grown = Summary()
        for place in reversed(places):
            grown = extend(grown, [place])
        assert grown == summary
        assert [msgspec.structs.asdict(start) for start in summary.starts] == case["starts"]
        assert [msgspec.structs.asdict(end) for end in summary.ends] == case["ends"]
        assert [list(head) for head in heads(summary)] == case["heads"]
        assert [list(gap) for gap in summary.missing] == case["missing"]
        assert (summary.forked, summary.reach, summary.whole) == (case["forked"], case["reach"], case["whole"])


# -- receipts


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
