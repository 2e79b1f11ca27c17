"""Documents that tell a phone what became of its records.

`journal/DEVICE/EPOCH` says how far the office has reconciled; an operation up to there without a `verdict/HASH`
document is applied. A verdict document exists while its operation is held or disputed and leaves when it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from server.ports import Folded, StoredOperation, Writer
from sync.messages import JournalDocument, VerdictDocument
from sync.operations.understand import Held
from sync.reconcile.facts import Author, Discrepancy
from sync.reconcile.verdicts import verdict_of

__all__ = ["journal_documents", "verdict_documents"]


def journal_documents(writer: Writer, rows: Sequence[StoredOperation]) -> None:
    """Move each device's watermark to the highest number of this run; it never goes back."""
    registry = writer.registry()
    reached: dict[tuple[str, int], int] = {}
    for row in rows:
        place = (row.device, row.epoch)
        reached[place] = max(reached.get(place, 0), row.seq)
    for (device, epoch), seq in reached.items():
        author = registry.get(device)
        if author is None or author.is_office:
            continue
        name = f"journal/{device}/{epoch}"
        known = writer.document(author.agent, name)
        if known is not None:
            seq = max(seq, msgspec.json.decode(known, type=JournalDocument).reconciled_seq)
        document = JournalDocument(device=device, epoch=epoch, reconciled_seq=seq)
        writer.put_document(author.agent, name, msgspec.json.encode(document), personal=False)


def verdict_documents(
    writer: Writer,
    outcomes: Iterable[Folded],
    before: Mapping[str, Sequence[Discrepancy]],
    reasons: Mapping[str, Held],
) -> None:
    """Write, change or remove the verdicts of every operation that a changed discrepancy names or that is held.

    `reasons` says, by hash, why operations are kept without effect.
    """
    concerned: set[str] = set(reasons)
    for outcome in outcomes:
        old = {item.id: item for item in before.get(outcome.key, ())}
        new = {item.id: item for item in outcome.discrepancies}
        for id_ in old.keys() | new.keys():
            # One that nobody has to decide, before and after, leaves its operations applied.
            pair = [item for item in (old.get(id_), new.get(id_)) if item is not None]
            if old.get(id_) != new.get(id_) and any(item.open for item in pair):
                concerned.update(*(item.operations for item in pair))
    if not concerned:
        return
    registry = writer.registry()
    for row in writer.operations(concerned).values():
        author = registry.get(row.device)
        if author is not None and not author.is_office:
            _put_verdict(writer, author, row, _reason(writer, row, reasons))


def _reason(writer: Writer, row: StoredOperation, reasons: Mapping[str, Held]) -> Held | None:
    if row.hash in reasons:
        return reasons[row.hash]
    if not row.held:
        return None
    state = writer.aggregate(f"operation:{row.hash}")
    return Held(row.held, state["why"] if state else "")


def _put_verdict(writer: Writer, author: Author, row: StoredOperation, held: Held | None) -> None:
    verdict = verdict_of(row.hash, held, writer.disputes(row.hash))
    name = f"verdict/{row.hash}"
    if verdict.verdict == "applied":
        writer.remove_document(author.agent, name)
        return
    document = VerdictDocument(
        hash=row.hash,
        seq=row.seq,
        epoch=row.epoch,
        verdict=verdict.verdict,
        rule=verdict.rule,
        title=verdict.title_en,
        title_zh=verdict.title_zh,
        sentence=verdict.sentence_en,
        sentence_zh=verdict.sentence_zh,
        holds=verdict.holds_en,
        holds_zh=verdict.holds_zh,
    )
    writer.put_document(author.agent, name, msgspec.json.encode(document))
