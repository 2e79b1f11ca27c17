"""Closings that this database forgot and somebody kept: their places in the chain are taken, whatever they booked.

A kept statement has no lines, so it closes no day here: its day is closed again, under the next number and naming the
forgotten closing as the one before. Both statements then stand in one chain, and no number was signed twice.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from server.ports import OfficeWork, Reader, Writer
from server.services.money.closing_statement import check_closing_statement
from server.services.office import Person, actor_for
from server.services.present import facts_now
from sync.encoding import sha256_hex
from sync.errors import Conflict
from sync.messages import Signed
from sync.operations.office import DayClosed
from sync.operations.restore import ClosingPresented
from sync.reconcile.facts import Fact

__all__ = ["ChainEnd", "chain_end", "present_closing"]


class ChainEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The last closing of a branch, ours or presented: what the next one names as the one before."""

    number: int = 0
    closing: str = ""
    books_digest: str = ""


def chain_end(reader: Reader, branch: str) -> ChainEnd:
    """The highest number that was ever signed for a branch, as far as is known; of two with one number ours."""
    ends = list(_ends(facts_now(reader, [key := f"branch:{branch}"])[key]))
    return max(ends, key=lambda end: (end[0].number, end[1], end[0].closing), default=(ChainEnd(), False))[0]


def _ends(facts: Iterable[Fact]) -> Iterable[tuple[ChainEnd, bool]]:
    """Each closing, and whether it is ours."""
    for fact in facts:
        body = fact.operation.body
        if fact.held:
            continue
        if isinstance(body, DayClosed):
            yield ChainEnd(number=body.number, closing=fact.hash, books_digest=body.books_digest), True
        elif isinstance(body, ClosingPresented):
            yield ChainEnd(number=body.number, closing=body.closing, books_digest=body.books_digest), False


def present_closing(writer: Writer, person: Person, data: bytes) -> str:
    """Keep a signed statement of a closing that is not here; the hash. Presenting it again changes nothing.

    Raises ROLE-MISSING, ARGUMENT-WRONG for other bytes, SIGNATURE-WRONG when no office key signed it, STATE-FORBIDS
    for a closing that is here.
    """
    by = actor_for(person, "ClosingPresented")
    found = check_closing_statement(writer, data)
    if writer.known([found.closing]):
        raise Conflict(
            "STATE-FORBIDS", f"closing {found.number} of {found.branch}, {found.service_day}, is in this database"
        )
    key = f"branch:{found.branch}"
    for fact in facts_now(writer, [key])[key]:
        body = fact.operation.body
        if isinstance(body, ClosingPresented) and body.closing == found.closing and not fact.held:
            return fact.hash
    signed = msgspec.json.decode(data, type=Signed)
    body = ClosingPresented(
        branch=found.branch,
        service_day=found.service_day,
        number=found.number,
        closing=found.closing,
        books_digest=found.books_digest,
        statement=sha256_hex(bytes(signed.payload)),
        document=writer.put_blob(data),
    )
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: writer.aggregate_head(key)})
    return entry.hash
