"""``python -m tests.simulation``: run worlds by hand."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.plan import FAMILIES, HONEST, Setup, reproduction
from tests.simulation.regressions import keep
from tests.simulation.world import Outcome, run_world

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the worlds asked for; 1 when a promise was broken."""
    options = _options(arguments)
    only = tuple(name for name in options.only.split(",") if name)
    setups = [
        Setup(seed=seed, days=options.days, agents=options.agents, visits=options.visits, only=only)
        for seed in range(options.seed, (options.until_seed or options.seed) + 1)
    ]
    failed: list[Setup] = []
    totals: Counter[str] = Counter()
    for setup, outcome in zip(setups, _run(setups, options.jobs), strict=True):
        if outcome.law:
            failed.append(setup)
            print(f"seed {setup.seed}: {outcome.law}: {outcome.detail}", flush=True)
            print(f"  again: {reproduction(setup)}", flush=True)
            if options.keep:
                print(f"  kept: {keep(setup, outcome)}", flush=True)
        elif len(setups) <= 20 or options.verbose:
            print(_line(outcome), flush=True)
        totals.update(_figures(outcome))
    print(f"{len(setups)} worlds, {len(failed)} failed; " + ", ".join(f"{n} {k}" for k, n in sorted(totals.items())))
    return 1 if failed else 0


def _run(setups: list[Setup], jobs: int) -> Iterator[Outcome]:
    if jobs <= 1:
        yield from map(run_world, setups)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(run_world, setups, chunksize=4)


def _figures(outcome: Outcome) -> Iterable[str]:
    yield from ["stops"] * outcome.stops
    yield from ["operations"] * outcome.operations
    for name, count in (*outcome.faults.items(), *outcome.frauds.items(), *outcome.traceless.items()):
        yield from [name] * count


def _line(outcome: Outcome) -> str:
    families = ",".join(outcome.families) or HONEST
    return (
        f"seed {outcome.seed}: held in {outcome.seconds:.1f} s; {outcome.stops} stops, {outcome.operations} operations,"
        f" {outcome.payments} payments, {outcome.crashes} office crashes; {families}"
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until-seed", type=int, default=0, help="run every seed up to this one")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--agents", type=int, default=5)
    parser.add_argument("--visits", type=int, default=8, help="stops of an agent's day")
    parser.add_argument("--only", default="", help=f"families instead of drawn ones: {HONEST}, {', '.join(FAMILIES)}")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep failing worlds among fixtures/regressions")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
