"""Visits: one `VisitPlanned` for each row; a visit code is a side record and a personal row."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from server.intake import Faults, VisitRow
from server.ports import OfficeWork, Reader, Writer
from server.services.customers import keyed_record
from server.services.imports.known import known_bodies
from server.services.imports.summary import ImportSummary
from server.services.notices import notices_of_account
from server.services.office import Office, Person, actor_for
from server.services.present import notices_now
from server.services.visit_rows import make_record, put_record
from sync.operations.office import AccountImported, VisitPlanned
from sync.side_records import SideRecord
from sync.visit_code import normal_code

__all__ = ["import_visits"]


def import_visits(
    office: Office, person: Person, file: str, rows: Sequence[VisitRow], *, dry_run: bool = False
) -> ImportSummary:
    """Journal every visit that is not known, all in one transaction.

    Customer and letter follow from the account: a visit with the task `notice` gets the account's latest notice
    that was not withdrawn. Raises IMPORT-MALFORMED for an unknown account or a visit that is known with other
    content (move or cancel it instead).
    """
    by = actor_for(person, "VisitPlanned")
    with office.store.read() as reader:
        fresh = _fresh(office, reader, file, rows)
    summary = ImportSummary(
        kind="visits", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not fresh:
        return summary
    kept = [
        make_record(
            office.keys,
            visit=body.visit,
            branch=body.branch,
            service_day=body.service_day,
            account=body.account,
            customer=body.customer,
            code=row.visit_code,
        )
        for row, body, _ in fresh
    ]

    def work(writer: Writer) -> None:
        for _, _, record in fresh:
            if record is not None:
                writer.put_side_record(record.sha256, record.data)
        # Nobody has planned one of these meanwhile: the first operation on a visit is its plan.
        writer.append_office(
            [OfficeWork(body=body, by=by) for _, body, _ in fresh],
            expect={f"visit:{body.visit}": "" for _, body, _ in fresh},
        )
        for row in kept:
            put_record(writer, row)

    office.store.write_now(work)
    return summary


def _fresh(
    office: Office, reader: Reader, file: str, rows: Sequence[VisitRow]
) -> list[tuple[VisitRow, VisitPlanned, SideRecord | None]]:
    faults = Faults(file)
    accounts = {
        body.account: body
        for _, body in sorted(
            known_bodies(reader, {f"account:{row.account_id}" for row in rows}, AccountImported),
            key=lambda pair: (pair[1].as_of_ms, pair[0]),
        )
    }
    known = {
        body.visit: body for _, body in known_bodies(reader, {f"visit:{row.visit_id}" for row in rows}, VisitPlanned)
    }
    fresh = []
    for row in rows:
        if row.account_id not in accounts:
            faults.add(row.row, "account_id", row.account_id, "no such account: import accounts first")
            continue
        earlier = known.get(row.visit_id)
        record = None
        if row.visit_code:
            record = keyed_record(office.keys, f"code\0{row.visit_id}", normal_code(row.visit_code).encode())
        # A letter or an address that changed since does not make a known visit another one.
        notice = earlier.notice if earlier else _notice(reader, row)
        account = accounts[row.account_id]
        body = _body(row, account.customer, record.sha256 if record else "", notice)
        place = earlier or account
        # A file that says nothing of the zone does not make a known visit another one.
        zone = row.zone or (earlier.zone if earlier else office.frame.zone)
        body = msgspec.structs.replace(body, lat_e7=place.lat_e7, lon_e7=place.lon_e7, zone=zone)
        if earlier is None:
            fresh.append((row, body, record))
        elif earlier != body:
            names = [name for name in body.__struct_fields__ if getattr(body, name) != getattr(earlier, name)]
            faults.add(
                row.row, "visit_id", row.visit_id, f"known with another {', '.join(names)}: move or cancel it instead"
            )
    faults.refuse()
    return fresh


def _notice(reader: Reader, row: VisitRow) -> str:
    if "notice" not in row.tasks:
        return ""
    views = notices_now(reader, notices_of_account(reader, row.account_id))
    standing = [
        (max(body.issued_on for _, body in view.issued), notice) for notice, view in views.items() if not view.withdrawn
    ]
    return max(standing, default=("", ""))[1]


def _body(row: VisitRow, customer: str, code: str, notice: str) -> VisitPlanned:
    return VisitPlanned(
        visit=row.visit_id,
        account=row.account_id,
        customer=customer,
        branch=row.branch_id,
        service_day=row.service_day,
        tasks=row.tasks,
        window_starts_s=row.window_start,
        window_ends_s=row.window_end,
        service_s=row.service_minutes * 60,
        mandatory=row.mandatory,
        prize=row.prize,
        origin=row.kind,
        booked_minor=row.booked_amount_minor,
        notice=notice,
        code=code,
        staff_min=row.staff_min,
    )
