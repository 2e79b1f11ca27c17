"""The plain client's formats against the golden vectors, without any office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.plain_formats import (
    check_badge,
    check_receipt,
    check_signature,
    cut_payload,
    follow_export,
    is_fresh,
    read_badge,
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


def test_it_checks_the_badges_of_the_vectors() -> None:
    """Genuine badges are read as their fields, fresh or stale as named, forged ones fail and others are no badges."""
    vectors, named = load("badge.json"), public_keys()
    office, device = named[vectors["office_key"]], named[vectors["device_key"]]
    for case in vectors["badges"]:
        digits = case["qr"].removeprefix(vectors["prefix"])
        badge = read_badge(digits)
        assert {name: badge[name] for name in case["fields"]} == case["fields"]
        assert badge["minute"] == case["minute"]
        assert check_badge(digits, {badge["office_key"]: office, badge["device"]: device}.__getitem__)
    for case in vectors["fresh"]:
        assert is_fresh(read_badge(_badge_digits(case["badge_hex"])), case["now_ms"]) is case["fresh"]
    for case in vectors["digits_appended"]:
        assert read_badge(case["text"]) == read_badge(case["digits"])
    for text in vectors["digits_refused"]:
        with pytest.raises(ValueError, match="digits"):
            read_badge(text)
    tail = vectors["badges"][0]["badge_hex"][70:]
    for certificate in vectors["certificates_refused"]:
        with pytest.raises(ValueError, match="badge"):
            read_badge(_badge_digits(certificate + tail))
    for case in vectors["forged"]:
        digits = _badge_digits(case["badge_hex"])
        badge = read_badge(digits)
        assert not check_badge(digits, {badge["office_key"]: office, badge["device"]: device}.__getitem__), case["why"]


def _badge_digits(text: str) -> str:
    """Groups of 7 bytes as 17 digits, and a last one of 5 to 7 bytes by its width."""
    data = bytes.fromhex(text)
    widths = {4: 10, 5: 13, 6: 15, 7: 17}
    groups = [data[start : start + 7] for start in range(0, len(data), 7)]
    return "".join(f"{int.from_bytes(group, 'big'):0{widths[len(group)]}d}" for group in groups)


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
