"""What one run has to fold and to write besides, found out before anything is folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from server.ports import Folded, FoldJob, Reader, StoredOperation, folded
from server.services.reconcile.intake import Understood, fact_of, revoked_standings, understand_batch
from sync.operations.envelope import Operation, decode_header
from sync.operations.kinds import side_records_of, touches
from sync.operations.office import DiscrepancyDecided
from sync.operations.understand import Held
from sync.reconcile.engine import FAMILIES, held_outcome
from sync.reconcile.facts import Author, Fact, Registry
from sync.reconcile.links import linked_touches, relevant_keys

__all__ = ["Ahead", "Run", "prepare", "stands_alone"]

_FOLDED = frozenset(FAMILIES)


class Run(msgspec.Struct):
    """What one run found out before it folds."""

    rows: list[StoredOperation]
    held: dict[int, str]
    """Row id → rule that keeps it without effect; empty where it counts again."""
    touches: set[tuple[str, int]]
    job: FoldJob
    understood: dict[int, Fact]
    outcomes: list[Folded]
    """Of operations that are kept without effect."""
    reasons: dict[str, Held]
    """The same by hash, in words."""
    wanted: dict[str, list[str]]
    registry: Registry


class Ahead:
    """What earlier runs found out and have not written yet, so that no snapshot shows it."""

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self._by_key: dict[str, dict[int, StoredOperation]] = {}
        self.held: dict[int, str] = {}
        for run in runs:
            rows = {row.id: row for row in run.job.rows}
            for key, id_ in run.touches:
                self._by_key.setdefault(key, {})[id_] = rows[id_]
            self.held |= run.held

    def facts(self, reader: Reader, keys: Iterable[str]) -> dict[str, list[StoredOperation]]:
        """`Reader.facts`, with those."""
        found = reader.facts(list(keys))
        for key in self._by_key.keys() & found.keys():
            known = {row.id for row in found[key]}
            found[key] += [row for id_, row in self._by_key[key].items() if id_ not in known]
        return found

    def touching(self, keys: Iterable[str]) -> dict[str, dict[int, StoredOperation]]:
        """Of those alone: key → row id → row."""
        return {key: self._by_key[key] for key in self._by_key.keys() & set(keys)}


def stands_alone(reader: Reader, rows: Sequence[StoredOperation], registry: Registry) -> bool:
    """Whether a run of these must see all runs before it written: a revoked device's standing is asked of the index."""
    devices = {row.device for row in rows}
    known = (reader.device(device) for device in devices if not _is_office(registry, device))
    return any(device is not None and device.revoked_ms for device in known)


def _is_office(registry: Registry, device: str) -> bool:
    author = registry.get(device)
    return author is not None and author.is_office


def prepare(reader: Reader, rows: list[StoredOperation], ahead: Ahead) -> Run:
    """Understand pending rows, and find what they touch."""
    registry = reader.registry()
    batch = understand_batch(rows, registry)
    held = {item.row.id: item.held.rule for item in batch if item.held}
    changed_rows, standings = _revocations(reader, batch)
    held |= {id_: rule for id_, rule in standings.items() if not held.get(id_)}
    facts: dict[str, Fact] = {}
    touched: dict[str, tuple[str, ...]] = {}
    known: dict[str, StoredOperation] = {}
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    pairs: set[tuple[str, int]] = set()
    dirty: set[str] = set()
    for item in batch:
        row, operation = item.row, item.operation
        if not item.author.is_office:
            dirty.add(f"device:{row.device}")
        if operation is None:
            continue
        known[row.hash] = row
        facts[row.hash] = Fact(row.hash, operation, row.arrival, held.get(row.id, ""), row.covered)
        keys = touched[row.hash] = touches(operation)
        pairs.update([(key, row.id) for key in keys])
        dirty.update(keys)
        if not item.author.is_office and (named := side_records_of(operation)):
            wanted[row.device] += named
    links = _links(reader, ahead, facts, touched, known)
    pairs |= {(key, known[hash_].id) for key, hash_ in links}
    dirty |= {key for key, _ in links}
    for row in changed_rows:
        dirty.update(reader.touched_keys([row.id])[row.id])
    lifted = {row.id: "" for row in rows if row.held and row.id not in held}
    outcomes, reasons = _held_outcomes(reader, ahead, batch, facts, touched, registry)
    run_held = lifted | held
    return Run(
        rows=rows,
        held=run_held,
        touches=pairs,
        job=_job(dirty, pairs, known.values(), ahead, run_held, len(registry)),
        understood={known[hash_].id: fact for hash_, fact in facts.items()},
        outcomes=outcomes,
        reasons=reasons,
        wanted=dict(wanted),
        registry=registry,
    )


