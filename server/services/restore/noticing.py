"""How an office learns that it was set back: from a phone that knows more, or from whoever put the backup in place."""

from __future__ import annotations

from server.ports import OfficeWork, Writer
from server.services.office import SYSTEM, Person, actor_for
from server.services.restore.standing import restore_now
from sync.errors import Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.messages import Acknowledgement
from sync.operations.restore import RollbackNoticed

__all__ = ["declare_rollback", "note_rollback"]


def note_rollback(writer: Writer, device: str, acknowledged: Acknowledgement, now_ms: int) -> None:
    """A phone shows an acknowledgement of ours that we do not know: journal it, unless it is of a time accounted for.

    Whoever confirmed the revocations knew of every rollback until then; an acknowledgement that was signed later and
    is not known proves another one.
    """
    view = restore_now(writer)
    if view.downloads_wait or acknowledged.server_ms <= view.revocations_ms:
        return
    body = RollbackNoticed(
        noticed_ms=_after_all(now_ms, view.revocations_ms, view.books_ms),
        device=device,
        acknowledged=acknowledged.hash,
        signed_ms=acknowledged.server_ms,
    )
    writer.append_office([OfficeWork(body=body, by=SYSTEM)])


def declare_rollback(writer: Writer, person: Person, reason: str, now_ms: int, fresh_incarnation: str) -> str:
    """Say that a backup was put in place; the hash. Every phone fetches its pack anew when documents go out again.

    Raises ROLE-MISSING, ARGUMENT-WRONG.
    """
    by = actor_for(person, "RollbackNoticed")
    if not 0 < len(reason.strip()) <= TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a reason has 1 to {TEXT_LENGTH_MAX} characters")
    view = restore_now(writer)
    body = RollbackNoticed(noticed_ms=_after_all(now_ms, view.revocations_ms, view.books_ms), reason=reason.strip())
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)])
    writer.put_setting("incarnation", fresh_incarnation)
    return entry.hash


def _after_all(now_ms: int, *confirmed_ms: int) -> int:
    """A clock that was set back meanwhile must not hide the notice under what was confirmed before it."""
    return max(now_ms, *(until_ms + 1 for until_ms in confirmed_ms))
