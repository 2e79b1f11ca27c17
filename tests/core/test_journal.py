"""Journals: written in order, checked over exact bytes, refused when they do not form one chain."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import Reading
from sync.errors import Conflict, Refused
from sync.journal import JournalHead, append, check_batch, check_framing, place, verify_chain
from sync.limits import EPOCH_MAX, OPERATION_BYTES_MAX, OPERATION_BYTES_MAX_WRITER, SEQ_MAX
from sync.operations import GENESIS, decode_header
from sync.operations.field import CashHandedOver, Denomination, NoteTaken, PaymentCollected, PromiseMade
from sync.operations.office import DeviceRevoked, Head
from tests.core.writing import DEVICE, code_of, journal, placed, reading

NOTE = NoteTaken(visit="V1", note="n")
START = JournalHead(DEVICE, 1, 0, GENESIS)


def envelope(**changes: object) -> bytes:
    """A line whose envelope has these members changed; a member set to Ellipsis is left out."""
    members = {"device": DEVICE, "epoch": 1, "seq": 1, "prev": GENESIS, **changes}
    return json.dumps({name: value for name, value in members.items() if value is not ...}).encode()


# -- writing


def test_each_operation_names_the_one_before() -> None:
    """Numbers ascend by one, each `prev` is the hash of the line before, and sha256 is enough to follow it."""
    entries = journal(5)
    prev = GENESIS
    for number, entry in enumerate(entries, start=1):
        header = decode_header(entry.data)
        assert (header.device, header.epoch, header.seq, header.prev) == (DEVICE, 1, number, prev)
        prev = hashlib.sha256(entry.data).hexdigest()
        assert entry.hash == entry.head.hash == prev


def test_members_stand_in_their_order_and_defaults_are_left_out() -> None:
    """The bytes of a small operation are fixed."""
    assert append(START, NOTE, reading()).data == (
        b'{"v":1,"device":"00a1b2c3d4e5f607","epoch":1,"seq":1,"prev":"' + b"0" * 64 + b'",'
        b'"at":"2026-11-22T09:00:00.000+08:00","hlc":"1795309200000-0000","boot":"b00t","mono_ms":1000,'
        b'"body":{"kind":"NoteTaken","visit":"V1","note":"n"}}'
    )


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=8))
def test_the_hybrid_clock_in_a_journal_only_ascends(walls: list[int]) -> None:
    """Whatever the wall clock says, as long as it is in the calendar, the chain grows and its HLC ascends."""
    head, last = START, ""
    for wall_ms in walls:
        entry = append(head, NOTE, Reading(max(wall_ms, -(10**13)), 480, "b", 0))
        assert entry.operation.hlc > last
        head, last = entry.head, entry.operation.hlc


def test_a_full_journal_says_so() -> None:
    """When the numbers of an epoch are used up, the answer is to open another."""
    with pytest.raises(Conflict) as caught:
        append(JournalHead(DEVICE, 1, SEQ_MAX, GENESIS), NOTE, reading())
    assert caught.value.code == "STATE-FORBIDS"
    assert append(JournalHead(DEVICE, 1, SEQ_MAX - 1, GENESIS), NOTE, reading()).head.seq == SEQ_MAX


@pytest.mark.parametrize(
    "body",
    [
        NoteTaken(visit="V1", note="n" * 201),
        PromiseMade(visit="V", account="A", customer="C", amount_minor=1, currency="CNY", due="tomorrow"),
        PromiseMade(visit="V", account="A", customer="C", amount_minor=1, currency="XXX", due="2026-11-25"),
        NoteTaken(visit="V1", note="\udcff"),
        CashHandedOver(amount_minor=-1, currency="CNY"),
        CashHandedOver(amount_minor=10**30, currency="CNY"),
        CashHandedOver(amount_minor=1.5, currency="CNY"),  # type: ignore[arg-type]  # the point of the test
        PaymentCollected(
            visit="V", account="A", customer="C", amount_minor=0, currency="CNY", method="cash", receipt=""
        ),
    ],
)
def test_what_would_be_held_is_not_written(body: NoteTaken) -> None:
    """A body that the office would hold is refused before it stands in the journal for good."""
    with pytest.raises(Refused) as caught:
        append(START, body, reading())
    assert caught.value.code == "ARGUMENT-WRONG"


@pytest.mark.parametrize("prev", ["", "0" * 63, "A" * 64])
def test_a_head_that_is_no_hash_is_not_continued(prev: str) -> None:
    """What the office would refuse is not written either."""
    with pytest.raises(Refused):
        append(JournalHead(DEVICE, 1, 0, prev), NOTE, reading())


def test_the_field_writes_less_than_the_office_reads() -> None:
    """A device stops at the writer's limit; the office's own operations may have the reader's."""
    pieces = tuple(Denomination(10_000, 1) for _ in range(OPERATION_BYTES_MAX_WRITER // 20))
    with pytest.raises(Refused) as caught:
        append(START, CashHandedOver(amount_minor=1, currency="CNY", denominations=pieces), reading())
    assert caught.value.code == "OPERATION-TOO-LARGE"
    heads = tuple(Head(DEVICE, 1, 1, GENESIS) for _ in range(80))
    entry = append(START, DeviceRevoked(device=DEVICE, heads=heads), reading())
    assert OPERATION_BYTES_MAX_WRITER < len(entry.data) <= OPERATION_BYTES_MAX


# -- framing and place


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FRAMING-BROKEN"),
        (b"[]", "FRAMING-BROKEN"),
        (b' {"a":1}', "FRAMING-BROKEN"),
        (b'{"a":\n1}', "FRAMING-BROKEN"),
        (b'{"a":1}\r', "FRAMING-BROKEN"),
        (b'{"a":"\0"}', "FRAMING-BROKEN"),
        (b'{"a":"\xff"}', "FRAMING-BROKEN"),
        (b'{"a":"\xed\xa0\x80"}', "FRAMING-BROKEN"),
        (b"\xef\xbb\xbf{}", "FRAMING-BROKEN"),
        (b"{" + b" " * OPERATION_BYTES_MAX, "OPERATION-TOO-LARGE"),
    ],
)
def test_broken_framing_is_refused(data: bytes, code: str) -> None:
    """An operation is one line of UTF-8 that starts with an object and is not too large."""
    with pytest.raises(Refused) as caught:
        check_framing(data)
    assert caught.value.code == code


