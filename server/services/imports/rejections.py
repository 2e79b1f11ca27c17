"""What a creditor sends back of a batch: one `RemittanceRejected` for each line, all of a file or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from server.intake import Faults, RejectionRow
from server.ports import OfficeWork, Reader, Writer
from server.services.imports.known import known_bodies
from server.services.imports.summary import ImportSummary
from server.services.office import Office, Person, actor_for
from server.services.packs import service_day_today
from sync.operations.money import PaymentRemitted, RemittanceRejected

__all__ = ["import_rejections"]


def import_rejections(
    office: Office, person: Person, file: str, rows: Sequence[RejectionRow], *, dry_run: bool = False
) -> ImportSummary:
    """Journal every rejection that is not known, all in one transaction.

    Raises IMPORT-MALFORMED for a line that was never sent, that has another account or amount, or that was rejected
    for another reason before.
    """
    by = actor_for(person, "RemittanceRejected")
    day = service_day_today(office)
    with office.store.read() as reader:
        fresh = _fresh(reader, file, rows, day)
    summary = ImportSummary(
        kind="rejections", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not fresh:
        return summary

    def work(writer: Writer) -> None:
        again = _fresh(writer, file, rows, day)
        writer.append_office([OfficeWork(body=body, by=by) for body in again])

    office.store.write_now(work)
    return summary


def _fresh(reader: Reader, file: str, rows: Sequence[RejectionRow], day: str) -> list[RemittanceRejected]:
    faults = Faults(file)
    keys = list(dict.fromkeys(f"remittance:{row.creditor_id}/{row.batch}" for row in rows))
    sent = {(b.creditor, b.batch, b.line): b for _, b in known_bodies(reader, keys, PaymentRemitted)}
    known = {(b.creditor, b.batch, b.line): b for _, b in known_bodies(reader, keys, RemittanceRejected)}
    fresh = []
    for row in rows:
        place = row.creditor_id, row.batch, row.line
        line, earlier = sent.get(place), known.get(place)
        if line is None:
            faults.add(row.row, "line", str(row.line), f"{row.creditor_id} was sent no such line of batch {row.batch}")
        elif line.account != row.account_id:
            faults.add(row.row, "account_id", row.account_id, f"the line is for the account {line.account}")
        elif line.amount_minor != row.amount_minor:
            faults.add(row.row, "amount_minor", str(row.amount_minor), f"the line is over {line.amount_minor}")
        elif earlier is not None and earlier.reason != row.reason:
            faults.add(row.row, "reason", row.reason, f"the line was rejected before: {earlier.reason}")
        elif earlier is None:
            fresh.append(
                RemittanceRejected(
                    creditor=line.creditor,
                    batch=line.batch,
                    line=line.line,
                    payment=line.payment,
                    series=line.series,
                    account=line.account,
                    reason=row.reason,
                    day=day,
                    note=row.note,
                )
            )
    faults.refuse()
    return fresh
