"""`doorstep verify`: rebuild every state from the journals and compare; find what is not what was written.

The check stands apart from reconciliation: it reads only exact bytes and the documents that closings name, folds
them from nothing with `sync.reconcile.replay`, and compares the digests with what is stored.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from server.policies import judging_policy
from server.ports import Reader
from server.services.refold import is_refolding
from sync.encoding import sha256_hex
from sync.journal import Placed, place
from sync.operations.envelope import decode_header
from sync.operations.office import DayClosed
from sync.operations.understand import Held, understand
from sync.reconcile.engine import FAMILIES
from sync.reconcile.facts import Discrepancy, Posting
from sync.reconcile.ledger import balances, books_digest, imbalances, state_digest
from sync.reconcile.replay import replay
from sync.reconcile.resuming import lines_at_closings, resume, start_from
from sync.segments import summarise

__all__ = ["Fault", "Verification", "verify"]

_PAGE = 2_000
_OLDER = (
    "an older program folded this database, so stored outcomes may differ from what the journals say now: start the"
    " server, whose job refold folds everything anew, and verify again"
)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and where: a journal's place, a row, a key."""

    where: str
    what: str


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The result; it is sound when `faults` is empty."""

    operations: int
    aggregates: int
    postings: int
    discrepancies: int
    pending: int
    books_stored: str
    books_replayed: str
    state_stored: str
    state_replayed: str
    faults: tuple[Fault, ...]
    carried: int | None = None
    """Aggregates that a fold from the last closing carried over; None where none was asked for."""
    folded: int = 0
    """Aggregates that it folded anew."""

    @property
    def sound(self) -> bool:
        """Whether everything stored is what was written, and means what was stored of it."""
        return not self.faults


def verify(
    reader: Reader,
    *,
    shuffle: int | None = None,
    from_closing: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Verification:
    """Check every stored operation and fold all of them anew, in another order if a seed is given.

    With `from_closing` they are folded a second time, from the state at the last closing on; both must agree.
    A pending backlog is reported as a fault of its own: run the reconciler first, or expect digests to differ.
    """
    faults: list[Fault] = []
    lines: list[bytes] = []
    journals: dict[tuple[str, int], list[Placed]] = {}
    documents: set[str] = set()
    progress("reading operations")
    for row in reader.scan():
        where = f"{row.device}/{row.epoch}/{row.seq} (row {row.id}, hash {row.hash[:16]}…)"
        if sha256_hex(row.data) != row.hash:
            faults.append(Fault(where, f"the bytes have the hash {sha256_hex(row.data)[:16]}…: they were changed"))
            continue
        header = decode_header(row.data)
        if (header.device, header.epoch, header.seq) != (row.device, row.epoch, row.seq):
            faults.append(Fault(where, f"the bytes say {header.device}/{header.epoch}/{header.seq}"))
        lines.append(row.data)
        journals.setdefault((row.device, row.epoch), []).append(place(row.data))
        if b'"DayClosed"' in row.data:
            operation = understand(row.data)
            if not isinstance(operation, Held) and isinstance(operation.body, DayClosed):
                documents |= {operation.body.heads_document, operation.body.lines_document}
    blobs = _documents(reader, documents, faults)
    faults += _journal_faults(reader, journals)
    faults += _hash_faults(reader, journals)
    if shuffle is not None:
        random.Random(shuffle).shuffle(lines)  # noqa: S311  # an order to try, not a secret
    progress(f"folding {len(lines)} operations")
    pending = reader.pending_count()
    if pending:
        faults.append(Fault("pending", f"{pending} operations are stored and not yet reconciled"))
    if is_refolding(reader):
        faults.append(Fault("fold version", _OLDER))
    result = replay(lines, blobs, judging_policy())
    progress("comparing")
    states = dict(_states(reader))
    postings, discrepancies = list(reader.every_posting()), list(_discrepancies(reader))
    faults += [
        Fault(key, "the stored state differs from what the journals say")
        for key in sorted(states.keys() | result.outcomes.keys())
        if states.get(key) != (result.outcomes[key].state if key in result.outcomes else None)
    ]
    faults += [Fault("books", sentence) for sentence in imbalances(postings)]
    verification = Verification(
        operations=len(lines),
        aggregates=len(states),
        postings=len(postings),
        discrepancies=len(discrepancies),
        pending=pending,
        books_stored=books_digest(postings),
        books_replayed=result.books_digest,
        state_stored=state_digest(states.items(), discrepancies),
        state_replayed=result.state_digest,
        faults=(),
    )
    if verification.books_stored != verification.books_replayed:
        faults += _differences(postings, result.postings)
    if verification.state_stored != verification.state_replayed and not faults:
        faults.append(Fault("discrepancies", "the stored discrepancies differ from what the journals say"))
    if from_closing:
        progress("folding from the last closing on")
        start = start_from(lines_at_closings(lines, blobs), blobs, judging_policy())
        resumed = resume(start, lines, blobs)
        if (resumed.result.books_digest, resumed.result.state_digest) != (result.books_digest, result.state_digest):
            faults.append(Fault("closing", "a fold from the last closing on differs from one from the beginning"))
        verification = msgspec.structs.replace(verification, carried=resumed.carried, folded=resumed.folded)
    return msgspec.structs.replace(verification, faults=tuple(faults))


def _documents(reader: Reader, names: set[str], faults: list[Fault]) -> dict[str, bytes]:
    blobs: dict[str, bytes] = {}
    for name in sorted(names):
        data = reader.blob(name)
        if data is None or sha256_hex(data) != name:
            faults.append(Fault(f"document {name[:16]}…", "a document that a closing names is missing or changed"))
        blobs[name] = data if data is not None else b"[]"
    return blobs


def _journal_faults(reader: Reader, journals: dict[tuple[str, int], list[Placed]]) -> Iterator[Fault]:
    for state in reader.journals():
        expected = summarise(journals.get((state.device, state.epoch), ()))
        if expected != state.summary:
            yield Fault(
                f"journal {state.device}/{state.epoch}", "its chain is broken, or its summary is not its chain's"
            )


def _hash_faults(reader: Reader, journals: dict[tuple[str, int], list[Placed]]) -> Iterator[Fault]:
    """Every operation is stored once, and found by its hash: an index that lost one would let it in again."""
    for (device, epoch), placed in journals.items():
        counts = Counter(item.hash for item in placed)
        known: set[str] = set()
        for start in range(0, len(placed), _PAGE):
            known |= reader.known([item.hash for item in placed[start : start + _PAGE]])
        for item in {item.hash: item for item in placed}.values():
            where = f"{device}/{epoch}/{item.header.seq} (hash {item.hash[:16]}…)"
            if counts[item.hash] > 1:
                yield Fault(where, f"is stored {counts[item.hash]} times")
            if item.hash not in known:
                yield Fault(where, "is stored and not found by its hash")


def _states(reader: Reader) -> Iterator[tuple[str, dict[str, object]]]:
    for family in (*FAMILIES, "operation"):
        after = ""
        while page := reader.aggregates_of(family, after=after, limit=_PAGE):
            yield from page
            after = page[-1][0]


def _discrepancies(reader: Reader) -> Iterator[Discrepancy]:
    after = ""
    while page := reader.discrepancies(after=after, limit=_PAGE):
        yield from page
        after = page[-1].id


def _differences(stored: list[Posting], replayed: list[Posting]) -> list[Fault]:
    one, other = {p.id: p for p in stored}, {p.id: p for p in replayed}
    changed = [key for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)]
    balances_differ = balances(stored) != balances(replayed)
    return [
        Fault(f"posting {key}", "stored and replayed differ" + (" and balances with them" if balances_differ else ""))
        for key in changed[:20]
    ]
