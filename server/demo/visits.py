"""The day's candidates: around each agent's base, some booked by the customer, most of them planned.

A booking has a slot of one hour and must be kept; each agent's base has one booking a slot, so that all
of them fit. A planned visit is optional, and its prize says how many seconds of an agent's time it is worth:
900, and 300 for each month late, and 60 for each full 1,000 yuan overdue, at most 7,200.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Literal

import msgspec

from server.demo.draw import Draw
from server.demo.geography import metres_between
from server.demo.limits import (
    BOOKINGS_PER_AGENT,
    NOTICES_PER_AGENT,
    PRIZE_SECONDS_MAX,
    SETTLEMENT_METRES_MAX,
    VISITS_PER_AGENT,
)
from server.demo.records import TASKS, Account, Agent, Task, Visit
from sync.errors import Refused

__all__ = ["build_visits", "prize_of"]

_SLOTS = tuple((time(hour), time(hour + 1)) for hour in (9, 10, 11, 14, 15, 16))
_WHOLE_DAY = (time(9), time(18))
_PART_DAYS = ((time(9), time(12)), (time(14), time(18)), (time(16), time(18, 30)))
_BOOKED_WITH_NOTICE = 2  # of a base's bookings; its other letters go to planned visits
_CONFIRMED_PERMILLE = 400
_SERVICE_MINUTES, _SERVICE_MINUTES_NEGOTIATE = 8, 12


class _Stop(msgspec.Struct, frozen=True):
    """A chosen account with its place in the drawn order of its base, which decides kind and letter."""

    account: Account
    branch_id: str
    place: int


def build_visits(
    accounts: Sequence[Account], agents: Sequence[Agent], seed: int, service_day: date
) -> tuple[Visit, ...]:
    """All candidates, ordered by branch and account; raises Refused IMPORT-MALFORMED if too few live near."""
    draw = Draw(seed, "visits")
    stops = _choose(accounts, agents, draw)
    branches = list(dict.fromkeys(agent.branch_id for agent in agents))
    stops.sort(key=lambda stop: (branches.index(stop.branch_id), stop.account.account_id))
    codes = _codes(draw, len(stops))
    return tuple(
        _visit(stop, f"V{service_day:%Y%m%d}-{number:03d}", codes[number - 1], service_day, draw)
        for number, stop in enumerate(stops, start=1)
    )


def prize_of(account: Account) -> int:
    """What an optional visit is worth, in seconds of an agent's time."""
    return min(PRIZE_SECONDS_MAX, 900 + 300 * account.months_late + 60 * (account.overdue_minor // 100_000))


def _choose(accounts: Sequence[Account], agents: Sequence[Agent], draw: Draw) -> list[_Stop]:
    dunned = [account for account in accounts if account.dunned]
    taken: set[str] = set()
    stops: list[_Stop] = []
    for agent in agents:
        near = [account for account in dunned if account.account_id not in taken and _is_near(account, agent)]
        if len(near) < VISITS_PER_AGENT:
            cause = f"{len(near)} dunned accounts around {agent.agent_id}, expected {VISITS_PER_AGENT}"
            raise Refused("IMPORT-MALFORMED", f"the card clients are too few: {cause}")
        chosen = draw.sample(near, VISITS_PER_AGENT)
        taken.update(account.account_id for account in chosen)
        stops += [_Stop(account, agent.branch_id, place) for place, account in enumerate(chosen)]
    return stops


def _is_near(account: Account, agent: Agent) -> bool:
    here = (account.latitude, account.longitude)
    return metres_between(*here, agent.home_latitude, agent.home_longitude) <= SETTLEMENT_METRES_MAX


def _codes(draw: Draw, count: int) -> list[str]:
    """Different visit codes, so that one customer's code never opens another's visit."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[f"{draw.below(1_000_000):06d}"] = None
    return list(codes)


def _visit(stop: _Stop, visit_id: str, code: str, service_day: date, draw: Draw) -> Visit:
    account = stop.account
    booked = stop.place < BOOKINGS_PER_AGENT
    tasks = _tasks(stop.place, draw)
    start, end = _SLOTS[stop.place % len(_SLOTS)] if booked else _planned_window(draw)
    kind: Literal["booking", "planned"] = "booking" if booked else "planned"
    return Visit(
        visit_id=visit_id,
        account_id=account.account_id,
        service_day=service_day,
        branch_id=stop.branch_id,
        tasks=tasks,
        window_start=start,
        window_end=end,
        service_minutes=_SERVICE_MINUTES_NEGOTIATE if "negotiate" in tasks else _SERVICE_MINUTES,
        mandatory=booked,
        prize=0 if booked else prize_of(account),
        booked_amount_minor=_booked_amount(account, draw) if booked and "collect" in tasks else None,
        kind=kind,
        visit_code=code if draw.chance(_CONFIRMED_PERMILLE) or booked else "",
    )


def _tasks(place: int, draw: Draw) -> tuple[Task, ...]:
    """Identity always; most collect, some negotiate or take down new details; letters by place."""
    first_letter = BOOKINGS_PER_AGENT - _BOOKED_WITH_NOTICE
    tasks: set[Task] = {"identity"}
    if first_letter <= place < first_letter + NOTICES_PER_AGENT:
        tasks.add("notice")
    turn = draw.below(100)
    if turn < 75:
        tasks.add("collect")
    if turn >= 70 and turn < 90:
        tasks.add("negotiate")
    if turn >= 90 or turn < 5:
        tasks.add("update_details")
    return tuple(task for task in TASKS if task in tasks)


def _planned_window(draw: Draw) -> tuple[time, time]:
    return _WHOLE_DAY if draw.chance(600) else draw.pick(_PART_DAYS)


def _booked_amount(account: Account, draw: Draw) -> int:
    return draw.pick((account.overdue_minor, account.minimum_due_minor, account.payoff_minor))
