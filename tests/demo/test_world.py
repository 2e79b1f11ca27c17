"""The demonstration's world: what the intake files hold, and that they never vary."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from server.demo.geography import metres_between
from server.demo.limits import (
    AGENT_BASE_METRES_MAX,
    AGENT_BASE_METRES_MIN,
    BOOKINGS_PER_AGENT,
    SETTLEMENT_METRES_MAX,
    VISITS_PER_AGENT,
)
from server.demo.records import Account, Agent, World
from server.demo.sources import read_clients, read_settlements
from server.demo.world import build_world, world_folder, write_world
from server.demo.writing import FILES, columns_of
from sync.errors import Refused

SEED = 7
SERVICE_DAY = date(2026, 3, 2)
_WRITE = (
    "import sys; from datetime import date; from pathlib import Path; "
    "from server.demo.world import build_world, world_folder, write_world; "
    "write_world(build_world(world_folder(), 7, date(2026, 3, 2)), Path(sys.argv[1]))"
)


def test_every_client_is_one_account_with_its_figures_as_yuan(world: World) -> None:
    """All 30,000 clients are there once, and each statement is the source's bill in fen."""
    clients = {f"AC{client.number:05d}": client for client in read_clients(world_folder())}
    assert len(world.accounts) == len(clients) == 30_000
    assert [account.account_id for account in world.accounts] == sorted(clients)
    for account in world.accounts:
        assert account.statement_minor == clients[account.account_id].bills[0] * 100
        assert account.months_late == max(0, clients[account.account_id].delays[0])
    assert len({account.customer_id for account in world.accounts}) == 30_000
    assert len({account.phone for account in world.accounts}) == 30_000


def test_amounts_owed_are_ordered(world: World) -> None:
    """Overdue never exceeds the minimum due, nor that the payoff, and only a late account is overdue."""
    for account in world.accounts:
        assert 0 <= account.overdue_minor <= account.minimum_due_minor <= account.payoff_minor
        assert account.payoff_minor == max(0, account.statement_minor)
        assert (account.overdue_minor > 0) == (account.months_late > 0 and account.payoff_minor > 0)
        assert (account.due_date < SERVICE_DAY) == (account.overdue_minor > 0)


def test_people_are_marked_as_invented(world: World) -> None:
    """Each row says that its person is invented, and no telephone number could be anybody's."""
    assert all(account.invented for account in world.accounts)
    assert all(re.fullmatch(r"\+86111\d{8}", account.phone) for account in world.accounts)
    assert all(re.fullmatch(r"\d{4}", account.last_four) for account in world.accounts)


def test_customers_live_in_real_towns(world: World) -> None:
    """Each address begins with a real township, and its position is within reach of that township's town."""
    towns = {address: town for town in read_settlements(world_folder()) for address in town.addresses}
    for account in world.accounts:
        matched = re.match(r".*?(?:街道|镇|乡)(?=[^镇乡]*号)", account.address)
        assert matched is not None, account.address
        town = towns[matched.group()]
        here = (account.latitude, account.longitude)
        assert metres_between(*here, town.latitude, town.longitude) <= SETTLEMENT_METRES_MAX + 5


def test_statuses_all_occur(world: World) -> None:
    """Every status that the intake knows is there, and an account that is not open owes something."""
    statuses = Counter(account.status for account in world.accounts)
    assert set(statuses) == {"open", "written_off", "recalled", "moratorium", "disputed"}
    assert all(account.overdue_minor for account in world.accounts if account.status != "open")


def test_visits_go_to_dunned_accounts_near_a_base(world: World) -> None:
    """120 candidates a branch, each on another dunned account within reach of an agent of that branch."""
    accounts = {account.account_id: account for account in world.accounts}
    assert Counter(visit.branch_id for visit in world.visits) == {"YC": 120, "XY": 120}
    assert len({visit.account_id for visit in world.visits}) == 240
    for visit in world.visits:
        account = accounts[visit.account_id]
        assert account.status == "open"
        assert account.months_late >= 1
        assert account.statement_minor > 0
        homes = [agent for agent in world.agents if agent.branch_id == visit.branch_id]
        assert min(_metres(agent, account) for agent in homes) <= SETTLEMENT_METRES_MAX


