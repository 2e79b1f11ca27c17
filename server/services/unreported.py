"""Receipts that customers showed and no phone has reported by the office's deadline.

A rule about absence reaches the books only through an office operation: this writes it. `ReceiptUnreported` says
what the office found at the receipt's place in the journal and whether the device's day is ended; only a free place
under an ended day, with no gap around it, lets the rule suspect anybody. When that changes, another one is written;
otherwise nothing is.
"""

from __future__ import annotations

from typing import Literal

from server.ports import OfficeWork, Reader, Store, Writer
from server.services.office import SYSTEM
from server.services.present import facts_now
from sync.errors import DoorstepError
from sync.operations.field import DayEnded, PaymentCollected, PaymentVoided
from sync.operations.kinds import series_of
from sync.operations.office import ReceiptUnreported, ReceiptWitnessed
from sync.receipt import Receipt, read_receipt
from sync.reconcile.facts import Fact

__all__ = ["sweep"]

Place = Literal["free", "taken", "forked", "held"]
_CURSOR = "unreported/cursor"
_DRAWERS_MAX = 40
"""Drawers of an agent in which a `DayEnded` is looked for, the latest first: more than a month of days."""
_AT_PLACE_MAX = 8
"""Operations read at one place of a journal; two are a fork already."""


def sweep(store: Store, now_ms: int, deadline_ms: int, limit: int = 500) -> int:
    """Look at the next `limit` receipt series in order of key; how many operations were written.

    `deadline_ms` is how long after its scan a receipt may stay unreported. Idempotent and bounded: a job.
    """
    with store.read() as reader:
        after = reader.setting(_CURSOR)
        page = reader.aggregates_of("payment", after=after, limit=limit)
    silent = [state["series"] for _, state in page if state["witnesses"] and not (state["payments"] or state["voids"])]
    cursor = page[-1][0] if len(page) == limit else ""
    if not silent and cursor == after:
        return 0

    def work(writer: Writer) -> int:
        writer.put_setting(_CURSOR, cursor)
        bodies = [body for series in silent for body in _findings(writer, series, now_ms - deadline_ms, deadline_ms)]
        writer.append_office([OfficeWork(body=body, by=SYSTEM) for body in bodies])
        return len(bodies)

    return store.write_now(work)


def _findings(reader: Reader, series: str, scanned_before_ms: int, deadline_ms: int) -> list[ReceiptUnreported]:
    """What is to be written about one series: at most one operation for each witness."""
    key = f"payment:{series}"
    facts = [fact for fact in facts_now(reader, [key])[key] if not fact.held]
    if any(_carries(fact, series) for fact in facts):
        return []
    known = {
        (body.witness, body.ended, body.place)
        for fact in facts
        if isinstance(body := fact.operation.body, ReceiptUnreported)
    }
    found = []
    for fact in facts:
        body = fact.operation.body
        if not isinstance(body, ReceiptWitnessed) or body.scanned_ms > scanned_before_ms:
            continue
        receipt = _readable(body.receipt)
        if receipt is None or receipt.body.kind != "payment":
            continue
        place = _place(reader, receipt)
        ended = "" if _in_gap(reader, receipt) else _ended(reader, receipt)
        if (fact.hash, ended, place) not in known:
            found.append(
                ReceiptUnreported(
                    series=series,
                    witness=fact.hash,
                    deadline_ms=body.scanned_ms + deadline_ms,
                    ended=ended,
                    place=place,
                )
            )
    return found


def _carries(fact: Fact, series: str) -> bool:
    body = fact.operation.body
    return isinstance(body, PaymentCollected | PaymentVoided) and series_of(body.receipt) == series


def _readable(text: str) -> Receipt | None:
    try:
        return read_receipt(text)
    except DoorstepError:
        return None


def _place(reader: Reader, receipt: Receipt) -> Place:
    """What stands at the receipt's own epoch and number in the journal."""
    rows = reader.operations_of(receipt.body.key_id, receipt.body.epoch, receipt.body.seq, _AT_PLACE_MAX)
    here = [row for row in rows if row.seq == receipt.body.seq]
    if len(here) > 1:
        return "forked"
    if here:
        return "held" if here[0].held else "taken"
    return "free"


def _in_gap(reader: Reader, receipt: Receipt) -> bool:
    """Whether the receipt's number is among those that the journal lacks and later ones prove.

    Then the payment may be on its way (after a restored backup phones bring everything again, in any order): the gap
    has a rule of its own, and nobody is suspected over it.
    """
    missing = reader.summary(receipt.body.key_id, receipt.body.epoch).missing
    return any(first <= receipt.body.seq <= last for first, last in missing)


def _ended(reader: Reader, receipt: Receipt) -> str:
    """Hash of the device's own `DayEnded` that covers the receipt's number, the first of them; empty for none."""
    author = reader.registry().get(receipt.body.key_id)
    if author is None or not author.agent:
        return ""
    keys = reader.keys_starting(f"drawer:{author.agent}/")[-_DRAWERS_MAX:]
    found: list[tuple[int, str]] = []
    for facts in facts_now(reader, keys).values():
        for fact in facts:
            operation, body = fact.operation, fact.operation.body
            if (
                isinstance(body, DayEnded)
                and not fact.held
                and operation.device == receipt.body.key_id
                and operation.epoch == receipt.body.epoch
                and body.receipt_last >= receipt.body.number
            ):
                found.append((operation.seq, fact.hash))
    return min(found, default=(0, ""))[1]
