"""One exchange, seen from the phone: what is sent, and what becomes of the answer.

No network here. `build_request` reads the store and makes the bytes; `apply_answer` checks the office's signature
and takes the answer in, in one transaction. Between the two the agent may go on working: nothing is locked while
the network is slow.

- An acknowledgement counts only if it is signed by the enrolled office key, answers *this* request's nonce, and
  names the hash that the phone itself has at that place.
- Documents are applied only onto the cursor that was asked with, so that two processes cannot interleave.
- `resend_from` makes operations unsent again; a granted epoch is entered only if the phone's head is still the
  one that it continues (else the office is asked once more).
- Nothing that the office has not acknowledged is ever deleted.
"""

from __future__ import annotations

import msgspec

from agent_client.limits import PAGE_BYTES_MAX
from agent_client.recording import Desk
from agent_client.store import Stored, SyncState
from agent_client.vault.durable import locked_folder
from sync.clock import Seen, format_wall
from sync.encoding import b64, unb64
from sync.errors import DoorstepError, NotAllowed
from sync.journal import JournalHead
from sync.limits import EXCHANGE_OPERATIONS_MAX_WRITER, EXCHANGE_SIDE_RECORDS_MAX, SIDE_RECORD_INLINE_BYTES_MAX
from sync.messages import (
    PROTOCOL_VERSION,
    Acknowledgement,
    Claims,
    ClockClaim,
    Cursor,
    EpochGrant,
    ExchangeAnswer,
    ExchangeRequest,
    SideRecordMessage,
    Signed,
    read_acknowledgement,
    sign_claims,
)
from sync.operations import GENESIS
from sync.side_records import SideRecord
from sync.signing import load_public_key

__all__ = ["Applied", "Asked", "apply_answer", "build_request", "next_head_place", "wipe_if_due"]

_NONCE_BYTES = 16


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request's bytes, and what its answer will be held against."""

    data: bytes
    nonce: str
    cursor: Cursor | None
    pull: bool
    operations: int
    side_records: tuple[str, ...]


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer changed."""

    acknowledged: int
    """Operations that are durable at the office anew."""
    honoured: bool
    """Whether the acknowledgement named our own hash."""
    documents: int
    interleaved: bool
    """Whether another process had moved the cursor meanwhile, so that documents were left alone."""
    resent: int
    epoch: int
    """The epoch entered, or 0."""
    more: bool


def build_request(desk: Desk, *, pull: bool = True, operations_max: int = EXCHANGE_OPERATIONS_MAX_WRITER) -> Asked:
    """The next page of unsent operations with their small side records, signed over the head of the last one."""
    store = desk.store
    with store.snapshot():
        state = store.state.sync()
        page, records = _page(desk, operations_max)
        epoch, seq, digest = _place(page[-1] if page else store.journal.last(), desk)
    reading = desk.clock()
    nonce = desk.random(_NONCE_BYTES).hex()
    clock = ClockClaim(
        at=format_wall(reading.wall_ms, reading.offset_minutes), boot=reading.boot, mono_ms=reading.mono_ms
    )
    cursor = state.cursor if pull else None
    claims = Claims(
        device=desk.device, epoch=epoch, seq=seq, hash=digest, clock=clock, nonce=nonce, cursor=cursor, pull=pull
    )
    payload, signature = sign_claims(desk.signing_key, claims)
    request = ExchangeRequest(
        protocol=PROTOCOL_VERSION,
        claims=payload,
        signature=signature,
        operations=[msgspec.Raw(stored.data) for stored in page],
        side_records=[SideRecordMessage(sha256=record.sha256, data=b64(record.data)) for record in records],
        acknowledged=state.acknowledgement,
    )
    return Asked(
        data=msgspec.json.encode(request),
        nonce=nonce,
        cursor=cursor,
        pull=pull,
        operations=len(page),
        side_records=tuple(record.sha256 for record in records),
    )


def apply_answer(desk: Desk, asked: Asked, answer: ExchangeAnswer) -> Applied:
    """Check an answer and take it in, in one transaction; ANSWER-UNTRUSTED when it is not the office's to this."""
    acknowledgement = _trusted(desk, asked, answer)
    reading = desk.clock()
    with locked_folder(desk.home), desk.store.transaction():
        store = desk.store
        state = store.state.sync()
        honoured, acknowledged = _acknowledge(desk, asked, acknowledgement)
        if honoured:
            store.side_records.mark(asked.side_records, uploaded=True)
            state = _keep_farthest(state, answer.acknowledgement, acknowledgement)
        store.side_records.mark(answer.missing_side_records, uploaded=False)
        resent = 0
        if answer.resend_from is not None:
            place = answer.resend_from
            # An office that lost the beginning of an epoch may have lost the epochs before it as well.
            resent = store.journal.offer_again(0 if place.seq == 1 else place.epoch, place.seq)
        epoch = _enter_epoch(desk, answer.epoch)
        state, documents, interleaved = _documents(desk, asked, answer, state)
        if state.seen is None or acknowledgement.server_ms >= state.seen.at_ms:
            seen = Seen(acknowledgement.server_ms, reading.boot, reading.mono_ms)
            state = msgspec.structs.replace(state, seen=seen)
        state = msgspec.structs.replace(
            state,
            synced_ms=acknowledgement.server_ms,
            locked=answer.lock,
            wipe=answer.wipe_after_upload,
        )
        store.state.set_sync(state)
        wipe_if_due(desk)
    return Applied(
        acknowledged=acknowledged,
        honoured=honoured,
        documents=documents,
        interleaved=interleaved,
        resent=resent,
        epoch=epoch,
        more=answer.more and asked.pull and not interleaved,
    )


