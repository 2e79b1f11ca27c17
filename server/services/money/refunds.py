"""Refunds: decided, authorised, paid out. Never more than is there, and never all by one hand.

The decision `refund` on an account's discrepancy says how much may go back. Authorising promises it to the customer:
from then on it reduces no debt. Paying out is another person's, from counted cash of a branch or from settled money.
"""

from __future__ import annotations

from typing import get_args

import msgspec

from server.ports import OfficeWork, Reader, Store, Writer
from server.services.money.reconciled import await_reconciled, check_reconciled, held_at
from server.services.office import Person, actor_for, second_person
from server.services.present import accounts_now
from server.services.restore import check_restored, restore_now
from sync.errors import Conflict, NotAllowed, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.money import check_amount, format_amount
from sync.operations.money import Provider, RefundAuthorised, RefundPaid
from sync.operations.office import DiscrepancyDecided
from sync.operations.understand import decode_understood
from sync.reconcile import places
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.folds.account import AccountView
from sync.reconcile.refunds import NEED_TWO, RefundStanding

__all__ = ["RefundLine", "authorise_refund", "list_refunds", "pay_refund"]


class RefundLine(msgspec.Struct, frozen=True, kw_only=True):
    """A refund and how far it is."""

    refund: str
    account: str
    amount_minor: int
    currency: str
    source: str
    status: str
    authorised_by: str
    paid_by: str = ""
    paid_from: str = ""
    """The place in the books that it left."""
    operation: str
    """The last operation of it."""


def authorise_refund(
    writer: Writer,
    person: Person,
    account: str,
    rule: str,
    *,
    amount_minor: int = 0,
    second: str = "",
    basis: str | None = None,
) -> RefundLine:
    """Authorise what a decision `refund` on `rule` of the account allows, as one work; `amount_minor` 0: all of it.

    Raises ROLE-MISSING, NOT-FOUND, STATE-FORBIDS (no such decision holds, or more than it allows or than is there),
    TWO-PERSONS where the decision was on an alarm about money, RESTORE-UNCONFIRMED, STATE-STALE.
    """
    by = actor_for(person, "RefundAuthorised")
    check_restored(writer, "a refund")
    view = accounts_now(writer, [account])[account]
    key = f"account:{account}"
    found = writer.discrepancies(rule=rule, subject=key, limit=1)
    if not found:
        raise Refused("NOT-FOUND", f"no discrepancy {rule[:40]}|{key[:80]}")
    decision = found[0].decision
    if decision is None or not decision.current or decision.outcome != "refund":
        raise Conflict("STATE-FORBIDS", f"{found[0].id} is not decided with refund on its present ground")
    if CATALOGUE[rule].two_persons or rule in NEED_TWO:
        second_person(person, second, f"a refund after {rule}, an alarm about money,")
    allowed = _allowed(writer, decision.operation, view)
    if not amount_minor and allowed <= 0:
        raise Conflict("STATE-FORBIDS", f"all that {found[0].id} allows to refund was authorised before")
    amount = check_amount(amount_minor or allowed)
    source, code = ("credit" if rule == "PAY-OVER" else "suspense"), _currency(view, rule)
    there = min(allowed, _there(view, source, code))
    if amount > there:
        raise Conflict(
            "STATE-FORBIDS", f"{format_amount(amount, code)} is more than the {format_amount(there, code)} that is left"
        )
    head = writer.aggregate_head(key) if basis is None else basis
    body = RefundAuthorised(
        refund=f"{account}.R{len(view.refunds) + 1}{_after_restore(writer)}",
        account=account,
        amount_minor=amount,
        currency=code,
        source="credit" if source == "credit" else "suspense",
        decision=decision.operation,
        second=second,
        basis=head,
    )
    (entry,) = writer.append_office([OfficeWork(body=body, by=by, rests_on=(decision.operation,))], expect={key: head})
    return RefundLine(
        refund=body.refund,
        account=account,
        amount_minor=amount,
        currency=code,
        source=body.source,
        status="authorised",
        authorised_by=by.user,
        operation=entry.hash,
    )


def _after_restore(reader: Reader) -> str:
    """A number of the forgotten time may stand on a customer's slip, so names made after a restore differ from all."""
    confirmed = restore_now(reader).confirmed
    return f"-{confirmed[-1][0].hash[:6]}" if confirmed else ""


def _allowed(reader: Reader, decision: str, view: AccountView) -> int:
    """What the decision allows, less what was authorised on it."""
    row = reader.operation(decision)
    body = decode_understood(row.data).body if row is not None else None
    decided = body.amount_minor if isinstance(body, DiscrepancyDecided) else 0
    return decided - sum(refund.body.amount_minor for refund in view.refunds if refund.body.decision == decision)


def _there(view: AccountView, source: str, code: str) -> int:
    ours = [a for a in view.allocations if a.status.body.currency == code]
    return sum(a.credit_minor if source == "credit" else a.suspense_minor for a in ours)


