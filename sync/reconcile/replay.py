"""The whole world from its journals: every aggregate, posting and discrepancy, with no store at hand.

`doorstep verify` and the properties use it. Its inputs are exact lines and the content-addressed documents that
closings name; whatever order the lines come in, the result is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from sync.errors import Corrupt
from sync.journal import Placed, place
from sync.operations.envelope import Operation
from sync.operations.kinds import INDEX_FAMILIES, touches
from sync.operations.office import DayClosed, DeviceEnrolled, DeviceRevoked, ExchangeReceived, Head, OfficeOpened
from sync.operations.understand import Held, understand
from sync.policy import Policy
from sync.reconcile.authors import author_fault
from sync.reconcile.engine import JournalContext, fold, held_outcome
from sync.reconcile.facts import Arrival, Author, Discrepancy, Fact, Outcome, Posting, Registry, canonical_order
from sync.reconcile.ledger import books_digest, state_digest
from sync.reconcile.links import linked_touches
from sync.reconcile.standing import ancestors, arrivals, covered_by_revocation, is_witnessed_body
from sync.segments import summarise

__all__ = [
    "Gathered",
    "Replay",
    "fold_keys",
    "gather",
    "held_outcomes",
    "index_of",
    "journals_of",
    "registry_of",
    "replay",
]


class Replay(msgspec.Struct, frozen=True):
    """Everything that the journals mean."""

    outcomes: dict[str, Outcome]
    operations: int
    held: dict[str, str]
    """Hash → rule, of operations kept without effect."""

    @property
    def postings(self) -> list[Posting]:
        """All postings, in order of identity."""
        return sorted((p for o in self.outcomes.values() for p in o.postings), key=lambda posting: posting.id)

    @property
    def discrepancies(self) -> list[Discrepancy]:
        """All discrepancies, in order of identity."""
        return sorted((d for o in self.outcomes.values() for d in o.discrepancies), key=lambda found: found.id)

    @property
    def books_digest(self) -> str:
        """Digest of the books."""
        return books_digest(self.postings)

    @property
    def state_digest(self) -> str:
        """Digest of every state and discrepancy."""
        return state_digest(((key, outcome.state) for key, outcome in self.outcomes.items()), self.discrepancies)


def registry_of(operations: Iterable[Operation]) -> dict[str, Author]:
    """Device id → author, from openings and enrolments; of several for one id the first in HLC order counts.

    A phone's id is the key id of its receipts (16 hexadecimal digits), an office journal's is not: so a phone that
    writes an opening of its own is not listened to, nor is its enrolment of another.
    """
    ordered = sorted(operations, key=lambda item: (item.hlc, item.device, item.epoch, item.seq, item.prev))
    found: dict[str, Author] = {}
    for operation in ordered:
        body = operation.body
        if isinstance(body, OfficeOpened) and not _is_key_id(operation.device):
            found.setdefault(operation.device, Author(operation.device, "", "", body.public_key))
    offices = dict(found)
    for operation in ordered:
        body = operation.body
        office = offices.get(operation.device)
        if isinstance(body, DeviceEnrolled) and office is not None and author_fault(operation, office) is None:
            found.setdefault(body.device, Author(body.device, body.agent, body.branch, body.public_key))
    return found


def _is_key_id(device: str) -> bool:
    return len(device) == 16 and set(device) <= set("0123456789abcdef")


class Gathered(msgspec.Struct, frozen=True):
    """Every line with what is known of it before anything is folded."""

    placed: dict[str, Placed]
    facts: dict[str, Fact]
    held: dict[str, Held]
    revoked: set[str]
    registry: Registry


def replay(lines: Iterable[bytes], blobs: Mapping[str, bytes], policy: Policy | None = None) -> Replay:
    """Fold everything; `blobs` holds the documents with the heads that closings name, by SHA-256.

    `policy` holds the rules of conduct, the same as the office judges by; None judges no hours and no frequency.
    """
    gathered = gather(lines, blobs)
    return Replay(
        _fold_all(gathered, policy),
        len(gathered.placed),
        {hash_: fault.rule for hash_, fault in gathered.held.items()}
        | dict.fromkeys(gathered.revoked, "DEVICE-REVOKED"),
    )


def gather(lines: Iterable[bytes], blobs: Mapping[str, bytes]) -> Gathered:
    """Understand each line and join it with its arrival, what holds it and which closing covers it."""
    placed = {item.hash: item for item in map(place, lines)}
    understood: dict[str, Operation] = {}
    held: dict[str, Held] = {}
    for hash_, item in placed.items():
        result = understand(item.data)
        if isinstance(result, Held):
            held[hash_] = result
        else:
            understood[hash_] = result
    registry = registry_of(list(understood.values()))
    for hash_, operation in understood.items():
        author = registry.get(operation.device)
        if author is None:
            held[hash_] = Held("AUTHOR-NOT-ALLOWED", f"No enrolment of the device {operation.device[:40]!r} is known.")
        elif (fault := author_fault(operation, author)) is not None:
            held[hash_] = fault
    revoked = _held_after_revocation(placed, understood, held)
    facts = _facts(placed, understood, held, revoked, blobs, registry)
    return Gathered(placed, facts, held, revoked, registry)


def _held_after_revocation(
    placed: Mapping[str, Placed], understood: Mapping[str, Operation], held: Mapping[str, Held]
) -> set[str]:
    usable = [Fact(hash_, operation) for hash_, operation in understood.items() if hash_ not in held]
    revocations: dict[str, DeviceRevoked] = {}
    for fact in canonical_order(fact for fact in usable if isinstance(fact.operation.body, DeviceRevoked)):
        body = fact.operation.body
        if isinstance(body, DeviceRevoked):
            revocations.setdefault(body.device, body)
    journals: defaultdict[str, dict[str, Placed]] = defaultdict(dict)
    for hash_, item in placed.items():
        if item.header.device in revocations:
            journals[item.header.device][hash_] = item
    after: set[str] = set()
    for device, body in revocations.items():
        mine = journals[device]
        good = covered_by_revocation(
            body, {h: item.header.prev for h, item in mine.items()}, {hash_[:32]: hash_ for hash_ in mine}
        )
        # What is held for another reason has its own discrepancy already: one cause raises one.
        after |= {
            hash_
            for hash_ in mine
            if hash_ not in good and hash_ not in held and not _is_witnessed(body, understood[hash_])
        }
    return after


def _is_witnessed(revoked: DeviceRevoked, operation: Operation) -> bool:
    return is_witnessed_body(revoked, operation.body, (operation.epoch, operation.seq, operation.prev))


def _facts(
    placed: Mapping[str, Placed],
    understood: Mapping[str, Operation],
    held: Mapping[str, Held],
    revoked: set[str],
    blobs: Mapping[str, bytes],
    registry: Registry,
) -> dict[str, Fact]:
    usable = {hash_: operation for hash_, operation in understood.items() if hash_ not in held}
    exchanges = [(h, o.body) for h, o in usable.items() if isinstance(o.body, ExchangeReceived)]
    places = {hash_: (item.header.prev, item.header.seq) for hash_, item in placed.items()}
    arrived: dict[str, Arrival] = arrivals(places, exchanges)
    closings = [o.body for o in usable.values() if isinstance(o.body, DayClosed)]
    covered = _covered(placed, closings, blobs, registry)
    return {
        hash_: Fact(
            hash_,
            operation,
            arrived.get(hash_),
            held[hash_].rule if hash_ in held else ("DEVICE-REVOKED" if hash_ in revoked else ""),
            covered.get(hash_, ""),
        )
        for hash_, operation in understood.items()
    }


def _covered(
    placed: Mapping[str, Placed], closings: Iterable[DayClosed], blobs: Mapping[str, bytes], registry: Registry
) -> dict[str, str]:
    """Hash → number of the first closing of its own branch that covers it. Raises STORE-CORRUPT without a document."""
    previous = {hash_: item.header.prev for hash_, item in placed.items()}
    covered: dict[str, str] = {}
    for body in sorted(closings, key=lambda closing: (closing.branch, closing.number)):
        data = blobs.get(body.heads_document)
        if data is None:
            raise Corrupt("STORE-CORRUPT", f"closing {body.number} of {body.branch} names a document that is missing")
        for hash_ in ancestors(previous, [head.hash for head in msgspec.json.decode(data, type=list[Head])]):
            author = registry.get(placed[hash_].header.device)
            if author is not None and author.branch in {"", body.branch}:
                covered.setdefault(hash_, f"{body.number:06d}")
    return covered


def journals_of(gathered: Gathered) -> dict[str, JournalContext]:
    """Device → what its fold needs of its journal."""
    epochs: defaultdict[str, defaultdict[int, list[Placed]]] = defaultdict(lambda: defaultdict(list))
    for item in gathered.placed.values():
        epochs[item.header.device][item.header.epoch].append(item)
    late: defaultdict[str, list[str]] = defaultdict(list)
    for hash_ in sorted(gathered.revoked):
        late[gathered.placed[hash_].header.device].append(hash_)
    return {
        device: JournalContext({e: summarise(items) for e, items in sorted(mine.items())}, tuple(late[device]))
        for device, mine in epochs.items()
    }


def index_of(gathered: Gathered) -> dict[str, set[str]]:
    """Aggregate key → hashes of the operations that it is folded from."""
    index: defaultdict[str, set[str]] = defaultdict(set)
    for hash_, fact in gathered.facts.items():
        for key in touches(fact.operation):
            if key.partition(":")[0] not in INDEX_FAMILIES:
                index[key].add(hash_)
    for key, hash_ in linked_touches((hash_, fact.operation) for hash_, fact in gathered.facts.items()):
        index[key].add(hash_)
    return dict(index)


def _fold_all(gathered: Gathered, policy: Policy | None) -> dict[str, Outcome]:
    index = index_of(gathered)
    return fold_keys(gathered, index, sorted(index), policy) | held_outcomes(gathered, index)


def fold_keys(
    gathered: Gathered, index: Mapping[str, set[str]], keys: Iterable[str], policy: Policy | None
) -> dict[str, Outcome]:
    """Fold these aggregates from all that touches them."""
    journals = journals_of(gathered)
    outcomes: dict[str, Outcome] = {}
    for key in keys:
        family, _, name = key.partition(":")
        if family == "operation":
            continue
        journal = journals.get(name, JournalContext({})) if family == "device" else JournalContext({})
        facts = [gathered.facts[hash_] for hash_ in index[key]]
        outcomes[key] = fold(key, facts, gathered.registry, journal, policy)
    return outcomes


def held_outcomes(gathered: Gathered, index: Mapping[str, set[str]]) -> dict[str, Outcome]:
    """The outcome of every operation that is kept without effect."""
    outcomes: dict[str, Outcome] = {}
    for hash_, fault in gathered.held.items():
        header = gathered.placed[hash_].header
        author = gathered.registry.get(header.device, Author(header.device, "", ""))
        decisions = [gathered.facts[h] for h in index.get(f"operation:{hash_}", ())]
        day = header.pack.partition("/")[0]
        outcomes[f"operation:{hash_}"] = held_outcome(hash_, fault, author, decisions, day)
    return outcomes
