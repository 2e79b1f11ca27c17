"""Decisions: which one holds, when a discrepancy reopens, and two that contradict each other."""

from __future__ import annotations

import msgspec

from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World, found, same_in_any_order, sentences


def pay_unidentified(world: World, phone: Phone) -> None:
    """A payment without a check at the visit."""
    phone.collect(1_000)
    phone.sync()


def test_a_decision_on_the_present_ground_closes_it_and_is_named(world: World, phone: Phone) -> None:
    """Who, what, and with whom."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    entry = world.decide(item, "excuse", second="mr-wu")
    decided = found(same_in_any_order(world), "PAY-UNIDENTIFIED")
    assert decided is not None
    assert decided.id == item.id
    assert decided.ground == item.ground
    assert not decided.open
    assert decided.decision is not None
    assert (decided.decision.operation, decided.decision.outcome) == (entry.hash, "excuse")
    assert (decided.decision.by, decided.decision.second, decided.decision.current) == ("ms-li", "mr-wu", True)


def test_it_reopens_under_the_same_identity_when_the_ground_changes(world: World, phone: Phone) -> None:
    """The old decision is shown, and no longer holds."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    world.decide(item, "accept")
    pay_unidentified(world, phone)
    again = found(same_in_any_order(world), "PAY-UNIDENTIFIED")
    assert again is not None
    assert again.id == item.id
    assert again.ground != item.ground
    assert again.open
    assert again.decision is not None
    assert not again.decision.current


def test_a_decision_on_a_ground_that_never_stood_decides_nothing(world: World, phone: Phone) -> None:
    """Somebody decides on something else than what is there."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    world.decide(item, "accept", ground="0" * 64)
    still = found(same_in_any_order(world), "PAY-UNIDENTIFIED")
    assert still is not None
    assert still.open


def test_passing_on_leaves_it_open_and_yields_to_a_decision(world: World, phone: Phone) -> None:
    """Escalated and then accepted by somebody else: no clash, and the acceptance holds."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    world.decide(item, "escalate", user="ms-li")
    passed_on = found(world.replay(), "PAY-UNIDENTIFIED")
    assert passed_on is not None
    assert passed_on.open
    world.decide(item, "accept", user="ms-gao")
    result = same_in_any_order(world)
    decided = found(result, "PAY-UNIDENTIFIED")
    assert decided is not None
    assert not decided.open
    assert decided.decision is not None
    assert decided.decision.by == "ms-gao"
    assert found(result, "DECISION-CLASH") is None


def test_decision_clash_fires_for_two_outcomes_on_one_ground_and_the_first_holds(world: World, phone: Phone) -> None:
    """The clash is itself for review, and can be decided."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    first = world.decide(item, "excuse", user="ms-li")
    second = world.decide(item, "accept", user="mr-wu")
    result = same_in_any_order(world)
    clash = found(result, "DECISION-CLASH")
    assert clash is not None
    assert (clash.severity, clash.subject) == ("review", "visit:V1")
    assert set(clash.operations) == {first.hash, second.hash}
    assert "PAY-UNIDENTIFIED" in sentences(clash)[0]
    decided = found(result, "PAY-UNIDENTIFIED")
    assert decided is not None
    assert decided.decision is not None
    assert decided.decision.operation == first.hash
    world.decide(clash, "accept")
    settled = found(same_in_any_order(world), "DECISION-CLASH")
    assert settled is not None
    assert not settled.open


def test_decision_clash_does_not_fire_for_equal_outcomes_or_other_grounds(world: World, phone: Phone) -> None:
    """Two who agree do not clash, nor does a new decision on a new ground."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    world.decide(item, "accept", user="ms-li")
    world.decide(item, "accept", user="mr-wu")
    pay_unidentified(world, phone)
    again = found(world.replay(), "PAY-UNIDENTIFIED")
    assert again is not None
    world.decide(again, "excuse", user="ms-li")
    assert found(same_in_any_order(world), "DECISION-CLASH") is None


def test_a_decision_by_a_role_that_may_not_is_not_heard(world: World, phone: Phone) -> None:
    """A cashier decides: the operation is held, the discrepancy open."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    entry = world.decide(item, "accept")
    body = entry.operation.body
    world.lines.remove(entry.data)
    wrong = world.office(body, role="cashier", user="mr-chen")
    result = same_in_any_order(world)
    still = found(result, "PAY-UNIDENTIFIED")
    assert still is not None
    assert still.open
    assert result.held == {wrong.hash: "AUTHOR-NOT-ALLOWED"}


def test_a_decision_about_nothing_folds_to_nothing(world: World, phone: Phone) -> None:
    """A subject of no family breaks no replay."""
    pay_unidentified(world, phone)
    item = found(world.replay(), "PAY-UNIDENTIFIED")
    assert item is not None
    for subject in ("nonsense", "drawer:x", "operation:nothing", "account:", "device:"):
        body = world.decide(item, "accept").operation.body
        world.office(msgspec.structs.replace(body, subject=subject), role="supervisor")
    assert same_in_any_order(world).held == {}
