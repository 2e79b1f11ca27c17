"""What travels through the ports: rows of the store, and an office operation to be written."""

from __future__ import annotations

import msgspec

from sync.operations.envelope import Actor
from sync.operations.office import OfficeBody
from sync.reconcile.facts import Arrival
from sync.segments import Summary

__all__ = [
    "Device",
    "DocumentRow",
    "Epoch",
    "JobState",
    "JournalState",
    "OfficeWork",
    "PartialUpload",
    "StoredOperation",
]


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
    locked_ms: int = 0
    """0 while it is not locked."""
    wipe_after_upload: bool = False
    """Whether the lock asks the phone to remove what it downloaded, once all that it wrote is here."""

    @property
    def gives_nothing(self) -> bool:
        """Whether the phone may upload and gets nothing: no documents, no side records, no badge."""
        return self.revoked_ms > 0 or self.locked_ms > 0


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


class PartialUpload(msgspec.Struct, frozen=True):
    """How many bytes of a side record came from one device, and when the last of them."""

    sha256: str
    bytes: int
    changed_ms: int


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
