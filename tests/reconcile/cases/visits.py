"""Cases of the rules about visits, identity, letters and details."""

from __future__ import annotations

from typing import Any

from sync.operations.field import DetailsReported, NoticeDelivered, PromiseMade
from sync.operations.office import NoticeWithdrawn, VisitCancelled
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, World

__all__: list[str] = []


@fires("VISIT-REASSIGNED")
def concluded_by_the_agent_who_had_it_before() -> World:
    """Given to another meanwhile."""
    world, phone = ready()
    phone.conclude()
    world.assign("V1", "agent-2")
    phone.sync()
    return world


@fires("VISIT-REASSIGNED")
def concluded_by_an_agent_who_never_had_it() -> World:
    """Somebody has to look."""
    world, _ = ready()
    stranger = world.phone("agent-3")
    stranger.conclude()
    stranger.sync()
    return world


@nearly("VISIT-REASSIGNED")
def given_back_before_it_was_concluded() -> World:
    """Taken away and given back."""
    world, phone = ready()
    world.assign("V1", "agent-2")
    world.assign("V1", "agent-1")
    phone.conclude()
    phone.sync()
    return world


def _concluded_by(second: str) -> World:
    world, phone = ready()
    other = world.phone(second)
    phone.conclude()
    other.conclude()
    other.sync()
    phone.sync()
    return world


@fires("VISIT-TWICE")
def concluded_by_two_agents() -> World:
    """Each on their own phone."""
    return _concluded_by("agent-2")


@nearly("VISIT-TWICE")
def concluded_twice_by_one_agent() -> World:
    """On two phones."""
    return _concluded_by("agent-1")


def _cancelled(*, before: bool) -> World:
    world, phone = ready()
    if before:
        phone.conclude()
        world.tick(60)
    world.office(VisitCancelled(visit="V1", reason="customer"))
    if not before:
        phone.conclude()
    phone.sync()
    return world


@fires("VISIT-CANCELLED")
def concluded_after_the_cancellation() -> World:
    """The phone had not heard of it."""
    return _cancelled(before=False)


@nearly("VISIT-CANCELLED")
def certainly_concluded_before_the_cancellation() -> World:
    """By an hour of the phone's own monotonic clock."""
    return _cancelled(before=True)


def _checked(*results: Any, paid: bool = False, promised: bool = False) -> World:
    world, phone = ready()
    for result in results:
        phone.check(result=result)
    if paid:
        phone.collect(10_000)
    if promised:
        phone.write(PromiseMade(visit="V1", account="A1", customer="C1", amount_minor=1, currency="CNY", due=DAY))
    phone.sync()
    return world


@fires("ID-CONFLICT")
def a_third_party_and_then_an_answer() -> World:
    """The checks at one visit disagree."""
    return _checked("third_party", "answered")


@nearly("ID-CONFLICT")
def two_answers() -> World:
    """Both checks passed."""
    return _checked("answered", "answered")


@fires("PAY-UNIDENTIFIED")
def paid_after_a_refused_check() -> World:
    """Money was taken from somebody who refused."""
    return _checked("refused", paid=True)


@nearly("PAY-UNIDENTIFIED")
def paid_after_a_passed_check() -> World:
    """The payer answered."""
    return _checked("answered", paid=True)


@fires("ID-SKIPPED")
def a_promise_without_a_check() -> World:
    """Something was agreed on with somebody unknown."""
    return _checked(promised=True)


@nearly("ID-SKIPPED")
def a_promise_and_money_without_a_check() -> World:
    """One cause raises one discrepancy: the payment's."""
    return _checked(promised=True, paid=True)


def _deliver(phone: Phone, version: int = 1, manner: Any = "posted", recipient: Any = "nobody") -> None:
    phone.write(
        NoticeDelivered(visit="V1", account="A1", notice="N1", version=version, manner=manner, recipient=recipient)
    )


def _superseded(*, first: bool) -> World:
    world, phone = ready()
    world.notice(1)
    if first:
        _deliver(phone)
        phone.sync()
        world.tick(60)
        world.notice(2)
    else:
        world.notice(2)
        _deliver(phone)
        phone.sync()
    return world


@fires("NOTICE-SUPERSEDED")
def an_old_version_was_delivered() -> World:
    """The second had been issued."""
    return _superseded(first=False)


@fires("NOTICE-SUPERSEDED")
def a_letter_about_a_debt_that_was_settled() -> World:
    """Withdrawn for that before it was delivered."""
    world, phone = ready()
    world.notice(1)
    world.office(NoticeWithdrawn(notice="N1", account="A1", reason="settled"), role="creditor")
    _deliver(phone)
    phone.sync()
    return world


@nearly("NOTICE-SUPERSEDED")
def a_new_version_came_after_the_delivery() -> World:
    """An hour later."""
    return _superseded(first=True)


def _delivered_twice(manner: Any) -> World:
    world, phone = ready()
    world.notice(1)
    phone.check()
    _deliver(phone)
    _deliver(phone, manner=manner)
    phone.sync()
    return world


@fires("NOTICE-TWICE")
def the_same_version_posted_twice() -> World:
    """Two letters."""
    return _delivered_twice("posted")


@nearly("NOTICE-TWICE")
def posted_once_and_refused_once() -> World:
    """A refused letter is no delivery."""
    return _delivered_twice("refused")


def _handed(manner: str) -> World:
    world, phone = ready()
    world.notice(1)
    phone.check()
    _deliver(phone, manner=manner, recipient="neighbour")
    phone.sync()
    return world


@fires("NOTICE-DISCLOSED")
def an_open_letter_for_a_neighbour() -> World:
    """Whoever it was could read it."""
    return _handed("handed_open")


@nearly("NOTICE-DISCLOSED")
def a_sealed_letter_for_a_neighbour() -> World:
    """Nobody read it."""
    return _handed("handed_sealed")


def _reported(second: str) -> World:
    world, phone = ready()
    for value in ("a" * 64, second * 64):
        phone.write(DetailsReported(visit="V1", customer="C1", field="phone", value=value))
    phone.sync()
    return world


@fires("CONTACT-CLASH")
def two_telephone_numbers() -> World:
    """For one customer."""
    return _reported("b")


@nearly("CONTACT-CLASH")
def the_same_telephone_number_twice() -> World:
    """Nothing to choose between."""
    return _reported("a")
