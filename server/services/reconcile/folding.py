"""From keys to outcomes: everything that touches an aggregate is read, decoded once, and folded."""

from __future__ import annotations

from collections.abc import Mapping

from server.policies import judging_policy
from server.ports import Folded, FoldJob, Reader, StoredOperation, folded
from server.services.reconcile.intake import fact_of, revoked_standings
from sync.operations.envelope import Operation
from sync.operations.understand import decode_understood
from sync.reconcile.engine import JournalContext, fold
from sync.reconcile.facts import Fact, Registry

__all__ = ["Decoded", "fold_job"]

_NO_JOURNAL = JournalContext({})


class Decoded:
    """Operations by hash, as decoded before: an operation's bytes never change. Bounded; for one thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[str, Operation] = {}

    def fact(self, row: StoredOperation, held: str) -> Fact:
        """The fact of a row that was understood before."""
        operation = self._known.get(row.hash)
        if operation is None:
            if len(self._known) >= self._limit:
                self._known.clear()
            operation = self._known[row.hash] = decode_understood(row.data)
        return Fact(row.hash, operation, row.arrival, held, row.covered)


def fold_job(
    reader: Reader,
    job: FoldJob,
    registry: Registry,
    understood: Mapping[int, Fact] | None = None,
    decoded: Decoded | None = None,
) -> list[Folded]:
    """Fold each key over what the snapshot and the job know of it.

    `understood` are facts that the caller has decoded already, by row id, with their standing; `decoded` remembers
    operations from one job to the next.
    """
    held = job.held
    facts: dict[int, Fact] = dict(understood) if understood else {}

    def fact(row: StoredOperation) -> Fact:
        found = facts.get(row.id)
        if found is None:
            rule = held.get(row.id, row.held)
            found = facts[row.id] = decoded.fact(row, rule) if decoded is not None else fact_of(row, rule)
        return found

    members = {key: {row.id: fact(row) for row in rows} for key, rows in reader.facts(job.keys).items()}
    ahead = {row.id: row for row in job.rows}
    for key, id_ in job.touches:
        group = members.get(key)
        if group is not None:
            group[id_] = fact(ahead[id_])
    outcomes: list[Folded] = []
    policy = judging_policy()
    for key in job.keys:
        journal = _journal(reader, key.partition(":")[2], held) if key.startswith("device:") else _NO_JOURNAL
        outcomes.append(folded(fold(key, list(members[key].values()), registry, journal, policy)))
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
