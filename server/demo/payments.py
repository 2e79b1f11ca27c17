"""Payments that reach the creditor on the service day while the agents are on the road.

A third settles an account that is visited (whoever collects there collects too much), a third pays the
overdue amount of one, a third belongs to accounts that nobody visits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from server.demo.accounts import CHINA
from server.demo.draw import Draw
from server.demo.limits import PAYMENTS_COUNT
from server.demo.records import Account, Agent, Payment, Visit

__all__ = ["CHANNELS", "build_payments"]

CHANNELS = ("alipay", "wechat_pay", "transfer", "card")
"""How a customer pays without an agent."""

_FIRST = time(8, 40, tzinfo=CHINA)
_MINUTES = 8 * 60


def build_payments(
    accounts: Sequence[Account], visits: Sequence[Visit], agents: Sequence[Agent], seed: int, service_day: date
) -> tuple[Payment, ...]:
    """The payments in the order in which they are made, each on another account; `agents` say where branches are."""
    draw = Draw(seed, "payments")
    dunned = {account.account_id: account for account in accounts if account.dunned}
    visited = {visit.account_id for visit in visits}
    third = PAYMENTS_COUNT // 3
    collecting = [dunned[visit.account_id] for visit in visits if "collect" in visit.tasks]
    others = [account for account in dunned.values() if account.account_id not in visited]
    surprises = draw.sample(collecting, 2 * third)
    paid = [(account, account.payoff_minor) for account in surprises[:third]]
    paid += [(account, account.overdue_minor) for account in surprises[third:]]
    paid += [(account, account.overdue_minor) for account in draw.sample(others, PAYMENTS_COUNT - 2 * third)]
    minutes = sorted(draw.sample(range(_MINUTES), len(paid)))
    first = datetime.combine(service_day, _FIRST)
    return tuple(
        Payment(
            external_id=f"X{service_day:%Y%m%d}-{number:02d}",
            account_id=account.account_id,
            amount_minor=amount_minor,
            currency=account.currency,
            paid_at=first + timedelta(minutes=minute),
            channel=draw.pick(CHANNELS),
            creditor_reference=f"{account.creditor_id}-{draw.below(10**8):08d}",
            branch_id=_branch_near(account, agents),
        )
        for number, ((account, amount_minor), minute) in enumerate(
            zip(draw.sample(paid, len(paid)), minutes, strict=True), start=1
        )
    )


def _branch_near(account: Account, agents: Sequence[Agent]) -> str:
    """The branch of the agent who lives nearest; branches lie so far apart that degrees will do."""

    def apart(agent: Agent) -> float:
        return (agent.home_latitude - account.latitude) ** 2 + (agent.home_longitude - account.longitude) ** 2

    return min(agents, key=apart).branch_id
