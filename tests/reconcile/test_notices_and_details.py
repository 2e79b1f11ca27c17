"""Rules about notices and about a customer's details."""

from __future__ import annotations

from typing import Literal

from sync.operations.field import DetailsReported, NoticeDelivered
from sync.operations.office import DetailsVerified, NoticeWithdrawn
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World, found, same_in_any_order, sentences


def deliver(phone: Phone, version: int = 1, manner: Literal["posted", "refused"] = "posted") -> str:
    """Put a version into the letter box, or have it refused."""
    body = NoticeDelivered(visit="V1", account="A1", notice="N1", version=version, manner=manner, recipient="nobody")
    return phone.write(body).hash


def withdraw(world: World, reason: Literal["settled", "error"]) -> None:
    """The creditor withdraws the notice."""
    world.office(NoticeWithdrawn(notice="N1", account="A1", reason=reason), role="creditor")


def test_superseded_fires_for_an_old_version_and_the_current_one_stays_to_be_delivered(
    world: World, phone: Phone
) -> None:
    """The delivery stands for its version; info."""
    world.notice(1)
    world.notice(2)
    deliver(phone, 1)
    phone.sync()
    result = same_in_any_order(world)
    old = found(result, "NOTICE-SUPERSEDED")
    assert old is not None
    assert (old.severity, old.open) == ("info", False)
    assert "issued version 2" in sentences(old)[0]
    assert "发出第 2 版" in sentences(old)[1]
    state = result.outcomes["notice:N1"].state
    assert (state["to_deliver"], state["delivered_versions"]) == (True, [1])


def test_superseded_does_not_fire_when_the_newer_version_came_after_the_delivery(world: World, phone: Phone) -> None:
    """Delivered and synced; a version issued an hour later supersedes nothing that was done."""
    world.notice(1)
    deliver(phone, 1)
    phone.sync()
    world.tick(60)
    world.notice(2)
    result = same_in_any_order(world)
    assert found(result, "NOTICE-SUPERSEDED") is None
    assert result.outcomes["notice:N1"].state["to_deliver"] is True


def test_superseded_by_withdrawal_is_for_review_only_if_the_debt_was_settled(world: World, phone: Phone) -> None:
    """A letter about a debt that is paid upsets people; one withdrawn for an error does not need a decision."""
    world.notice(1)
    withdraw(world, "error")
    deliver(phone, 1)
    phone.sync()
    info = found(world.replay(), "NOTICE-SUPERSEDED")
    assert info is not None
    assert info.severity == "info"
    withdraw(world, "settled")
    deliver(phone, 1)
    phone.sync()
    review = found(same_in_any_order(world), "NOTICE-SUPERSEDED")
    assert review is not None
    assert review.severity == "review"
    assert "settled" in sentences(review)[0]


def test_a_refused_letter_is_an_attempt_and_no_delivery(world: World, phone: Phone) -> None:
    """It neither supersedes nor counts twice."""
    world.notice(2)
    deliver(phone, 1, "refused")
    deliver(phone, 2, "refused")
    deliver(phone, 2)
    phone.sync()
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert result.outcomes["notice:N1"].state["delivered_versions"] == [2]


def test_notice_twice_counts_the_earliest_upper_bound(world: World, phone: Phone) -> None:
    """Agent-2 delivered first and synced last: what counts is the earliest time that is certain to have passed."""
    other = world.phone("agent-2")
    world.notice(1)
    earlier = deliver(other, 1)
    world.tick(30)
    deliver(phone, 1)
    phone.sync()
    other.sync()
    result = same_in_any_order(world)
    twice = found(result, "NOTICE-TWICE")
    assert twice is not None
    assert (twice.severity, twice.values["count"]) == ("info", 2)
    sentences(twice)
    assert result.outcomes["notice:N1"].state["effective_operation"] == earlier


def test_notice_twice_does_not_fire_for_two_versions(world: World, phone: Phone) -> None:
    """Each version is a letter of its own."""
    world.notice(1)
    deliver(phone, 1)
    phone.sync()
    world.tick(60)
    world.notice(2)
    deliver(phone, 2)
    phone.sync()
    assert same_in_any_order(world).discrepancies == []


def report(phone: Phone, value: str, field: Literal["phone", "email"] = "phone") -> str:
    """A detail as told at the door."""
    return phone.write(DetailsReported(visit="V1", customer="C1", field=field, value=value)).hash


def test_contact_clash_keeps_the_later_report_and_shows_both(world: World, phone: Phone) -> None:
    """Later in canonical order stands, whichever arrived first."""
    other = world.phone("agent-2")
    report(phone, "a" * 64)
    later = report(other, "b" * 64)
    other.sync()
    phone.sync()
    result = same_in_any_order(world)
    clash = found(result, "CONTACT-CLASH")
    assert clash is not None
    assert (clash.severity, len(clash.operations), clash.values["fields"]) == ("info", 2, "phone")
    sentences(clash)
    details = result.outcomes["customer:C1"].state["details"]
    assert details == {"phone": {"value": "b" * 64, "operation": later}}


def test_what_the_office_verified_beats_every_report(world: World, phone: Phone) -> None:
    """Also one that was written later."""
    world.office(DetailsVerified(customer="C1", field="phone", value="v" * 64), role="supervisor")
    report(phone, "b" * 64)
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "CONTACT-CLASH") is not None
    assert result.outcomes["customer:C1"].state["details"]["phone"]["value"] == "v" * 64


def test_contact_clash_does_not_fire_for_equal_values_or_other_fields(world: World, phone: Phone) -> None:
    """The same number twice, and an address for electronic mail."""
    report(phone, "a" * 64)
    report(phone, "a" * 64)
    report(phone, "c" * 64, "email")
    phone.sync()
    assert found(same_in_any_order(world), "CONTACT-CLASH") is None
