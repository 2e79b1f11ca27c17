"""Notices: their letters, a new version that supersedes the ones before, and withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import msgspec

from server.intake.limits import LETTER_BYTES_MAX
from server.ports import OfficeWork, Reader, Writer
from server.services.office import Person, actor_for
from server.services.present import notices_now
from sync.encoding import sha256_hex
from sync.errors import Conflict, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.money import check_amount
from sync.operations.office import NoticeIssued, NoticeWithdrawn
from sync.reconcile.folds.notice import NoticeView

__all__ = [
    "WithdrawReason",
    "current_version",
    "letter",
    "letter_id",
    "letters_missing",
    "notices_of_account",
    "put_letter",
    "put_version",
    "supersede_notice",
    "withdraw_notice",
]

WithdrawReason = Literal["settled", "error", "disputed", "recalled"]
_LETTER = "letter"
_VERSION = "notice"


def letter_id(notice: str, version: int) -> str:
    """Name of a version: ``ID-vN``, as its letter's file is called."""
    return f"{notice}-v{version}"


def put_letter(writer: Writer, content: bytes) -> str:
    """Keep a letter as a personal row under its SHA-256, which is returned; before or after its notice.

    Raises ARGUMENT-WRONG for an empty or overlong one.
    """
    if not 0 < len(content) <= LETTER_BYTES_MAX:
        raise Refused("ARGUMENT-WRONG", f"a letter has 1 to {LETTER_BYTES_MAX} bytes, this one {len(content)}")
    name = sha256_hex(content)
    if writer.personal(_LETTER, name) is None:
        writer.put_personal(_LETTER, name, content)
    return name


def put_version(writer: Writer, body: NoticeIssued) -> None:
    """Note a version, so that the account's notices are found."""
    writer.put_personal(_VERSION, letter_id(body.notice, body.version), b"", {"account": body.account})


def letters_missing(reader: Reader, hashes: Collection[str]) -> int:
    """How many of these letters have not come yet."""
    return len(set(hashes)) - len(reader.personal_many(_LETTER, set(hashes)))


def letter(reader: Reader, notice: str, version: int) -> bytes:
    """A letter's bytes; raises NOT-FOUND when the version is unknown or its letter has not come."""
    view = notices_now(reader, [notice]).get(notice)
    for _, body in view.issued if view else ():
        content = reader.personal(_LETTER, body.content_sha256) if body.version == version else None
        if content is not None:
            return content
    raise Refused("NOT-FOUND", f"no letter {letter_id(notice, version)[:80]!r} is held")


def notices_of_account(reader: Reader, account: str) -> list[str]:
    """Ids of the account's notices, sorted."""
    return sorted({name.rpartition("-v")[0] for name in reader.personal_find(_VERSION, "account", account)})


def current_version(view: NoticeView) -> NoticeIssued:
    """The version that stands: the highest."""
    return max((body for _, body in view.issued), key=lambda body: body.version)


def supersede_notice(
    writer: Writer,
    person: Person,
    notice: str,
    *,
    content: bytes,
    title: str,
    amount_minor: int,
    issued_on: str,
    basis: str | None = None,
) -> NoticeIssued:
    """Issue the next version, as one work. Empty `title` keeps the last one's.

    Raises NOT-FOUND, STATE-FORBIDS for a withdrawn notice, STATE-STALE when `basis` is not the last operation.
    """
    by = actor_for(person, "NoticeIssued")
    view = _view(writer, notice)
    last = current_version(view)
    if view.withdrawn:
        raise Conflict("STATE-FORBIDS", f"notice {notice} was withdrawn")
    if len(title) > TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a title has at most {TEXT_LENGTH_MAX} characters")
    key = f"notice:{notice}"
    head = writer.aggregate_head(key) if basis is None else basis
    body = msgspec.structs.replace(
        last,
        version=last.version + 1,
        title=title or last.title,
        content_sha256=put_letter(writer, content),
        amount_minor=check_amount(amount_minor, zero=True),
        issued_on=issued_on,
        basis=head,
    )
    writer.append_office([OfficeWork(body=body, by=by)], expect={key: head})
    put_version(writer, body)
    return body


def withdraw_notice(
    writer: Writer, person: Person, notice: str, reason: WithdrawReason, *, basis: str | None = None
) -> str:
    """No version shall be delivered any more; the account's id. Raises NOT-FOUND, STATE-FORBIDS, STATE-STALE."""
    by = actor_for(person, "NoticeWithdrawn")
    view = _view(writer, notice)
    if view.withdrawn:
        raise Conflict("STATE-FORBIDS", f"notice {notice} was withdrawn before")
    account = current_version(view).account
    key = f"notice:{notice}"
    head = writer.aggregate_head(key) if basis is None else basis
    body = NoticeWithdrawn(notice=notice, account=account, reason=reason, basis=head)
    writer.append_office([OfficeWork(body=body, by=by)], expect={key: head})
    return account


def _view(reader: Reader, notice: str) -> NoticeView:
    view = notices_now(reader, [notice]).get(notice)
    if view is None:
        raise Refused("NOT-FOUND", f"no notice {notice[:64]!r}")
    return view
