"""The end of a day and the cash."""

from __future__ import annotations

import pytest

from agent_client.work.drawer import (
    day_summary,
    deposit_cash,
    end_day,
    hand_over,
    parse_denomination,
    report_loss,
    transfer_cash,
)
from agent_client.work.payments import collect, void
from agent_client.work.visits import conclude, start_visit
from sync.errors import Conflict, Refused
from sync.operations import Operation, field, understand
from sync.operations.field import Denomination
from tests.agent.conftest import Phone
from tests.agent.documents import DAY, a_visit


def _ended(phone: Phone) -> field.DayEnded:
    stored = phone.desk.store.journal.last()
    assert stored is not None
    operation = understand(stored.data)
    assert isinstance(operation, Operation)
    assert isinstance(operation.body, field.DayEnded)
    return operation.body


def _day(phone: Phone) -> None:
    """300.00 cash, 50.00 by WeChat, 10.00 cash voided: seven operations."""
    start_visit(phone.desk, "V1")
    collect(phone.desk, "V1", 30_000, "cash")
    collect(phone.desk, "V1", 5_000, "wechat")
    collect(phone.desk, "V1", 1_000, "cash")
    void(phone.desk, "last", "typing_error")
    conclude(phone.desk, "V1", "part_paid")


def test_the_tail_names_itself_and_everything_before_it(phone: Phone) -> None:
    """Own number, last receipt number, receipts, cash with the float, concluded visits."""
    _day(phone)
    end_day(phone.desk)
    body = _ended(phone)
    assert body == field.DayEnded(seq=7, receipt_last=4, receipts=4, cash_minor=50_000, currency="CNY", concluded=1)


def test_a_day_is_ended_again_only_after_something_came(phone: Phone) -> None:
    """A late payment is recorded, told, and covered by a second end."""
    _day(phone)
    end_day(phone.desk)
    with pytest.raises(Conflict, match="was ended"):
        end_day(phone.desk)
    start = start_visit(phone.desk, "V3")
    assert "day-ended" in {advice.key for advice in start.advice}
    recorded = end_day(phone.desk)
    assert [advice.sentence("en") for advice in recorded.advice] == ["Visit V3 is still open."]
    assert _ended(phone).seq == 9


def test_cash_leaves_the_drawer_in_every_way(phone: Phone) -> None:
    """Handed over, deposited, given to another agent, lost; taken from another agent it comes in."""
    _day(phone)
    hand_over(phone.desk, [Denomination(face_minor=10_000, count=2)])
    deposit_cash(phone.desk, 5_000, "ICBC")
    transfer_cash(phone.desk, "T1", 2_000, to_agent="AG02")
    transfer_cash(phone.desk, "T2", 1_000, from_agent="AG02")
    # Recorded a second time by mistake: the office counts an id once, and so must the day's end.
    transfer_cash(phone.desk, "T2", 1_000, from_agent="AG02")
    report_loss(phone.desk, 500, "counterfeit")
    summary = day_summary(phone.desk)
    assert summary.cash_minor == 50_000 - 20_000 - 5_000 - 2_000 + 1_000 - 500
    assert summary.handed_over_minor == 20_000
    assert summary.by_method == {"cash": 30_000, "wechat": 5_000}
    assert (summary.receipts, summary.voided) == (4, 1)


def test_more_than_is_held_is_declared_and_told(phone: Phone) -> None:
    """What the agent declares is a fact, even when the phone knows of less."""
    recorded = hand_over(phone.desk, amount_minor=99_900)
    assert [advice.key for advice in recorded.advice] == ["more-than-held"]


def test_denominations_and_amount_must_agree(phone: Phone) -> None:
    """Two statements that contradict each other are refused, as are pieces of nothing."""
    with pytest.raises(Conflict, match="20000"):
        hand_over(phone.desk, [Denomination(face_minor=10_000, count=2)], amount_minor=30_000)
    with pytest.raises(Refused):
        hand_over(phone.desk, [Denomination(face_minor=10_000, count=-2)])
    with pytest.raises(Refused):
        hand_over(phone.desk)
    with pytest.raises(Conflict, match="--to or --from"):
        transfer_cash(phone.desk, "T1", 100, to_agent="A", from_agent="B")


@pytest.mark.parametrize("text", ["", "100", "x5", "100x", "-100x5", "100x0", "1e3x5", "100xx5"])
def test_denominations_have_one_form(text: str) -> None:
    """Face value in minor units, an x, and a count."""
    with pytest.raises(Refused):
        parse_denomination(text)


def test_a_denomination_is_read() -> None:
    """``10000x5`` and the multiplication sign mean the same."""
    assert parse_denomination("10000x5") == parse_denomination("10000×5") == Denomination(face_minor=10_000, count=5)


def test_a_day_that_left_the_phone_is_still_ended(phone: Phone) -> None:
    """The office takes yesterday's pack away; its end is written by name, and today's by default."""
    _day(phone)
    for name in [f"pack/{DAY}/AG01", "visit/V1", "visit/V2", "visit/V3"]:
        phone.office.put(name, None)
    phone.office.give_day([a_visit("W1", 1)], "2026-11-24")
    phone.sync()
    start_visit(phone.desk, "W1")
    collect(phone.desk, "W1", 700, "cash")
    assert day_summary(phone.desk).service_day == "2026-11-24"
    assert day_summary(phone.desk).cash_minor == 20_700
    end_day(phone.desk, DAY)
    assert _ended(phone).cash_minor == 50_000
    with pytest.raises(Conflict) as caught:
        end_day(phone.desk, "2026-11-30")
    assert caught.value.code == "PACK-MISSING"


def test_a_phone_without_a_route_says_so(make_phone: object) -> None:
    """Before the first pull there is no day to end."""
    assert callable(make_phone)
    phone = make_phone()
    with pytest.raises(Conflict) as caught:
        end_day(phone.desk)
    assert caught.value.code == "PACK-MISSING"
