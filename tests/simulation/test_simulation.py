"""Simulated worlds keep every promise: a fixed set of seeds, what failed before, and a few seeds never run."""

from __future__ import annotations

import secrets

import pytest

from tests.simulation.plan import FAMILIES, Setup, families_of, reproduction
from tests.simulation.regressions import regressions
from tests.simulation.world import Outcome, run_world


def _small(seed: int, *only: str) -> Setup:
    """Two days of three agents with four stops each."""
    return Setup(seed=seed, days=2, agents=3, visits=4, only=only)


def _held(setup: Setup) -> Outcome:
    outcome = run_world(setup)
    assert not outcome.law, f"{outcome.law}: {outcome.detail}\n{reproduction(setup)}"
    return outcome


@pytest.mark.parametrize("seed", range(1, 13))
def test_a_world_with_drawn_faults_keeps_every_promise(seed: int) -> None:
    """Whatever a seed draws, nothing is lost, nothing counts twice, books balance and every day can be closed."""
    outcome = _held(_small(seed))

    assert outcome.stops > 0


@pytest.mark.parametrize("family", FAMILIES)
def test_a_world_with_one_family_of_faults_keeps_every_promise(family: str) -> None:
    """Each family of faults and frauds alone is survived."""
    _held(_small(7, family))


def test_an_honest_day_without_faults_needs_hardly_any_review() -> None:
    """A day of forty stops without faults is closed, and at most five in a hundred of its stops go to review."""
    outcome = _held(Setup(seed=3, days=1, agents=5, visits=8, only=("none",)))

    assert outcome.stops == 40


@pytest.mark.parametrize("attempt", range(3))
def test_a_world_nobody_has_seen_keeps_every_promise(attempt: int) -> None:
    """A fresh seed each time; a failure prints the line that runs it again."""
    _held(_small(100_000 + secrets.randbelow(10**9)))


@pytest.mark.parametrize("name", [name for name, _ in regressions()])
def test_a_world_that_broke_a_promise_once_keeps_it_now(name: str) -> None:
    """Every file among the regressions runs through."""
    _held(dict(regressions())[name].setup)


def test_a_seed_runs_the_same_way_twice() -> None:
    """The same seed writes the same operations, byte for byte, and meets the same faults."""
    setup = Setup(seed=5, only=("network", "phone_crash", "office_crash", "clocks"), days=1, agents=2, visits=4)
    seen: list[set[str]] = []

    first = run_world(setup, lambda world: seen.append(set(world.notebook.shown)))
    second = run_world(setup, lambda world: seen.append(set(world.notebook.shown)))

    assert seen[0] == seen[1]
    assert (first.faults, first.crashes) == (second.faults, second.crashes)


def test_families_are_drawn_from_the_seed() -> None:
    """Every family appears among a hundred seeds, some worlds have none, and a named choice is kept."""
    drawn = [families_of(Setup(seed=seed)) for seed in range(100)]

    assert set().union(*drawn) == set(FAMILIES)
    assert frozenset() in drawn
    assert families_of(Setup(seed=1, only=("none",))) == frozenset()
    assert not any("rollback" in found and "lost" in found for found in drawn)