def test_bookings_are_mandatory_with_slots_that_fit(world: World) -> None:
    """15 % are bookings of one hour with a code; each of an agent's slots is booked once around the base."""
    bookings = [visit for visit in world.visits if visit.kind == "booking"]
    assert len(bookings) == 36 == BOOKINGS_PER_AGENT * len(world.agents)
    assert len(world.visits) == VISITS_PER_AGENT * len(world.agents)
    for visit in world.visits:
        assert visit.mandatory == (visit.kind == "booking")
        assert (visit.prize == 0) == visit.mandatory
        assert visit.window_start < visit.window_end
    for visit in bookings:
        assert visit.window_end.hour - visit.window_start.hour == 1
        assert re.fullmatch(r"\d{6}", visit.visit_code)
        assert (visit.booked_amount_minor is not None) == ("collect" in visit.tasks)
    slots = Counter((visit.branch_id, visit.window_start) for visit in bookings)
    assert set(slots.values()) == {3}
    codes = [visit.visit_code for visit in world.visits if visit.visit_code]
    assert len(set(codes)) == len(codes)


def test_tasks_and_service_minutes(world: World) -> None:
    """Identity is always checked, negotiation takes 12 minutes and the rest 8, 35 % carry a letter."""
    for visit in world.visits:
        assert "identity" in visit.tasks
        assert visit.service_minutes == (12 if "negotiate" in visit.tasks else 8)
    assert sum("notice" in visit.tasks for visit in world.visits) == 84


def test_notices_state_the_hash_of_their_letter(world: World) -> None:
    """Each visit with a letter has a notice, the hash is that of the text, and some were reissued."""
    customers = {account.account_id: account.customer_id for account in world.accounts}
    lettered = {visit.account_id for visit in world.visits if "notice" in visit.tasks}
    assert {notice.account_id for notice in world.notices} == lettered
    for notice in world.notices:
        assert notice.content_sha256 == sha256(notice.text.encode()).hexdigest()
        assert notice.customer_id == customers[notice.account_id]
        assert notice.issued_on < SERVICE_DAY
        assert notice.amount_minor > 0
    reissued = [pair for pair in pairwise(world.notices) if pair[0].notice_id == pair[1].notice_id]
    assert len(reissued) == 4
    assert all((one.version, two.version) == (1, 2) and one.issued_on < two.issued_on for one, two in reissued)


def test_agents_have_towns_of_their_own(world: World) -> None:
    """Three agents a branch, at home in GeoNames towns, near enough to the branch, apart from each other."""
    towns = {(town.latitude, town.longitude) for town in read_settlements(world_folder())}
    assert Counter(agent.branch_id for agent in world.agents) == {"YC": 3, "XY": 3}
    for agent in world.agents:
        assert (agent.home_latitude, agent.home_longitude) in towns
        for other in world.agents:
            if other.branch_id == agent.branch_id and other is not agent:
                metres = _metres(agent, other)
                assert AGENT_BASE_METRES_MIN <= metres <= 2 * AGENT_BASE_METRES_MAX


def test_payments_arrive_on_the_day_and_surprise_somebody(world: World) -> None:
    """Payments come after the accounts' as-of on that day, never twice for one account, some settle a visit."""
    accounts = {account.account_id: account for account in world.accounts}
    visited = {visit.account_id for visit in world.visits}
    assert len({payment.account_id for payment in world.payments}) == len(world.payments) == 12
    assert all(one.paid_at < two.paid_at for one, two in pairwise(world.payments))
    settled = 0
    for payment in world.payments:
        account = accounts[payment.account_id]
        assert account.as_of < payment.paid_at < account.as_of + timedelta(hours=12)
        assert 0 < payment.amount_minor <= account.payoff_minor
        settled += payment.account_id in visited and payment.amount_minor == account.payoff_minor
    assert settled >= 4
    assert any(payment.account_id not in visited for payment in world.payments)


