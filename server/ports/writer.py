"""Writing: one work inside a write transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from server.ports.folding import Folded
from server.ports.reader import Reader
from server.ports.rows import Device, Epoch, JobState, OfficeWork
from sync.journal import Entry, Placed
from sync.operations.office import Head
from sync.reconcile.facts import Arrival
from sync.reconcile.ledger import Line
from sync.segments import Summary

__all__ = ["Writer"]


class Writer(Reader, Protocol):
    """One work inside a write transaction: it reads what it writes."""

    # -- operations and journals
    def append_device_run(self, device: str, epoch: int, placed: Sequence[Placed], arrival: Arrival | None) -> Summary:
        """Store one contiguous run of operations that are not yet held, pending; the epoch's new summary."""
        ...

    def append_office(self, works: Sequence[OfficeWork], *, expect: Mapping[str, str] | None = None) -> list[Entry]:
        """Append to this process's office journal, pending, advancing its head in this transaction.

        `expect` is a compare-and-set: aggregate key → the `aggregate_head` that the author saw; raises
        STATE-STALE when another came between, STORE-LOCKED when another process took the journal over.
        Touches of the operations are indexed and their keys' heads advanced.
        """
        ...

    def cover(self, heads: Iterable[Head], closing: str) -> list[int]:
        """Mark everything at or below the heads, by hash, as covered by a closing unless it is covered; row ids.

        `closing` is what `StoredOperation.covered` shall say: the closing's number in six digits.
        """
        ...

    # -- devices
    def put_device(self, device: Device) -> None:
        """Add a device or replace what is known of it."""
        ...

    def put_epoch(self, epoch: Epoch) -> None:
        """Record an assigned epoch; raises STATE-FORBIDS when it was assigned before."""
        ...

    def put_enrol_code(self, code_hash: bytes, agent: str, branch: str, expires_ms: int) -> None:
        """Keep a one-time code by its hash."""
        ...

    def take_enrol_code(self, code_hash: bytes, device: str, now_ms: int) -> tuple[str, str]:
        """Use a code up: (agent, branch). Raises ENROL-CODE-WRONG, ENROL-CODE-USED or ENROL-CODE-EXPIRED."""
        ...

    def use_nonce(self, device: str, nonce: str) -> bool:
        """Record a nonce; False if the device had used it before."""
        ...

    # -- reconciliation
    def mark_reconciled(self, op_ids: Collection[int]) -> None:
        """These are no longer pending."""
        ...

    def mark_pending(self, op_ids: Collection[int]) -> None:
        """Look at these again: after an upgrade, a revocation or a closing."""
        ...

    def add_touches(self, touches: Iterable[tuple[str, int]]) -> None:
        """Index (aggregate key, operation id); known ones are left alone. Office operations are indexed already."""
        ...

    def put_outcomes(self, outcomes: Iterable[Folded]) -> set[str]:
        """Replace state, discrepancies and postings of these keys; only changed rows are written. Changed keys."""
        ...

    def book(self, branch: str, lines: Iterable[Line]) -> None:
        """Record a closing's lines; the net of a posting's lines is what is booked of it.

        Of the branch's postings those stay open that still differ from what is booked.
        """
        ...

    def set_held(self, held: Mapping[int, str]) -> None:
        """Row id → rule that keeps the operation without effect; empty lifts it."""
        ...

    def set_covered(self, op_ids: Collection[int], closing: str) -> None:
        """Mark single rows as covered by a closing."""
        ...

    # -- documents, side records, personal content, blobs
    def put_document(self, agent: str, name: str, data: bytes, *, personal: bool = True) -> int:
        """Give an agent a document or its new version; the change's number. Equal bytes change nothing."""
        ...

    def remove_document(self, agent: str, name: str) -> int:
        """The document leaves the agent's scope; the change's number, or the present one when it was not there."""
        ...

    def put_side_record(self, sha256: str, data: bytes) -> bool:
        """Keep a side record, encrypted; False if it was held or erased. The caller checked the hash.

        What came of it in part, from any device, is forgotten.
        """
        ...

    def erase_side_record(self, sha256: str) -> bool:
        """Forget the bytes for good, parts included, and remember that they were erased."""
        ...

    def append_side_record_part(self, device: str, sha256: str, offset: int, data: bytes, now_ms: int) -> int:
        """Append bytes, encrypted, behind those that came; the new end. Raises UPLOAD-OFFSET-WRONG elsewhere."""
        ...

    def drop_side_record_upload(self, device: str, sha256: str) -> bool:
        """Forget what came of a side record from a device; False if nothing had."""
        ...

    def drop_stale_side_record_uploads(self, before_ms: int, limit: int) -> int:
        """Forget uploads that were last touched before a time, the oldest first; how many."""
        ...

    def want_side_records(self, device: str, hashes: Collection[str]) -> None:
        """Note that operations of the device name these; those held are left out."""
        ...

    def put_personal(self, kind: str, id_: str, data: bytes, index: Mapping[str, str] | None = None) -> None:
        """Keep a personal row, encrypted; `index` is field → value to be found by, as blind indexes."""
        ...

    def remove_personal(self, kind: str, id_: str) -> bool:
        """Erase a personal row and its indexes."""
        ...

    def put_blob(self, data: bytes) -> str:
        """Keep a document under its SHA-256, which is returned."""
        ...

    # -- the office process
    def put_job(self, state: JobState) -> None:
        """Replace a job's visible state."""
        ...

    def put_setting(self, name: str, value: str) -> None:
        """Replace a small fact; `incarnation` makes every phone fetch its whole pack anew."""
        ...
