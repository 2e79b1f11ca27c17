"""Cases of the rules about receipts, witnesses and voids."""

from __future__ import annotations

from sync.operations.office import ReceiptCheckAnswered
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.worlds import World, receipt_of

__all__: list[str] = []


def _shown(*, reported: bool) -> World:
    world, phone = ready()
    phone.check()
    text = receipt_of(phone.collect(20_000)) if reported else phone.receipt(20_000, account="A1")
    world.unreported(text, world.witness(text), ended="e" * 64)
    phone.sync()
    return world


@fires("RECEIPT-ORPHAN")
def a_receipt_that_no_phone_reported_by_the_deadline() -> World:
    """A customer showed it."""
    return _shown(reported=False)


@nearly("RECEIPT-ORPHAN")
def reported_after_the_deadline() -> World:
    """The operation arrives after all."""
    return _shown(reported=True)


def _mismatched(shown_minor: int) -> World:
    world, phone = ready()
    phone.check()
    phone.collect(5_000, receipt=phone.receipt(shown_minor, account="A1"))
    phone.sync()
    return world


@fires("RECEIPT-MISMATCH")
def the_receipt_shows_a_cent_more() -> World:
    """An operation contradicts its own receipt."""
    return _mismatched(5_001)


@nearly("RECEIPT-MISMATCH")
def the_receipt_shows_what_was_reported() -> World:
    """Amount, account and method agree."""
    return _mismatched(5_000)


def _numbered(*, epoch: bool) -> World:
    world, phone = ready()
    phone.check()
    twin = phone if epoch else phone.clone()
    phone.collect(5_000)
    phone.sync()
    if epoch:
        phone.new_epoch(2)
    twin.unsent.clear()
    twin.collect(7_000)
    twin.sync()
    return world


@fires("RECEIPT-FORK")
def number_one_twice() -> World:
    """A restored phone issues it again."""
    return _numbered(epoch=False)


@nearly("RECEIPT-FORK")
def number_one_in_two_epochs() -> World:
    """Numbers count per epoch."""
    return _numbered(epoch=True)


def _checked(*, other: bool) -> World:
    world, phone = ready()
    phone.check()
    payment = phone.collect(10_000)
    phone.sync()
    world.witness(payment)
    if other:
        series = f"{phone.device}/1/1"
        world.office(ReceiptCheckAnswered(series=series, matches="visit_code", account="A2", visit="V2"))
    return world


@fires("RECEIPT-SHARED")
def the_check_value_of_another_account() -> World:
    """Which the agent visited that day."""
    return _checked(other=True)


@nearly("RECEIPT-SHARED")
def scanned_and_nothing_else() -> World:
    """Nobody gave another's value."""
    return _checked(other=False)


def _voided(*, confirmed: bool, witnessed: bool) -> World:
    world, phone = ready()
    phone.check()
    payment = phone.collect(10_000)
    phone.void(payment)
    phone.sync()
    if witnessed:
        world.witness(payment)
    if confirmed:
        world.confirm_void(payment)
    return world


@fires("VOID-UNCONFIRMED")
def a_void_that_the_customer_did_not_confirm() -> World:
    """It is held."""
    return _voided(confirmed=False, witnessed=False)


@nearly("VOID-UNCONFIRMED")
def a_void_that_the_customer_confirmed() -> World:
    """By their own code."""
    return _voided(confirmed=True, witnessed=False)


@fires("VOID-CONTESTED")
def a_void_while_the_customer_shows_the_receipt() -> World:
    """An alarm."""
    return _voided(confirmed=False, witnessed=True)


@nearly("VOID-CONTESTED")
def the_customer_showed_the_receipt_and_confirmed_the_void() -> World:
    """Then nothing is contested."""
    return _voided(confirmed=True, witnessed=True)
