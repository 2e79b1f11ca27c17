"""Commands that take money out rest on books that have caught up with what is stored."""

from __future__ import annotations

import time

from server.limits import CLOSING_WAIT_S
from server.ports import Reader, Store
from sync.errors import Conflict
from sync.reconcile import places

__all__ = ["await_reconciled", "branch_cash_left", "check_reconciled", "held_at"]


def await_reconciled(store: Store) -> None:
    """Wait until nothing is pending; raises CLOSING-STALE when that takes too long."""
    deadline = time.monotonic() + CLOSING_WAIT_S
    while True:
        with store.read() as reader:
            if reader.pending_count() == 0:
                return
        if time.monotonic() > deadline:
            with store.read() as reader:
                check_reconciled(reader)
            return
        time.sleep(0.05)


def check_reconciled(reader: Reader) -> None:
    """Raises CLOSING-STALE while operations are still to be folded."""
    if waiting := reader.pending_count():
        raise Conflict("CLOSING-STALE", f"{waiting} operations are still being reconciled")


def held_at(reader: Reader, place: str, code: str) -> int:
    """What the books say is at a place, in minor units."""
    return sum(
        posting.amount_minor if posting.debit == place else -posting.amount_minor
        for posting in reader.postings_at(place)
        if posting.currency == code
    )


def branch_cash_left(reader: Reader, branch: str, code: str) -> int:
    """Counted cash that a branch has by the books."""
    return held_at(reader, places.branch_cash(branch), code)
