"""Writing one operation: under the writer lock, in one transaction, on disk before anybody sees it.

DESIGN chapter 9 gives the order. `Desk.record` takes the lock, reads head, clocks and receipt number as one
`Moment`, lets a function of `agent_client.work` check the step and write its body (a receipt included), appends
it to the chain, looks at the bytes once more as the office will, and commits operation, head, receipt number and
side records together. Only what it returns may be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.clock import Clock
from agent_client.refusals import Advice, refuse
from agent_client.store import Enrolment, Store
from agent_client.vault import UnlockedVault, vault_status
from agent_client.vault.durable import locked_folder
from sync.clock import Reading, Seen
from sync.encoding import unb64
from sync.errors import Refused
from sync.journal import JournalHead, append
from sync.limits import OPERATION_BYTES_MAX_WRITER
from sync.operations import Body, Held, Position, kind_of, understand
from sync.receipt import Receipt
from sync.side_records import SideRecord
from sync.signing import load_public_key

__all__ = ["Desk", "Draft", "Moment", "Recorded"]


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the next operation depends on, read under the lock."""

    head: JournalHead
    receipt: int
    """The last receipt number issued in this epoch."""
    reading: Reading
    seen: Seen | None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a step wants written, and what the agent should be told about it."""

    body: Body
    pack: str = ""
    policy: str = ""
    receipt: Receipt | None = None
    side_records: tuple[SideRecord, ...] = ()
    advice: tuple[Advice, ...] = ()


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An operation that is on disk."""

    hash: str
    epoch: int
    seq: int
    kind: str
    at: str
    receipt: Receipt | None
    advice: tuple[Advice, ...]


class Desk:
    """A phone at work: its store, signing key, clocks and randomness."""

    def __init__(
        self,
        home: Path,
        vault: UnlockedVault,
        store: Store,
        clock: Clock,
        random: Callable[[int], bytes],
    ) -> None:
        self.home = home
        self.store = store
        self.clock = clock
        self.random = random
        self.enrolment: Enrolment = store.state.enrolment()
        self.vault = vault
        self.signing_key = ec.derive_private_key(int.from_bytes(self.enrolment.signing_key, "big"), ec.SECP256R1())

    @property
    def device(self) -> str:
        """This device's id."""
        return self.enrolment.device

    @property
    def agent(self) -> str:
        """Whose phone it is."""
        return self.enrolment.answer.agent

    def record(
        self,
        write: Callable[[Moment], Draft],
        *,
        position: Position | None = None,
        when_locked: bool = False,
    ) -> Recorded:
        """Write what `write` drafts; `when_locked` lets a step through on a phone that the office locked.

        Raises WORK-REFUSED (from `write`, or for a locked phone), ARGUMENT-WRONG for values that the office would
        only hold, and the store's errors; nothing was written then.
        """
        with locked_folder(self.home):
            self._seal_for_recovery()
            with self.store.transaction():
                return self._record(write, position, when_locked=when_locked)

    def _record(self, write: Callable[[Moment], Draft], position: Position | None, *, when_locked: bool) -> Recorded:
        state = self.store.state.sync()
        if state.locked and not when_locked:
            raise refuse("locked")
        writer = self.store.journal.writer(self.device)
        moment = Moment(head=writer.head, receipt=writer.receipt, reading=self.clock(), seen=state.seen)
        draft = write(moment)
        entry = append(
            moment.head,
            draft.body,
            moment.reading,
            seen=moment.seen,
            pack=draft.pack,
            policy=draft.policy,
            position=position,
        )
        if len(entry.data) > OPERATION_BYTES_MAX_WRITER:
            raise Refused("OPERATION-TOO-LARGE", f"{len(entry.data)} bytes, allowed are {OPERATION_BYTES_MAX_WRITER}")
        looked = understand(entry.data)
        if isinstance(looked, Held):
            raise Refused("ARGUMENT-WRONG", f"the office would hold this: {looked.sentence}")
        number = moment.receipt if draft.receipt is None else draft.receipt.body.number
        self.store.journal.add(entry, number)
        for record in draft.side_records:
            self.store.side_records.add(record, entry.hash)
        return Recorded(
            hash=entry.hash,
            epoch=entry.head.epoch,
            seq=entry.head.seq,
            kind=kind_of(entry.operation),
            at=entry.operation.at,
            receipt=draft.receipt,
            advice=draft.advice,
        )

    def _seal_for_recovery(self) -> None:
        """Before anything new is written the branch must be able to open it, should the PIN be forgotten."""
        if not vault_status(self.vault.folder).has_recovery:
            key = load_public_key(unb64(self.enrolment.answer.recovery_key.public_key))
            self.vault.add_recovery_slot(key, self.random)
