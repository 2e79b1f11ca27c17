"""Batches that a creditor has and this database forgot: journaled again from the creditor's file, to the byte.

Only so is their money not passed on a second time. The file names receipts, not operations: it can be taken back once
every phone concerned has offered its records again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from server.limits import REMITTANCE_LINES_MAX
from server.ports import OfficeWork, Reader, Store, Writer
from server.services.money.reconciled import await_reconciled, check_reconciled
from server.services.money.remittance import Batch
from server.services.money.remittance_file import BATCH_COLUMNS, batch_file
from server.services.office import Person, actor_for
from server.services.present import facts_now
from server.services.restore.standing import restore_now
from server.services.restore.status import batches_here
from sync.encoding import sha256_hex
from sync.errors import Conflict, Refused
from sync.operations.field import PaymentCollected
from sync.operations.money import PaymentRemitted, RemittanceBatchNumbered

__all__ = ["take_back_batch"]

_Row = dict[str, str]


def take_back_batch(store: Store, person: Person, data: bytes) -> Batch:
    """Journal a batch again as the creditor has it (CSV as ``doorstep remit csv`` writes it).

    Raises ROLE-MISSING, IMPORT-MALFORMED for a file that is not one batch of ours, NOT-FOUND while a receipt of it has
    not arrived again, STATE-FORBIDS for a number that is here or where no restore waits, CLOSING-STALE.
    """
    by = actor_for(person, "RemittanceBatchNumbered")
    rows = list(_rows(data))
    await_reconciled(store)

    def work(writer: Writer) -> Batch:
        check_reconciled(writer)
        view = restore_now(writer)
        if not view.books_wait:
            raise Conflict("STATE-FORBIDS", "batches are taken back only after a restore, before it is confirmed")
        lines = [_line(writer, row) for row in rows]
        _check_bytes(writer, lines, data)
        creditor, number = lines[0].creditor, lines[0].batch
        if number in batches_here(writer, creditor):
            raise Conflict("STATE-FORBIDS", f"batch {number} of {creditor[:64]} is in this database")
        key = f"creditor:{creditor}"
        header = RemittanceBatchNumbered(
            creditor=creditor,
            number=number,
            day=lines[0].day,
            currency=lines[0].currency,
            amount_minor=sum(line.amount_minor for line in lines),
            lines=len(lines),
            lines_sha256=sha256_hex(data),
            basis=writer.aggregate_head(key),
        )
        noticed = tuple(fact.hash for fact, _ in view.notices)
        works = [OfficeWork(body=header, by=by, rests_on=noticed), *(OfficeWork(body=line, by=by) for line in lines)]
        writer.append_office(works, expect={key: header.basis})
        return Batch(
            creditor=creditor,
            number=number,
            day=header.day,
            currency=header.currency,
            amount_minor=header.amount_minor,
            lines=len(lines),
            rejected=0,
            rejected_minor=0,
            lines_sha256=header.lines_sha256,
        )

    return store.write_now(work)


def _rows(data: bytes) -> Iterator[_Row]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True)
        if tuple(reader.fieldnames or ()) != BATCH_COLUMNS:
            raise Refused("IMPORT-MALFORMED", f"a batch's file has the columns {', '.join(BATCH_COLUMNS)}")
        count = 0
        for row in reader:
            count += 1
            if count > REMITTANCE_LINES_MAX or None in row or None in row.values():
                raise Refused("IMPORT-MALFORMED", f"row {count + 1} is not one of a batch's file")
            yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("IMPORT-MALFORMED", f"not a batch's file: {error}") from error
    if not count:
        raise Refused("IMPORT-MALFORMED", "the file has no lines")


def _line(reader: Reader, row: _Row) -> PaymentRemitted:
    series = row["receipt"]
    try:
        batch, line, amount_minor = int(row["batch"]), int(row["line"]), int(row["amount_minor"])
    except ValueError as error:
        raise Refused("IMPORT-MALFORMED", f"receipt {series[:80]!r}: {error}") from error
    payment, body = _payment(reader, series, row["paid_at"])
    # Of which account it was passed on may have been decided in the forgotten time; it is one of this creditor's.
    account = reader.aggregate(f"account:{row['account_id']}") or {"creditor": ""}
    same = (body.method, body.currency, account["creditor"]) == (row["method"], row["currency"], row["creditor_id"])
    if not same or amount_minor > body.amount_minor:
        raise Refused("IMPORT-MALFORMED", f"receipt {series[:80]!r} is over something else than the file says")
    return PaymentRemitted(
        creditor=row["creditor_id"],
        batch=batch,
        line=line,
        payment=payment,
        series=series,
        account=row["account_id"],
        amount_minor=amount_minor,
        currency=row["currency"],
        method=row["method"],
        branch=row["branch_id"],
        day=row["day"],
    )


def _payment(reader: Reader, series: str, at: str) -> tuple[str, PaymentCollected]:
    """The operation with this receipt that was written then; two may carry one number, after a fork."""
    key = f"payment:{series}"
    for fact in facts_now(reader, [key])[key]:
        body = fact.operation.body
        if isinstance(body, PaymentCollected) and fact.operation.at == at:
            return fact.hash, body
    raise Refused("NOT-FOUND", f"the payment with receipt {series[:80]!r} has not arrived again: let phones sync first")


def _check_bytes(reader: Reader, lines: list[PaymentRemitted], data: bytes) -> None:
    """One batch, its lines numbered from 1, and what we would write of them is what was given."""
    one = {(line.creditor, line.batch, line.day, line.currency) for line in lines}
    numbered = [line.line for line in lines] == list(range(1, len(lines) + 1))
    sane = numbered and lines[0].batch > 0 and all(line.amount_minor > 0 for line in lines)
    if len(one) != 1 or not sane or batch_file(reader, lines) != data:
        raise Refused("IMPORT-MALFORMED", "this is not the file of one batch as the office wrote it")