def test_the_largest_operation_is_accepted() -> None:
    """The limit itself is allowed."""
    line = envelope(pad="")
    full = envelope(pad="x" * (OPERATION_BYTES_MAX - len(line)))
    assert len(place(full).data) == OPERATION_BYTES_MAX


@pytest.mark.parametrize(
    "changes",
    [
        {"device": ...},
        {"device": 5},
        {"epoch": ...},
        {"epoch": 0},
        {"epoch": EPOCH_MAX + 1},
        {"epoch": "1"},
        {"epoch": True},
        {"epoch": None},
        {"seq": ...},
        {"seq": 0},
        {"seq": -1},
        {"seq": SEQ_MAX + 1},
        {"seq": 10**30},
        {"seq": 1.5},
        {"prev": ...},
        {"prev": ""},
        {"prev": "0" * 63},
        {"prev": "A" * 64},
        {"prev": None},
    ],
)
def test_a_broken_envelope_is_refused(changes: dict[str, object]) -> None:
    """Device, epoch, seq and prev must be there, of their types and within their bounds."""
    with pytest.raises(Refused) as caught:
        place(envelope(**changes))
    assert caught.value.code == "ENVELOPE-BROKEN"


def test_a_readable_envelope_is_placed_whatever_the_rest_is() -> None:
    """An operation whose body nobody understands keeps its place in the journal."""
    data = envelope(v=99, body={"kind": "SomethingNew"}, at=None)
    assert place(data).hash == hashlib.sha256(data).hexdigest()
    assert place(envelope(pack="2026-11-22/a")).header.pack == "2026-11-22/a"
    for pack in (5, None, ["x"], {"a": 1}):
        assert place(envelope(pack=pack)).header.pack == ""
    assert place(envelope(epoch=EPOCH_MAX, seq=SEQ_MAX)).header.seq == SEQ_MAX


@given(
    st.binary(max_size=80).map(lambda tail: b"{" + tail)
    | st.binary(max_size=80)
    | st.text(max_size=60).map(lambda text: envelope(device=text, body=text))
)
def test_no_bytes_crash_place(data: bytes) -> None:
    """Any bytes are placed or refused with one of the envelope's codes."""
    assert code_of(place, data) in {"", "FRAMING-BROKEN", "ENVELOPE-BROKEN", "OPERATION-TOO-LARGE"}


def test_deep_nesting_does_not_crash_place() -> None:
    """Brackets without end are refused."""
    for data in (b'{"a":' * 3_000, b'{"a":' + b"[" * 16_000):
        with pytest.raises(Refused):
            place(data)


