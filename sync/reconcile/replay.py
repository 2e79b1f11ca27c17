"""The whole world from its journals: every aggregate, posting and discrepancy, with no store at hand.

`doorstep verify` and the properties use it. Its inputs are exact lines and the content-addressed documents that
closings name; whatever order the lines come in, the result is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from sync.journal import Placed, place
from sync.operations.envelope import Operation
from sync.operations.kinds import touches
from sync.operations.office import DayClosed, DeviceEnrolled, DeviceRevoked, ExchangeReceived, Head, OfficeOpened
from sync.operations.understand import Held, understand
from sync.reconcile.authors import author_fault
from sync.reconcile.engine import JournalContext, fold, held_outcome
from sync.reconcile.facts import Arrival, Author, Discrepancy, Fact, Outcome, Posting, Registry
from sync.reconcile.ledger import books_digest, state_digest
from sync.reconcile.links import linked_touches
from sync.reconcile.standing import ancestors, arrivals, covered_by_revocation, is_witnessed_body
from sync.segments import Summary, summarise

__all__ = ["Replay", "registry_of", "replay"]


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
    """Device id → author, from enrolments and openings; the first one of an id counts."""
    found: dict[str, Author] = {}
    for operation in operations:
        body = operation.body
        if isinstance(body, OfficeOpened):
            found.setdefault(operation.device, Author(operation.device, "", "", body.public_key))
    # Only an office journal can enrol: a phone that writes an enrolment of its own is not listened to.
    for operation in operations:
        body = operation.body
        if isinstance(body, DeviceEnrolled) and operation.device in found:
            found.setdefault(body.device, Author(body.device, body.agent, body.branch, body.public_key))
    return found


def replay(lines: Iterable[bytes], blobs: Mapping[str, bytes]) -> Replay:
    """Fold everything; `blobs` holds the documents with the heads that closings name, by SHA-256."""
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
        if author is not None and (fault := author_fault(operation, author)) is not None:
            held[hash_] = fault
    revoked = _held_after_revocation(placed, understood, held)
    facts = _facts(placed, understood, held, revoked, blobs)
    return Replay(
        _fold_all(placed, facts, held, revoked, registry),
        len(placed),
        {hash_: fault.rule for hash_, fault in held.items()} | dict.fromkeys(revoked, "DEVICE-REVOKED"),
    )


def _held_after_revocation(
    placed: Mapping[str, Placed], understood: Mapping[str, Operation], held: Mapping[str, Held]
) -> set[str]:
    revocations: dict[str, tuple[str, DeviceRevoked]] = {}
    for hash_, operation in understood.items():
        body = operation.body
        if isinstance(body, DeviceRevoked) and hash_ not in held:
            order = (operation.hlc + hash_, body)
            if body.device not in revocations or order[0] < revocations[body.device][0]:
                revocations[body.device] = order
    after: set[str] = set()
    for device, (_, body) in revocations.items():
        mine = {hash_: item for hash_, item in placed.items() if item.header.device == device}
        good = covered_by_revocation(
            body, {h: item.header.prev for h, item in mine.items()}, {hash_[:32]: hash_ for hash_ in mine}
        )
        after |= {
            hash_
            for hash_ in mine
            if hash_ not in good and not (hash_ in understood and is_witnessed_body(body, understood[hash_].body))
        }
    return after


def _facts(
    placed: Mapping[str, Placed],
    understood: Mapping[str, Operation],
    held: Mapping[str, Held],
    revoked: set[str],
    blobs: Mapping[str, bytes],
) -> dict[str, Fact]:
    usable = {hash_: operation for hash_, operation in understood.items() if hash_ not in held}
    exchanges = [(h, o.body) for h, o in usable.items() if isinstance(o.body, ExchangeReceived)]
    places = {hash_: (item.header.prev, item.header.seq) for hash_, item in placed.items()}
    arrived: dict[str, Arrival] = arrivals(places, exchanges)
    covered: dict[str, str] = {}
    previous = {hash_: item.header.prev for hash_, item in placed.items()}
    closings = [o.body for o in usable.values() if isinstance(o.body, DayClosed)]
    for body in sorted(closings, key=lambda closing: (closing.branch, closing.number)):
        heads = msgspec.json.decode(blobs[body.heads_document], type=list[Head])
        for hash_ in ancestors(previous, [head.hash for head in heads]):
            covered.setdefault(hash_, f"{body.number:06d}")
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


def _fold_all(
    placed: Mapping[str, Placed],
    facts: Mapping[str, Fact],
    held: Mapping[str, Held],
    revoked: set[str],
    registry: Registry,
) -> dict[str, Outcome]:
    index: defaultdict[str, set[str]] = defaultdict(set)
    for hash_, fact in facts.items():
        for key in touches(fact.operation):
            index[key].add(hash_)
    for key, hash_ in linked_touches((hash_, fact.operation) for hash_, fact in facts.items()):
        index[key].add(hash_)
    journals: defaultdict[str, defaultdict[int, list[Placed]]] = defaultdict(lambda: defaultdict(list))
    for item in placed.values():
        journals[item.header.device][item.header.epoch].append(item)
    outcomes: dict[str, Outcome] = {}
    for key, hashes in sorted(index.items()):
        family, _, name = key.partition(":")
        journal = JournalContext({})
        if family == "device":
            epochs: dict[int, Summary] = {epoch: summarise(items) for epoch, items in sorted(journals[name].items())}
            late = tuple(sorted(h for h in revoked if placed[h].header.device == name))
            journal = JournalContext(epochs, late)
        if family == "operation":
            continue
        outcomes[key] = fold(key, [facts[hash_] for hash_ in hashes], registry, journal)
    for hash_, fault in held.items():
        device = placed[hash_].header.device
        author = registry.get(device, Author(device, "", ""))
        decisions = [facts[h] for h in index.get(f"operation:{hash_}", ())]
        day = placed[hash_].header.pack.partition("/")[0]
        outcomes[f"operation:{hash_}"] = held_outcome(hash_, fault, author, decisions, day)
    return outcomes
