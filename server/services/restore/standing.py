"""Whether the office waits after a restore; asked by every exchange, so one that never was set back pays little."""

from __future__ import annotations

from server.ports import Reader
from server.services.present import facts_now
from sync.errors import Conflict
from sync.operations.kinds import RESTORE_KEY
from sync.reconcile.folds.restore import RestoreView, restore_view

__all__ = ["check_restored", "restore_now"]

_NEVER = RestoreView()


def restore_now(reader: Reader) -> RestoreView:
    """What is noticed and confirmed at this moment, pending operations included."""
    if not reader.aggregate_head(RESTORE_KEY):
        return _NEVER
    return restore_view(facts_now(reader, [RESTORE_KEY])[RESTORE_KEY])


def check_restored(reader: Reader, what: str) -> None:
    """Raises RESTORE-UNCONFIRMED while two persons have not confirmed what a restored database lacks."""
    if restore_now(reader).books_wait:
        raise Conflict(
            "RESTORE-UNCONFIRMED", f"{what} waits until two persons confirm what this database lacks since its backup"
        )
