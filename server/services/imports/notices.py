"""Notices: one `NoticeIssued` for each version; the letters themselves come beside the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from server.intake import Faults, NoticeRow
from server.intake.limits import LETTER_BYTES_MAX
from server.ports import OfficeWork, Reader, Writer
from server.services.imports.known import known_bodies
from server.services.imports.summary import ImportSummary
from server.services.notices import letter_id, letters_missing, put_letter, put_version
from server.services.office import Office, Person, actor_for
from sync.encoding import sha256_hex
from sync.operations.office import AccountImported, NoticeIssued

__all__ = ["import_notices"]


def import_notices(
    office: Office,
    person: Person,
    file: str,
    rows: Sequence[NoticeRow],
    letters: Mapping[str, bytes],
    *,
    dry_run: bool = False,
) -> ImportSummary:
    """Journal every version that is not known and keep the letters given, all in one transaction.

    `letters` is ``ID-vN`` → the letter's bytes; those missing may be sent before or later (`put_letter`). Raises
    IMPORT-MALFORMED for an unknown account, another customer than the account's, a letter with another hash than
    its row states, or a version that is known with other content.
    """
    by = actor_for(person, "NoticeIssued")
    with office.store.read() as reader:
        fresh = _fresh(reader, file, rows, letters)
    summary = ImportSummary(
        kind="notices", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not (fresh or letters):
        return summary

    def work(writer: Writer) -> None:
        basis: dict[str, str] = {}
        for body in fresh:
            # Versions of one notice follow one another within the file, too.
            head = basis.get(body.notice, writer.aggregate_head(f"notice:{body.notice}"))
            chained = msgspec.structs.replace(body, basis=head)
            (entry,) = writer.append_office([OfficeWork(body=chained, by=by)], expect={f"notice:{body.notice}": head})
            basis[body.notice] = entry.hash
            put_version(writer, chained)
        for content in letters.values():
            put_letter(writer, content)

    office.store.write_now(work)
    with office.store.read() as reader:
        missing = letters_missing(reader, [row.content_sha256 for row in rows])
    return msgspec.structs.replace(summary, letters_missing=missing)


def _fresh(reader: Reader, file: str, rows: Sequence[NoticeRow], letters: Mapping[str, bytes]) -> list[NoticeIssued]:
    """Versions to be journaled, in order of version."""
    faults = Faults(file)
    accounts = {
        body.account: body
        for _, body in known_bodies(reader, {f"account:{row.account_id}" for row in rows}, AccountImported)
    }
    known = {
        (body.notice, body.version): msgspec.structs.replace(body, basis="")
        for _, body in known_bodies(reader, {f"notice:{row.notice_id}" for row in rows}, NoticeIssued)
    }
    fresh: list[NoticeIssued] = []
    for row in rows:
        account = accounts.get(row.account_id)
        if account is None:
            faults.add(row.row, "account_id", row.account_id, "no such account: import accounts first")
            continue
        if account.customer != row.customer_id:
            faults.add(row.row, "customer_id", row.customer_id, f"the account is {account.customer}'s")
        letter = letters.get(letter_id(row.notice_id, row.version))
        if letter is not None and (len(letter) > LETTER_BYTES_MAX or sha256_hex(letter) != row.content_sha256):
            faults.add(row.row, "content_sha256", row.content_sha256, "the letter beside it has another hash or size")
        body = _body(row, account.currency)
        earlier = known.get((body.notice, body.version))
        if earlier is None:
            fresh.append(body)
        elif earlier != body:
            faults.add(row.row, "version", str(row.version), f"version of {row.notice_id} known with other content")
    faults.refuse()
    return sorted(fresh, key=lambda body: (body.notice, body.version))


def _body(row: NoticeRow, currency: str) -> NoticeIssued:
    return NoticeIssued(
        notice=row.notice_id,
        version=row.version,
        account=row.account_id,
        customer=row.customer_id,
        title=row.title,
        content_sha256=row.content_sha256,
        amount_minor=row.amount_minor,
        currency=currency,
        issued_on=row.issued_on,
    )
