"""The simulator would notice: each of ten deliberate bugs is found within a few seeds."""

from __future__ import annotations

import pytest

from tests.simulation.sabotage import SABOTAGES, Sabotage, find

SEEDS_ENOUGH = 25


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda item: item.name)
def test_a_deliberate_bug_is_found(sabotage: Sabotage) -> None:
    """A world that holds without the bug breaks a promise with it."""
    found = find(sabotage, first=sabotage.seed, seeds=SEEDS_ENOUGH)

    assert found.seeds, f"{sabotage.what}: not found within {SEEDS_ENOUGH} seeds"
    assert found.law != "unexpected", found.detail
