"""Ingest: what one exchange brings becomes durable, in one work, before anybody understands it.

Known operations are recognised by hash and skipped. What is new is stored in contiguous runs, each journaled as an
`ExchangeReceived` in the same transaction: arrival is itself a fact, and rules read it only from there. An exchange
that brings only what is here already is journaled once with `new` 0; one that brings nothing is not.

Nothing is refused for what it *means*: a malformed body, an unknown kind, a revoked device, a fork or a gap are all
stored. The answer then says what the phone should do: go on in a new epoch, or send again from a number on.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import msgspec

from server.limits import SIDE_RECORDS_WANTED_MAX
from server.ports import Device, Epoch, OfficeWork, Reader, Writer
from server.services.devices import SYSTEM, open_epoch
from server.services.nonces import use_nonce
from sync.errors import Conflict, NotAllowed
from sync.journal import Placed
from sync.limits import TEXT_LENGTH_MAX
from sync.messages import Acknowledgement, Claims, EpochGrant, Resend
from sync.operations.envelope import GENESIS
from sync.operations.office import EpochOpened, ExchangeReceived, Head
from sync.reconcile.facts import Arrival
from sync.segments import Summary

__all__ = ["Ingested", "Offer", "ingest", "standing"]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange whose signature, chain and side records were checked."""

    claims: Claims
    placed: Sequence[Placed]
    side_records: Mapping[str, bytes]
    acknowledged: Acknowledgement | None
    """The last acknowledgement that the phone honoured; its signature was ours."""


