"""The world's source files: found, unaltered, and refused with file, line and value when they are broken."""

from __future__ import annotations

import csv
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from server.demo import folder as folder_module
from server.demo.agents import agent_bases
from server.demo.geography import metres_between
from server.demo.limits import VISITS_PER_AGENT
from server.demo.sources import read_clients, read_settlements
from server.demo.visits import build_visits
from server.demo.world import World, world_folder
from sync.errors import Refused

CLIENTS = "taiwan_credit_default_2005.csv"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the sources to break, with the first ten clients only."""
    target = tmp_path / "world"
    shutil.copytree(world_folder(), target, ignore=shutil.ignore_patterns(CLIENTS))
    with (world_folder() / CLIENTS).open(encoding="utf-8") as file:
        lines = [next(file) for _ in range(11)]
    (target / CLIENTS).write_text("".join(lines), encoding="utf-8")
    return target


def test_copies_are_what_the_readme_states() -> None:
    """Each copied file has the SHA-256 and the number of rows that the README gives."""
    readme = (world_folder() / "README.md").read_text(encoding="utf-8")
    stated = re.findall(r"\| `(\w+\.csv)` \| ([\d,]+) \| (?:`([0-9a-f]{64})`)?", readme)
    assert len(stated) == 5
    for name, rows, digest in stated:
        raw = (world_folder() / name).read_bytes()
        assert raw.count(b"\n") - 1 == int(rows.replace(",", "")), name
        assert not digest or sha256(raw).hexdigest() == digest, name


def test_each_settlement_lies_in_the_county_of_its_townships() -> None:
    """No town is farther from its county's seat than a county is wide, so the join by name is right."""
    with (world_folder() / "counties.csv").open(encoding="utf-8", newline="") as file:
        seats = {row["name"]: row for row in csv.DictReader(file) if row["lat"]}
    for town in read_settlements(world_folder()):
        for address in town.addresses:
            county = next(name for name in seats if re.match(rf".{{3}}(盐城|信阳)市{name}", address))
            seat = seats[county]
            metres = metres_between(town.latitude, town.longitude, float(seat["lat"]), float(seat["lon"]))
            assert metres < 55_000, (address, metres)


@pytest.mark.parametrize("name", ["", "..", "a/b", "tiny/", "/etc", "x" * 65])
def test_a_world_is_one_plain_folder_name(name: str) -> None:
    """A path, or anything that could leave the folder of worlds, is refused."""
    with pytest.raises(Refused) as caught:
        world_folder(name)
    assert caught.value.code == "ARGUMENT-WRONG"


def test_an_unknown_world_is_refused_with_the_places() -> None:
    """The refusal says where it looked, in the package and in the checkout."""
    with pytest.raises(Refused, match=r"atlantis.*demo.worlds.*fixtures.worlds") as caught:
        world_folder("atlantis")
    assert caught.value.code == "FILE-UNREADABLE"


def test_an_installed_package_has_its_worlds_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package carries worlds they are taken, as in a wheel without any checkout."""
    (tmp_path / "worlds" / "tiny").mkdir(parents=True)
    monkeypatch.setattr(folder_module, "files", lambda _package: tmp_path)
    assert world_folder("tiny") == tmp_path / "worlds" / "tiny"


def test_a_missing_file_is_refused(copy: Path) -> None:
    """A file that is not there is named."""
    (copy / "townships.csv").unlink()
    with pytest.raises(Refused, match=r"townships\.csv") as caught:
        read_settlements(copy)
    assert caught.value.code == "FILE-UNREADABLE"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (CLIENTS, "BILL_AMT1", "BILL", "line 1: no column BILL_AMT1"),
        (CLIENTS, "3913,3102", "39.13,3102", "line 2: BILL_AMT1 is '39.13', expected a whole number"),
        (CLIENTS, "3913,3102", "3913", "line 2: 24 cells, expected 25"),
        (CLIENTS, "\n2,", "\n1,", "an ID occurs twice"),
        (CLIENTS, "3913", '"3913', "unexpected end of data"),
        ("settlements.csv", "1787746,", "1,", "geonameid is '1', expected a town"),
        ("settlements.csv", ",320902001,", ",999999999,", "township_code is '999999999', expected a township"),
        ("geonames_towns.csv", "33.3575", "north", "lat is 'north', expected a number"),
        ("geonames_towns.csv", "33.3575", "nan", "lat is 'nan', expected a finite number"),
        ("geonames_towns.csv", "yancheng,1787746", "paris,1787746", "box is 'paris', expected one of"),
        ("townships.csv", "320902001,320902,", "320902001,990902,", "parent_code is '990902'"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_value(copy: Path, name: str, old: str, new: str, message: str) -> None:
    """What is wrong is named with file, line, column and value, and nothing is read past it."""
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match=re.escape(message)) as caught:
        (read_clients if name == CLIENTS else read_settlements)(copy)
    assert caught.value.code == "IMPORT-MALFORMED"
    assert name in caught.value.cause


def test_bytes_that_are_not_utf_8_are_refused(copy: Path) -> None:
    """A file in another encoding is refused instead of read as something else."""
    (copy / "townships.csv").write_bytes((copy / "townships.csv").read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(Refused, match=r"townships\.csv") as caught:
        read_settlements(copy)
    assert caught.value.code == "IMPORT-MALFORMED"


def test_a_branch_without_towns_for_its_agents_is_refused() -> None:
    """One town cannot house three agents, and no town none."""
    towns = [town for town in read_settlements(world_folder()) if town.branch_id == "XY"]
    with pytest.raises(Refused, match="branch XY has 1 towns"):
        agent_bases(towns[:1], "XY")
    with pytest.raises(Refused, match="no town for branch YC"):
        agent_bases(towns, "YC")


def test_too_few_clients_around_a_base_are_refused(world: World) -> None:
    """A round is never filled with people who are not late or live elsewhere."""
    with pytest.raises(Refused, match=f"expected {VISITS_PER_AGENT}") as caught:
        build_visits(world.accounts[:100], world.agents, world.seed, world.service_day)
    assert caught.value.code == "IMPORT-MALFORMED"
