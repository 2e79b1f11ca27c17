"""A branch's day as values: plan beside fact, money, sync, discrepancies, and what a cashier must not see."""

from __future__ import annotations

from typing import Any

import pytest

from server.services.day import branches, day_view, recent_days
from server.services.day_discrepancies import evidence_of
from server.services.day_views import AgentDay, DayView
from tests.web.branch import BRANCH, DAY, TestBranch
from tests.web.conftest import SignIn


def view_of(branch: TestBranch, *, blind: bool = False) -> DayView:
    """The day as it stands."""
    with branch.parts.store.read() as reader:
        return day_view(reader, BRANCH, DAY, blind=blind)


def agent_of(view: DayView, agent: str) -> AgentDay:
    """One agent's part."""
    return next(day for day in view.agents if day.agent == agent)


def test_plan_stands_beside_fact(branch: TestBranch) -> None:
    """Stops in order with name, outcome, time, identity and money; what was not done is open."""
    view = view_of(branch)
    first, second = view.agents
    assert [(stop.visit, stop.state, stop.outcome) for stop in first.stops] == [
        ("V1", "done", "paid"),
        ("V2", "done", "part_paid"),
        ("V3", "done", "nobody_home"),
    ]
    assert [(stop.visit, stop.state) for stop in second.stops] == [("V4", "done"), ("V6", "open")]
    stop = first.stops[0]
    assert (stop.name, stop.identity, stop.origin) == ("王一", "answered", "booking")
    assert stop.concluded_at.startswith("2026-03-02T08:2")
    assert [(paid.method, paid.amount_minor) for paid in stop.collected] == [("cash", 20_000)]
    assert first.stops[1].delivered == 1
    assert (first.name, first.planned, first.done, second.planned, second.done) == ("周甲", 3, 3, 2, 1)


def test_money_and_the_equation(branch: TestBranch) -> None:
    """Methods add up, a waiting void is a line of its own, and the equation is the drawer's."""
    first, second = view_of(branch).agents
    assert [(m.method, m.count, m.amount_minor) for m in first.methods] == [("alipay", 1, 30_000), ("cash", 1, 20_000)]
    (equation,) = first.equations
    assert (equation.float_issued, equation.collected, equation.handed_over) == (5_000, 20_000, 20_000)
    assert (equation.expected, equation.held, equation.over_short) == (5_000, 5_000, 0)
    assert [paid.status for paid in second.stops[0].collected] == ["stands", "void_pending"]
    assert second.equations[0].void_pending == 10_000
    assert second.equations[0].held is None


def test_sync_says_what_is_here_and_what_is_not(branch: TestBranch) -> None:
    """The one who ended the day is complete; the other is unreported."""
    first, second = view_of(branch).agents
    assert first.sync.complete
    assert (first.sync.held_seq, first.sync.last_seq, first.sync.receipts, first.sync.receipts_declared) == (
        12,
        12,
        2,
        2,
    )
    assert not second.sync.reported
    assert second.sync.last_exchange_ms is not None


def test_a_gap_is_named(branch: TestBranch) -> None:
    """Numbers that the phone still owes stand in the agent's sync."""
    phone = branch.second
    phone.arrive("V6", "AC00006")
    phone.sent += 1
    branch.sync(phone)
    second = agent_of(view_of(branch), "AG-YC-2")
    assert second.sync.missing == ("1/7–7",)
    assert not second.sync.complete
    gap = [item for item in view_of(branch).discrepancies if item.rule == "JOURNAL-GAP"]
    assert [(item.agent, item.open) for item in gap] == [("AG-YC-2", True)]


def test_discrepancies_are_tied_to_agent_and_stop(branch: TestBranch) -> None:
    """Each has words in both languages, who decides, and the stop where it happened; open ones come first."""
    view = view_of(branch)
    found = {item.rule: item for item in view.discrepancies}
    assert {rule: (item.agent, item.visit) for rule, item in found.items() if item.open} == {
        "PAY-OVER": ("AG-YC-2", "V4"),
        "PAY-UNIDENTIFIED": ("AG-YC-1", "V2"),
        # Its agents are at the doors from twenty past eight on; the house begins at nine.
        "VISIT-HOURS": ("AG-YC-2", "V4"),
        "VOID-UNCONFIRMED": ("AG-YC-2", "V4"),
    }
    assert view.open == 7
    over = found["PAY-OVER"]
    assert "AC00004" in over.sentence.en
    assert "AC00004" in over.sentence.zh
    assert (over.decides, over.outcomes) == ("supervisor", ("refund", "carry", "accept", "escalate"))
    assert [item.open for item in view.discrepancies] == sorted((i.open for i in view.discrepancies), reverse=True)
    assert agent_of(view, "AG-YC-2").stops[0].review


