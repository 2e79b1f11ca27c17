"""What the creditor's files say: agents, accounts and visits of a small branch, drawn from the seed."""

from __future__ import annotations

from server.intake import AccountRow, AgentRow, VisitRow
from tests.simulation.chance import Chance
from tests.simulation.limits import CASH_LIMIT_MINOR, DAY_MS, START_MS
from tests.simulation.plan import Setup

__all__ = ["BRANCH", "account_rows", "agent_rows", "day_ms", "day_name", "visit_rows"]

BRANCH = "BR"
_LAT, _LON = 33.38, 120.14


def day_name(day: int) -> str:
    """Service day number `day`, from 0."""
    return f"2026-11-{23 + day:02d}" if day < 8 else f"2026-12-{day - 7:02d}"


def day_ms(day: int, hour: int, minute: int = 0) -> int:
    """That moment of a service day in Shanghai; the world begins at five on day 0."""
    return START_MS + day * DAY_MS + ((hour - 5) * 60 + minute) * 60_000


def agent_rows(setup: Setup) -> list[AgentRow]:
    """Agents `A1` and so on."""
    return [
        AgentRow(
            row=number + 1,
            agent_id=f"A{number}",
            name=f"业务员{number}",
            branch_id=BRANCH,
            home_latitude=_LAT,
            home_longitude=_LON,
            shift_start=8 * 3600,
            shift_end=18 * 3600,
            visits_max=40,
            cash_limit_minor=CASH_LIMIT_MINOR,
        )
        for number in range(1, setup.agents + 1)
    ]


def account_rows(setup: Setup, chance: Chance) -> list[AccountRow]:
    """One account for each stop; a few are visited twice."""
    return [
        AccountRow(
            row=number + 2,
            account_id=f"AC{number:04d}",
            customer_id=f"C{number:04d}",
            creditor_id="K1",
            product="card",
            currency="CNY",
            as_of=START_MS - DAY_MS,
            minimum_due_minor=10_000,
            overdue_minor=(owed := 100 * chance.between(100, 5_000)),
            statement_minor=owed,
            payoff_minor=owed + 100 * chance.between(0, 5_000),
            due_date="2026-10-01",
            months_late=2,
            status="open",
            name=f"客户{number}",
            phone=f"+86111{number:08d}",
            address=f"人民路{number}号",
            latitude=_LAT + chance.between(-400, 400) / 10_000,
            longitude=_LON + chance.between(-400, 400) / 10_000,
            last_four=f"{chance.between(0, 9999):04d}",
            language="zh",
        )
        for number in range(setup.days * setup.agents * setup.visits)
    ]


def visit_rows(setup: Setup, chance: Chance) -> list[VisitRow]:
    """Every stop of every day; a tenth of the customers has a visit code."""
    found = []
    total = setup.days * setup.agents * setup.visits
    for number in range(total):
        day = number // (setup.agents * setup.visits)
        # Some customers are visited again on a later day, on the same account.
        earlier = day * setup.agents * setup.visits - 1
        account = chance.between(0, earlier) if day and chance.permille(60) else number
        found.append(
            VisitRow(
                row=number + 2,
                visit_id=f"V{number:04d}",
                account_id=f"AC{account:04d}",
                service_day=day_name(day),
                branch_id=BRANCH,
                tasks=("collect", "negotiate"),
                window_start=8 * 3600,
                window_end=18 * 3600,
                service_minutes=15,
                mandatory=False,
                prize=1,
                booked_amount_minor=0,
                kind="planned",
                visit_code=f"{chance.between(0, 999_999):06d}" if chance.permille(100) else "",
                staff_min=2 if chance.permille(150) else 0,
            )
        )
    return found