def _currency(view: AccountView, rule: str) -> str:
    """The account's, or that of what waits in suspense."""
    if rule != "PAY-OVER":
        waiting = {a.status.body.currency for a in view.allocations if a.suspense_minor}
        if len(waiting) > 1:
            raise Conflict("STATE-FORBIDS", f"{', '.join(sorted(waiting))} wait on {view.account}: settle each apart")
        if waiting:
            return waiting.pop()
    return view.statement.currency if view.statement else "CNY"


def pay_refund(
    store: Store,
    person: Person,
    refund: str,
    branch: str,
    service_day: str,
    *,
    provider: str = "",
    slip: str = "",
    basis: str | None = None,
) -> RefundLine:
    """Pay an authorised refund out: in cash of the branch, or by transfer of what `provider` settled.

    Raises ROLE-MISSING, NOT-FOUND, OWN-RECORD for whoever authorised it, STATE-FORBIDS (paid before, the day is
    closed, or not so much is there), ARGUMENT-WRONG, CLOSING-STALE while reconciliation runs, RESTORE-UNCONFIRMED,
    STATE-STALE.
    """
    by = actor_for(person, "RefundPaid")
    if provider and (provider == "deposit" or provider not in get_args(Provider)):
        raise Refused("ARGUMENT-WRONG", f"provider {provider[:20]!r} settles no payments of customers")
    if len(slip) > TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a slip's number has at most {TEXT_LENGTH_MAX} characters")
    account = refund.rpartition(".R")[0]
    await_reconciled(store)

    def work(writer: Writer) -> RefundLine:
        check_reconciled(writer)
        check_restored(writer, "a refund")
        standing = _standing(writer, account, refund)
        _check_hand(person, standing)
        if standing.paid is not None:
            raise Conflict("STATE-FORBIDS", f"{refund} was paid out before")
        _check_day(writer, branch, service_day)
        allowed = standing.body
        place = places.bank(provider) if provider else places.branch_cash(branch)
        held = held_at(writer, place, allowed.currency)
        if held < allowed.amount_minor:
            raise Conflict(
                "STATE-FORBIDS",
                f"{place} has {format_amount(held, allowed.currency)},"
                f" less than {format_amount(allowed.amount_minor, allowed.currency)}",
            )
        heads = {key: writer.aggregate_head(key) for key in (f"account:{account}", f"branch:{branch}")}
        body = RefundPaid(
            refund=refund,
            account=account,
            amount_minor=allowed.amount_minor,
            currency=allowed.currency,
            branch=branch,
            service_day=service_day,
            provider=provider,
            slip=slip,
            basis=heads[f"account:{account}"] if basis is None else basis,
        )
        (entry,) = writer.append_office(
            [OfficeWork(body=body, by=by, rests_on=(standing.fact.hash,))],
            expect=heads | {f"account:{account}": body.basis},
        )
        return msgspec.structs.replace(
            _line(standing), status="paid", paid_by=by.user, paid_from=place, operation=entry.hash
        )

    return store.write_now(work)


def _standing(reader: Reader, account: str, refund: str) -> RefundStanding:
    for standing in accounts_now(reader, [account])[account].refunds:
        if standing.body.refund == refund:
            return standing
    raise Refused("NOT-FOUND", f"no refund {refund[:80]!r} was authorised")


def _check_hand(person: Person, standing: RefundStanding) -> None:
    by = standing.fact.operation.by
    if person.user in {by.user if by else "", standing.body.second}:
        raise NotAllowed("OWN-RECORD", f"{person.user} authorised {standing.body.refund}: another person pays it out")


def _check_day(reader: Reader, branch: str, service_day: str) -> None:
    state = reader.aggregate(f"branch:{branch}")
    if state is None or not state["agents"]:
        raise Refused("NOT-FOUND", f"no branch {branch[:64]!r}")
    last = state["last_closing"]
    if last and last["service_day"] >= service_day:
        raise Conflict("STATE-FORBIDS", f"{branch} is closed through {last['service_day']}")


def _line(standing: RefundStanding) -> RefundLine:
    fact, body, paid = standing.fact, standing.body, standing.paid
    out = paid[1] if paid else None
    return RefundLine(
        refund=body.refund,
        account=body.account,
        amount_minor=body.amount_minor,
        currency=body.currency,
        source=body.source,
        status=standing.status,
        authorised_by=fact.operation.by.user if fact.operation.by else "",
        paid_by=paid[0].operation.by.user if paid and paid[0].operation.by else "",
        paid_from="" if out is None else places.bank(out.provider) if out.provider else places.branch_cash(out.branch),
        operation=paid[0].hash if paid else fact.hash,
    )


def list_refunds(reader: Reader, account: str) -> list[RefundLine]:
    """Refunds of an account in order; empty for an account without any."""
    return [_line(standing) for standing in accounts_now(reader, [account])[account].refunds]
