"""External payments: one `ExternalPaymentRecorded` for each; also the single one that a person types."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from server.intake import Faults, PaymentRow
from server.ports import OfficeWork, Reader, Writer
from server.services.imports.known import known_bodies
from server.services.imports.summary import ImportSummary
from server.services.office import Office, Person, actor_for
from sync.operations.office import AccountImported, ExternalPaymentRecorded, VisitPlanned

__all__ = ["import_payments"]


def import_payments(
    office: Office, person: Person, file: str, rows: Sequence[PaymentRow], *, dry_run: bool = False
) -> ImportSummary:
    """Journal every payment that is not known, all in one transaction.

    Raises IMPORT-MALFORMED for an unknown account, another currency than the account's, or an `external_id` that
    is known with other content.
    """
    by = actor_for(person, "ExternalPaymentRecorded")
    with office.store.read() as reader:
        fresh = _fresh(reader, file, rows, _bodies(reader, file, rows))
    summary = ImportSummary(
        kind="payments", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not fresh:
        return summary

    def work(writer: Writer) -> None:
        writer.append_office([OfficeWork(body=body, by=by) for body in fresh])

    office.store.write_now(work)
    return summary


def _bodies(reader: Reader, file: str, rows: Sequence[PaymentRow]) -> list[ExternalPaymentRecorded]:
    """Each with the branch in whose books it stands: the row's, its account's first visit's, or the only one."""
    known = {key.partition(":")[2] for key in reader.keys_starting("branch:")}
    faults = Faults(file)
    visited: dict[str, str] = {}
    keys = list(dict.fromkeys(f"account:{row.account_id}" for row in rows if not row.branch_id))
    for _, visit in known_bodies(reader, keys, VisitPlanned):
        visited.setdefault(visit.account, visit.branch)
    bodies = []
    for row in rows:
        branch = row.branch_id or visited.get(row.account_id) or (next(iter(known)) if len(known) == 1 else "")
        if row.branch_id and row.branch_id not in known:
            faults.add(row.row, "branch_id", row.branch_id, "no such branch: import agents first")
        elif not branch and known:
            faults.add(
                row.row, "branch_id", "", f"{row.account_id} has no visit: state one of {', '.join(sorted(known))}"
            )
        bodies.append(_body(row, branch))
    faults.refuse()
    return bodies


def _body(row: PaymentRow, branch: str) -> ExternalPaymentRecorded:
    return ExternalPaymentRecorded(
        external=row.external_id,
        account=row.account_id,
        amount_minor=row.amount_minor,
        currency=row.currency,
        paid_ms=row.paid_at,
        channel=row.channel,
        reference=row.creditor_reference,
        branch=branch,
    )


def _fresh(
    reader: Reader, file: str, rows: Sequence[PaymentRow], bodies: Sequence[ExternalPaymentRecorded]
) -> list[ExternalPaymentRecorded]:
    faults = Faults(file)
    keys = list(dict.fromkeys(f"account:{body.account}" for body in bodies))
    currencies = {body.account: body.currency for _, body in known_bodies(reader, keys, AccountImported)}
    known = {(b.account, b.external): b for _, b in known_bodies(reader, keys, ExternalPaymentRecorded)}
    fresh = []
    for row, body in zip(rows, bodies, strict=True):
        earlier = known.get((body.account, body.external))
        if body.account not in currencies:
            faults.add(row.row, "account_id", row.account_id, "no such account: import accounts first")
        elif body.currency != currencies[body.account]:
            faults.add(row.row, "currency", row.currency, f"the account is in {currencies[body.account]}")
        elif earlier is None:
            fresh.append(body)
        elif earlier != (body if row.branch_id else msgspec.structs.replace(body, branch=earlier.branch)):
            faults.add(row.row, "external_id", row.external_id, "it is known with another content")
    faults.refuse()
    return fresh
