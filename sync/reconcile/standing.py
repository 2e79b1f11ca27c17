"""What the office knows about an operation without understanding it, from the journals alone.

- *Arrival*: the exchange that brought it, journaled by the office as `ExchangeReceived`.
- *After a revocation*: whether it lies at or below a head that the office held, or a witness that it had received,
  before it revoked the device. "Below" means ancestor by hash; a witness covers the chain that ends in its previous
  hash, and its own body. The rest is held, whatever its date.
- *Covered*: the number of the first closing whose heads it lies at or below.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping

from sync.errors import DoorstepError
from sync.operations.field import PaymentCollected, PaymentVoided
from sync.operations.office import DeviceRevoked, ExchangeReceived
from sync.receipt import Receipt, read_receipt
from sync.reconcile.facts import Arrival
from sync.reconcile.payment_status import same_receipt

__all__ = ["ancestors", "arrivals", "covered_by_revocation", "is_witnessed_body"]


def ancestors(previous: Mapping[str, str], heads: Iterable[str]) -> set[str]:
    """Every hash at or below the heads; `previous` is hash → hash before it, for what is held."""
    found: set[str] = set()
    for head in heads:
        here = head
        while here in previous and here not in found:
            found.add(here)
            here = previous[here]
    return found


def arrivals(
    previous: Mapping[str, tuple[str, int]], exchanges: Iterable[tuple[str, ExchangeReceived]]
) -> dict[str, Arrival]:
    """Hash → arrival, from every exchange that brought something new; `previous` is hash → (hash before, seq)."""
    found: dict[str, tuple[int, str, Arrival]] = {}
    for office_hash, body in exchanges:
        if not body.new:
            continue
        arrival = Arrival(body.received_ms, body.boot, body.mono_ms)
        here = body.last_hash
        # By number as well as by hash: the run's epoch may continue another, which this exchange did not bring.
        for seq in range(body.last_seq, body.first_seq - 1, -1):
            before, number = previous.get(here, ("", 0))
            if number != seq:
                break
            candidate = (body.received_ms, office_hash, arrival)
            if here not in found or candidate[:2] < found[here][:2]:
                found[here] = candidate
            here = before
    return {hash_: arrival for hash_, (_, _, arrival) in found.items()}


def covered_by_revocation(
    revoked: DeviceRevoked, previous: Mapping[str, str], by_prefix: Mapping[str, str]
) -> set[str]:
    """Hashes of a device's operations that still count: at or below a named head or a witness's previous hash.

    `by_prefix` is the first 32 hexadecimal digits → hash, of the device's operations. What a witness's own body
    covers is asked of the operation itself, with `is_witnessed_body`.
    """
    roots = [head.hash for head in revoked.heads]
    for receipt in _readable(revoked):
        root = by_prefix.get(receipt.body.before)
        if root is not None:
            roots.append(root)
    return ancestors(previous, roots)


def is_witnessed_body(revoked: DeviceRevoked, body: object, place: tuple[int, int, str] | None = None) -> bool:
    """Whether one of the witnesses is the very receipt that this operation carries.

    `place` is the operation's (epoch, seq, prev). A receipt names its own place in the journal, so with it a second
    operation that carries a copy of a witnessed receipt is not taken for the first.
    """
    if not isinstance(body, PaymentCollected | PaymentVoided):
        return False
    return any(
        same_receipt(receipt.text, body.receipt)
        and (
            place is None or (receipt.body.epoch, receipt.body.seq, receipt.body.before) == (*place[:2], place[2][:32])
        )
        for receipt in _readable(revoked)
    )


def _readable(revoked: DeviceRevoked) -> Iterator[Receipt]:
    for text in revoked.witnesses:
        # What cannot be read covers nothing, and must not keep the rest from being judged.
        with contextlib.suppress(DoorstepError):
            yield read_receipt(text)
