"""Reading: one snapshot of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Protocol

from server.limits import PENDING_COUNT_MAX
from server.ports.rows import Device, DocumentRow, Epoch, JobState, JournalState, PartialUpload, StoredOperation
from sync.journal import JournalHead
from sync.operations.office import Head
from sync.reconcile.facts import Discrepancy, Posting, Registry
from sync.reconcile.ledger import Line
from sync.segments import Summary

__all__ = ["Reader"]


class Reader(Protocol):
    """One snapshot of the store."""

    # -- operations and journals
    def known(self, hashes: Collection[str]) -> set[str]:
        """Those of the hashes whose operations are held."""
        ...

    def operation(self, hash_: str) -> StoredOperation | None:
        """One operation by its hash."""
        ...

    def operations(self, hashes: Collection[str]) -> dict[str, StoredOperation]:
        """Operations by hash; unknown ones are absent."""
        ...

    def operations_of(self, device: str, epoch: int, from_seq: int, limit: int) -> list[StoredOperation]:
        """Operations of one epoch by (seq, hash) from a number on; branches of a fork included."""
        ...

    def export(self, device: str | None = None, epoch: int | None = None) -> Iterator[bytes]:
        """Exact lines in journal order: device, epoch, seq, hash. Use it inside the `read` block."""
        ...

    def scan(self) -> Iterator[StoredOperation]:
        """Every stored operation as it stands on disk, unchecked, for `verify`. Use it inside the `read` block."""
        ...

    def operation_ids(self, after: int, limit: int) -> list[int]:
        """Row ids above a row's, ascending: a walk over everything that is stored, a page at a time."""
        ...

    def summary(self, device: str, epoch: int) -> Summary:
        """Segments of one epoch; empty when nothing of it is held."""
        ...

    def journals(self, device: str | None = None) -> list[JournalState]:
        """Every (device, epoch) that holds operations, in order; of one device if named."""
        ...

    def is_at_or_below(self, hash_: str, head: Head) -> bool:
        """Whether an operation is `head` or an ancestor of it by hash, within its epoch."""
        ...

    def contiguous_below(self, device: str, epoch: int, seq: int, hash_: str) -> tuple[int, str]:
        """Highest (seq, hash) held without a gap from 1 that is at or below the named operation; (0, "") for none."""
        ...

    # -- devices
    def registry(self) -> Registry:
        """Author of every journal; cached until a device is added."""
        ...

    def device(self, device: str) -> Device | None:
        """One device."""
        ...

    def devices(self, *, agent: str | None = None, after: str = "", limit: int = 1000) -> list[Device]:
        """Devices by id after `after`, of one agent if named."""
        ...

    def epochs(self, device: str) -> list[Epoch]:
        """Epochs assigned to a device, in order."""
        ...

    # -- reconciliation
    def pending(self, limit: int, *, after: int = 0) -> list[StoredOperation]:
        """Operations that were stored and not yet reconciled, oldest row first; only rows after one, if told."""
        ...

    def pending_count(self, limit: int = PENDING_COUNT_MAX) -> int:
        """How many are pending, counted up to a bound."""
        ...

    def facts(self, keys: Collection[str]) -> dict[str, list[StoredOperation]]:
        """Every operation that touches each key; a key without any has an empty list."""
        ...

    def touched_keys(self, op_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """Keys that each operation touches, as indexed, sorted."""
        ...

    def keys_starting(self, prefix: str, *, after: str = "", limit: int = 1000) -> list[str]:
        """Touched keys that begin with a prefix (``payment:DEVICE/``), in order, keys after `after`."""
        ...

    def aggregate(self, key: str) -> dict[str, Any] | None:
        """State that the last fold of a key gave."""
        ...

    def aggregates(self, keys: Collection[str]) -> dict[str, dict[str, Any]]:
        """States of several keys; unknown ones are absent."""
        ...

    def aggregates_of(self, family: str, *, after: str = "", limit: int = 1000) -> list[tuple[str, dict[str, Any]]]:
        """(key, state) of a family (`account`, `drawer`, …) in key order, keys after `after`."""
        ...

    def aggregate_head(self, key: str) -> str:
        """Hash of the last office operation that touches the key; empty for none. The basis of a compare-and-set.

        `ExchangeReceived` does not count: an arrival decides nothing.
        """
        ...

    def discrepancies(
        self,
        *,
        branch: str | None = None,
        service_day: str | None = None,
        open_only: bool = False,
        rule: str | None = None,
        subject: str | None = None,
        key: str | None = None,
        after: str = "",
        limit: int = 1000,
    ) -> list[Discrepancy]:
        """Discrepancies by (rule, subject), filtered; `key` is the aggregate that raised them, `after` an id."""
        ...

    def discrepancies_of(self, keys: Collection[str]) -> dict[str, list[Discrepancy]]:
        """Discrepancies that the last folds of these keys raised; keys without any are absent."""
        ...

    def disputes(self, operation: str) -> list[Discrepancy]:
        """Open discrepancies that name an operation, by (rule, subject)."""
        ...

    def open_lines(self, branch: str) -> tuple[dict[str, Posting], dict[str, Line]]:
        """What stands now and what is booked (net), by posting, for every posting of a branch that may differ."""
        ...

    def postings(
        self,
        *,
        branch: str | None = None,
        service_day: str | None = None,
        key: str | None = None,
    ) -> list[Posting]:
        """Postings by id, filtered: of a branch's service day, or of one aggregate; all of them, if not told."""
        ...

    def postings_at(self, place: str) -> Iterator[Posting]:
        """Postings that leave or reach a shared place; ValueError for one account's own, found by the account."""
        ...

    def every_posting(self, branch: str | None = None) -> Iterator[Posting]:
        """All postings, or all of a branch, in no order that says anything."""
        ...

    # -- documents, side records, personal content, blobs
    def documents_after(self, agent: str, n: int, limit: int, bytes_max: int) -> list[DocumentRow]:
        """Changes after the n-th in order; at least one if there is any, else within both bounds."""
        ...

    def document(self, agent: str, name: str) -> bytes | None:
        """A document that the agent holds."""
        ...

    def document_names(self, agent: str, prefix: str = "") -> list[str]:
        """Names of the documents that the agent holds, sorted."""
        ...

    def document_count(self, agent: str) -> int:
        """How many documents the agent holds when complete."""
        ...

    def document_cursor(self, agent: str) -> int:
        """The number of the agent's last change; 0 for none."""
        ...

    def document_state(self, agent: str) -> tuple[int, int]:
        """`document_cursor` and `document_count` at once: every exchange asks for both."""
        ...

    def side_record(self, sha256: str) -> bytes | None:
        """A side record's salted bytes; None if it is not held or was erased."""
        ...

    def side_records_held(self, hashes: Collection[str]) -> set[str]:
        """Those that are held."""
        ...

    def side_records_wanted(self, device: str, limit: int) -> list[str]:
        """Side records that operations of the device name and that have not arrived."""
        ...

    def side_record_uploads(self, device: str) -> list[PartialUpload]:
        """Side records that came from a device in part, the one longest untouched first."""
        ...

    def side_record_offset(self, device: str, sha256: str) -> int:
        """How many bytes of a side record came from a device, while it is not whole; 0 for none."""
        ...

    def side_record_parts(self, device: str, sha256: str) -> bytes:
        """Those bytes."""
        ...

    def personal(self, kind: str, id_: str) -> bytes | None:
        """A personal row's content."""
        ...

    def personal_many(self, kind: str, ids: Collection[str]) -> dict[str, bytes]:
        """Several rows of a kind by id; unknown ones are absent."""
        ...

    def personal_all(self, kind: str, *, after: str = "", limit: int = 1000) -> list[tuple[str, bytes]]:
        """(id, content) of a kind, in order of id."""
        ...

    def personal_find(self, kind: str, field: str, value: str) -> list[str]:
        """Ids of rows that were put with this value under a blind-indexed field."""
        ...

    def blob(self, sha256: str) -> bytes | None:
        """A content-addressed document that is not personal."""
        ...

    # -- the office process
    def office_head(self) -> JournalHead | None:
        """Where this process's office journal stands; None before it was opened."""
        ...

    def office_public_key(self, key: str) -> str | None:
        """Public key (base64url) of an office key id that signed acknowledgements, past ones included."""
        ...

    def setting(self, name: str) -> str:
        """A small fact about this database that is neither personal nor secret; empty if it was never put."""
        ...

    def jobs(self) -> list[JobState]:
        """Every job that ever ran, by name."""
        ...
