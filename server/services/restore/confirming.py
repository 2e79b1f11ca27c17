"""The two confirmations after a restore: of revocations, by one person; of what is missing, by two."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from server.limits import RESTORE_BATCHES_MAX
from server.ports import OfficeWork, Reader, Writer
from server.services.office import Person, actor_for, second_person
from server.services.restore.standing import restore_now
from server.services.restore.status import batches_here, creditors_of, missing_batches, revoked_devices
from sync.errors import Conflict, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.operations.kinds import RESTORE_KEY
from sync.operations.restore import LastBatch, RestoreConfirmed, RevocationsConfirmed
from sync.reconcile.folds.restore import RestoreView

__all__ = ["RestoreWord", "confirm_restore", "confirm_revocations"]


class RestoreWord(msgspec.Struct, frozen=True, kw_only=True):
    """What two persons found: `missing` in their words, creditor → the last batch that it got, batches given up."""

    missing: str
    batches: Mapping[str, int] = {}
    lost: Collection[str] = ()


def confirm_revocations(writer: Writer, person: Person, revoked: int, now_ms: int, *, basis: str | None = None) -> str:
    """Every phone that had been revoked is revoked again: `revoked` of them, as the person saw; the hash.

    Raises ROLE-MISSING, STATE-FORBIDS where nothing waits, STATE-STALE when so many are not revoked.
    """
    by = actor_for(person, "RevocationsConfirmed")
    view = restore_now(writer)
    if not view.downloads_wait:
        raise Conflict("STATE-FORBIDS", "no rollback waits for its revocations to be confirmed")
    if (found := len(revoked_devices(writer))) != revoked:
        raise Conflict("STATE-STALE", f"{found} phones are revoked, not {revoked}: look again at who they are")
    seen = writer.aggregate_head(RESTORE_KEY)
    body = RevocationsConfirmed(
        through_ms=max(now_ms, view.noticed_ms), revoked=revoked, basis=seen if basis is None else basis
    )
    (entry,) = writer.append_office(
        [OfficeWork(body=body, by=by, rests_on=_notices(view))], expect={RESTORE_KEY: body.basis}
    )
    return entry.hash


def confirm_restore(
    writer: Writer, person: Person, second: str, word: RestoreWord, now_ms: int, *, basis: str | None = None
) -> str:
    """Two persons confirm what is missing: days can be closed and money goes out again; the hash.

    Raises ROLE-MISSING, TWO-PERSONS, ARGUMENT-WRONG, STATE-STALE, and STATE-FORBIDS where nothing waits, while
    revocations are not confirmed, or while a creditor has a batch that is neither here nor given up by name.
    """
    by = actor_for(person, "RestoreConfirmed")
    second_person(person, second, "a restored database")
    view = restore_now(writer)
    if not view.books_wait:
        raise Conflict("STATE-FORBIDS", "no rollback waits to be confirmed")
    if view.downloads_wait:
        raise Conflict("STATE-FORBIDS", "confirm first that every revoked phone is revoked again")
    if not 0 < len(word.missing.strip()) <= TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"what is missing is said in 1 to {TEXT_LENGTH_MAX} characters")
    _check_batches(writer, word)
    seen = writer.aggregate_head(RESTORE_KEY)
    named = {closing for _, earlier in view.confirmed for closing in earlier.closings}
    body = RestoreConfirmed(
        through_ms=max(now_ms, view.noticed_ms),
        second=second,
        missing=word.missing.strip(),
        batches=tuple(LastBatch(creditor, number) for creditor, number in sorted(word.batches.items())),
        lost=tuple(sorted(set(word.lost))),
        closings=tuple(kept.closing for _, kept in view.presented if kept.closing not in named),
        basis=seen if basis is None else basis,
    )
    keys = [f"creditor:{creditor}" for creditor in word.batches]
    (entry,) = writer.append_office(
        [OfficeWork(body=body, by=by, rests_on=_notices(view))],
        expect={key: writer.aggregate_head(key) for key in keys} | {RESTORE_KEY: body.basis},
    )
    return entry.hash


def _notices(view: RestoreView) -> tuple[str, ...]:
    return tuple(fact.hash for fact, _ in view.notices)


def _check_batches(reader: Reader, word: RestoreWord) -> None:
    """Every creditor was asked, and what it has is here or is given up by name; nothing else is given up."""
    creditors = creditors_of(reader)
    if unasked := sorted(creditors - set(word.batches)):
        raise Refused(
            "ARGUMENT-WRONG", f"ask {', '.join(unasked)} for the number of the last batch that came, 0 for none"
        )
    for creditor, number in word.batches.items():
        if creditor not in creditors or not 0 <= number <= len(batches_here(reader, creditor)) + RESTORE_BATCHES_MAX:
            raise Refused("ARGUMENT-WRONG", f"{creditor[:64]!r} with batch {number} is no creditor's word")
    missing = {
        f"{creditor}/{number}" for creditor, last in word.batches.items()
        for number in missing_batches(reader, creditor, last)
    }  # fmt: skip
    if unknown := sorted(set(word.lost) - missing):
        raise Refused("ARGUMENT-WRONG", f"{', '.join(unknown)[:200]} is not missing")
    if open_ := sorted(missing - set(word.lost)):
        raise Conflict(
            "STATE-FORBIDS",
            f"{', '.join(open_)[:200]} is with its creditor and not here: take it back from the creditor's file,"
            " or give it up by name",
        )
