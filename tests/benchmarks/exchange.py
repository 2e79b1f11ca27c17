"""How fast the exchange is, against what the disk allows: ``python -m tests.benchmarks.exchange``.

It starts the real server process on 127.0.0.1 with a fresh store and measures, in one run, as ratios:

- the *raw limit*: the same bytes in the same batches into SQLite with the same durability, without a server;
- the *evening*: every phone sends its day; acknowledged, and acknowledged and reconciled; then all of it again, as
  after lost answers; once for each length of the accounts' history;
- the *morning*: every agent fetches the visit documents, encrypted at rest, plain and compressed;
- *growth*: the evening in a small store and in one that has grown, round beside round.

Absolute times differ between machines and hours; the ratios are what is compared. Nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.branch import DAY_MS
from tests.benchmarks.evening import grow, measure_evening, measure_growth, start_branch
from tests.benchmarks.morning import measure_morning
from tests.benchmarks.plan import Plan, Say
from tests.benchmarks.report import Report, machine, table

__all__ = ["main", "run"]


def run(plan: Plan, histories: Sequence[int], growth: int, folder: Path, say: Say) -> Report:
    """Measure everything; `growth` 0 leaves the grown store out. `folder` is filled and not emptied."""
    now_ms = time.time_ns() // 1_000_000
    today_ms = now_ms - (plan.rounds + 1) * DAY_MS
    found = Report(machine=machine(), plan=plan)
    for history in histories:
        say(f"preparing accounts with {history} operations of history")
        place = folder / f"history-{history}"
        branch = start_branch(place, plan, today_ms - 200 * DAY_MS)
        found.evenings.append(measure_evening(place, branch, plan, history, today_ms, say))
    say("preparing the morning")
    place = folder / "morning"
    found.morning = measure_morning(place, start_branch(place, plan, today_ms), plan, now_ms, say)
    if growth:
        say(f"preparing a small store, and one that grows to {growth:,} operations")
        began_ms = now_ms - 4_000 * DAY_MS
        places = [folder / name for name in ("small", "large")]
        small, large = [(place, start_branch(place, plan, began_ms)) for place in places]
        grow(*large, growth, began_ms, say)
        found.growth = measure_growth(small, large, plan, min(histories), today_ms, say)
    return found


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.exchange", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--operations", type=int, default=40, help="operations of one device's day")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3, help="days that are measured; medians are told")
    parser.add_argument("--history", default="20,200", help="operations that touch each account beforehand")
    parser.add_argument("--growth", type=int, default=200_000, help="operations of the grown store; 0 leaves it out")
    parser.add_argument("--folder", type=Path, help="where the stores are made; default: a temporary folder")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    plan = Plan(
        devices=options.devices,
        operations=options.operations,
        connections=options.connections,
        rounds=options.rounds,
    )
    histories = [int(text) for text in options.history.split(",")]
    started = time.perf_counter()

    def say(text: str) -> None:
        print(f"{time.perf_counter() - started:6.0f} s  {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="doorstep-benchmark-", dir=options.folder) as folder:
        report = run(plan, histories, options.growth, Path(folder), say)
    print(table(report))
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
