"""Counting cash blind: the cashier states what is on the table and learns nothing about what was declared."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from server.ports import OfficeWork, Writer
from server.services.office import Person, actor_for
from sync.errors import Conflict, NotAllowed, Refused
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import check_amount, currency
from sync.operations.field import Denomination
from sync.operations.office import CashCounted

__all__ = ["Counted", "count_cash"]


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What the cashier is told: what they said themselves, and under which operation."""

    operation: str
    agent: str
    service_day: str
    amount_minor: int
    currency: str


def count_cash(
    writer: Writer,
    person: Person,
    agent: str,
    service_day: str,
    currency_code: str,
    *,
    amount_minor: int | None = None,
    denominations: Sequence[Denomination] = (),
    basis: str | None = None,
) -> Counted:
    """Journal a count of one drawer, by denominations or as one amount; a later count replaces an earlier one.

    Raises NOT-FOUND for a drawer that nobody opened, STATE-FORBIDS when its day is closed, OWN-RECORD for one's own
    drawer, ARGUMENT-WRONG when amount and denominations differ, STATE-STALE.
    """
    by = actor_for(person, "CashCounted")
    amount = _amount(currency_code, amount_minor, denominations)
    key = f"drawer:{agent}/{service_day}"
    if not writer.keys_starting(key, limit=1):
        raise Refused("NOT-FOUND", f"{agent[:64]} has no drawer on {service_day[:10]}")
    state = writer.aggregate(key)
    if state is not None and state["closed_by"]:
        raise Conflict("STATE-FORBIDS", f"the day {service_day} of {agent} is closed")
    if person.user == agent:
        raise NotAllowed("OWN-RECORD", f"{agent} does not count their own drawer")
    head = writer.aggregate_head(key) if basis is None else basis
    body = CashCounted(
        agent=agent,
        service_day=service_day,
        amount_minor=amount,
        currency=currency_code,
        denominations=tuple(denominations),
        basis=head,
    )
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: head})
    return Counted(
        operation=entry.hash, agent=agent, service_day=service_day, amount_minor=amount, currency=currency_code
    )


def _amount(currency_code: str, amount_minor: int | None, denominations: Sequence[Denomination]) -> int:
    currency(currency_code)
    for piece in denominations:
        if piece.face_minor < 1 or piece.count < 0 or piece.face_minor * piece.count > AMOUNT_MINOR_MAX:
            raise Refused("ARGUMENT-WRONG", f"{piece.count} pieces of {piece.face_minor} are not cash")
    total = sum(piece.face_minor * piece.count for piece in denominations)
    if amount_minor is None and not denominations:
        raise Refused("ARGUMENT-WRONG", "neither an amount nor denominations were counted")
    if amount_minor is not None and denominations and amount_minor != total:
        raise Refused("ARGUMENT-WRONG", f"the denominations make {total}, the amount says {amount_minor}")
    return check_amount(total if denominations else (amount_minor or 0), zero=True)
