"""What people need to see after a restore: what waits, since when, who is revoked, which batches are here."""

from __future__ import annotations

import msgspec

from server.ports import Reader
from server.services.restore.standing import restore_now
from sync.operations.kinds import RESTORE_KEY

__all__ = [
    "BatchesHere",
    "ClosingShown",
    "RestoreStatus",
    "RollbackShown",
    "batches_here",
    "creditors_of",
    "missing_batches",
    "restore_status",
    "revoked_devices",
]

_PAGE = 1_000


class RollbackShown(msgspec.Struct, frozen=True, kw_only=True):
    """A rollback that nobody confirmed yet; `device` is empty where a person said so."""

    noticed_ms: int
    device: str
    reason: str
    operation: str


class BatchesHere(msgspec.Struct, frozen=True, kw_only=True):
    """How far a creditor's batches are numbered here; `missing` numbers at or below it are not in this database."""

    creditor: str
    last: int
    missing: list[int]


class ClosingShown(msgspec.Struct, frozen=True, kw_only=True):
    """A forgotten closing that somebody presented."""

    branch: str
    service_day: str
    number: int
    closing: str


class RestoreStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Times are milliseconds since 1970, 0 for never."""

    downloads_wait: bool
    books_wait: bool
    noticed_ms: int
    revocations_ms: int
    books_ms: int
    rollbacks: list[RollbackShown]
    revoked: list[str]
    """Phones that are revoked now."""
    batches: list[BatchesHere]
    closings: list[ClosingShown]
    head: str
    """Basis of a confirmation: the last operation about the restore."""


def restore_status(reader: Reader) -> RestoreStatus:
    """How the office stands; everything is false and empty where no rollback was ever noticed."""
    view = restore_now(reader)
    return RestoreStatus(
        downloads_wait=view.downloads_wait,
        books_wait=view.books_wait,
        noticed_ms=view.noticed_ms,
        revocations_ms=view.revocations_ms,
        books_ms=view.books_ms,
        rollbacks=[
            RollbackShown(noticed_ms=body.noticed_ms, device=body.device, reason=body.reason, operation=fact.hash)
            for fact, body in view.notices
        ],
        revoked=revoked_devices(reader),
        batches=[_batches(reader, creditor) for creditor in sorted(creditors_of(reader))],
        closings=[
            ClosingShown(branch=body.branch, service_day=body.service_day, number=body.number, closing=body.closing)
            for _, body in view.presented
        ],
        head=reader.aggregate_head(RESTORE_KEY),
    )


def _batches(reader: Reader, creditor: str) -> BatchesHere:
    last = (reader.aggregate(f"creditor:{creditor}") or {"last": 0})["last"]
    return BatchesHere(creditor=creditor, last=last, missing=missing_batches(reader, creditor, last))


def revoked_devices(reader: Reader) -> list[str]:
    """Ids of all revoked phones, sorted."""
    found: list[str] = []
    after = ""
    while page := reader.devices(after=after, limit=_PAGE):
        found += [device.device for device in page if device.revoked_ms]
        after = page[-1].device
    return found


def creditors_of(reader: Reader) -> set[str]:
    """Every creditor who is owed on an account, or was ever sent a batch."""
    found: set[str] = set()
    for family in ("account", "creditor"):
        after = ""
        while page := reader.aggregates_of(family, after=after, limit=_PAGE):
            found |= {str(state["creditor"]) for _, state in page}
            after = page[-1][0]
    return found - {""}


def missing_batches(reader: Reader, creditor: str, last: int) -> list[int]:
    """Numbers up to this one under which no batch is here, and which were not given up before."""
    given_up = {name for _, body in restore_now(reader).confirmed for name in body.lost}
    here = batches_here(reader, creditor)
    return [n for n in range(1, last + 1) if n not in here and f"{creditor}/{n}" not in given_up]


def batches_here(reader: Reader, creditor: str) -> set[int]:
    """Numbers of the batches that were numbered here, or taken back."""
    prefix = f"remittance:{creditor}/"
    found: set[int] = set()
    after = ""
    while keys := reader.keys_starting(prefix, after=after, limit=_PAGE):
        found |= {int(state["number"]) for state in reader.aggregates(keys).values() if state["day"]}
        after = keys[-1]
    return found
