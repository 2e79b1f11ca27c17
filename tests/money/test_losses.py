"""Cash lost, stolen or counterfeit: it leaves the drawer only when two persons approve."""

from __future__ import annotations

from typing import Literal

import pytest

from sync.operations.field import CashLossReported
from sync.reconcile.ledger import balances
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, World, found, same_in_any_order, sentences

LOSS = CashLossReported(amount_minor=5_000, currency="CNY", cause="counterfeit")


def equation_of(result: Replay) -> dict[str, int]:
    """The equation of agent-1."""
    found: dict[str, int] = result.outcomes[f"drawer:agent-1/{DAY}"].state["equations"][0]
    return found


def lose(phone: Phone) -> None:
    """300.00 collected, 50.00 of it counterfeit, the rest declared."""
    phone.check()
    phone.collect(30_000)
    phone.write(LOSS)
    phone.end_day(25_000)
    phone.sync()


def test_a_reported_loss_has_no_effect_until_it_is_approved(world: World, phone: Phone) -> None:
    """The cash is expected, so the drawer is short; the loss waits for two persons."""
    lose(phone)
    result = same_in_any_order(world)
    loss = found(result, "CASH-LOSS")
    assert loss is not None
    assert (loss.severity, loss.open) == ("review", True)
    english, chinese = sentences(loss)
    assert "50.00 CNY" in english
    assert "假币" in chinese
    assert equation_of(result)["lost"] == 0
    assert found(result, "CASH-VARIANCE") is not None
    assert "lost:agent-1" not in balances(result.postings)


def test_two_persons_approve_a_loss_and_the_equation_holds(world: World, phone: Phone) -> None:
    """An approved loss is a line of the day's equation and no shortage."""
    lose(phone)
    loss = found(world.replay(), "CASH-LOSS")
    assert loss is not None
    world.decide(loss, "accept", second="mr-wu")
    result = same_in_any_order(world)
    decided = found(result, "CASH-LOSS")
    assert decided is not None
    assert not decided.open
    assert equation_of(result)["lost"] == 5_000
    assert found(result, "CASH-VARIANCE") is None
    assert balances(result.postings) == {
        "agent_cash:agent-1": {"CNY": 25_000},
        "debt:A1": {"CNY": -30_000},
        "lost:agent-1": {"CNY": 5_000},
    }


@pytest.mark.parametrize(
    ("outcome", "second"), [("accept", ""), ("accept", "ms-li"), ("void", "mr-wu"), ("escalate", "mr-wu")]
)
def test_neither_one_person_nor_another_outcome_approves(
    world: World, phone: Phone, outcome: Literal["accept", "void", "escalate"], second: str
) -> None:
    """One alone, the same one twice, a report set aside, or a matter passed on: the cash is still expected."""
    lose(phone)
    loss = found(world.replay(), "CASH-LOSS")
    assert loss is not None
    world.decide(loss, outcome, second=second)
    result = same_in_any_order(world)
    assert equation_of(result)["lost"] == 0
    assert balances(result.postings)["over_short:agent-1"] == {"CNY": 5_000}


def test_a_second_loss_is_its_own_question(world: World, phone: Phone) -> None:
    """The approval of one loss says nothing about the next, and is not reopened by it."""
    lose(phone)
    first = found(world.replay(), "CASH-LOSS")
    assert first is not None
    world.decide(first, "accept", second="mr-wu")
    phone.write(LOSS)
    phone.sync()
    result = same_in_any_order(world)
    assert [item.open for item in result.discrepancies if item.rule == "CASH-LOSS"] == [False, True]
    assert equation_of(result)["lost"] == 5_000


def test_a_loss_after_the_declaration_changes_what_is_held_once_approved(world: World, phone: Phone) -> None:
    """What was declared before the loss is carried on by it."""
    phone.check()
    phone.collect(30_000)
    phone.end_day(30_000)
    phone.write(LOSS)
    phone.sync()
    assert found(world.replay(), "CASH-VARIANCE") is None
    loss = found(world.replay(), "CASH-LOSS")
    assert loss is not None
    world.decide(loss, "accept", second="mr-wu")
    result = same_in_any_order(world)
    assert found(result, "CASH-VARIANCE") is None
    assert balances(result.postings)["agent_cash:agent-1"] == {"CNY": 25_000}
