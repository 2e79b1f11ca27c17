"""The office's people after their database was set back: what they kept, what they say, what they take back.

An auditor keeps the signed statement of every closing, and checks that all of them are one chain whatever the office
forgot meanwhile. The creditor keeps the file of every batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.services.money.closing_statement import ClosingStatement, closing_statement
from server.services.money.refunds import list_refunds
from server.services.office import Person
from server.services.restore import declare_rollback, restore_now
from server.services.restore.batches import take_back_batch
from server.services.restore.closings import present_closing
from server.services.restore.confirming import RestoreWord, confirm_restore, confirm_revocations
from server.services.restore.refunds import take_back_refund
from server.services.restore.status import batches_here, revoked_devices
from sync.encoding import sha256_hex
from sync.errors import DoorstepError
from tests.simulation.faulty import Violation
from tests.simulation.rows import BRANCH

if TYPE_CHECKING:
    from sync.reconcile.folds.restore import RestoreView
    from tests.simulation.world import World

__all__ = ["Kept", "Recovery"]

_SUPERVISOR = Person(user="wen", roles=("admin", "supervisor"))
_CASHIER = Person(user="qian", roles=("cashier",))
_SECOND = "lan"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A closing's statement in the auditor's drawer."""

    number: int
    closing: str
    payload_sha256: str
    data: bytes


class Recovery:
    """What stands outside the office's database, and how it comes back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("recovery")
        self.kept: dict[str, Kept] = {}
        self._silent = False
        """Whether the office was set back and nobody said so yet."""

    # -- the auditor
    def keep(self, name: str) -> None:
        """Take the statement of the day just closed; it follows the one kept before, and no number comes twice."""
        office = self.world.office
        with office.parts.store.read() as reader:
            signed = closing_statement(reader, office.keys, BRANCH, name)
        found = msgspec.json.decode(signed.payload, type=ClosingStatement)
        if found.closing in self.kept:
            return
        last = max(self.kept.values(), key=lambda kept: kept.number, default=None)
        if found.number != (last.number if last else 0) + 1 or found.before != (last.payload_sha256 if last else ""):
            raise Violation("closing-chain", f"the statement {found.number} of {name} does not follow the one kept")
        self.kept[found.closing] = Kept(
            number=found.number,
            closing=found.closing,
            payload_sha256=sha256_hex(bytes(signed.payload)),
            data=msgspec.json.encode(signed),
        )

    # -- after the office was set back
    def set_back(self) -> None:
        """Whoever put the backup in place says so, at once or in the evening; meanwhile a phone may show it."""
        self._silent = True
        if self.chance.permille(500):
            self.ease()

    def _view(self) -> RestoreView:
        with self.world.office.parts.store.read() as reader:
            return restore_now(reader)

    def waits(self) -> bool:
        """Whether the office was set back and not everything has come back yet."""
        return self._silent or self._view().books_wait

    def ease_if_told(self) -> None:
        """During the day somebody looks at what the office shows: a phone may have proved it."""
        if self._view().downloads_wait:
            self.ease()

    def ease(self) -> None:
        """Say that it was set back, where neither people nor phones did; and let phones have their routes again."""
        office, now_ms = self.world.office, self.world.time.now_ms
        if self._silent:
            self._silent = False
            noticed = self._view().books_wait
            self.world.faults.counts.did("rollback_shown_by_a_phone" if noticed else "rollback_declared")
            if not noticed:
                fresh = self.chance.take(8).hex()
                office.write(lambda writer: declare_rollback(writer, _SUPERVISOR, "the disk died", now_ms, fresh))
        if self._view().downloads_wait:
            with office.parts.store.read() as reader:
                revoked = len(revoked_devices(reader))
            office.write(lambda writer: confirm_revocations(writer, _SUPERVISOR, revoked, now_ms))

    def go_on(self) -> bool:
        """Present what was kept and confirm what is missing; False while a receipt of a lost batch is still away."""
        office = self.world.office
        self.ease()
        if not self._view().books_wait:
            return True
        for kept in self.kept.values():
            if not self.world.watch.holds(kept.closing):
                office.write(lambda writer, kept=kept: present_closing(writer, _SUPERVISOR, kept.data))  # type: ignore[misc]  # bound at once
        files = self.world.creditor.files
        for number in sorted(files):
            office.reconcile()
            if not self._take_back(number, files[number]):
                return False
        self._take_back_refunds()
        office.reconcile()
        word = RestoreWord(missing="the hours since the backup", batches={"K1": max(files, default=0)})
        now_ms = self.world.time.now_ms
        office.write(lambda writer: confirm_restore(writer, _SUPERVISOR, _SECOND, word, now_ms))
        self.world.faults.counts.did("restore_confirmed")
        office.reconcile()
        self.world.creditor.send_back_again()
        self.world.recalls.again()
        return True

    def _take_back_refunds(self) -> None:
        """Those that the branch gave back and the office forgot; the cashier enters their payments afterwards."""
        office = self.world.office
        for refund, (account, amount) in self.world.creditor.given.items():
            office.reconcile()
            with office.parts.store.read() as reader:
                known = {line.refund for line in list_refunds(reader, account)}
            if refund in known:
                continue
            office.write(
                lambda writer, refund=refund, amount=amount: take_back_refund(  # type: ignore[misc]  # bound at once
                    writer, _SUPERVISOR, _SECOND, refund, amount, "CNY", "credit"
                )
            )

    def _take_back(self, number: int, data: bytes) -> bool:
        office = self.world.office
        with office.parts.store.read() as reader:
            if number in batches_here(reader, "K1"):
                return True
        try:
            office.insist(lambda: take_back_batch(office.parts.store, _CASHIER, data))
        except DoorstepError as error:
            # A receipt of it is still away, or the office crashed and has to fold first: tried again in the evening.
            if error.code not in {"NOT-FOUND", "CLOSING-STALE", "STATE-STALE"}:
                raise
            return False
        self.world.faults.counts.did("batch_taken_back")
        return True
