"""Cases of the rules about an agent's day and its cash."""

from __future__ import annotations

from sync.operations.field import CashHandedOver, CashLossReported, CashTransferred
from sync.operations.office import CashCounted
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.worlds import DAY, World

__all__: list[str] = []


def _delivered(again: int) -> World:
    world, phone = ready()
    phone.check()
    entry = phone.collect(5_000)
    phone.sync()
    world.lines += [entry.data] * again
    phone.sync(again=again)
    return world


@fires("PAY-DUPLICATE-DELIVERY")
def the_answer_was_lost_and_the_phone_sent_it_again() -> World:
    """The same bytes twice."""
    return _delivered(1)


@nearly("PAY-DUPLICATE-DELIVERY")
def the_phone_synced_twice_with_nothing_new() -> World:
    """Nothing came again."""
    return _delivered(0)


def _clock(error_ms: int) -> World:
    world, phone = ready()
    phone.clock_error_ms = error_ms
    phone.check()
    phone.sync()
    return world


@fires("CLOCK-DRIFT")
def two_hours_fast() -> World:
    """Certainly wrong, and beyond what only informs."""
    return _clock(130 * 60_000)


@nearly("CLOCK-DRIFT")
def a_minute_fast() -> World:
    """People set clocks that well."""
    return _clock(60_000)


def _closed(*, late: bool) -> World:
    world, phone = ready()
    phone.check()
    phone.collect(5_000)
    phone.end_day(5_000)
    phone.sync(leave_out=frozenset() if late else frozenset({1}))
    world.close()
    if late:
        phone.collect(7_000)
    phone.sync()
    return world


@fires("DAY-LATE")
def a_payment_after_the_day_was_closed() -> World:
    """The closing does not cover its head."""
    return _closed(late=True)


@nearly("DAY-LATE")
def a_payment_below_a_closed_head_that_arrives_later() -> World:
    """Late means not under the heads."""
    return _closed(late=False)


def _counted(amount_minor: int) -> World:
    world, phone = ready()
    phone.check()
    phone.collect(30_000)
    phone.write(CashHandedOver(amount_minor=30_000, currency="CNY"))
    phone.end_day(0)
    phone.sync()
    body = CashCounted(agent="agent-1", service_day=DAY, amount_minor=amount_minor, currency="CNY")
    world.office(body, role="cashier", user="mr-chen")
    return world


@fires("CASH-VARIANCE")
def a_cent_short() -> World:
    """Counted is less than was handed over."""
    return _counted(29_999)


@nearly("CASH-VARIANCE")
def counted_as_it_was_handed_over() -> World:
    """To the cent."""
    return _counted(30_000)


def _held(amount_minor: int) -> World:
    world, phone = ready()
    world.issue_pack(cash_limit_minor=50_000)
    phone.check()
    phone.collect(amount_minor)
    phone.sync()
    return world


@fires("PAY-LIMIT")
def a_cent_more_than_may_be_in_hand() -> World:
    """The limit is passed."""
    return _held(50_001)


@nearly("PAY-LIMIT")
def as_much_as_may_be_in_hand() -> World:
    """The limit is reached."""
    return _held(50_000)


def _transferred(*, both: bool) -> World:
    world, phone = ready()
    other = world.phone("agent-2")
    world.issue_pack("agent-2")
    body = CashTransferred(transfer="T1", from_agent="agent-1", to_agent="agent-2", amount_minor=20_000, currency="CNY")
    phone.check()
    phone.collect(20_000)
    phone.write(body)
    if both:
        other.write(body)
    phone.sync()
    other.sync()
    return world


@fires("CASH-TRANSFER")
def reported_by_the_giver_alone() -> World:
    """The taker says nothing."""
    return _transferred(both=False)


@nearly("CASH-TRANSFER")
def reported_alike_by_both() -> World:
    """One id, two reports."""
    return _transferred(both=True)


def _lost(pack: str | None) -> World:
    world, phone = ready()
    phone.check()
    phone.collect(20_000)
    phone.write(CashLossReported(amount_minor=5_000, currency="CNY", cause="lost"), pack=pack)
    phone.sync()
    return world


@fires("CASH-LOSS")
def a_loss_that_nobody_approved() -> World:
    """It waits for two persons."""
    return _lost(None)


@nearly("CASH-LOSS")
def a_loss_that_names_no_drawer() -> World:
    """It cannot be placed, is held, and waits for nobody."""
    return _lost("")
