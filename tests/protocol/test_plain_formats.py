"""The plain client's formats against the golden vectors, without any office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.plain_formats import (
    check_receipt,
    check_signature,
    cut_payload,
    follow_export,
    read_body,
    read_digits,
    to_bytes,
    to_text,
)

VECTORS = Path(__file__).parents[2] / "fixtures" / "vectors"


def load(name: str) -> Any:
    """One file of vectors."""
    return json.loads((VECTORS / name).read_bytes())


def public_keys() -> dict[str, str]:
    """Name → public key of the test keys."""
    return {key["name"]: key["public_key"] for key in load("keys.json")}


def test_it_follows_the_journal_of_the_vectors() -> None:
    """The export's hashes come out, and a line that is missing, changed or moved is noticed."""
    content = (VECTORS / "journal.ndjson").read_bytes()
    assert follow_export(content) == [line["sha256"] for line in load("journal.json")["lines"]]
    lines = content.split(b"\n")
    for broken in (
        [lines[0], *lines[2:]],
        [lines[1], lines[0], *lines[2:]],
        [lines[0].replace(b"V-1001", b"V-1002"), *lines[1:]],
    ):
        with pytest.raises(ValueError, match="does not follow"):
            follow_export(b"\n".join(broken))


def test_it_checks_the_receipts_of_the_vectors() -> None:
    """Genuine receipts are read as their fields, forged ones are not genuine, others are no receipts."""
    vectors = load("receipts.json")
    key = public_keys()[vectors["key"]]
    for case in vectors["receipts"]:
        digits = case["qr"].removeprefix(vectors["prefix"])
        assert check_receipt(digits, lambda _: key) == {**case["fields"], "identity": case["identity"]}
    for case in vectors["digits_appended"]:
        assert read_digits(case["text"]) == read_digits(case["digits"])
    for text in vectors["digits_refused"]:
        with pytest.raises(ValueError, match="digits"):
            read_digits(text)
    for body in vectors["bodies_refused"]:
        with pytest.raises(ValueError, match="not a receipt"):
            read_body(bytes.fromhex(body))
    for case in vectors["forged"]:
        data = bytes.fromhex(case["receipt"])
        assert not check_signature(key, "doorstep/receipt/1", data[:56], data[56:])


def test_it_checks_the_signatures_of_the_vectors() -> None:
    """Payloads are cut out of messages byte for byte, and verify for their key and tag only."""
    vectors, keys = load("exchange.json"), public_keys()
    for good, cases in ((True, vectors["signed"]), (False, vectors["signed_wrongly"])):
        for case in cases:
            found = check_signature(
                keys[case["key"]], case["tag"], case["payload"].encode(), to_bytes(case["signature"])
            )
            assert found is good
    acknowledgement = next(case for case in vectors["signed"] if case["what"] == "acknowledgement")
    assert cut_payload(vectors["answer"].encode()).decode() == acknowledgement["payload"]
    assert cut_payload(vectors["request"].encode(), b'"claims":').decode() == vectors["signed"][0]["payload"]
    assert cut_payload(b'{"payload": {"a":"}\\"{","b":{}},"x":1}') == b'{"a":"}\\"{","b":{}}'


def test_it_reads_base64url_as_the_vectors_say() -> None:
    """Texts and bytes belong together one to one."""
    for case in load("encoding.json")["base64url"]:
        assert to_text(bytes.fromhex(case["hex"])) == case["text"]
        assert to_bytes(case["text"]).hex() == case["hex"]
    for text in ("AB", "AA=="):
        with pytest.raises(ValueError, match=r"base64|padd"):
            to_bytes(text)