def _job(
    dirty: Iterable[str],
    pairs: Iterable[tuple[str, int]],
    known: Iterable[StoredOperation],
    ahead: Ahead,
    held: Mapping[int, str],
    authors: int,
) -> FoldJob:
    keys = tuple(sorted(key for key in dirty if key.partition(":")[0] in _FOLDED))
    named = list(pairs)
    rows = {row.id: row for row in known}
    standing = dict(held)
    for key, more in ahead.touching(keys).items():
        named += [(key, id_) for id_ in more]
        for id_, row in more.items():
            rows.setdefault(id_, row)
            if id_ in ahead.held:
                standing.setdefault(id_, ahead.held[id_])
    return FoldJob(keys, list(rows.values()), named, standing, authors)


def _revocations(reader: Reader, batch: Sequence[Understood]) -> tuple[list[StoredOperation], dict[int, str]]:
    """Rows outside this batch whose standing changed, and row id → rule for every row concerned."""
    mine = {item.row.id for item in batch}
    changed: list[StoredOperation] = []
    held: dict[int, str] = {}
    for device in sorted({item.row.device for item in batch if not item.author.is_office}):
        known = reader.device(device)
        if known is None or not known.revoked_ms:
            continue
        for id_, (row, counts) in revoked_standings(reader, device).items():
            rule = "" if counts else "DEVICE-REVOKED"
            if id_ in mine:
                held[id_] = rule
            elif row.held in {"", "DEVICE-REVOKED"} and row.held != rule:
                changed.append(row)
                held[id_] = rule
    return changed, held


def _links(
    reader: Reader,
    ahead: Ahead,
    facts: Mapping[str, Fact],
    touched: Mapping[str, tuple[str, ...]],
    known: dict[str, StoredOperation],
) -> set[tuple[str, str]]:
    """Touches between operations; loads what the batch's payments, voids and hand-overs are concerned with."""
    keys: set[str] = set()
    concerned: dict[str, Operation] = {}
    for hash_, fact in facts.items():
        if relevant := relevant_keys(fact.operation, touched[hash_]):
            keys.update(relevant)
            concerned[hash_] = fact.operation
    for rows in ahead.facts(reader, keys).values():
        for row in rows:
            if row.hash not in concerned:
                concerned[row.hash] = fact_of(row).operation
            known.setdefault(row.hash, row)
    return linked_touches(concerned.items())


def _held_outcomes(
    reader: Reader,
    ahead: Ahead,
    batch: Sequence[Understood],
    facts: Mapping[str, Fact],
    touched: Mapping[str, tuple[str, ...]],
    registry: Registry,
) -> tuple[list[Folded], dict[str, Held]]:
    """The outcome of every operation kept without effect: those of this batch, and those just decided on."""
    causes: dict[str, tuple[Held, Author, str]] = {}
    for item in batch:
        if item.held is not None:
            causes[item.row.hash] = (item.held, item.author, _day_of(item))
    for fact in facts.values():
        body = fact.operation.body
        if isinstance(body, DiscrepancyDecided) and body.subject.startswith("operation:") and not fact.held:
            row = reader.operation(body.subject.partition(":")[2])
            if row is None or row.hash in causes:
                continue
            again = understand_batch([row], registry)[0]
            if again.held is not None:
                causes[row.hash] = (again.held, again.author, _day_of(again))
    outcomes: list[Folded] = []
    for hash_, (held, author, day) in causes.items():
        key = f"operation:{hash_}"
        decisions = {row.hash: fact_of(row) for row in ahead.facts(reader, [key])[key]}
        decisions |= {h: f for h, f in facts.items() if key in touched[h]}
        outcomes.append(folded(held_outcome(hash_, held, author, list(decisions.values()), day)))
    return outcomes, {hash_: held for hash_, (held, _, _) in causes.items()}


def _day_of(item: Understood) -> str:
    return decode_header(item.row.data).pack.partition("/")[0]
