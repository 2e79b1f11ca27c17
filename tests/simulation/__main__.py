"""``python -m tests.simulation``: run worlds by hand, one seed or a long campaign."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.campaign import Tally
from tests.simulation.plan import FAMILIES, HONEST, Setup, reproduction
from tests.simulation.regressions import keep
from tests.simulation.world import Outcome, run_world

__all__ = ["main"]

_SPOKEN_MAX = 20
"""With more worlds than these only failures have a line of their own."""


def main(arguments: list[str] | None = None) -> int:
    """Run the worlds asked for; 1 when a promise was broken."""
    options = _options(arguments)
    only = tuple(name for name in options.only.split(",") if name)
    first, last = options.seeds or (options.seed, options.until_seed or options.seed)
    setups = [
        Setup(seed=seed, days=options.days, agents=options.agents, visits=options.visits, only=only)
        for seed in range(first, last + 1)
    ]
    tally, started = Tally(), time.perf_counter()
    for setup, outcome in zip(setups, _run(setups, options.jobs), strict=True):
        tally.add(outcome)
        if outcome.law:
            print(f"seed {setup.seed}: {outcome.law}: {outcome.detail}", flush=True)
            print(f"  again: {reproduction(setup)}", flush=True)
            if options.keep:
                print(f"  kept: {keep(setup, outcome)}", flush=True)
        elif len(setups) <= _SPOKEN_MAX or options.verbose:
            print(_line(outcome), flush=True)
    print(tally.line(time.perf_counter() - started))
    if options.census:
        print("\n".join(tally.census()))
    return 1 if tally.failed else 0


def _run(setups: list[Setup], jobs: int) -> Iterator[Outcome]:
    if jobs <= 1:
        yield from map(run_world, setups)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(run_world, setups, chunksize=4)


def _line(outcome: Outcome) -> str:
    families = ",".join(outcome.families) or HONEST
    return (
        f"seed {outcome.seed}: held in {outcome.seconds:.1f} s; {outcome.stops} stops, {outcome.operations} operations,"
        f" {outcome.payments} payments, {outcome.crashes} office crashes; {families}"
    )


def _range(text: str) -> tuple[int, int]:
    first, separator, last = text.partition("..")
    if not (first.isdecimal() and (last.isdecimal() or not separator)):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a seed nor A..B")
    return int(first), int(last or first)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=_range, default=None, metavar="A..B", help="every seed from A to B")
    parser.add_argument("--until-seed", type=int, default=0, help="run every seed from --seed up to this one")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--agents", type=int, default=5)
    parser.add_argument("--visits", type=int, default=8, help="stops of an agent's day")
    parser.add_argument("--only", default="", help=f"families instead of drawn ones: {HONEST}, {', '.join(FAMILIES)}")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep failing worlds among fixtures/regressions")
    parser.add_argument("--census", action="store_true", help="print what was drawn and found, kind by kind")
    parser.add_argument("--verbose", action="store_true", help="a line for each world")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
