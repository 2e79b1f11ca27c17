"""Settlement statements: one `SettlementLineImported` for each line, all of a file or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from server.intake import Faults
from server.intake.settlements import StatementRow
from server.ports import OfficeWork, Reader, Writer
from server.services.imports.known import known_bodies
from server.services.imports.summary import ImportSummary
from server.services.office import Office, Person, actor_for
from sync.operations.money import Provider, SettlementLineImported

__all__ = ["import_statement"]


def import_statement(
    office: Office,
    person: Person,
    file: str,
    provider: Provider,
    statement: str,
    rows: Sequence[StatementRow],
    *,
    dry_run: bool = False,
) -> ImportSummary:
    """Journal every line that is not known of this statement, all in one transaction.

    Raises ROLE-MISSING, and IMPORT-MALFORMED when a line is known under this statement with another content.
    """
    by = actor_for(person, "SettlementLineImported")
    bodies = [_body(provider, statement, row) for row in rows]
    with office.store.read() as reader:
        fresh = _fresh(reader, file, rows, bodies)
    summary = ImportSummary(
        kind="settlements", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not fresh:
        return summary

    def work(writer: Writer) -> None:
        writer.append_office([OfficeWork(body=body, by=by) for body in fresh])

    office.store.write_now(work)
    return summary


def _body(provider: Provider, statement: str, row: StatementRow) -> SettlementLineImported:
    return SettlementLineImported(
        statement=statement,
        line=row.line,
        provider=provider,
        order=row.order,
        amount_minor=row.amount_minor,
        currency=row.currency,
        at_ms=row.at_ms,
        reversed=row.reversed,
        payer_hint=row.payer_hint,
    )


def _fresh(
    reader: Reader, file: str, rows: Sequence[StatementRow], bodies: Sequence[SettlementLineImported]
) -> list[SettlementLineImported]:
    faults = Faults(file)
    keys = list(dict.fromkeys(f"settlement:{body.provider}/{body.order}" for body in bodies))
    known = {
        (body.statement, body.order, body.line): body for _, body in known_bodies(reader, keys, SettlementLineImported)
    }
    fresh = []
    for row, body in zip(rows, bodies, strict=True):
        earlier = known.get((body.statement, body.order, body.line))
        if earlier is None:
            fresh.append(body)
        elif earlier != body:
            faults.add(
                row.row, "order", row.order, f"line {row.line} of {body.statement} is known with another content"
            )
    faults.refuse()
    return fresh
