"""The folds of a creditor's batches: one batch with its lines and rejections, and the creditor's numbering.

A line takes money out of the bank, where a statement said that it arrived, and to the creditor; a rejection brings it
back. What that means for an account is the account's fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.operations.money import PaymentRemitted, RemittanceBatchNumbered
from sync.reconcile import places
from sync.reconcile.facts import Fact, Posting, canonical_order
from sync.reconcile.folds.restore import confirms
from sync.reconcile.remitted_lines import RemittedLine, remitted_lines

__all__ = ["RemittanceView", "creditor_state", "remittance_postings", "remittance_state", "remittance_view"]


class RemittanceView(msgspec.Struct, frozen=True):
    """One batch; `header` is None while only lines of it are known."""

    creditor: str
    number: int
    header: RemittanceBatchNumbered | None
    lines: tuple[RemittedLine, ...]


def remittance_view(key: str, facts: Sequence[Fact]) -> RemittanceView:
    """Sort the facts of ``remittance:creditor/number``."""
    creditor, _, number = key.partition(":")[2].rpartition("/")
    headers = [
        body
        for fact in canonical_order(fact for fact in facts if not fact.held)
        if isinstance(body := fact.operation.body, RemittanceBatchNumbered)
        and (body.creditor, str(body.number)) == (creditor, number)
    ]
    lines = tuple(
        line for line in remitted_lines(facts) if (line.body.creditor, str(line.body.batch)) == (creditor, number)
    )
    return RemittanceView(creditor, int(number), headers[0] if headers else None, lines)


def remittance_postings(view: RemittanceView) -> tuple[Posting, ...]:
    """Each line out of the bank, and back where it was rejected."""
    posts: list[Posting] = []
    for line in view.lines:
        body = line.body
        bank = places.bank_cash(body.branch) if body.method == "cash" else places.bank(body.method)
        creditor = places.remitted(body.creditor)
        posts.append(_posting(line.fact, "remitted", creditor, bank, body, body.day))
        if line.rejected is not None:
            fact, back = line.rejected
            posts.append(_posting(fact, "returned", bank, creditor, body, back.day))
    return tuple(posts)


def _posting(fact: Fact, purpose: str, debit: str, credit: str, body: PaymentRemitted, day: str) -> Posting:
    return Posting(
        id=f"{fact.hash}:{purpose}",
        debit=debit,
        credit=credit,
        amount_minor=body.amount_minor,
        currency=body.currency,
        branch=body.branch,
        service_day=day,
        operation=fact.hash,
    )


def remittance_state(view: RemittanceView) -> dict[str, Any]:
    """What is stored and shown of the batch."""
    rejected = [line for line in view.lines if line.rejected is not None]
    header = view.header
    return {
        "creditor": view.creditor,
        "number": view.number,
        "day": header.day if header else "",
        "currency": header.currency if header else "",
        "amount_minor": header.amount_minor if header else 0,
        "lines": len(view.lines),
        "complete": header is not None
        and (header.lines, header.amount_minor)
        == (len(view.lines), sum(line.body.amount_minor for line in view.lines)),
        "lines_sha256": header.lines_sha256 if header else "",
        "rejected": len(rejected),
        "rejected_minor": sum(line.body.amount_minor for line in rejected),
    }


def creditor_state(key: str, facts: Sequence[Fact]) -> dict[str, Any]:
    """How far a creditor's batches are numbered; numbers that the creditor got from a forgotten time are used up."""
    creditor = key.partition(":")[2]
    numbers = {
        body.number
        for fact in facts
        if isinstance(body := fact.operation.body, RemittanceBatchNumbered) and not fact.held
    }
    used = [
        last.number
        for fact in facts
        if (said := confirms(fact)) is not None
        for last in said.batches
        if last.creditor == creditor
    ]
    return {"creditor": creditor, "batches": len(numbers), "last": max([*numbers, *used], default=0)}
