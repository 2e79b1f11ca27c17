"""Money taken on an account on which nothing should be collected, by what the office knew."""

from __future__ import annotations

from typing import Literal

import pytest

from sync.reconcile.ledger import balances, imbalances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import START_MS, World, account_of, found, same_in_any_order, sentences


@pytest.mark.parametrize("status", ["recalled", "ceased", "moratorium", "disputed"])
def test_recalled_money_waits_in_suspense(
    world: World, phone: Phone, status: Literal["recalled", "ceased", "moratorium", "disputed"]
) -> None:
    """The phone had not heard of it: for review, nobody is named, the debt is untouched."""
    world.account(as_of_ms=START_MS + 1, status=status)
    phone.check()
    phone.collect(30_000)
    phone.sync()
    result = same_in_any_order(world)
    recalled = found(result, "PAY-RECALLED")
    assert recalled is not None
    assert (recalled.subject, recalled.severity, recalled.open, recalled.agent) == ("account:A1", "review", True, "")
    sentences(recalled)
    assert balances(result.postings) == {"agent_cash:agent-1": {"CNY": 30_000}, "suspense:A1": {"CNY": -30_000}}
    assert account_of(result)["debt_left"] == 100_000
    assert imbalances(result.postings) == []


def test_recalled_does_not_fire_for_what_was_certainly_paid_before_the_office_knew(world: World, phone: Phone) -> None:
    """The statement came an hour later, though it speaks of an earlier day."""
    phone.check()
    phone.collect(30_000)
    world.tick(60)
    world.account(as_of_ms=START_MS + 1, status="recalled")
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "PAY-RECALLED") is None
    assert account_of(result)["debt_left"] == 70_000


def test_recalled_does_not_fire_when_the_office_knew_that_it_was_open_again(world: World, phone: Phone) -> None:
    """The latest as-of among what was known counts, in whatever order the statements came."""
    world.account(as_of_ms=START_MS + 20, status="open")
    world.account(as_of_ms=START_MS + 10, status="disputed")
    phone.check()
    phone.collect(30_000)
    phone.sync()
    assert found(same_in_any_order(world), "PAY-RECALLED") is None


def test_accepted_it_goes_to_the_debt_until_more_comes(world: World, phone: Phone) -> None:
    """A decision lets the money through; another payment is another ground and all waits again."""
    world.account(as_of_ms=START_MS + 1, status="disputed")
    phone.check()
    phone.collect(30_000)
    phone.sync()
    recalled = found(world.replay(), "PAY-RECALLED")
    assert recalled is not None
    world.decide(recalled, "accept")
    assert account_of(same_in_any_order(world))["debt_left"] == 70_000
    phone.collect(10_000)
    phone.sync()
    assert account_of(same_in_any_order(world))["suspense"] == 40_000


def test_written_off_is_an_alarm_that_two_persons_decide(world: World, phone: Phone) -> None:
    """One person alone lets nothing through."""
    world.account(as_of_ms=START_MS + 1, status="written_off")
    phone.check()
    phone.collect(30_000)
    phone.sync()
    result = same_in_any_order(world)
    written_off = found(result, "PAY-WRITTEN-OFF")
    assert written_off is not None
    assert (written_off.severity, written_off.open, written_off.agent) == ("alarm", True, "")
    sentences(written_off)
    assert found(result, "PAY-RECALLED") is None
    assert account_of(result)["suspense"] == 30_000
    world.decide(written_off, "accept")
    assert account_of(world.replay())["suspense"] == 30_000
    world.decide(written_off, "accept", second="mr-wu")
    assert account_of(same_in_any_order(world))["suspense"] == 0


def test_written_off_does_not_fire_for_what_was_paid_before(world: World, phone: Phone) -> None:
    """Written off in the evening, paid in the morning."""
    phone.check()
    phone.collect(30_000)
    phone.sync()
    world.tick(60)
    world.account(as_of_ms=world.now_ms, status="written_off")
    assert found(same_in_any_order(world), "PAY-WRITTEN-OFF") is None


def test_a_walk_up_on_a_recalled_account_raises_one_discrepancy(world: World, phone: Phone) -> None:
    """One cause raises one: that nothing should be collected weighs more than the missing visit."""
    world.account(as_of_ms=START_MS + 1, status="recalled")
    phone.collect(30_000, visit="")
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "PAY-RECALLED") is not None
    assert found(result, "PAY-UNKNOWN") is None
