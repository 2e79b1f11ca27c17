"""Cases of the rules about what providers and banks say."""

from __future__ import annotations

from sync.operations.money import SettlementLineImported, SettlementOverdue
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.worlds import START_MS, World

__all__: list[str] = []


def _line(world: World, amount_minor: int = 30_000, *, back: bool = False, number: int = 1) -> None:
    body = SettlementLineImported(
        statement="S1",
        line=number,
        provider="alipay",
        order="O1",
        amount_minor=amount_minor,
        currency="CNY",
        at_ms=START_MS,
        reversed=back,
    )
    world.office(body, role="cashier")


def _claimed() -> World:
    world, phone = ready()
    phone.check()
    phone.collect(30_000, method="alipay", provider_order="O1")
    phone.sync()
    return world


@fires("PAY-UNCONFIRMED")
def shown_by_the_wallet_and_in_no_statement() -> World:
    """Claimed."""
    return _claimed()


@nearly("PAY-UNCONFIRMED")
def shown_by_the_wallet_and_in_a_statement() -> World:
    """Confirmed."""
    world = _claimed()
    _line(world)
    return world


@fires("WALLET-UNMATCHED")
def in_no_statement_by_the_deadline() -> World:
    """The office says that the deadline has passed."""
    world = _claimed()
    world.office(SettlementOverdue(settlement="alipay/O1", deadline_ms=world.now_ms))
    return world


@nearly("WALLET-UNMATCHED")
def in_a_statement_after_the_deadline() -> World:
    """It came after all."""
    world = in_no_statement_by_the_deadline()
    _line(world)
    return world


@fires("PAY-INSTRUMENT")
def the_provider_took_it_back() -> World:
    """The payment is reversed."""
    world = _claimed()
    _line(world)
    _line(world, back=True, number=2)
    return world


@nearly("PAY-INSTRUMENT")
def an_equal_payment_was_taken_back_and_came_again() -> World:
    """There, back, and there again: what was claimed is in the bank."""
    world = _claimed()
    _line(world)
    _line(world, number=2)
    return world