def test_evidence_is_what_the_discrepancy_rests_on(branch: TestBranch) -> None:
    """Payments by the agent and the payment elsewhere by whoever imported it."""
    over = next(item for item in view_of(branch).discrepancies if item.rule == "PAY-OVER")
    with branch.parts.store.read() as reader:
        evidence = evidence_of(reader, over.operations)
    assert [(one.kind, one.author) for one in evidence] == [
        ("PaymentCollected", "AG-YC-2"),
        ("PaymentCollected", "AG-YC-2"),
        ("ExternalPaymentRecorded", "wen"),
    ]


def test_a_cashier_counts_blind(branch: TestBranch) -> None:
    """No equation and no amount of cash anywhere before the count; wallets stay, for nobody counts them."""
    first, second = view_of(branch, blind=True).agents
    for one in (first, second):
        assert one.blind
        assert one.equations == ()
        assert all(m.amount_minor is None for m in one.methods if m.method == "cash")
        assert all(p.amount_minor is None for s in one.stops for p in s.collected if p.method == "cash")
    assert [m.amount_minor for m in first.methods] == [30_000, None]


def test_what_stands_outside_visits_is_listed(branch: TestBranch) -> None:
    """A walk-up payment belongs to the agent's day, though to no stop."""
    branch.sync(branch.second)
    second = agent_of(view_of(branch), "AG-YC-2")
    assert [(paid.method, paid.amount_minor) for paid in second.outside] == [("cash", 8_800)]


class Spy:
    """A reader that counts calls by name and refuses whatever walks through history."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.calls: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        assert name not in {"export", "aggregates_of", "personal_all", "keys_starting", "pending", "operations_of"}, (
            name
        )
        self.calls[name] = self.calls.get(name, 0) + 1
        return getattr(self._reader, name)


def test_a_day_is_bounded_by_its_own_size(branch: TestBranch) -> None:
    """No call walks through history, and none is repeated for each operation."""
    with branch.parts.store.read() as reader:
        spy = Spy(reader)
        day_view(spy, BRANCH, DAY)
    assert spy.calls["document"] == 5
    assert spy.calls["postings"] == 1
    assert spy.calls["operations"] <= 3


def test_the_list_of_days(branch: TestBranch) -> None:
    """Branches and their recent days with what is still to do; a day before the window is left out."""
    with branch.parts.store.read() as reader:
        assert branches(reader) == [BRANCH]
        (row,) = recent_days(reader, BRANCH, "2026-02-20")
        assert recent_days(reader, BRANCH, "2026-03-03") == []
    assert (row.service_day, row.agents, row.planned, row.done) == (DAY, 2, 5, 4)
    assert (row.unreported, row.open, row.closed) == (1, 7, False)


def test_what_was_done_beyond_the_plan_is_told_apart(branch: TestBranch, sign_in: SignIn) -> None:
    """Never "3 of 2": what was done of the plan stands beside what was done beyond it, in the list and on the day."""
    branch.second.arrive("V6", "AC00006")
    branch.second.leave("V6", "AC00006", "paid")
    branch.second.arrive("V5", "AC00005")
    branch.second.leave("V5", "AC00005", "nobody_home")
    branch.sync(branch.second)
    _, second = view_of(branch).agents
    assert (second.planned, second.done, second.unplanned) == (2, 2, 1)
    with branch.parts.store.read() as reader:
        (row,) = recent_days(reader, BRANCH, "2026-02-20")
    assert (row.planned, row.done, row.unplanned) == (5, 5, 1)
    sign_in("qian")
    day = branch.client.get(f"/console/day/{BRANCH}/{DAY}?lang=en").text
    assert "2 of 2 stops done · 1 beyond the plan" in day
    assert "计划外 1 站" in branch.client.get(f"/console/day/{BRANCH}/{DAY}?lang=zh").text


def test_an_unknown_day_is_empty(branch: TestBranch) -> None:
    """Neither an unknown branch nor a day without routes is an error of the view."""
    with branch.parts.store.read() as reader:
        assert day_view(reader, "NOWHERE", DAY).agents == ()
        assert day_view(reader, BRANCH, "2020-01-01").agents == ()


@pytest.mark.parametrize(("name", "hidden"), [("qian", False), ("bai", True)])
def test_the_day_as_json(branch: TestBranch, sign_in: SignIn, name: str, hidden: bool) -> None:
    """The same view for programs, blind for a cashier, and nothing without signing in."""
    path = f"/api/v1/office/days/{BRANCH}/{DAY}"
    assert branch.client.get(path).status_code == 401
    sign_in(name)
    answer = branch.client.get(path)
    assert answer.status_code == 200
    first = answer.json()["agents"][0]
    assert (first["equations"] == []) is hidden
    assert branch.client.get(f"/api/v1/office/days/{BRANCH}/yesterday").status_code == 404
