"""Vectors of journals: a day over two epochs, one line of each kind, held lines, broken batches, summaries."""

from __future__ import annotations

import json
from typing import Any

from sync.clock import Reading, Seen
from sync.encoding import b64, unb64
from sync.errors import DoorstepError
from sync.journal import Entry, JournalHead, Placed, append, check_batch
from sync.operations import GENESIS, Body, Header, Held, Position, touches, understand
from sync.operations import field as f
from sync.receipt import FLAG_CLOCK, FLAG_PAYER, ReceiptBody, pack_body
from sync.segments import heads, summarise
from sync.side_records import make_side_record
from sync.signing import TAG_RECEIPT
from tests.core.writing import BODY_TYPES, sample
from tests.protocol.vector_keys import signature

__all__ = ["DEVICE", "NOTE", "journal_lines", "journal_vectors", "kind_vectors", "segment_vectors"]

DEVICE = "00a1b2c3d4e5f607"
PACK = "2026-11-22/agent-1"
START_MS = 1_795_309_200_000
NOTE = make_side_record("门铃坏了，请敲门。".encode(), bytes(range(16)))
"""A note on the visit, as a side record."""


def _receipt(head: JournalHead, number: int, amount_minor: int, at_ms: int) -> str:
    body = ReceiptBody(
        key_id=head.device,
        epoch=head.epoch,
        seq=head.seq + 1,
        number=number,
        before=head.hash[:32],
        amount_minor=amount_minor,
        currency="CNY",
        method="cash",
        kind="payment",
        at_s=at_ms // 1000,
        offset_minutes=480,
        flags=FLAG_CLOCK | FLAG_PAYER,
        last_four=1234,
        tag="c0ffee00",
    )
    packed = pack_body(body)
    return b64(packed + unb64(signature("device", TAG_RECEIPT, packed), 64))


def journal_lines() -> list[Entry]:
    """Six operations of an agent's morning in epoch 1, then three in epoch 2 after a restore."""
    seen = Seen(START_MS - 600_000, "b00t-1", 400_000)
    entries: list[Entry] = []
    head = JournalHead(DEVICE, 1, 0, GENESIS)

    def write(body: Body, minutes: int, *, where: Position | None = None, boot: str = "b00t-1") -> None:
        nonlocal head
        reading = Reading(START_MS + minutes * 60_000, 480, boot, 1_000_000 + minutes * 60_000)
        entries.append(append(head, body, reading, seen=seen, pack=PACK, policy="cn-2026-1", position=where))
        head = entries[-1].head

    here = Position(333_456_789, 1_201_234_567, 12)
    who: Any = {"visit": "V-1001", "account": "A-1001", "customer": "C-1001"}
    write(f.VisitStarted(visit="V-1001"), 0, where=here)
    write(f.IdentityChecked(**who, method="visit_code", result="answered"), 2)
    paid = _receipt(head, 1, 50_000, START_MS + 5 * 60_000)
    write(f.PaymentCollected(**who, amount_minor=50_000, currency="CNY", method="cash", receipt=paid), 5)
    write(f.NoteTaken(visit="V-1001", note=NOTE.sha256), 6)
    write(f.PromiseMade(**who, amount_minor=30_000, currency="CNY", due="2026-12-05"), 7)
    write(
        f.VisitConcluded(**who, reason="part_paid", sub_reason="工资未发", next_action="十二月五日再访"), 8, where=here
    )
    head = JournalHead(DEVICE, 2, 0, head.hash, head.hlc)
    write(f.VisitStarted(visit="V-1002"), 30, boot="b00t-2")
    paid = _receipt(head, 1, 12_345, START_MS + 33 * 60_000)
    other: Any = {"visit": "V-1002", "account": "A-1002", "customer": "C-1002"}
    write(
        f.PaymentCollected(**other, amount_minor=12_345, currency="CNY", method="cash", receipt=paid), 33, boot="b00t-2"
    )
    write(
        f.DayEnded(seq=3, receipt_last=1, receipts=1, cash_minor=62_345, currency="CNY", concluded=1),
        600,
        boot="b00t-2",
    )
    return entries


def journal_vectors() -> dict[str, Any]:
    """Each line with its hash and place; batches that form a chain and batches that do not."""
    entries = journal_lines()
    lines = [entry.data.decode() for entry in entries]
    loose_epoch = append(
        JournalHead(DEVICE, 3, 0, entries[1].hash), f.VisitStarted(visit="V-1"), Reading(START_MS, 480, "b", 0)
    ).data.decode()
    stranger = append(
        JournalHead("ffffffffffffffff", 1, 0, GENESIS), f.VisitStarted(visit="V-1"), Reading(START_MS, 480, "b", 0)
    ).data.decode()
    batches = [
        lines,
        lines[2:5],
        [],
        [lines[0], lines[2]],
        [lines[1], lines[0]],
        [lines[0], lines[0]],
        [*lines[:3], loose_epoch],
        [stranger],
        [lines[0].replace("V-1001", "V-9999"), lines[1]],
        [lines[0], "{}"],
        [lines[0] + "\n", lines[1]],
        ["[" + lines[0] + "]"],
        ['{"device":"00a1b2c3d4e5f607","epoch":0,"seq":1,"prev":"' + GENESIS + '"}'],
        ['{"device":"00a1b2c3d4e5f607","epoch":1,"seq":1,"prev":"' + GENESIS.replace("0", "F") + '"}'],
        ['{"device":"00a1b2c3d4e5f607","epoch":1,"seq":1,"prev":"' + GENESIS + '","x":"' + "x" * 16_384 + '"}'],
    ]
    return {
        "device": DEVICE,
        "file": "journal.ndjson",
        "genesis": GENESIS,
        "lines": [
            {
                "sha256": entry.hash,
                "bytes": len(entry.data),
                "epoch": entry.operation.epoch,
                "seq": entry.operation.seq,
                "prev": entry.operation.prev,
                "hlc": entry.operation.hlc,
                "kind": type(entry.operation.body).__name__,
                "touches": list(touches(entry.operation)),
            }
            for entry in entries
        ],
        "batches": [{"lines": batch, "refused": _batch_code(batch)} for batch in batches],
    }