class Ingested(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it, as committed; `seq` 0 and an empty hash acknowledge nothing."""

    device: Device
    seq: int
    hash: str
    fresh: bool
    """Whether the nonce had not been used: only then documents are given."""
    rolled_back: bool
    """Whether the phone proves that we knew more than we know: no documents until it has offered all again."""
    document_n: int
    document_count: int
    new: int = 0
    again: int = 0
    resend_from: Resend | None = None
    epoch: EpochGrant | None = None
    missing_side_records: list[str] = []


def ingest(writer: Writer, offer: Offer, now_ms: int, fresh_incarnation: str, incarnation: str) -> Ingested:
    """Store an offer. Raises EPOCH-UNKNOWN, NONCE-REUSED, DEVICE-UNKNOWN; then nothing of it was stored."""
    claims = offer.claims
    device = writer.device(claims.device)
    if device is None or not device.agent:
        raise NotAllowed("DEVICE-UNKNOWN", f"no device {claims.device!r} is enrolled")
    fresh = True
    if offer.placed or offer.side_records:
        fresh = writer.use_nonce(claims.device, claims.nonce)
    else:
        use_nonce(writer, claims)
    rolled_back = _lacks(writer, offer)
    if rolled_back:
        _note_rollback(writer, claims, now_ms, fresh_incarnation, incarnation)
    _check_epochs(writer, offer, rolled_back=rolled_back)
    new, again, forks = _store(writer, offer, now_ms)
    for sha256, data in offer.side_records.items():
        writer.put_side_record(sha256, data)
    # What it offers now may be all that we had lost.
    rolled_back = rolled_back and _lacks(writer, offer)
    seq, hash_ = writer.contiguous_below(claims.device, claims.epoch, claims.seq, claims.hash)
    document_n, document_count = writer.document_state(device.agent)
    look_back = rolled_back or seq < claims.seq or any(item.header.seq == 1 for item in offer.placed)
    resend = _first_lacking(writer, claims, seq, everywhere=look_back)
    return Ingested(
        device=device,
        seq=seq,
        hash=hash_,
        fresh=fresh,
        rolled_back=rolled_back,
        document_n=document_n,
        document_count=document_count,
        new=new,
        again=again,
        resend_from=resend,
        epoch=_fork_grant(writer, claims, forks=forks),
        missing_side_records=writer.side_records_wanted(claims.device, SIDE_RECORDS_WANTED_MAX),
    )


def standing(reader: Reader, offer: Offer) -> Ingested | None:
    """What `ingest` would find for an offer that brings nothing and only asks; None where answering needs more
    than a nonce: an unknown phone or epoch, a rolled back office, a branch that must go on in another epoch.

    A morning's requests are of this kind. Looked at here they leave the writer to those that bring something.
    """
    claims = offer.claims
    device = reader.device(claims.device)
    if offer.placed or offer.side_records or device is None or not device.agent or _lacks(reader, offer):
        return None
    if all(epoch.epoch != claims.epoch for epoch in reader.epochs(claims.device)) or _left_behind(reader, claims):
        return None
    seq, hash_ = reader.contiguous_below(claims.device, claims.epoch, claims.seq, claims.hash)
    document_n, document_count = reader.document_state(device.agent)
    return Ingested(
        device=device,
        seq=seq,
        hash=hash_,
        fresh=True,
        rolled_back=False,
        document_n=document_n,
        document_count=document_count,
        resend_from=_first_lacking(reader, claims, seq, everywhere=seq < claims.seq),
        missing_side_records=reader.side_records_wanted(claims.device, SIDE_RECORDS_WANTED_MAX),
    )


def _lacks(reader: Reader, offer: Offer) -> bool:
    """Whether an operation that we once acknowledged is not held."""
    acknowledged = offer.acknowledged
    return bool(acknowledged and acknowledged.seq and not reader.known([acknowledged.hash]))


def _note_rollback(writer: Writer, claims: Claims, now_ms: int, fresh: str, incarnation: str) -> None:
    # Cursors of the lost time would hide what changes from now on, so every phone fetches its whole pack once.
    if claims.cursor is not None and claims.cursor.incarnation == incarnation:
        writer.put_setting("incarnation", fresh)
    if not writer.setting("rolled_back_ms"):
        writer.put_setting("rolled_back_ms", str(now_ms))


def _check_epochs(writer: Writer, offer: Offer, *, rolled_back: bool) -> None:
    claims = offer.claims
    assigned = {epoch.epoch for epoch in writer.epochs(claims.device)}
    unknown = sorted({claims.epoch, *(item.header.epoch for item in offer.placed)} - assigned)
    if unknown and not rolled_back:
        raise Conflict("EPOCH-UNKNOWN", f"epoch {unknown[0]} was not assigned to {claims.device}")
    firsts = {item.header.epoch: item.header.prev for item in offer.placed if item.header.seq == 1}
    for epoch in unknown:
        # It was assigned in the time that a restored database forgot; assigning it again loses nothing.
        _readmit(writer, claims.device, epoch, firsts.get(epoch, GENESIS))


def _readmit(writer: Writer, device: str, epoch: int, continues: str) -> None:
    request = f"readmitted/{epoch}"
    writer.put_epoch(Epoch(device=device, epoch=epoch, continues=continues, request=request, reason="restored"))
    body = EpochOpened(device=device, epoch=epoch, continues=continues, request=request, reason="restored")
    writer.append_office([OfficeWork(body=body, by=SYSTEM)])


def _store(writer: Writer, offer: Offer, now_ms: int) -> tuple[int, int, bool]:
    """How many operations were new and how many known, and whether a new one stands where another stood."""
    placed, claims = offer.placed, offer.claims
    if not placed:
        return 0, 0, False
    known = set() if _all_new(writer, claims, placed) else writer.known([item.hash for item in placed])
    arrival = Arrival(now_ms, claims.clock.boot, claims.clock.mono_ms)
    again = len(known)
    forks = False
    received: list[OfficeWork] = []
    pack = placed[-1].header.pack
    pack = pack if len(pack) <= TEXT_LENGTH_MAX else ""
    for run in _runs(placed, known):
        header = run[0].header
        forks = forks or _overlaps(writer.summary(claims.device, header.epoch), run)
        writer.append_device_run(claims.device, header.epoch, run, arrival)
        received.append(_received(offer, run, len(run), again if not received else 0, now_ms, pack))
    if not received:
        received.append(_received(offer, placed, 0, again, now_ms, pack))
    writer.append_office(received)
    return len(placed) - again, again, forks


def _all_new(writer: Writer, claims: Claims, placed: Sequence[Placed]) -> bool:
    """Whether all of it is certainly new, without looking each one up: it continues the only end of what is held.

    Only where nothing is held behind a gap, and within one epoch: else what follows may be here already.
    """
    first = placed[0].header
    summary = writer.summary(claims.device, first.epoch)
    if len(summary.starts) != 1 or len(summary.ends) != 1 or placed[-1].header.epoch != first.epoch:
        return False
    end = summary.ends[0]
    return end.hash == first.prev and end.seq == first.seq - 1


def _runs(placed: Sequence[Placed], known: set[str]) -> list[Sequence[Placed]]:
    """The operations that are not known, in stretches of one epoch without a hole."""
    if not known and placed[0].header.epoch == placed[-1].header.epoch:
        return [placed]
    runs: list[list[Placed]] = []
    last: Placed | None = None
    for item in placed:
        if item.hash in known:
            last = None
            continue
        if last is None or last.header.epoch != item.header.epoch:
            runs.append([])
        runs[-1].append(item)
        last = item
    return list(runs)


def _overlaps(summary: Summary, run: Sequence[Placed]) -> bool:
    first, last = run[0].header.seq, run[-1].header.seq
    return any(item.copies and item.first_seq <= last and item.last_seq >= first for item in summary.stretches)


def _received(offer: Offer, run: Sequence[Placed], new: int, again: int, now_ms: int, pack: str) -> OfficeWork:
    first, last, clock = run[0], run[-1], offer.claims.clock
    body = ExchangeReceived(
        device=offer.claims.device,
        epoch=last.header.epoch,
        first_seq=first.header.seq,
        last_seq=last.header.seq,
        last_hash=last.hash,
        new=new,
        again=again,
        received_ms=now_ms,
        boot=clock.boot,
        mono_ms=clock.mono_ms,
        wall=clock.at,
        pack=pack,
    )
    return OfficeWork(body=body, by=SYSTEM)


def _fork_grant(writer: Writer, claims: Claims, *, forks: bool) -> EpochGrant | None:
    """An epoch for the branch that came second; the same one again while its head stays where it was."""
    if not forks and not _left_behind(writer, claims):
        return None
    # Only a phone that wrote nothing since can repeat its head: its answer was lost, or it waits.
    opened = open_epoch(writer, claims.device, claims.hash, f"fork/{claims.hash}", "fork")
    return EpochGrant(epoch=opened.epoch, continues=opened.continues, reason="fork")


def _left_behind(reader: Reader, claims: Claims) -> bool:
    """Whether this branch was told before to go on in a new epoch, and the answer was lost."""
    if not reader.summary(claims.device, claims.epoch).forked:
        return False
    head = Head(claims.device, claims.epoch, claims.seq, claims.hash)
    told = (epoch.continues for epoch in reader.epochs(claims.device) if epoch.reason == "fork")
    return any(reader.is_at_or_below(continues, head) for continues in told if continues)


def _first_lacking(reader: Reader, claims: Claims, seq: int, *, everywhere: bool) -> Resend | None:
    """From where on operations are missing: in this epoch, or in those that it goes back to."""
    here = Resend(epoch=claims.epoch, seq=seq + 1) if seq < claims.seq else None
    if not everywhere:
        return here
    epochs = [epoch for epoch in reader.epochs(claims.device) if epoch.epoch <= claims.epoch]
    for before, after in itertools.pairwise(epochs):
        if after.continues in ("", GENESIS):
            continue
        end = reader.operation(after.continues)
        if end is None:
            return Resend(epoch=before.epoch, seq=reader.summary(claims.device, before.epoch).reach + 1)
        reached, _ = reader.contiguous_below(claims.device, end.epoch, end.seq, end.hash)
        if reached < end.seq:
            return Resend(epoch=end.epoch, seq=reached + 1)
    return here
