"""What services may ask of a store and of each other; adapters stand behind these Protocols.

A store keeps exact bytes first and meaning second:

- *operations*, appended, keyed by hash; each is **pending** from the transaction that stored it until the
  reconciler has folded everything that it touches;
- the *touch index* (aggregate key → operations) and what folds said (*aggregates*, *discrepancies*, *postings*);
- *documents*, ready to send, numbered per agent; *side records*, *personal* rows and *blobs*.

Reading takes a connection from a pool and sees one snapshot. Writing goes through one writer with **group
commit**: each work runs in its own savepoint, an exception undoes that work only and reaches its caller only,
and a result is handed over only after the commit is on disk. A work must be quick, must not wait for anything,
and may be run in the same transaction as others.

Hashes are 64 lower-case hexadecimal digits; times are milliseconds since 1970 UTC. Nothing here is ordered by a
number that spans agents, accounts or journals: `StoredOperation.id` names a row and orders nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

import msgspec

from sync.clock import Reading
from sync.journal import Entry, JournalHead, Placed
from sync.operations.envelope import Actor
from sync.operations.office import Head, OfficeBody
from sync.reconcile.facts import Arrival, Discrepancy, Outcome, Posting, Registry
from sync.reconcile.ledger import Line
from sync.segments import Summary

__all__ = [
    "Clock",
    "Device",
    "DocumentRow",
    "Epoch",
    "JobState",
    "JournalState",
    "Keys",
    "OfficeWork",
    "Reader",
    "Reconciling",
    "Store",
    "StoredOperation",
    "Writer",
]

T = TypeVar("T")


class StoredOperation(msgspec.Struct, frozen=True):
    """An operation's exact bytes with what the office knows about it; `held` and `covered` are empty if not set."""

    id: int
    hash: str
    data: bytes
    device: str
    epoch: int
    seq: int
    arrival: Arrival | None
    held: str
    covered: str


class JournalState(msgspec.Struct, frozen=True):
    """One (device, epoch) with its segments."""

    device: str
    epoch: int
    summary: Summary


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An enrolled phone or an office journal (`agent` empty); `public_key` is 65 bytes as base64url."""

    device: str
    agent: str
    branch: str
    public_key: str
    enrolled_ms: int
    model: str = ""
    revoked_ms: int = 0
    """0 while it is not revoked."""


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    """An epoch that was assigned to a device; `request` and `continues` make a repeated request find it again."""

    device: str
    epoch: int
    continues: str
    request: str
    reason: str


class DocumentRow(msgspec.Struct, frozen=True):
    """The n-th change of an agent's documents; `data` is None for one that left the scope."""

    n: int
    name: str
    data: bytes | None


class JobState(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a job's last run; `error` is empty when it went well."""

    name: str
    started_ms: int = 0
    ended_ms: int = 0
    result: str = ""
    error: str = ""
    runs: int = 0


class OfficeWork(msgspec.Struct, frozen=True, kw_only=True):
    """An office operation to be appended: its body, who did it, and the operations that it rests on (hashes)."""

    body: OfficeBody
    by: Actor
    rests_on: tuple[str, ...] = ()
    pack: str = ""
    policy: str = ""


class Clock(Protocol):
    """The office's documented clock."""

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        ...

    def reading(self) -> Reading:
        """All that an operation's envelope says about time."""
        ...


class Keys(Protocol):
    """The part of the office's keys that a store needs: encryption of single fields, and blind indexes."""

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        """AEAD envelope that names its key; opens only with the same context."""
        ...

    def decrypt(self, envelope: bytes, context: bytes) -> bytes:
        """Inverse of `encrypt`; raises STORE-CORRUPT when it does not open."""
        ...

    def blind(self, field: str, value: str) -> bytes:
        """Keyed index of a value: equal values are found, none is read from it. 16 bytes."""
        ...


class Reconciling(Protocol):
    """What the reconciler gives to the scheduler: `run_pending` is called in a background thread until it returns 0."""

    def run_pending(self, limit: int) -> int:
        """Understand and fold at most `limit` pending operations; how many were done."""
        ...


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
    def pending(self, limit: int) -> list[StoredOperation]:
        """Operations that were stored and not yet reconciled, oldest row first."""
        ...

    def pending_count(self) -> int:
        """How many are pending; exact up to a bound, for health only."""
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
        operation: str | None = None,
        after: str = "",
        limit: int = 1000,
    ) -> list[Discrepancy]:
        """Discrepancies by (rule, subject), filtered; `key` is the aggregate that raised them, `after` an id."""
        ...

    def discrepancies_of(self, keys: Collection[str]) -> dict[str, list[Discrepancy]]:
        """Discrepancies that the last folds of these keys raised; keys without any are absent."""
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
        place: str | None = None,
        operation: str | None = None,
        after: str = "",
        limit: int = 1_000_000,
    ) -> list[Posting]:
        """Postings by id, filtered; `place` matches either leg, `after` is a posting's id."""
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

    def put_outcomes(self, outcomes: Iterable[Outcome]) -> set[str]:
        """Replace state, discrepancies and postings of these keys; only changed rows are written. Changed keys."""
        ...

    def book(self, branch: str, lines: Iterable[Line]) -> None:
        """Record a closing's lines; the net of a posting's lines is what is booked of it. They are open no longer."""
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
        """Keep a side record, encrypted; False if it was held or erased. The caller checked the hash."""
        ...

    def erase_side_record(self, sha256: str) -> bool:
        """Forget the bytes for good and remember that they were erased."""
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


class Store(Protocol):
    """Opened by `server.app` and the command line only; every service gets it as an argument."""

    @property
    def incarnation(self) -> str:
        """Random identity of this database; a restored or new one has another when it is told so."""
        ...

    def read(self) -> AbstractContextManager[Reader]:
        """A snapshot; usable from any thread, not across threads."""
        ...

    async def write(self, work: Callable[[Writer], T]) -> T:
        """Run a work in the writer's next group; returns after its commit. Raises what the work raised.

        STORE-FULL, STORE-LOCKED: nothing of the work was kept. RATE-LIMITED is never raised here; a full queue
        is STORE-LOCKED.
        """
        ...

    def write_now(self, work: Callable[[Writer], T]) -> T:
        """The same for threads that may block; never call it from the event loop or from inside a work."""
        ...

    def open_office(self, process: str, public_key: str, key: str) -> JournalHead:
        """Take the office journal under this process's lease and open an epoch in it (`OfficeOpened`).

        Raises STORE-LOCKED when another living process holds it.
        """
        ...

    def wait_for_pending(self, timeout_s: float) -> bool:
        """Block until operations were stored since the last call, or the time is over; whether there were any."""
        ...

    def check(self) -> None:
        """Whether a write would succeed now; raises STORE-LOCKED or STORE-FULL."""
        ...

    def close(self) -> None:
        """Finish the queue, release the lease, close every connection."""
        ...
