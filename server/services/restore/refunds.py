"""Refunds that were authorised, perhaps paid, in the time that this database forgot: authorised again as they were.

What was too much then may not look so now: a batch or a statement came back first. A refund that a customer has is a
fact, so two persons stand for it in place of the decision; its payment is entered with ``doorstep refund pay``.
"""

from __future__ import annotations

from typing import Literal

from server.ports import OfficeWork, Writer
from server.services.money.refunds import RefundLine
from server.services.office import Person, actor_for, second_person
from server.services.present import account_now
from server.services.restore.standing import restore_now
from sync.errors import Conflict, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.money import check_amount
from sync.operations.money import RefundAuthorised
from sync.reconcile.refunds import TAKEN_BACK

__all__ = ["take_back_refund"]


def take_back_refund(
    writer: Writer,
    person: Person,
    second: str,
    refund: str,
    amount_minor: int,
    code: str,
    source: Literal["credit", "suspense"],
) -> RefundLine:
    """Authorise a forgotten refund again under its old name (``ACCOUNT.R1``), as one work.

    Raises ROLE-MISSING, TWO-PERSONS, NOT-FOUND for an unknown account, ARGUMENT-WRONG for what is no refund's name,
    STATE-FORBIDS for a name that is here or where no restore waits.
    """
    by = actor_for(person, "RefundAuthorised")
    second_person(person, second, "a forgotten refund")
    view = restore_now(writer)
    if not view.books_wait:
        raise Conflict("STATE-FORBIDS", "refunds are taken back only after a restore, before it is confirmed")
    account, _, number = refund.rpartition(".R")
    if not account or not number or len(refund) > TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"{refund[:80]!r} is not a refund's name (ACCOUNT.R1)")
    if any(known.body.refund == refund for known in account_now(writer, account).refunds):
        raise Conflict("STATE-FORBIDS", f"{refund} is in this database")
    key = f"account:{account}"
    (notice, *_) = view.notices
    body = RefundAuthorised(
        refund=refund,
        account=account,
        amount_minor=check_amount(amount_minor),
        currency=code,
        source=source,
        decision=f"{TAKEN_BACK}{notice[0].hash}",
        second=second,
        basis=writer.aggregate_head(key),
    )
    works = [OfficeWork(body=body, by=by, rests_on=(notice[0].hash,))]
    (entry,) = writer.append_office(works, expect={key: body.basis})
    return RefundLine(
        refund=refund,
        account=account,
        amount_minor=body.amount_minor,
        currency=code,
        source=source,
        status="authorised",
        authorised_by=by.user,
        operation=entry.hash,
    )
