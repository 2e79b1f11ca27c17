"""Cases of the rules about an account's money."""

from __future__ import annotations

from sync.operations.money import PaymentRemitted, RejectionReason, RemittanceRejected
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.worlds import DAY, START_MS, World

__all__: list[str] = []


def _paid(*amounts: int, visit: str = "V1") -> World:
    world, phone = ready()
    phone.check()
    for amount in amounts:
        phone.collect(amount, visit=visit)
    phone.sync()
    return world


@fires("PAY-OVER")
def a_cent_more_than_the_payoff() -> World:
    """Two payments, one cent too many."""
    return _paid(60_000, 40_001)


@nearly("PAY-OVER")
def exactly_the_payoff() -> World:
    """Two payments that settle it to the cent."""
    return _paid(60_000, 40_000)


@fires("PAY-TWICE")
def the_same_amount_a_minute_later() -> World:
    """Two equal payments, close in time."""
    return _paid(20_000, 20_000)


@nearly("PAY-TWICE")
def a_cent_of_difference() -> World:
    """Two payments of different amounts."""
    return _paid(20_000, 20_001)


@fires("PAY-UNKNOWN")
def a_walk_up() -> World:
    """A payment at no planned visit."""
    return _paid(5_000, visit="")


@nearly("PAY-UNKNOWN")
def a_visit_that_was_planned_afterwards() -> World:
    """The office's plan arrives after the payment."""
    world = _paid(5_000, visit="V9")
    world.visit("V9")
    return world


def _standing(status: str, *, after: bool) -> World:
    world, phone = ready()
    if not after:
        world.account(as_of_ms=START_MS + 1, status=status)  # type: ignore[arg-type]  # one of the statuses
    phone.check()
    phone.collect(30_000)
    if after:
        world.tick(60)
        world.account(as_of_ms=START_MS + 1, status=status)  # type: ignore[arg-type]  # as above
    phone.sync()
    return world


@fires("PAY-RECALLED")
def collected_after_the_recall() -> World:
    """The office knew and the phone did not."""
    return _standing("recalled", after=False)


@nearly("PAY-RECALLED")
def recalled_an_hour_after_the_payment() -> World:
    """Certainly paid before the office knew, and it arrives later."""
    return _standing("recalled", after=True)


@fires("PAY-WRITTEN-OFF")
def collected_after_the_write_off() -> World:
    """The office knew and the phone did not."""
    return _standing("written_off", after=False)


@nearly("PAY-WRITTEN-OFF")
def written_off_an_hour_after_the_payment() -> World:
    """Certainly paid before the office knew, and it arrives later."""
    return _standing("written_off", after=True)


def _sent_back(reason: RejectionReason) -> World:
    world = _paid(30_000)
    _, sent = world.remit(world.replay().outcomes["account:A1"].state["unremitted"])
    line = sent.operation.body
    assert isinstance(line, PaymentRemitted)
    world.office(
        RemittanceRejected(
            creditor=line.creditor,
            batch=line.batch,
            line=line.line,
            payment=line.payment,
            series=line.series,
            account=line.account,
            reason=reason,
            day=DAY,
        ),
        role="creditor",
    )
    return world


@fires("REMIT-REJECTED")
def the_creditor_has_no_such_account() -> World:
    """The line comes back, and its money has no account."""
    return _sent_back("account_unknown")


@nearly("REMIT-REJECTED")
def only_the_reference_was_wrong() -> World:
    """The line comes back, and may be in the next batch."""
    return _sent_back("reference")
