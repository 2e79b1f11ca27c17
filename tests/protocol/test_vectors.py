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
from sync.journal import Placed, check_batch, verify_chain
from sync.money import format_amount, parse_amount
from sync.operations import KINDS, Header, Held, Operation, encode, kind_of, understand
from sync.segments import Summary, extend, heads, summarise
from sync.signing import load_public_key
from tests.core.writing import code_of
from tests.protocol.make_vectors import FOLDER, make_all

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
