"""What the office writes after its database was set back to a backup.

A phone that shows an acknowledgement which the office signed and does not know proves it; or whoever put the backup in
place says so. From then on (`RollbackNoticed`) phones upload and get no documents until somebody confirmed that every
revocation is there again (`RevocationsConfirmed`), and nothing is closed, numbered or paid out until two persons
confirmed what is missing (`RestoreConfirmed`). What stands outside takes its place again: a signed closing that is
presented (`ClosingPresented`), a batch that the creditor has (`RemittanceBatchNumbered` under its old number).
"""

from __future__ import annotations

import msgspec

from sync.operations.field import _Body

__all__ = [
    "ClosingPresented",
    "LastBatch",
    "RestoreBody",
    "RestoreConfirmed",
    "RevocationsConfirmed",
    "RollbackNoticed",
]


class LastBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The creditor's word: the highest number of a batch that it ever got, 0 for none."""

    creditor: str
    number: int


class RollbackNoticed(_Body, frozen=True, tag=True):
    """This database once knew more than it knows: shown by a phone, or said by whoever put a backup in place."""

    noticed_ms: int
    device: str = ""
    """Whose phone showed it; empty: a person says so."""
    acknowledged: str = ""
    """Hash of the operation that was acknowledged and is not held."""
    signed_ms: int = 0
    """When that acknowledgement was signed."""
    reason: str = ""


class RevocationsConfirmed(_Body, frozen=True, tag=True):
    """Every phone that had been revoked is revoked again: documents go out from here on."""

    through_ms: int
    """Covers every rollback that was noticed until then."""
    revoked: int
    """How many phones were revoked when this was said."""
    basis: str = ""


class ClosingPresented(_Body, frozen=True, tag=True):
    """Somebody kept the signed statement of a closing that this database forgot: its place in the chain is taken."""

    branch: str
    service_day: str
    number: int
    closing: str
    """Hash of the forgotten `DayClosed`."""
    books_digest: str
    statement: str
    """SHA-256 of the statement's signed payload."""
    document: str
    """SHA-256 of the signed statement, which is kept as it came."""


class RestoreConfirmed(_Body, frozen=True, tag=True):
    """Two persons looked at what is missing: days are closed, batches numbered and refunds paid from here on."""

    through_ms: int
    """Covers every rollback that was noticed until then."""
    second: str
    missing: str
    """What they found, in their words."""
    batches: tuple[LastBatch, ...] = ()
    """Numbers up to these are used up, whether or not the batches are here."""
    lost: tuple[str, ...] = ()
    """Batches (``creditor/number``) that the creditor got and nobody could bring back."""
    closings: tuple[str, ...] = ()
    """Hashes of forgotten closings that were presented."""
    basis: str = ""


RestoreBody = RollbackNoticed | RevocationsConfirmed | ClosingPresented | RestoreConfirmed
"""Every body of this module."""
