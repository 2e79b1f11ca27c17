"""A whole sync: page after page until both sides have everything, trying again when the signal drops.

Every try is a new request with a fresh nonce; what an answer that got lost had already stored is recognised by
its hash. Stopping at any moment leaves a phone that simply goes on with the next sync.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from agent_client.exchange import Applied, apply_answer, build_request, next_head_place, wipe_if_due
from agent_client.limits import (
    BACKOFF_BASE_S,
    BACKOFF_CAP_S,
    RESENDS_MAX,
    RETRY_AFTER_S_MAX,
    ROUNDS_MAX,
    SIDE_RECORDS_APART_MAX,
    SYNC_TRIES_MAX,
)
from agent_client.recording import Desk
from agent_client.vault import vault_status
from agent_client.vault.durable import locked_folder
from sync.encoding import b64
from sync.errors import Conflict, DoorstepError, NotAllowed, Unavailable
from sync.journal import JournalHead
from sync.limits import EXCHANGE_OPERATIONS_MAX_WRITER, SIDE_RECORD_INLINE_BYTES_MAX
from sync.messages import EpochRequest, Signed
from sync.side_records import SideRecord
from sync.signing import TAG_EPOCH, TAG_SIDE_RECORD, sign

if TYPE_CHECKING:
    # The HTTP library takes as long to load as a payment to record; only a sync needs it.
    from agent_client.transport import Office

__all__ = ["Progress", "SyncReport", "Waiting", "pause_before", "request_epoch", "synchronise", "with_tries"]

_T = TypeVar("_T")
_REQUEST_BYTES: Final = 16


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sync has come, for somebody who watches."""

    sent: int
    to_send: int
    documents: int
    waiting_s: float = 0.0


class SyncReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a sync did, and where the phone stands now."""

    acknowledged: int = 0
    documents: int = 0
    side_records_apart: int = 0
    resent: int = 0
    epoch: int = 0
    """The new epoch, if one was entered."""
    unsent: int = 0
    held: int = 0
    """Documents in scope on this phone."""
    total: int = 0
    """Documents that a complete phone holds."""
    complete: bool = False
    locked: bool = False
    wiped: bool = False
    downloads_refused: bool = False
    """The office takes from this phone and gives no more: it was revoked."""
    documents_wait: bool = False
    """The office was set back to a backup and gives nobody documents until it has looked into that."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """How to wait and how to draw: `sleep(seconds)`, and `draw()` evenly from 0 to 1."""

    sleep: Callable[[float], None]
    draw: Callable[[], float]


def synchronise(
    desk: Desk,
    office: Office,
    waiting: Waiting,
    *,
    pull: bool = True,
    watch: Callable[[Progress], None] = lambda _: None,
) -> SyncReport:
    """Send everything unsent, fetch everything new, and say how the phone stands.

    Raises NETWORK-DOWN and its like when the tries are used up, ANSWER-UNTRUSTED for an answer that is not the
    office's, and what the office refuses with; all that was acknowledged until then stays so.
    """
    run = _Run(desk, office, waiting, watch, pull=pull)
    for _ in range(ROUNDS_MAX):
        if not run.step():
            break
    run.send_large()
    run.settle()
    return run.report()


def request_epoch(desk: Desk, office: Office, waiting: Waiting) -> int:
    """Ask for a new epoch and go on in it; a repeated request has the same id, so that it gets the same epoch.

    Returns the epoch; raises STATE-STALE when something was recorded while the office answered.
    """
    with locked_folder(desk.home), desk.store.transaction():
        state = desk.store.state.sync()
        if not state.epoch_request:
            state = msgspec.structs.replace(state, epoch_request=desk.random(_REQUEST_BYTES).hex())
            desk.store.state.set_sync(state)
        epoch, seq, digest = next_head_place(desk)
    request = EpochRequest(device=desk.device, epoch=epoch, seq=seq, hash=digest, request=state.epoch_request)
    payload = msgspec.json.encode(request)
    signature = b64(sign(desk.signing_key, TAG_EPOCH, payload))
    signed = Signed(payload=msgspec.Raw(payload), signature=signature, key=desk.device)
    grant = with_tries(lambda: office.epoch(signed), waiting, lambda _: None)
    with locked_folder(desk.home), desk.store.transaction():
        writer = desk.store.journal.writer(desk.device)
        state = msgspec.structs.replace(desk.store.state.sync(), epoch_request="")
        desk.store.state.set_sync(state)
        if grant.epoch == writer.head.epoch:
            return grant.epoch
        if grant.continues == writer.head.hash and grant.epoch > writer.head.epoch:
            desk.store.journal.set_head(JournalHead(desk.device, grant.epoch, 0, grant.continues, writer.head.hlc), 0)
            return grant.epoch
    raise Conflict("STATE-STALE", "something was recorded while the office answered; ask again")


def pause_before(attempt: int, draw: float, retry_after_s: float | None) -> float:
    """Seconds before try number `attempt` (from 1): full jitter under a doubling bound, and what the office asks."""
    bound = min(BACKOFF_CAP_S, BACKOFF_BASE_S * (1 << (attempt - 1)))
    return max(draw * bound, retry_after_s or 0.0)


def with_tries(call: Callable[[], _T], waiting: Waiting, on_wait: Callable[[float], None]) -> _T:
    """Call, and again after a pause while the office cannot be reached, at most `SYNC_TRIES_MAX` times."""
    for attempt in range(1, SYNC_TRIES_MAX + 1):
        try:
            return call()
        except Unavailable as error:
            given = error.context.get("retry_after")
            retry_after = float(given) if isinstance(given, int | float) else None
            if attempt == SYNC_TRIES_MAX or (retry_after or 0.0) > RETRY_AFTER_S_MAX:
                raise
            pause = pause_before(attempt, waiting.draw(), retry_after)
            on_wait(pause)
            waiting.sleep(pause)
    raise AssertionError("unreachable: the last try returns or raises")


class _Run:
    def __init__(
        self, desk: Desk, office: Office, waiting: Waiting, watch: Callable[[Progress], None], *, pull: bool
    ) -> None:
        self.desk, self.office, self.waiting, self.watch, self.pull = desk, office, waiting, watch, pull
        self.page = EXCHANGE_OPERATIONS_MAX_WRITER
        self.acknowledged = self.documents = self.apart = self.resent = self.epoch = 0
        self.to_send = desk.store.journal.unsent_count()
        self.refused_downloads = self.documents_wait = False
        self.new_epochs = self.nonces = self.resends = 0

    def step(self) -> bool:
        """One exchange; whether another is needed and promises to change something."""
        try:
            applied, sent = self._exchange()
        except DoorstepError as error:
            return self._recover(error)
        self.acknowledged += applied.acknowledged
        self.documents += applied.documents
        self.documents_wait = applied.documents_wait
        self.resent += applied.resent
        self.epoch = applied.epoch or self.epoch
        self._tell(0.0)
        if sent and not applied.honoured and not applied.epoch and not applied.resent:
            raise NotAllowed("ANSWER-UNTRUSTED", "the office acknowledges operations that this phone did not write")
        self.resends += bool(applied.resent)
        if self.resends > RESENDS_MAX:
            raise Conflict("STATE-FORBIDS", "the office asks for the same operations again and does not keep them")
        journal, records = self.desk.store.journal, self.desk.store.side_records
        lacking = records.missing(1, small=True, bytes_max=SIDE_RECORD_INLINE_BYTES_MAX)
        moved = bool(applied.acknowledged or applied.resent or applied.epoch)
        return applied.more or (journal.unsent_count() > 0 and moved) or (bool(lacking) and moved)

    def send_large(self) -> None:
        """Large side records travel apart, after the operations that name them."""
        for _ in range(SIDE_RECORDS_APART_MAX):
            found = self.desk.store.side_records.missing(1, small=False, bytes_max=SIDE_RECORD_INLINE_BYTES_MAX)
            if not found:
                return
            record = found[0]
            with_tries(partial(self._put, record), self.waiting, self._tell)
            with locked_folder(self.desk.home), self.desk.store.transaction():
                self.desk.store.side_records.mark([record.sha256], uploaded=True)
            self.apart += 1

    def settle(self) -> None:
        """With everything at the office the branch's way in is closed again."""
        with locked_folder(self.desk.home):
            with self.desk.store.transaction():
                wipe_if_due(self.desk)
            done = not self.desk.store.journal.unsent_count() and not self.desk.store.side_records.unsent_count()
            if done and vault_status(self.desk.vault.folder).has_recovery:
                self.desk.vault.remove_recovery_slot()

    def report(self) -> SyncReport:
        """Where the phone stands now."""
        store = self.desk.store
        with store.snapshot():
            state = store.state.sync()
            held = store.documents.count(state.cursor.incarnation) if state.cursor else 0
            return SyncReport(
                acknowledged=self.acknowledged,
                documents=self.documents,
                side_records_apart=self.apart,
                resent=self.resent,
                epoch=self.epoch,
                unsent=store.journal.unsent_count(),
                held=held,
                total=state.total,
                complete=state.complete and held == state.total and not self.documents_wait,
                locked=state.locked,
                wiped=state.wiped,
                downloads_refused=self.refused_downloads,
                documents_wait=self.documents_wait,
            )

    def _put(self, record: SideRecord) -> None:
        proof = f"PUT\n{record.sha256}".encode("ascii")
        signature = b64(sign(self.desk.signing_key, TAG_SIDE_RECORD, proof))
        self.office.put_side_record(record.sha256, record.data, self.desk.device, signature)

    def _exchange(self) -> tuple[Applied, int]:
        def once() -> tuple[Applied, int]:
            asked = build_request(self.desk, pull=self.pull, operations_max=self.page)
            return apply_answer(self.desk, asked, self.office.sync(asked.data)), asked.operations

        return with_tries(once, self.waiting, self._tell)

    def _recover(self, error: DoorstepError) -> bool:
        """What the phone can do by itself about a refusal; everything else is raised."""
        if error.code in ("EXCHANGE-TOO-LARGE", "EXCHANGE-TOO-MANY") and self.page > 1:
            self.page //= 2
            return True
        if error.code == "DEVICE-REVOKED" and self.pull:
            self.pull, self.refused_downloads = False, True
            return True
        if error.code == "NONCE-REUSED" and not self.nonces:
            self.nonces += 1
            return True
        if error.code == "EPOCH-UNKNOWN" and not self.new_epochs:
            self.new_epochs += 1
            self.epoch = request_epoch(self.desk, self.office, self.waiting)
            return True
        raise error

    def _tell(self, waiting_s: float) -> None:
        self.watch(
            Progress(sent=self.acknowledged, to_send=self.to_send, documents=self.documents, waiting_s=waiting_s)
        )
