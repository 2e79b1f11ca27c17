"""What the owner of an opened phone can write into its journal: anything, properly chained and signed."""

from __future__ import annotations

import json

from agent_client.recording import Desk
from sync.encoding import sha256_hex
from sync.journal import Entry, JournalHead, append
from sync.operations import Body
from sync.operations.field import NoteTaken
from sync.receipt import Receipt, ReceiptBody, sign_receipt

__all__ = ["false_receipt", "write_anything", "write_line"]


def write_anything(desk: Desk, body: Body, pack: str, *, receipt: int = 0) -> Entry:
    """Append a body of any kind; `receipt` is the receipt number that it used up."""
    with desk.store.transaction():
        writer = desk.store.journal.writer(desk.device)
        entry = append(writer.head, body, desk.clock(), seen=desk.store.state.sync().seen, pack=pack)
        desk.store.journal.add(entry, receipt or writer.receipt)
    return entry


def write_line(desk: Desk, pack: str, *, kind: str = "", version: int = 1, twice: bool = False) -> Entry:
    """Append a line that this office does not understand: an unknown kind, a later version, a key that stands twice."""
    with desk.store.transaction():
        writer = desk.store.journal.writer(desk.device)
        seen = desk.store.state.sync().seen
        made = append(writer.head, NoteTaken(visit="", note="0" * 64), desk.clock(), seen=seen, pack=pack)
        line = json.loads(made.data)
        line["v"] = version
        if kind:
            line["body"] = {"kind": kind, "reading": 4711}
        data = json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()
        if twice:
            data = data[:-1] + b',"mono_ms":1}'
        digest = sha256_hex(data)
        old = made.head
        head = JournalHead(old.device, old.epoch, old.seq, digest, old.hlc)
        entry = Entry(data, digest, made.operation, head)
        desk.store.journal.add(entry, writer.receipt)
    return entry


def false_receipt(desk: Desk, amount_minor: int, last_four: str) -> Receipt:
    """A receipt over this amount, signed with the phone's own key for its next place."""
    writer = desk.store.journal.writer(desk.device)
    reading = desk.clock()
    body = ReceiptBody(
        key_id=desk.device,
        epoch=writer.head.epoch,
        seq=writer.head.seq + 1,
        number=writer.receipt + 1,
        before=writer.head.hash[:32],
        amount_minor=amount_minor,
        currency="CNY",
        method="cash",
        kind="payment",
        at_s=max(0, min(reading.wall_ms // 1000, 2**32 - 1)),
        offset_minutes=480,
        flags=0,
        last_four=int(last_four),
        tag="00000000",
    )
    return sign_receipt(desk.signing_key, body)
