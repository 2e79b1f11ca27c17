"""The exchange benchmark itself works: a tiny run against the real server process. No time is asserted."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.benchmarks import exchange
from tests.benchmarks.evening import grow, measure_growth, start_branch
from tests.benchmarks.office import Prepared
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Report, machine, table

pytestmark = pytest.mark.benchmark


def test_a_tiny_run_measures_everything(tmp_path: Path) -> None:
    """Four phones push, push again and pull; nothing is held, and every figure is there."""
    plan = Plan(devices=4, operations=14, connections=2, rounds=1, documents=3)
    told: list[str] = []
    report = exchange.run(plan, [20], 0, tmp_path, told.append)
    (evening,) = report.evenings
    assert evening.held == 0
    assert 1 < evening.request_ratio < 2
    assert min(evening.raw, evening.acknowledged, evening.reconciled, evening.duplicates) > 0
    assert report.morning is not None
    assert report.morning.documents == 12
    assert "history 20: acknowledged, of the raw limit" in table(report)
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report).evenings == [evening]
    assert told


def test_growth_is_measured_round_beside_round(tmp_path: Path) -> None:
    """Two stores take turns; the larger one holds more, and nothing is held in either."""
    plan = Plan(devices=2, operations=10, connections=2, rounds=2)
    offices = [(tmp_path / name, start_branch(tmp_path / name, plan, 1_780_000_000_000)) for name in ("small", "large")]
    grow(*offices[1], 150, 1_780_000_000_000, print)
    told: list[str] = []
    found = measure_growth(offices[0], offices[1], plan, 8, 1_790_000_000_000, told.append)
    assert [line.partition(",")[0] for line in told[:4]] == ["small store", "large store", "large store", "small store"]
    assert found.large.stored > found.small.stored + 100
    assert found.small.held == found.large.held == 0
    assert min(found.acknowledged_ratio, found.reconciled_ratio, found.duplicates_ratio, found.raw_grown_ratio) > 0
    assert "raw limit in databases as large" in table(Report(machine=machine(), plan=plan, growth=found))


def test_a_store_grows_by_whole_days(tmp_path: Path) -> None:
    """Growing lives day after day until enough is stored, and everything is reconciled."""
    plan = Plan(devices=2, operations=10)
    branch = start_branch(tmp_path / "office", plan, 1_790_000_000_000)
    assert grow(tmp_path / "office", branch, 150, 1_790_000_000_000, print) > 1
    prepared = Prepared(tmp_path / "office", 1_795_000_000_000)
    with prepared.store.read() as reader:
        stored = sum(state.summary.last_seq for state in reader.journals())
        pending = reader.pending_count()
    prepared.close()
    assert stored >= 150
    assert pending <= 1  # the journal that was opened just now


def test_a_day_too_short_is_refused(tmp_path: Path) -> None:
    """A day has room for one visit, the hand-over and its end."""
    with pytest.raises(ValueError, match="at least 6 operations"):
        exchange.run(Plan(operations=5), [20], 0, tmp_path, print)