def _batch_code(batch: list[str]) -> str:
    try:
        check_batch(DEVICE, [line.encode() for line in batch])
    except DoorstepError as error:
        return error.code
    return ""


def kind_vectors() -> dict[str, Any]:
    """One line of every kind, and lines that are stored and held, with the rule that holds them."""
    reading = Reading(START_MS, 480, "b00t-1", 1_000)
    head = JournalHead(DEVICE, 1, 0, GENESIS)
    kinds = {}
    for kind in sorted(BODY_TYPES):
        entry = append(head, sample(BODY_TYPES[kind]), reading, pack=PACK)
        kinds[kind] = {"line": entry.data.decode(), "sha256": entry.hash}
    plain = append(head, f.NoteTaken(visit="V-1", note="n"), reading).data.decode()
    newer = json.loads(plain)
    odd = [
        plain,
        plain.replace('"seq":1', '"seq":1,"seq":1'),
        plain.replace('"visit":"V-1"', '"visit":"V-1","visit":"V-2"'),
        plain.replace('"mono_ms":1000', '"mono_ms":9007199254740992'),
        plain.replace('"mono_ms":1000', '"mono_ms":9007199254740991'),
        plain.replace('"mono_ms":1000', '"mono_ms":1000.0'),
        plain.replace('"mono_ms":1000', '"mono_ms":1e3'),
        plain.replace('"mono_ms":1000', '"mono_ms":-1'),
        plain.replace('"visit":"V-1"', '"visit":"\\u0056-1"'),
        plain.replace('"visit":"V-1"', '"visit":"\\ud800"'),
        plain.replace('"visit":"V-1"', '"visit":null'),
        plain.replace('"visit":"V-1",', ""),
        plain.replace('"visit":"V-1"', '"visit":"V-1","mood":"good"'),
        plain.replace("+08:00", "Z"),
        plain.replace('"v":1', '"v":0'),
        plain.replace("NoteTaken", "DreamTold"),
        json.dumps({**newer, "v": 2, "body": {"kind": "NoteTaken", "visit": "V-1", "note": "n", "mood": "good"}}),
        json.dumps({**newer, "v": 2, "body": []}),
        plain.replace('"v":1', '"v":2').replace('"mono_ms":1000', '"mono_ms":0.5'),
        plain[:-1],
    ]
    return {"kinds": kinds, "held": [{"line": line, "rule": _rule(line)} for line in odd]}


def _rule(line: str) -> str:
    found = understand(line.encode())
    return found.rule if isinstance(found, Held) else ""


def segment_vectors() -> list[dict[str, Any]]:
    """Sets of places (hash, epoch 1, seq, prev) with what is held, missing and forked."""
    trunk = [("h1", 1, GENESIS), ("h2", 2, "h1"), ("h3", 3, "h2"), ("h4", 4, "h3"), ("h5", 5, "h4")]
    branch = [("k4", 4, "h3"), ("k5", 5, "k4"), ("k6", 6, "k5")]
    stranger = [("s3", 3, "q2"), ("s4", 4, "s3")]
    cases = {
        "nothing": [],
        "one chain": trunk,
        "a gap": [trunk[0], *trunk[3:]],
        "the beginning is missing": trunk[2:],
        "a fork in the middle": [*trunk, *branch],
        "a fork whose branch has a gap": [*trunk, branch[0], branch[2]],
        "every number is held, yet not one chain": [*trunk[:2], *stranger],
        "two branches with a parent that is not held": [trunk[4], ("x5", 5, "h4")],
        "a number that does not follow its parent's": [trunk[0], ("z9", 9, "h1")],
    }
    found = []
    for name, places in cases.items():
        summary = summarise(_placed(hash_, seq, prev) for hash_, seq, prev in places)
        found.append(
            {
                "name": name,
                "places": [{"hash": hash_, "seq": seq, "prev": prev} for hash_, seq, prev in places],
                "starts": [{"seq": start.seq, "prev": start.prev} for start in summary.starts],
                "ends": [{"seq": end.seq, "hash": end.hash} for end in summary.ends],
                "heads": [list(head) for head in heads(summary)],
                "missing": [list(gap) for gap in summary.missing],
                "forked": summary.forked,
                "reach": summary.reach,
                "whole": summary.whole,
            }
        )
    return found


def _placed(hash_: str, seq: int, prev: str) -> Placed:
    return Placed(b"", hash_, Header(DEVICE, 1, seq, prev))
