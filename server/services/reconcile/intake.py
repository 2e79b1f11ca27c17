"""From pending rows to facts: what is understood, who may have written it, and whether a revocation holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from server.limits import REVOKED_OPERATIONS_MAX, WITNESS_ROWS_MAX
from server.ports import Reader, StoredOperation
from sync.encoding import is_hash
from sync.operations.envelope import Operation
from sync.operations.office import DeviceRevoked, Head
from sync.operations.understand import Held, decode_understood, understand
from sync.receipt import read_receipt
from sync.reconcile.authors import author_fault
from sync.reconcile.facts import Author, Fact, Registry, canonical_order
from sync.reconcile.standing import is_witnessed_body

__all__ = ["Understood", "fact_of", "revoked_standings", "understand_batch"]


class Understood(msgspec.Struct, frozen=True):
    """One pending row with what became of it: an operation, a reason to hold it, or both."""

    row: StoredOperation
    operation: Operation | None
    held: Held | None
    author: Author


def understand_batch(rows: Sequence[StoredOperation], registry: Registry) -> list[Understood]:
    """Decode each row strictly and ask whether its author may write it."""
    found: list[Understood] = []
    for row in rows:
        author = registry.get(row.device) or Author(row.device, "", "")
        result = understand(row.data)
        if isinstance(result, Held):
            found.append(Understood(row, None, result, author))
        else:
            found.append(Understood(row, result, author_fault(result, author), author))
    return found


def fact_of(row: StoredOperation, held: str | None = None) -> Fact:
    """The fact of a row that was understood before; `held` overrides what is stored."""
    return Fact(row.hash, decode_understood(row.data), row.arrival, row.held if held is None else held, row.covered)


def revoked_standings(reader: Reader, device: str) -> dict[int, tuple[StoredOperation, bool]]:
    """Row id → (row, whether it still counts), for a revoked device's operations above what was known.

    Everything is asked anew, since a late operation can connect another to a head or a witness. Empty when no
    revocation is journaled yet.
    """
    revocations = [
        fact
        for fact in canonical_order(fact_of(row) for row in reader.facts([f"device:{device}"])[f"device:{device}"])
        if isinstance(fact.operation.body, DeviceRevoked) and not fact.held
    ]
    if not revocations:
        return {}
    body = revocations[0].operation.body
    if not isinstance(body, DeviceRevoked):
        return {}
    roots = set(body.heads)
    roots |= {root for text in body.witnesses for root in _witness_roots(reader, device, text)}
    roots |= _continued(reader, device, roots)
    found: dict[int, tuple[StoredOperation, bool]] = {}
    for state in reader.journals(device):
        for row in reader.operations_of(device, state.epoch, 1, REVOKED_OPERATIONS_MAX):
            counts = _below(reader, row, roots) or _is_witnessed(row, body)
            found[row.id] = (row, counts)
    return found


def _witness_roots(reader: Reader, device: str, text: str) -> Iterable[Head]:
    """The operation before the one that a witness names, if it is held."""
    receipt = read_receipt(text).body
    for row in reader.operations_of(device, receipt.epoch, receipt.seq - 1, WITNESS_ROWS_MAX):
        if row.seq == receipt.seq - 1 and row.hash.startswith(receipt.before):
            yield Head(row.device, row.epoch, row.seq, row.hash)


def _continued(reader: Reader, device: str, roots: Iterable[Head]) -> set[Head]:
    """Heads of earlier epochs that the roots' epochs continue: they are ancestors too."""
    highest = max((root.epoch for root in roots), default=0)
    found: set[Head] = set()
    for epoch in reader.epochs(device):
        row = reader.operation(epoch.continues) if epoch.epoch <= highest and is_hash(epoch.continues) else None
        if row is not None and row.device == device:
            found.add(Head(device, row.epoch, row.seq, row.hash))
    return found


def _below(reader: Reader, row: StoredOperation, roots: Iterable[Head]) -> bool:
    return any(root.epoch == row.epoch and reader.is_at_or_below(row.hash, root) for root in roots)


def _is_witnessed(row: StoredOperation, body: DeviceRevoked) -> bool:
    result = understand(row.data)
    if isinstance(result, Held):
        return False
    return is_witnessed_body(body, result.body, (result.epoch, result.seq, result.prev))