def wipe_if_due(desk: Desk) -> None:
    """Wipe documents and uploaded side records once the office said so and nothing is unsent; operations stay.

    The caller holds the writer lock and a transaction.
    """
    store = desk.store
    state = store.state.sync()
    if not state.wipe or store.journal.unsent_count() or store.side_records.unsent_count():
        return
    store.documents.wipe()
    store.side_records.wipe_uploaded()
    store.state.set_sync(msgspec.structs.replace(state, cursor=None, total=0, complete=False, wipe=False, wiped=True))


def next_head_place(desk: Desk) -> tuple[int, int, str]:
    """Epoch, number and hash that this phone's journal has reached: what a request for an epoch names."""
    return _place(desk.store.journal.last(), desk)


def _place(last: Stored | None, desk: Desk) -> tuple[int, int, str]:
    if last is None:
        return desk.enrolment.answer.epoch, 0, GENESIS
    return last.epoch, last.seq, last.hash


def _page(desk: Desk, operations_max: int) -> tuple[list[Stored], list[SideRecord]]:
    store = desk.store
    page: list[Stored] = []
    records: list[SideRecord] = []
    size = 0
    for stored in store.journal.unsent(min(operations_max, EXCHANGE_OPERATIONS_MAX_WRITER)):
        named = store.side_records.of_operations([stored.hash], SIDE_RECORD_INLINE_BYTES_MAX)
        size += len(stored.data) + sum(2 * len(record.data) for record in named)
        if page and (size > PAGE_BYTES_MAX or len(records) + len(named) > EXCHANGE_SIDE_RECORDS_MAX):
            break
        page.append(stored)
        records += named
    room = min(EXCHANGE_SIDE_RECORDS_MAX - len(records), max(PAGE_BYTES_MAX - size, 0) // (2 * 4096))
    lacking = store.side_records.missing(room, small=True, bytes_max=SIDE_RECORD_INLINE_BYTES_MAX)
    return page, records + lacking


def _trusted(desk: Desk, asked: Asked, answer: ExchangeAnswer) -> Acknowledgement:
    office = load_public_key(unb64(desk.enrolment.answer.office_key.public_key, 65))
    try:
        acknowledgement = read_acknowledgement(office, answer.acknowledgement)
    except (DoorstepError, msgspec.DecodeError) as error:
        raise NotAllowed("ANSWER-UNTRUSTED", f"the acknowledgement does not verify: {error}") from error
    if acknowledgement.device != desk.device or acknowledgement.nonce != asked.nonce:
        raise NotAllowed("ANSWER-UNTRUSTED", "the acknowledgement answers another request")
    return acknowledgement


def _acknowledge(desk: Desk, asked: Asked, acknowledgement: Acknowledgement) -> tuple[bool, int]:
    """Honour an acknowledgement only where our own hash is the one that it names."""
    if acknowledgement.seq == 0:
        return asked.operations == 0, 0
    own = desk.store.journal.hash_at(acknowledgement.epoch, acknowledgement.seq)
    if own != acknowledgement.hash:
        return False, 0
    return True, desk.store.journal.acknowledge(acknowledgement.epoch, acknowledgement.seq)


def _keep_farthest(state: SyncState, signed: Signed, acknowledgement: Acknowledgement) -> SyncState:
    """Keep the acknowledgement that proves most: an office that was rolled back must not talk itself out of it."""
    if acknowledgement.seq == 0:
        return state
    if state.acknowledgement is not None:
        before = msgspec.json.decode(state.acknowledgement.payload, type=Acknowledgement)
        if (before.epoch, before.seq) > (acknowledgement.epoch, acknowledgement.seq):
            return state
    return msgspec.structs.replace(state, acknowledgement=signed)


def _enter_epoch(desk: Desk, grant: EpochGrant | None) -> int:
    """Go on in a new epoch; its first operation names the head that it continues, receipts start at 1 again."""
    if grant is None:
        return 0
    journal = desk.store.journal
    writer = journal.writer(desk.device)
    unused = writer.head.seq == 0 and writer.head.epoch > desk.enrolment.answer.epoch
    if unused or grant.continues != writer.head.hash or grant.epoch <= writer.head.epoch:
        # An epoch that was granted before and not written in yet serves as well as another one.
        return 0
    journal.set_head(JournalHead(desk.device, grant.epoch, 0, grant.continues, writer.head.hlc), 0)
    return grant.epoch


def _documents(desk: Desk, asked: Asked, answer: ExchangeAnswer, state: SyncState) -> tuple[SyncState, int, bool]:
    if not asked.pull or answer.cursor is None:
        return state, 0, False
    if state.cursor != asked.cursor:
        return state, 0, True
    documents = desk.store.documents
    keep = documents.needed_by(desk.store.journal.open_visits())
    incarnation = answer.cursor.incarnation
    count = documents.apply(answer.documents, incarnation, keep)
    if not answer.more:
        # What an earlier incarnation had sent stays in use until the new one is complete.
        documents.purge(incarnation, keep)
    state = msgspec.structs.replace(
        state,
        cursor=answer.cursor,
        total=answer.total or state.total,
        complete=not answer.more,
        wiped=state.wiped and not count,
    )
    return state, count, False
