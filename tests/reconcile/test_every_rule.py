"""What holds of every rule: it fires, it nearly fires and must not, it says the same in any order, it is decided.

The worlds stand in `tests.reconcile.cases`; a rule without its cases fails here.
"""

from __future__ import annotations

from typing import Any

import pytest

import sync.reconcile.rules
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.facts import Discrepancy
from sync.reconcile.replay import Replay
from tests.reconcile.cases import FIRES, NEARLY, Build
from tests.reconcile.worlds import World, same_in_any_order, sentences

assert sync.reconcile.rules.__all__, "importing the rules fills the catalogue"
COUNTED = "PAY-DUPLICATE-DELIVERY"
"""The one rule that raises no discrepancy: what arrived again is counted in the drawer."""


def cases(of: dict[str, list[Build]]) -> list[Any]:
    """(code, build) of every case, named for both."""
    return [pytest.param(code, build, id=f"{code}-{build.__name__}") for code in sorted(of) for build in of[code]]


def raised(result: Replay, code: str) -> list[Discrepancy]:
    """The discrepancies of a rule."""
    return [item for item in result.discrepancies if item.rule == code]


def says(result: Replay, code: str) -> bool:
    """Whether a rule fired."""
    if code == COUNTED:
        drawers = [outcome.state for key, outcome in result.outcomes.items() if key.startswith("drawer:")]
        return any(state["duplicate_deliveries"] for state in drawers)
    return bool(raised(result, code))


def test_every_rule_has_a_case_where_it_fires_and_one_where_it_nearly_does() -> None:
    """A new rule without its tests is a red build, and so is a case of a rule that is gone."""
    assert set(FIRES) == set(CATALOGUE)
    assert set(NEARLY) == set(CATALOGUE)


@pytest.mark.parametrize(("code", "build"), cases(FIRES))
def test_a_rule_fires(code: str, build: Build) -> None:
    """With full sentences in both languages, naming a person only where it accuses, open where somebody decides."""
    result = build().replay()
    assert says(result, code)
    for item in raised(result, code):
        sentences(item)
        assert item.operations or item.subject.startswith("device:")
        assert not item.agent or CATALOGUE[code].suspicion
        assert item.open == (item.severity != "info")


@pytest.mark.parametrize(("code", "build"), cases(NEARLY))
def test_a_rule_that_nearly_fires_does_not(code: str, build: Build) -> None:
    """The world beside the one in which it fires."""
    assert not says(build().replay(), code)


@pytest.mark.parametrize(("code", "build"), cases(FIRES) + cases(NEARLY))
def test_a_rule_says_the_same_in_whatever_order_its_facts_arrive(code: str, build: Build) -> None:
    """Backwards, shuffled, repeated: the same books, the same states, the same discrepancies."""
    world = build()
    assert says(same_in_any_order(world, seeds=4), code) == says(world.replay(), code)


def decidable() -> list[Any]:
    """(code, build, outcome) for each outcome that a rule's first open case can be decided with."""
    found = []
    for code in sorted(FIRES):
        for build in FIRES[code]:
            if any(item.open for item in raised(build().replay(), code)):
                found += [
                    pytest.param(code, build, outcome, id=f"{code}-{outcome}") for outcome in CATALOGUE[code].outcomes
                ]
                break
    return found


def still_open(world: World, before: Discrepancy) -> bool:
    """Whether a discrepancy waits for somebody, in whatever order all is read."""
    result = same_in_any_order(world, seeds=2)
    return any(item.open for item in raised(result, before.rule) if item.subject == before.subject)


@pytest.mark.parametrize(("code", "build", "outcome"), decidable())
def test_each_outcome_is_decided_by_the_right_role_and_by_two_where_two_are_needed(
    code: str, build: Build, outcome: Any
) -> None:
    """Passing on settles nothing; another role, or one person where two must, decides nothing."""
    world, entry = build(), CATALOGUE[code]
    (item,) = (item for item in raised(world.replay(), code) if item.open)
    wrong = "compliance" if entry.decides == "supervisor" else "supervisor"
    world.decide(item, outcome, user="mr-xu", second="mr-wu", role=wrong)
    assert still_open(world, item)
    if entry.two_persons and outcome != "escalate":
        world.decide(item, outcome, user="ms-he", role=entry.decides)
        world.decide(item, outcome, user="ms-he", second="ms-he", role=entry.decides)
        assert still_open(world, item)
    world.decide(item, outcome, second="mr-wu" if entry.two_persons else "", role=entry.decides)
    assert still_open(world, item) == (outcome == "escalate")


@pytest.mark.parametrize(("code", "build", "outcome"), decidable())
def test_a_decision_on_another_ground_leaves_it_open_and_is_shown(code: str, build: Build, outcome: Any) -> None:
    """What was decided before the ground changed no longer holds, under the same identity."""
    world, entry = build(), CATALOGUE[code]
    (item,) = (item for item in raised(world.replay(), code) if item.open)
    world.decide(item, outcome, second="mr-wu", ground="0" * 64, role=entry.decides)
    (again,) = (found for found in raised(same_in_any_order(world, seeds=2), code) if found.id == item.id)
    assert again.open
    assert again.decision is not None
    assert not again.decision.current


def test_every_rule_that_somebody_decides_is_decided_here() -> None:
    """Each rule with outcomes has an open case."""
    assert {param.values[0] for param in decidable()} == {code for code, entry in CATALOGUE.items() if entry.outcomes}
