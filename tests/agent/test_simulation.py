"""A day that works itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from agent_client.simulation import hand_over_everything, play_day, read_codes
from agent_client.simulation.decisions import decide
from agent_client.simulation.dice import Dice
from agent_client.work.drawer import end_day
from sync.errors import Refused
from sync.operations import Operation, field, understand
from tests.agent.conftest import Phone
from tests.agent.documents import DAY, a_visit


def _route(phone: Phone, count: int) -> None:
    stops = [
        a_visit(f"S{number:02d}", number, tasks=["identity", "collect", "negotiate"]) for number in range(1, count + 1)
    ]
    phone.office.give_day(stops)
    phone.sync()


def _bodies(phone: Phone) -> list[object]:
    operations = [understand(stored.data) for stored in phone.desk.store.journal.all()]
    return [operation.body for operation in operations if isinstance(operation, Operation)]


def test_a_whole_day_leaves_every_stop_concluded_and_no_cash(phone: Phone) -> None:
    """All stops are concluded, the day ended, everything handed over, and the office takes all of it."""
    _route(phone, 20)
    played = play_day(phone.desk, 7, codes={"S01": "482107"})
    end_day(phone.desk)
    summary, handed = hand_over_everything(phone.desk)
    assert len(played) == 20
    assert (summary.concluded, summary.open, summary.cash_minor) == (20, [], 0)
    assert handed is not None
    assert phone.sync().unsent == 0
    kinds = Counter(type(body).__name__ for body in _bodies(phone))
    assert kinds["VisitStarted"] == kinds["VisitConcluded"] == 20
    assert kinds["PaymentCollected"] > 4


def test_decisions_depend_on_seed_and_visit_only() -> None:
    """The same seed decides the same, whatever came before; another seed decides otherwise."""
    document = a_visit("V1")
    first = decide(document, DAY, Dice(1, "V1"), has_code=False)
    assert first == decide(document, DAY, Dice(1, "V1"), has_code=False)
    others = [decide(document, DAY, Dice(seed, "V1"), has_code=False) for seed in range(2, 30)]
    assert any(other != first for other in others)


def test_a_day_can_be_played_in_parts(phone: Phone) -> None:
    """Parts decide what the whole would, and stops that are done are passed over."""
    _route(phone, 8)
    first = play_day(phone.desk, 3, first=1, last=3)
    rest = play_day(phone.desk, 3)
    assert [stop.number for stop in (*first, *rest)] == list(range(1, 9))
    assert play_day(phone.desk, 3) == []
    with pytest.raises(Refused):
        play_day(phone.desk, 3, first=5, last=4)


def test_the_number_of_stops_is_bounded_on_request(phone: Phone) -> None:
    """At most so many stops, from the one that is named."""
    _route(phone, 8)
    assert [stop.number for stop in play_day(phone.desk, 3, first=3, stops=2)] == [3, 4]


def test_nothing_is_collected_where_that_is_forbidden() -> None:
    """The simulated agent keeps to what the route forbids."""
    document = a_visit("V1", forbidden=["collect"], forbidden_why=["moratorium"])
    for seed in range(60):
        assert decide(document, DAY, Dice(seed, "V1"), has_code=False).amount_minor == 0


def test_amounts_are_owed_and_cash_is_whole_yuan() -> None:
    """Nobody pays more than the payoff, or fen in cash."""
    document = a_visit("V1", overdue_minor=33_333, minimum_due_minor=10_001, payoff_minor=40_000)
    for seed in range(200):
        door = decide(document, DAY, Dice(seed, "V1"), has_code=False)
        assert 0 <= door.amount_minor <= 40_000
        if door.method == "cash":
            assert door.amount_minor % 100 == 0


def test_positions_are_near_the_address(phone: Phone) -> None:
    """Every arrival is within some forty metres."""
    _route(phone, 5)
    play_day(phone.desk, 7)
    for stored in phone.desk.store.journal.of_kinds(["VisitStarted"]):
        operation = understand(stored.data)
        assert isinstance(operation, Operation)
        assert isinstance(operation.body, field.VisitStarted)
        document = phone.desk.store.documents.visit(operation.body.visit)
        assert document is not None
        assert operation.position is not None
        assert abs(operation.position.lat_e7 - document.lat_e7) < 4000


def test_codes_are_read_from_a_table(tmp_path: Path) -> None:
    """Rows without a code are no codes; a file without the columns is refused."""
    good = tmp_path / "visits.csv"
    good.write_text("visit_id,visit_code\nV1,100001\nV2,\n", encoding="utf-8")
    assert read_codes(good) == {"V1": "100001"}
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    for path in (bad, tmp_path / "none.csv"):
        with pytest.raises(Refused):
            read_codes(path)
