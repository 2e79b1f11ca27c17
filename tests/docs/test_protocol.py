"""PROTOCOL.md says what the code does: its tables, words, addresses and example cannot rot."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from server.services.badge_answers import BadgeVerdict
from server.services.receipt_answers import Verdict
from sync import limits
from sync.badge import BADGE_BYTES, CERTIFICATE_BYTES
from sync.digits import digits_of
from sync.encoding import unb64
from sync.errors import ERROR_CODES
from sync.money import CURRENCIES
from sync.operations import KINDS
from sync.receipt import METHODS, to_digits
from tests.docs.wire_tables import PROTOCOL, TABLES, written

TEXT = PROTOCOL.read_text(encoding="utf-8")
VECTORS = PROTOCOL.parents[1] / "fixtures" / "vectors"


def chapter(number: int) -> str:
    """One chapter of the document."""
    return TEXT.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def test_tables_are_those_of_the_code() -> None:
    """Every table between marks is the one that the code gives: python -m tests.docs.wire_tables."""
    assert written(TEXT) == TEXT


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_stands_once(name: str) -> None:
    """Each table has one pair of marks with something between them."""
    assert TEXT.count(f"<!-- table {name} -->") == TEXT.count(f"<!-- end {name} -->") == 1
    assert len(TABLES[name]()) > 40


def test_every_code_limit_and_kind_is_documented() -> None:
    """Whatever has a name on the wire has a row: error codes with status and remedy, limits with value, kinds."""
    for code, entry in ERROR_CODES.items():
        assert f"| `{code}` | {entry.status} | {entry.title} | {entry.remedy} |" in chapter(13)
    for name in (name for name in vars(limits) if name.isupper()):
        assert f"| `{name}` | {getattr(limits, name):,} | " in chapter(14)
    for kind in KINDS:
        assert f"| `{kind}` | " in chapter(4)


def test_no_code_is_named_that_does_not_exist() -> None:
    """Codes in the running text are codes of the catalogue or of the rules."""
    rules = {"OPERATION-MALFORMED", "SCHEMA-NEWER", "AUTHOR-NOT-ALLOWED", "DEVICE-REVOKED"}
    shaped = set(re.findall(r"(?<![\w-])[A-Z]{3,}(?:-[A-Z]{3,})+(?![\w-])", TEXT))
    assert not shaped - set(ERROR_CODES) - rules


def test_receipts_words_are_documented() -> None:
    """Methods, currencies and verdicts stand there with the numbers that the code uses."""
    receipts = chapter(11)
    for name, number in METHODS.items():
        assert f"{number} {name}" in receipts
    for code, entry in CURRENCIES.items():
        assert f"{code} {entry.number}" in receipts
        assert code in chapter(2)
    for verdict in get_args(Verdict):
        assert f"| `{verdict}` | " in receipts


def test_badges_words_are_documented() -> None:
    """Each verdict has a row, and the bytes and digits are those of the code."""
    badges = chapter(10)
    for verdict in get_args(BadgeVerdict):
        assert f"| `{verdict}` | " in badges
    for number in (f"{BADGE_BYTES} bytes", f"{digits_of(BADGE_BYTES)} digits", f"first {CERTIFICATE_BYTES} bytes"):
        assert number in badges


def test_every_address_for_phones_and_customers_is_documented() -> None:
    """Each path under /api/v1 that needs no sign-in stands in the document with its method."""
    http = Path(__file__).parents[2] / "server" / "http"
    found = set()
    for module in ("devices.py", "receipts.py", "side_records.py", "badges.py"):
        source = (http / module).read_text(encoding="utf-8") if (http / module).exists() else ""
        for method, path in re.findall(r'@(get|head|patch|post|put)\(\s*"(/api/v1/[^"]+)"', source):
            found.add(f"{method.upper()} {re.sub(r':[a-z]+}', '}', path)}")
    assert len(found) >= 9
    for address in found:
        assert f"`{address}" in TEXT, address


def test_the_worked_example_is_made_of_the_vectors() -> None:
    """Line, hash, receipt, digits, claims and acknowledgement are the vectors' own bytes."""
    example = chapter(16)
    line = (VECTORS / "journal.ndjson").read_bytes().split(b"\n")[2]
    assert line.decode() in example
    assert hashlib.sha256(line).hexdigest() in example
    receipt = unb64(json.loads(line)["body"]["receipt"], 120)
    assert receipt[:56].hex() in example
    assert receipt[56:].hex() in example
    assert to_digits(receipt) in example.replace("\n", "")
    signed = json.loads((VECTORS / "exchange.json").read_bytes())["signed"]
    assert signed[0]["payload"] in example
    assert signed[2]["payload"] in example
