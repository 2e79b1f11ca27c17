"""From bytes to meaning, or to the reason why an operation is held: no bytes crash it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.clock import Seen
from sync.journal import JournalHead, append
from sync.limits import AMOUNT_MINOR_MAX, TEXT_LENGTH_MAX
from sync.operations import GENESIS, KINDS, SCHEMA_VERSION, Actor, Body, Held, Operation, Position, encode, understand
from sync.operations.understand import decode_understood
from tests.core.writing import BODY_TYPES, DEVICE, bodies, reading, sample, structs

START = JournalHead(DEVICE, 1, 0, GENESIS)
PROMISE = {
    "kind": "PromiseMade",
    "visit": "V1",
    "account": "A1",
    "customer": "C1",
    "amount_minor": 50_000,
    "currency": "CNY",
    "due": "2026-11-25",
}


def line(body: object = None, **changes: object) -> bytes:
    """An operation's line with some members changed; a member set to Ellipsis is left out."""
    members: dict[str, Any] = {
        "v": 1,
        "device": DEVICE,
        "epoch": 1,
        "seq": 1,
        "prev": GENESIS,
        "at": "2026-11-22T09:00:00.000+08:00",
        "hlc": "1795309200000-0000",
        "boot": "b",
        "mono_ms": 5,
        "body": PROMISE if body is None else body,
        **changes,
    }
    kept = {name: value for name, value in members.items() if value is not ...}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def promise(**changes: object) -> bytes:
    """A promise with some members of its body changed."""
    body = {name: value for name, value in {**PROMISE, **changes}.items() if value is not ...}
    return line(body)


def held(data: bytes) -> Held:
    """The reason, where there is one."""
    found = understand(data)
    assert isinstance(found, Held), found
    assert found.sentence.startswith("It is kept")
    assert found.sentence.endswith(".")
    return found


@settings(max_examples=300)
@given(bodies(), st.builds(Seen, st.integers(0, 2**53 - 1), st.text(st.characters(codec="utf-8"), max_size=5)))
def test_every_kind_round_trips(body: Body, seen: Seen | None) -> None:
    """What any author writes is understood as exactly what was meant."""
    entry = append(
        START,
        body,
        reading(),
        seen=Seen(seen.at_ms, seen.boot, 7) if seen else None,
        pack="2026-11-22/agent-1",
        policy="p1",
        position=Position(331_234_567, 1_201_234_567, 12),
        by=Actor("王", "supervisor"),
        rests_on=(GENESIS,),
    )
    assert understand(entry.data) == entry.operation == decode_understood(entry.data)
    assert encode(entry.operation) == entry.data


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_understood_and_strict(kind: str) -> None:
    """Of each kind the plain form is understood; a missing, a strange or a wrong member holds it."""
    entry = append(START, sample(BODY_TYPES[kind]), reading())
    assert isinstance(understand(entry.data), Operation)
    members = json.loads(entry.data)
    for name in list(members["body"]):
        broken = {**members, "body": {**members["body"], name: {"not": "this"}}}
        assert held(json.dumps(broken).encode()).rule == ("OPERATION-MALFORMED")
    strange = {**members, "body": {**members["body"], "strange": 1}}
    assert held(json.dumps(strange).encode()).rule == "OPERATION-MALFORMED"


def test_loose_spelling_of_the_same_members_is_understood() -> None:
    """Spaces, member order and escapes are the author's choice."""
    members = json.loads(line())
    turned = dict(reversed(members.items()))
    expected = understand(line())
    assert isinstance(expected, Operation)
    for data in (json.dumps(turned).encode(), json.dumps(members, indent=1).replace("\n", " ").encode()):
        assert understand(data) == expected
    assert understand(line().replace(b'"V1"', b'"\\u0056\\u0031"')) == expected


