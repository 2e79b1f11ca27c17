"""The file that a creditor gets with a batch: CSV (RFC 4180, UTF-8), a function of the journals alone.

No name and no address stands in it: the creditor knows its accounts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from server.ports import Reader
from server.services.imports.known import known_bodies
from sync.errors import Refused
from sync.operations.money import PaymentRemitted
from sync.operations.understand import decode_understood

__all__ = ["BATCH_COLUMNS", "batch_csv", "batch_file"]

BATCH_COLUMNS = (
    "creditor_id", "batch", "line", "day", "account_id", "amount_minor", "currency", "method", "paid_at", "branch_id",
    "receipt",
)  # fmt: skip
"""Columns in order; `paid_at` is RFC 3339 by the phone's clock, `receipt` key id, epoch and number."""


def batch_file(reader: Reader, lines: Sequence[PaymentRemitted]) -> bytes:
    """The lines as CSV, in order of their numbers."""
    rows = reader.operations([line.payment for line in lines])
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(BATCH_COLUMNS)
    for line in sorted(lines, key=lambda line: line.line):
        writer.writerow(
            (
                line.creditor,
                line.batch,
                line.line,
                line.day,
                line.account,
                line.amount_minor,
                line.currency,
                line.method,
                decode_understood(rows[line.payment].data).at,
                line.branch,
                line.series,
            )
        )
    return out.getvalue().encode()


def batch_csv(reader: Reader, creditor: str, number: int) -> bytes:
    """A numbered batch's file, the same bytes whenever it is asked for; raises NOT-FOUND."""
    lines = [body for _, body in known_bodies(reader, [f"remittance:{creditor}/{number}"], PaymentRemitted)]
    if not lines:
        raise Refused("NOT-FOUND", f"{creditor[:64]} has no batch {number}")
    return batch_file(reader, lines)