# -- a batch


def test_a_batch_in_order_is_accepted() -> None:
    """One chain passes, from any number on, into a later epoch too, and an empty one."""
    first = journal(3)
    second = journal(2, epoch=4, prev=first[-1].hash)
    lines = [entry.data for entry in (*first, *second)]
    assert [item.hash for item in check_batch(DEVICE, lines)] == [entry.hash for entry in (*first, *second)]
    assert len(check_batch(DEVICE, lines[1:])) == 4
    assert check_batch(DEVICE, []) == []


def test_a_batch_that_is_no_chain_is_refused() -> None:
    """Holes, repetitions, swapped lines, other branches, other devices and skipped epochs are refused."""
    lines = [entry.data for entry in journal(4)]
    other = [entry.data for entry in journal(4, branch="x")]
    loose_epoch = journal(1, epoch=2, prev=journal(2)[-1].hash)[0].data
    late_epoch = journal(1, epoch=2, prev=journal(4)[-1].hash, first=5)[0].data
    back = journal(1, epoch=1, prev=journal(1, epoch=2)[0].hash)[0].data
    for broken in (
        [lines[0], lines[2]],
        [lines[0], lines[0]],
        [lines[1], lines[0]],
        [lines[0], other[1]],
        [*lines, loose_epoch],
        [*lines, late_epoch],
        [journal(1, epoch=2)[0].data, back],
        [lines[0], journal(2, device="f" * 16)[1].data],
    ):
        with pytest.raises(Refused) as caught:
            check_batch(DEVICE, broken)
        assert caught.value.code == "CHAIN-BROKEN"
    with pytest.raises(Refused):
        check_batch("f" * 16, lines)


@given(st.data())
def test_any_change_of_a_byte_breaks_the_chain(data: st.DataObject) -> None:
    """One changed byte in any line but the last is noticed."""
    lines = [entry.data for entry in journal(4)]
    at = data.draw(st.integers(0, 2))
    byte = data.draw(st.integers(0, len(lines[at]) - 1))
    changed = bytearray(lines[at])
    changed[byte] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused):
        check_batch(DEVICE, [*lines[:at], bytes(changed), *lines[at + 1 :]])


# -- an export


def test_an_export_is_followed_over_epochs_and_forks() -> None:
    """A later epoch may continue any line before it, as after a fork; the rest follows line by line."""
    first = journal(4)
    second = journal(2, epoch=2, prev=first[1].hash)
    third = journal(1, epoch=5, prev=second[-1].hash)
    lines = [entry.data for entry in (*first, *second, *third)]
    assert len(verify_chain(lines, prev=GENESIS)) == 7
    assert len(verify_chain(lines[1:])) == 6
    assert verify_chain([]) == []


def test_an_export_with_a_fault_names_the_line() -> None:
    """The first line that does not follow is named by its number."""
    lines = [entry.data for entry in journal(4)]
    for broken, number in (
        ([*lines[:2], lines[3]], 3),
        ([lines[0], lines[0]], 2),
        ([*lines, journal(1, epoch=2, prev="f" * 64)[0].data], 5),
        ([*lines, journal(1, epoch=1, branch="x")[0].data], 5),
        ([*lines, journal(1, epoch=2, first=2, prev=journal(4)[-1].hash)[0].data], 5),
        ([*lines, journal(5, device="f" * 16)[4].data], 5),
        ([*lines, journal(1, epoch=2, device="f" * 16, prev=journal(4)[-1].hash)[0].data], 5),
    ):
        with pytest.raises(Refused) as caught:
            verify_chain(broken, prev=GENESIS)
        assert caught.value.code == "CHAIN-BROKEN"
        assert f"line {number} " in caught.value.cause


def test_an_export_must_continue_the_head_it_is_said_to() -> None:
    """The first line is checked against the head before it, even when it opens an epoch."""
    lines = [entry.data for entry in journal(2)]
    with pytest.raises(Refused):
        verify_chain(lines, prev="f" * 64)
    with pytest.raises(Refused):
        verify_chain(lines[1:], prev=GENESIS)


def test_placing_keeps_the_very_bytes() -> None:
    """Spaces and member order are the author's; nobody re-encodes."""
    loose = b'{ "prev":"' + b"0" * 64 + b'", "seq":1,"epoch":1 ,"device":"d" }'
    assert place(loose).data == loose
    assert placed(journal(1))[0].data == journal(1)[0].data