def test_same_seed_and_day_give_the_same_bytes(world: World, tmp_path: Path) -> None:
    """Another process with another hash seed, locale and time zone writes byte-identical files."""
    paths = write_world(world, tmp_path / "here")
    elsewhere = tmp_path / "elsewhere"
    other = os.environ | {"PYTHONHASHSEED": "4711", "LC_ALL": "C", "TZ": "America/New_York", "PYTHONUTF8": "0"}
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", _WRITE, str(elsewhere)], check=True, env=other, cwd=root)
    assert len(paths) == len(FILES) + len(world.notices)
    for path in paths:
        assert path.read_bytes() == (elsewhere / path.relative_to(tmp_path / "here")).read_bytes()


def test_another_seed_or_day_gives_another_world(world: World) -> None:
    """The seed decides who is visited; the day decides ids and due dates, but not the figures."""
    other = build_world(world_folder(), SEED + 1, SERVICE_DAY)
    later = build_world(world_folder(), SEED, SERVICE_DAY + timedelta(days=40))
    assert [visit.account_id for visit in other.visits] != [visit.account_id for visit in world.visits]
    assert {visit.visit_id for visit in later.visits}.isdisjoint(visit.visit_id for visit in world.visits)
    for one, two in zip(world.accounts, later.accounts, strict=True):
        assert one.due_date < two.due_date
        assert (one.name, one.overdue_minor) == (two.name, two.overdue_minor)


def test_files_are_rfc_4180_with_the_documented_columns(world: World, tmp_path: Path) -> None:
    """UTF-8 without a mark, CRLF, a header, and as many cells in each row; cells are written as documented."""
    write_world(world, tmp_path)
    for name, kind in FILES.items():
        raw = (tmp_path / f"{name}.csv").read_bytes()
        assert raw.endswith(b"\r\n")
        assert raw.count(b"\n") == raw.count(b"\r\n")
        header, *rows = csv.reader(raw.decode("utf-8").splitlines())
        assert tuple(header) == columns_of(kind)
        assert len(rows) == len(getattr(world, name))
        assert {len(row) for row in rows} == {len(header)}
    with (tmp_path / "accounts.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["as_of"] == "2026-03-02T06:00:00+08:00"
    assert first["invented"] == "yes"
    assert re.fullmatch(r"\d+\.\d{6}", first["latitude"])
    with (tmp_path / "visits.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert re.fullmatch(r"\d\d:\d\d", row["window_start"])
            assert row["mandatory"] in ("yes", "no")
            assert set(row["tasks"].split(";")) <= {"collect", "notice", "identity", "negotiate", "update_details"}


def test_a_folder_that_cannot_be_written_is_refused(world: World, tmp_path: Path) -> None:
    """A file in the way of the folder is named in the refusal."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(Refused, match="taken") as caught:
        write_world(world, tmp_path / "taken")
    assert caught.value.code == "FILE-UNREADABLE"


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2100, 1, 1)])
def test_a_day_outside_this_century_is_refused(day: date) -> None:
    """A mistyped year is refused with the day in the message."""
    with pytest.raises(Refused, match=str(day)) as caught:
        build_world(world_folder(), SEED, day)
    assert caught.value.code == "ARGUMENT-WRONG"


def _metres(agent: Agent, other: Account | Agent) -> int:
    home = (agent.home_latitude, agent.home_longitude)
    if isinstance(other, Agent):
        return metres_between(*home, other.home_latitude, other.home_longitude)
    return metres_between(*home, other.latitude, other.longitude)
