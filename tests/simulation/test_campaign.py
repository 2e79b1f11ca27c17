"""A campaign adds its worlds up, tells them in one line, and takes only ranges of seeds that can be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.__main__ import main
from tests.simulation.campaign import Tally
from tests.simulation.cheat import FRAUDS
from tests.simulation.plan import FAMILIES
from tests.simulation.sabotage import SABOTAGES
from tests.simulation.world import Outcome


def test_a_campaign_runs_every_seed_of_its_range_and_tells_it_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Worlds, days, operations, faults and failures stand in the last line."""
    code = main(["--seeds", "1..2", "--days", "1", "--agents", "1", "--visits", "2", "--only", "network"])

    last = capsys.readouterr().out.splitlines()[-1]
    assert code == 0
    assert last.startswith("2 worlds, 0 failed: 2 days, 4 stops, ")
    assert "faults:" in last


def test_a_census_counts_worlds_and_kinds_apart() -> None:
    """What happened twice in one world is two of a kind in one world; found and unseen frauds are not mixed up."""
    tally = Tally()
    tally.add(Outcome(seed=1, families=("fraud",), days=3, faults={"twice": 2}, frauds={"from_home": 1}))
    tally.add(Outcome(seed=2, families=(), days=3, traceless={"no_receipt": 4}, law="void-wrong"))

    lines = [line.split() for line in tally.census()]

    assert tally.failed == 1
    assert ["fraud", "1", "500"] in lines
    assert ["none", "1", "500"] in lines
    assert ["twice", "2", "1", "500"] in lines
    assert ["found:", "from_home", "1", "1", "500"] in lines
    assert ["no", "trace:", "no_receipt", "4", "1", "500"] in lines


@pytest.mark.parametrize("seeds", ["", "1..", "..3", "a..b", "1-3", "-1..2"])
def test_a_range_that_is_none_is_refused(seeds: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message shows what was given."""
    with pytest.raises(SystemExit):
        main([f"--seeds={seeds}"])

    assert repr(seeds) in capsys.readouterr().err


def test_the_readme_names_every_family_fraud_and_bug() -> None:
    """Whoever adds one says in the README what it does and what finds it."""
    text = Path(__file__).with_name("README.md").read_text(encoding="utf-8")

    for name in (*FAMILIES, *FRAUDS):
        assert f"`{name}`" in text, name
    bugs = text.partition("## Deliberate bugs")[2].partition("## ")[0]
    assert sum(line.startswith("| ") for line in bugs.splitlines()) == len(SABOTAGES) + 1
