"""The tiny world is written by hand: these tests hold it to its README and to the format."""

from __future__ import annotations

import csv
from hashlib import sha256

from server.demo.geography import metres_between
from server.demo.world import world_folder
from server.demo.writing import FILES, columns_of


def _rows(name: str) -> list[dict[str, str]]:
    with (world_folder("tiny") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_it_has_the_columns_of_the_other_world() -> None:
    """Header and row counts are as documented, and lines end as RFC 4180 says."""
    counts = {}
    for name, kind in FILES.items():
        raw = (world_folder("tiny") / f"{name}.csv").read_bytes()
        assert raw.splitlines()[0].decode() == ",".join(columns_of(kind))
        assert raw.count(b"\n") == raw.count(b"\r\n")
        counts[name] = len(_rows(name))
    assert counts == {"accounts": 6, "visits": 6, "notices": 3, "agents": 2, "payments": 1}


def test_its_rows_belong_together() -> None:
    """Visits, notices and payments name accounts that are there, and notices the customer of theirs."""
    accounts = {row["account_id"]: row for row in _rows("accounts")}
    assert all(row["account_id"] in accounts for name in ("visits", "payments") for row in _rows(name))
    assert all(accounts[row["account_id"]]["customer_id"] == row["customer_id"] for row in _rows("notices"))
    lettered = {row["account_id"] for row in _rows("visits") if "notice" in row["tasks"].split(";")}
    assert lettered == {row["account_id"] for row in _rows("notices")}


def test_its_letters_have_the_stated_hashes() -> None:
    """`sha256sum` of a letter is what the notice states."""
    for row in _rows("notices"):
        letter = world_folder("tiny") / "notices" / f"{row['notice_id']}-v{row['version']}.txt"
        assert sha256(letter.read_bytes()).hexdigest() == row["content_sha256"]


def test_its_sums_are_those_of_the_readme() -> None:
    """Payoff 9,300.00, overdue 2,300.00, minimum due 3,150.00, booked 700.00."""
    accounts = _rows("accounts")
    assert sum(int(row["payoff_minor"]) for row in accounts) == 930_000
    assert sum(int(row["overdue_minor"]) for row in accounts) == 230_000
    assert sum(int(row["minimum_due_minor"]) for row in accounts) == 315_000
    assert sum(int(row["booked_amount_minor"] or 0) for row in _rows("visits")) == 70_000


def test_everybody_lives_whole_kilometres_from_an_agent() -> None:
    """Distances can be checked by hand: 1, 2 or 3 km north of the nearer agent."""
    homes = [(float(row["home_latitude"]), float(row["home_longitude"])) for row in _rows("agents")]
    kilometres = []
    for row in _rows("accounts"):
        metres = min(metres_between(*home, float(row["latitude"]), float(row["longitude"])) for home in homes)
        assert abs(metres - round(metres, -3)) <= 5
        kilometres.append(round(metres / 1000))
    assert kilometres == [1, 2, 3, 1, 2, 1]


def test_every_row_has_its_purpose_in_the_readme() -> None:
    """No row is there that the README does not explain."""
    readme = (world_folder("tiny") / "README.md").read_text(encoding="utf-8")
    keys = {"accounts": "account_id", "visits": "visit_id", "agents": "agent_id", "payments": "external_id"}
    for name, key in keys.items():
        assert all(f"\n| {row[key]}, " in readme for row in _rows(name)), name
    assert all(f"\n| {row['notice_id']} version {row['version']}, " in readme for row in _rows("notices"))
