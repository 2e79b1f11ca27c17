"""Branch cash paid in at the bank: counted cash becomes deposited cash, by the number of the bank's slip."""

from __future__ import annotations

import msgspec

from server.ports import OfficeWork, Reader, Writer
from server.services.imports.known import known_bodies
from server.services.office import Person, actor_for
from sync.errors import Conflict, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.money import check_amount, currency, format_amount
from sync.operations.money import BranchCashDeposited, RefundPaid
from sync.reconcile import places

__all__ = ["Deposited", "deposit_branch_cash"]


class Deposited(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid in, and what the branch still holds of that currency."""

    operation: str
    amount_minor: int
    currency: str
    left_minor: int


def deposit_branch_cash(
    writer: Writer,
    person: Person,
    branch: str,
    service_day: str,
    amount_minor: int,
    currency_code: str,
    slip: str,
    *,
    bank: str = "",
    basis: str | None = None,
) -> Deposited:
    """Journal a deposit, as one work.

    Raises ROLE-MISSING, NOT-FOUND for an unknown branch, ARGUMENT-WRONG without a slip, STATE-FORBIDS when the slip
    was entered before, the day is closed or the branch has not so much counted cash, STATE-STALE.
    """
    by = actor_for(person, "BranchCashDeposited")
    currency(currency_code)
    check_amount(amount_minor)
    if not 0 < len(slip.strip()) <= TEXT_LENGTH_MAX or len(bank) > TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a deposit needs its slip's number, at most {TEXT_LENGTH_MAX} characters")
    key = f"branch:{branch}"
    state = writer.aggregate(key)
    if state is None:
        raise Refused("NOT-FOUND", f"no branch {branch[:64]!r}")
    last = state["last_closing"]
    if last and last["service_day"] >= service_day:
        raise Conflict("STATE-FORBIDS", f"{branch} is closed through {last['service_day']}")
    known = [body for _, body in known_bodies(writer, [key], BranchCashDeposited)]
    if any((body.slip, body.bank) == (slip.strip(), bank) for body in known):
        raise Conflict("STATE-FORBIDS", f"slip {slip.strip()!r} was entered before")
    left = _held(writer, branch, currency_code) - amount_minor
    if left < 0:
        raise Conflict(
            "STATE-FORBIDS",
            f"{branch} has {format_amount(left + amount_minor, currency_code)} of counted cash,"
            f" less than {format_amount(amount_minor, currency_code)}",
        )
    head = writer.aggregate_head(key) if basis is None else basis
    body = BranchCashDeposited(
        branch=branch,
        service_day=service_day,
        amount_minor=amount_minor,
        currency=currency_code,
        slip=slip.strip(),
        bank=bank,
        basis=head,
    )
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: head})
    return Deposited(operation=entry.hash, amount_minor=amount_minor, currency=currency_code, left_minor=left)


def _held(reader: Reader, branch: str, code: str) -> int:
    """Counted cash less every deposit and every refund in cash journaled so far, reconciled or not."""
    place, key, total = places.branch_cash(branch), f"branch:{branch}", 0
    for posting in reader.postings_at(place):
        if posting.currency == code and not posting.id.endswith((":paid_in", ":refund_paid")):
            total += posting.amount_minor if posting.debit == place else -posting.amount_minor
    total -= sum(b.amount_minor for _, b in known_bodies(reader, [key], BranchCashDeposited) if b.currency == code)
    paid_out = [body for _, body in known_bodies(reader, [key], RefundPaid) if not body.provider]
    return total - sum(body.amount_minor for body in paid_out if body.currency == code)
