"""Each kind: who may write it and what it touches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.encoding import b64
from sync.journal import JournalHead, append
from sync.operations import GENESIS, Body, kind_of, touches
from sync.operations.kinds import (
    FIELD_KINDS,
    INDEX_FAMILIES,
    KINDS,
    OFFICE_KINDS,
    ROLES,
    drawer_key,
    roles_allowed,
    series_of,
)
from sync.operations.office import ReceiptWitnessed
from tests.core.writing import BODY_TYPES, DEVICE, bodies, reading, sample

FAMILIES = {
    *INDEX_FAMILIES,
    "account",
    "visit",
    "customer",
    "drawer",
    "payment",
    "creditor",
    "notice",
    "remittance",
    "device",
    "branch",
    "transfer",
    "loss",
    "settlement",
    "restore",
}
START = JournalHead(DEVICE, 1, 0, GENESIS)
TOUCHES_NOTHING = {"OfficeOpened", "AgentRegistered"}
"""Facts about the office and its staff; folds read them from the registry."""


def test_every_kind_is_of_the_field_or_of_the_office() -> None:
    """The two sets share no name and together are all kinds."""
    assert set(BODY_TYPES) == KINDS == FIELD_KINDS | OFFICE_KINDS
    assert not FIELD_KINDS & OFFICE_KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_names_its_authors(kind: str) -> None:
    """An office kind has at least one role, all of them known; a field kind has none."""
    allowed = roles_allowed(kind)
    assert allowed <= set(ROLES)
    assert bool(allowed) == (kind in OFFICE_KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_touches_what_it_is_about(kind: str) -> None:
    """A kind in a pack touches something, unless it is one of the few that are read from elsewhere."""
    operation = append(START, sample(BODY_TYPES[kind]), reading(), pack="2026-11-22/agent-1").operation
    assert kind_of(operation) == kind
    keys = [key for key in touches(operation) if not key.startswith("drawer:") or kind not in FIELD_KINDS]
    assert touches(operation) or kind in TOUCHES_NOTHING
    assert all(key.split(":", 1)[0] in FAMILIES for key in keys) or kind == "DiscrepancyDecided"


@given(bodies(), st.sampled_from(["", "2026-11-22/agent-1", "nonsense", "/", "2026-11-22/"]))
def test_touches_are_sorted_and_never_empty_keys(body: Body, pack: str) -> None:
    """Whatever the body says, keys are sorted, each once, and none is the empty text."""
    found = touches(append(START, body, reading(), pack=pack).operation)
    assert list(found) == sorted(set(found))
    assert "" not in found
    assert (
        "payment:" not in found or "voided" in type(body).__struct_fields__ or "series" in type(body).__struct_fields__
    )


def test_a_field_operation_touches_the_drawer_of_its_pack() -> None:
    """The drawer comes from the pack's name; without a pack there is none."""
    operation = append(START, sample(BODY_TYPES["CashHandedOver"]), reading(), pack="2026-11-22/agent-1").operation
    assert touches(operation) == ("drawer:agent-1/2026-11-22",)
    assert touches(append(START, sample(BODY_TYPES["CashHandedOver"]), reading()).operation) == ()


@pytest.mark.parametrize(("pack", "key"), [("2026-11-22/a", "drawer:a/2026-11-22"), ("", ""), ("x", ""), ("x/", "")])
def test_the_drawer_key_follows_from_the_pack(pack: str, key: str) -> None:
    """Day and agent change places; what names no agent names no drawer."""
    assert drawer_key(pack) == key


def test_the_series_is_read_from_a_receipts_bytes() -> None:
    """Key id, epoch and number stand at fixed places, whatever the rest is."""
    data = bytearray(120)
    data[1:9] = bytes.fromhex(DEVICE)
    data[9:11] = (3).to_bytes(2, "big")
    data[15:19] = (17).to_bytes(4, "big")
    assert series_of(b64(bytes(data))) == f"{DEVICE}/3/17"


@pytest.mark.parametrize("text", ["", "x", "AAAA", "=" * 160, b64(bytes(119)), b64(bytes(121)), "é" * 160])
def test_what_is_no_receipt_has_no_series(text: str) -> None:
    """Other texts give no series, and a witness of them touches no payment."""
    assert series_of(text) == ""
    assert touches(append(START, ReceiptWitnessed(receipt=text, scanned_ms=1), reading()).operation) == ()
