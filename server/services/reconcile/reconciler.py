"""One run: take what is pending, fold what it touches, write the outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import msgspec

from server.policies import judging_policy
from server.ports import Reader, Store, StoredOperation, Writer
from server.services.reconcile.intake import Understood, fact_of, revoked_standings, understand_batch
from server.services.reconcile.verdicts import journal_documents, verdict_documents
from sync.operations.envelope import Operation, decode_header
from sync.operations.kinds import side_records_of, touches
from sync.operations.office import DiscrepancyDecided
from sync.operations.understand import Held
from sync.reconcile.engine import FAMILIES, JournalContext, fold, held_outcome
from sync.reconcile.facts import Author, Fact, Outcome, Registry
from sync.reconcile.links import linked_touches, relevant_keys

__all__ = ["Reconciler"]

Refresh = Callable[[Writer, Sequence[str]], None]
_FOLDED = frozenset(FAMILIES)
_NO_JOURNAL = JournalContext({})


class _Run(msgspec.Struct):
    """What one run found out before it writes."""

    rows: list[StoredOperation]
    held: dict[int, str]
    touches: set[tuple[str, int]]
    outcomes: list[Outcome]
    wanted: dict[str, list[str]]


class Reconciler:
    """Folds pending operations; safe to run again at any time, one run at a time per store."""

    def __init__(self, store: Store, refresh: Refresh | None = None) -> None:
        self._store = store
        self._refresh = refresh

    def run_pending(self, limit: int) -> int:
        """Understand and fold at most `limit` pending operations; how many were done."""
        with self._store.read() as reader:
            rows = reader.pending(limit)
            if not rows:
                return 0
            run = _fold_rows(reader, rows)
        self._store.write_now(lambda writer: self._apply(writer, run))
        return len(rows)

    def _apply(self, writer: Writer, run: _Run) -> None:
        writer.set_held(run.held)
        writer.add_touches(run.touches)
        before = writer.discrepancies_of([outcome.key for outcome in run.outcomes])
        changed = writer.put_outcomes(run.outcomes)
        for device, hashes in run.wanted.items():
            writer.want_side_records(device, hashes)
        verdict_documents(writer, run.outcomes, before)
        journal_documents(writer, run.rows)
        if self._refresh is not None:
            self._refresh(writer, sorted(changed))
        writer.mark_reconciled([row.id for row in run.rows])


def _fold_rows(reader: Reader, rows: list[StoredOperation]) -> _Run:
    registry = reader.registry()
    batch = understand_batch(rows, registry)
    held = {item.row.id: item.held.rule for item in batch if item.held}
    changed_rows, standings = _revocations(reader, batch)
    held |= {id_: rule for id_, rule in standings.items() if not held.get(id_)}
    facts: dict[str, Fact] = {}
    touched: dict[str, tuple[str, ...]] = {}
    ids: dict[str, int] = {}
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    pairs: set[tuple[str, int]] = set()
    dirty: set[str] = set()
    for item in batch:
        row, operation = item.row, item.operation
        if not item.author.is_office:
            dirty.add(f"device:{row.device}")
        if operation is None:
            continue
        ids[row.hash] = row.id
        facts[row.hash] = Fact(row.hash, operation, row.arrival, held.get(row.id, ""), row.covered)
        keys = touched[row.hash] = touches(operation)
        pairs.update([(key, row.id) for key in keys])
        dirty.update(keys)
        if not item.author.is_office and (named := side_records_of(operation)):
            wanted[row.device] += named
    links = _links(reader, facts, touched, ids)
    pairs |= {(key, ids[hash_]) for key, hash_ in links}
    dirty |= {key for key, _ in links}
    for row in changed_rows:
        dirty.update(reader.touched_keys([row.id])[row.id])
    outcomes = _outcomes(reader, dirty, pairs, facts, ids, held, registry)
    outcomes += _held_outcomes(reader, batch, facts, touched, registry)
    lifted = {row.id: "" for row in rows if row.held and row.id not in held}
    return _Run(rows, lifted | held, pairs, outcomes, dict(wanted))


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
    reader: Reader, facts: Mapping[str, Fact], touched: Mapping[str, tuple[str, ...]], ids: dict[str, int]
) -> set[tuple[str, str]]:
    """Touches between operations; loads what the batch's payments, voids and hand-overs are concerned with."""
    keys: set[str] = set()
    concerned: dict[str, Operation] = {}
    for hash_, fact in facts.items():
        if relevant := relevant_keys(fact.operation, touched[hash_]):
            keys.update(relevant)
            concerned[hash_] = fact.operation
    for rows in reader.facts(keys).values():
        for row in rows:
            if row.hash not in concerned:
                concerned[row.hash] = fact_of(row).operation
            ids.setdefault(row.hash, row.id)
    return linked_touches(concerned.items())


def _outcomes(
    reader: Reader,
    dirty: set[str],
    pairs: set[tuple[str, int]],
    fresh: Mapping[str, Fact],
    ids: Mapping[str, int],
    held: Mapping[int, str],
    registry: Registry,
) -> list[Outcome]:
    keys = sorted(key for key in dirty if key.partition(":")[0] in _FOLDED)
    by_id = {ids[hash_]: fact for hash_, fact in fresh.items()}
    members: dict[str, dict[int, Fact]] = {}
    for key, rows in reader.facts(keys).items():
        group = members[key] = {}
        for row in rows:
            id_ = row.id
            if id_ not in by_id:
                by_id[id_] = fact_of(row, held.get(id_))
            group[id_] = by_id[id_]
    added = [(members[key], id_) for key, id_ in pairs if key in members]
    if missing := {id_ for _, id_ in added if id_ not in by_id}:
        hashes = [hash_ for hash_, id_ in ids.items() if id_ in missing]
        by_id |= {row.id: fact_of(row, held.get(row.id)) for row in reader.operations(hashes).values()}
    for group, id_ in added:
        group[id_] = by_id[id_]
    outcomes: list[Outcome] = []
    policy = judging_policy()
    for key in keys:
        journal = _journal(reader, key.partition(":")[2], held) if key.startswith("device:") else _NO_JOURNAL
        outcomes.append(fold(key, list(members[key].values()), registry, journal, policy))
    return outcomes


def _journal(reader: Reader, device: str, held: Mapping[int, str]) -> JournalContext:
    summaries = {state.epoch: state.summary for state in reader.journals(device)}
    known = reader.device(device)
    late: set[str] = set()
    if known is not None and known.revoked_ms:
        for id_, (row, counts) in revoked_standings(reader, device).items():
            if not counts and held.get(id_, row.held) in {"", "DEVICE-REVOKED"}:
                late.add(row.hash)
    return JournalContext(summaries, tuple(sorted(late)))


def _held_outcomes(
    reader: Reader,
    batch: Sequence[Understood],
    facts: Mapping[str, Fact],
    touched: Mapping[str, tuple[str, ...]],
    registry: Registry,
) -> list[Outcome]:
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
    outcomes: list[Outcome] = []
    for hash_, (held, author, day) in causes.items():
        key = f"operation:{hash_}"
        decisions = {row.hash: fact_of(row) for row in reader.facts([key])[key]}
        decisions |= {h: f for h, f in facts.items() if key in touched[h]}
        outcomes.append(held_outcome(hash_, held, author, list(decisions.values()), day))
    return outcomes


def _day_of(item: Understood) -> str:
    return decode_header(item.row.data).pack.partition("/")[0]