@pytest.mark.parametrize(
    "data",
    [
        line().replace(b'"seq":1', b'"seq":1,"seq":1'),
        promise().replace(b'"visit":"V1"', b'"visit":"V1","visit":"V2"'),
        line().replace(b'"mono_ms":5', b'"mono_ms":9007199254740993'),
        line().replace(b'"mono_ms":5', b'"mono_ms":18446744073709551616'),
        line(seen={"at_ms": 9_007_199_254_740_993, "boot": "b", "mono_ms": 1}),
        line().replace(b'"mono_ms":5', b'"mono_ms":5.0'),
        line().replace(b'"mono_ms":5', b'"mono_ms":5e0'),
        promise().replace(b"50000", b"50000.0"),
        promise().replace(b"50000", b"5e4"),
        promise().replace(b"50000", b"050000"),
        line()[:-1],
        line() + b"}",
        line() + line(),
        b"",
        b"{}",
        b"null",
        b"[]",
        b'{"v":1}',
        line()[:-1] + b',"\xff":1}',
        line().replace(b"V1", b"\xff"),
        line().replace(b"V1", b"\\ud800"),
        b'{"a":' * 5_000,
        b"[" * 100_000,
        line({"kind": "PromiseMade"}),
        line([]),
        line("PromiseMade"),
        line({}),
        line({"kind": 7}),
        line({"kind": ""}),
        line(v=0),
        line(v=-1),
        line(v="1"),
        line(v=...),
        line(v=None),
        line(v=2**60),
        line(v=0, body={"kind": "Unheard"}),
        line(at="2026-11-22"),
        line(at="2026-11-22T09:00:00.000+08:00 "),
        line(hlc="x"),
        line(hlc=...),
        line(mono_ms=-1),
        line(boot=5),
        line(boot="b" * (TEXT_LENGTH_MAX + 1)),
        line(pack="p" * (TEXT_LENGTH_MAX + 1)),
        line(strange=1),
        line(position={"lat_e7": 900_000_001, "lon_e7": 0, "accuracy_m": 1}),
        line(position={"lat_e7": 0, "lon_e7": -1_800_000_001, "accuracy_m": 1}),
        line(position={"lat_e7": 0, "lon_e7": 0, "accuracy_m": -1}),
        line(position={"lat_e7": 0, "lon_e7": 0}),
        line(by={"user": "u"}),
        line(seen={"at_ms": 1}),
        line(rests_on="x"),
        promise(amount_minor=-1),
        promise(amount_minor=AMOUNT_MINOR_MAX + 1),
        promise(amount_minor=True),
        promise(amount_minor="50000"),
        promise(amount_minor=None),
        promise(amount_minor=...),
        promise(currency="cny"),
        promise(currency="XAU"),
        promise(due=""),
        promise(due="2026-02-30"),
        promise(due="20261125"),
        promise(due="2026-W48-1"),
        promise(visit="V" * (TEXT_LENGTH_MAX + 1)),
        promise(visit=None),
        line({"kind": "NoticeDelivered", "visit": "V", "account": "A", "notice": "N", "version": -1}),
        line({"kind": "VisitConcluded", "visit": "V", "account": "A", "customer": "C", "reason": "aliens"}),
        line(
            {
                "kind": "DayEnded",
                "seq": 1,
                "receipt_last": 0,
                "receipts": -1,
                "cash_minor": 0,
                "currency": "CNY",
                "concluded": 0,
            }
        ),
        line(
            {
                "kind": "PaymentCollected",
                "visit": "V",
                "account": "A",
                "customer": "C",
                "amount_minor": 0,
                "currency": "CNY",
                "method": "cash",
                "receipt": "",
            }
        ),
    ],
)
def test_what_breaks_the_rules_of_this_version_is_malformed(data: bytes) -> None:
    """Duplicate keys, odd numbers, wrong types, strange members and impossible values are held as malformed."""
    assert held(data).rule == "OPERATION-MALFORMED"


@pytest.mark.parametrize(
    "data",
    [
        line({"kind": "TeleportUsed", "to": [1, 2]}),
        line({"kind": "TeleportUsed"}, v=SCHEMA_VERSION + 1),
        line(v=SCHEMA_VERSION + 1),
        line(v=SCHEMA_VERSION + 1, strange={"x": 1}),
        promise(mood="good").replace(b'"v":1', b'"v":2'),
        promise(visit=["V1"]).replace(b'"v":1', b'"v":2'),
        line([1, 2], v=7),
        line(..., v=7),
        line({"kind": 7}, v=7),
        line(v=7, hlc=..., at=..., body={}),
    ],
)
def test_what_a_later_version_may_understand_is_newer(data: bytes) -> None:
    """An unknown kind, or anything of a higher version, is held until an upgrade."""
    assert held(data).rule == "SCHEMA-NEWER"


def test_a_later_version_does_not_excuse_hostile_json() -> None:
    """Duplicate keys and odd numbers are malformed in every version."""
    assert held(line(v=7, strange=1.5)).rule == "OPERATION-MALFORMED"
    assert held(line(v=7).replace(b'"seq":1', b'"seq":1,"seq":1')).rule == "OPERATION-MALFORMED"


@given(st.binary(max_size=100) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_crash_understand(data: bytes) -> None:
    """Whatever is stored, there is an answer."""
    assert isinstance(understand(data), Held)


@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_an_operation_crashes_understand(data: st.DataObject) -> None:
    """Cut, doubled and flipped bytes of real operations are understood or held, never an exception."""
    whole = bytearray(append(START, data.draw(bodies()), reading(), pack="2026-11-22/甲").data)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        action = data.draw(st.sampled_from(["flip", "cut", "double", "insert"]))
        if action == "flip":
            whole[at] = data.draw(st.integers(0, 255))
        elif action == "cut" and len(whole) > 20:
            del whole[at : at + data.draw(st.integers(1, 10))]
        elif action == "double":
            whole[at:at] = whole[at : at + 20]
        else:
            whole[at:at] = data.draw(st.sampled_from([b'"', b"{", b",", b"\\u", b"9" * 30, b"\\ud800", b"e5", b".0"]))
        if not whole:
            break
    found = understand(bytes(whole))
    assert isinstance(found, Operation | Held)


@given(st.data())
def test_members_of_the_wrong_type_never_crash_understand(data: st.DataObject) -> None:
    """Any JSON value in any member's place is understood or held."""
    values: st.SearchStrategy[object] = (
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})
    )
    members = json.loads(line())
    for name in data.draw(st.sets(st.sampled_from(sorted(members)), min_size=1, max_size=2)):
        members[name] = data.draw(values)
    assert isinstance(understand(json.dumps(members).encode()), Operation | Held)


@given(structs(Position))
def test_understanding_is_a_function_of_the_bytes(position: Position) -> None:
    """The same bytes always give the same answer."""
    data = line(position={"lat_e7": position.lat_e7, "lon_e7": position.lon_e7, "accuracy_m": position.accuracy_m})
    assert understand(data) == understand(bytes(bytearray(data)))
