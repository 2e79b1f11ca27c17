"""Accounts: one `AccountImported` for each row, its personal content in a side record and in the customer's row."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from server.intake import AccountRow, Faults
from server.ports import OfficeWork, Reader, Writer
from server.services.customers import CustomerDetails, keyed_record, put_customer
from server.services.imports.known import chunked, known_bodies
from server.services.imports.summary import ImportSummary
from server.services.office import Office, Person, actor_for
from sync.encoding import canonical_json
from sync.operations.money import RemittanceBatchNumbered as _Numbered
from sync.operations.office import AccountImported
from sync.side_records import SideRecord

__all__ = ["import_accounts"]


def import_accounts(
    office: Office, person: Person, file: str, rows: Sequence[AccountRow], *, source: str = "", dry_run: bool = False
) -> ImportSummary:
    """Journal every row that says something new, all in one transaction or none.

    A row is known when its account was imported as of the same time with the same content; the same time with
    other content is a fault (IMPORT-MALFORMED), since nobody could say which of the two holds. `source` names the
    file in the operations and is not compared.
    """
    by = actor_for(person, "AccountImported")
    stated = [_state(office, row, source) for row in rows]
    with office.store.read() as reader:
        fresh = _fresh(reader, file, rows, stated)
        customers = _customers(reader, [rows[place] for place in fresh])
    summary = ImportSummary(
        kind="accounts", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not fresh:
        return summary

    def work(writer: Writer) -> None:
        for place in fresh:
            record = stated[place][1]
            writer.put_side_record(record.sha256, record.data)
        writer.append_office([OfficeWork(body=stated[place][0], by=by) for place in fresh])
        for details in customers:
            put_customer(writer, details)

    office.store.write_now(work)
    return summary


def _state(office: Office, row: AccountRow, source: str) -> tuple[AccountImported, SideRecord]:
    content = canonical_json(
        {
            "name": row.name,
            "phone": row.phone,
            "address": row.address,
            "language": row.language,
            "product": row.product,
        }
    )
    record = keyed_record(office.keys, f"details\0{row.account_id}\0{row.as_of}", content)
    body = AccountImported(
        account=row.account_id,
        customer=row.customer_id,
        creditor=row.creditor_id,
        currency=row.currency,
        as_of_ms=row.as_of,
        minimum_due_minor=row.minimum_due_minor,
        overdue_minor=row.overdue_minor,
        statement_minor=row.statement_minor,
        payoff_minor=row.payoff_minor,
        due=row.due_date,
        months_late=row.months_late,
        status=row.status,
        last_four=row.last_four,
        details=record.sha256,
        lat_e7=round(row.latitude * 10_000_000),
        lon_e7=round(row.longitude * 10_000_000),
        source=source,
        absorbs_through=row.absorbs_through,
        absorbs_references=row.absorbs_references,
    )
    return body, record


def _fresh(
    reader: Reader, file: str, rows: Sequence[AccountRow], stated: Sequence[tuple[AccountImported, SideRecord]]
) -> list[int]:
    """Places of the rows that are to be written."""
    faults = Faults(file)
    known: dict[tuple[str, int], list[AccountImported]] = {}
    for _, body in known_bodies(reader, [f"account:{row.account_id}" for row in rows], AccountImported):
        known.setdefault((body.account, body.as_of_ms), []).append(msgspec.structs.replace(body, source=""))
    creditors = {row.creditor_id for row in rows if row.absorbs_through}
    numbered = {
        creditor: max((body.number for _, body in known_bodies(reader, [f"creditor:{creditor}"], _Numbered)), default=0)
        for creditor in creditors
    }
    fresh = []
    for place, (row, (body, _)) in enumerate(zip(rows, stated, strict=True)):
        if row.absorbs_through > numbered.get(row.creditor_id, 0):
            faults.add(
                row.row,
                "absorbs_through",
                str(row.absorbs_through),
                f"{row.creditor_id} was sent {numbered[row.creditor_id]} batches so far",
            )
            continue
        earlier = known.get((body.account, body.as_of_ms))
        if earlier is None:
            fresh.append(place)
        elif msgspec.structs.replace(body, source="") not in earlier:
            changed = [
                name
                for name in body.__struct_fields__
                if name != "source" and getattr(body, name) != getattr(earlier[-1], name)
            ]
            faults.add(
                row.row,
                "as_of",
                str(row.as_of),
                f"{row.account_id} was imported as of this time with another {', '.join(changed)}; "
                "state a later as_of to correct it",
            )
    faults.refuse()
    return fresh


def _customers(reader: Reader, rows: Sequence[AccountRow]) -> list[CustomerDetails]:
    """Customers' rows to be replaced: by the latest as-of, and never by an older one."""
    latest: dict[str, AccountRow] = {}
    for row in rows:
        before = latest.get(row.customer_id)
        if before is None or row.as_of >= before.as_of:
            latest[row.customer_id] = row
    found = []
    for chunk in chunked(list(latest)):
        held = reader.personal_many("customer", chunk)
        for customer in chunk:
            row = latest[customer]
            known = msgspec.json.decode(held[customer], type=CustomerDetails) if customer in held else None
            if known is not None and known.as_of_ms > row.as_of:
                continue
            found.append(
                CustomerDetails(
                    customer=customer,
                    name=row.name,
                    phone=row.phone,
                    address=row.address,
                    language=row.language,
                    as_of_ms=row.as_of,
                    verified=known.verified if known else {},
                )
            )
    return found
