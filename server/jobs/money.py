"""The office's jobs about money: what fits is matched, what found no counterpart is noted."""

from __future__ import annotations

from server.jobs.scheduler import Job
from server.limits import SETTLEMENT_DEADLINE_MS, SETTLEMENTS_WAITING_MAX
from server.services.money import match_by_rule, sweep_settlements
from server.services.office import Office

__all__ = ["money_jobs"]


def money_jobs(office: Office) -> list[Job]:
    """Jobs about settlement statements."""
    store, clock = office.store, office.clock
    return [
        Job(
            name="match-settlements",
            title="Match payments without an order number with statement lines that certainly fit",
            every_s=60,
            run=lambda: f"{match_by_rule(store)} payments",
        ),
        Job(
            name="overdue-settlements",
            title="Note payments and statement lines that found no counterpart by the deadline",
            every_s=600,
            run=lambda: (
                f"{sweep_settlements(store, clock.now_ms(), SETTLEMENT_DEADLINE_MS, SETTLEMENTS_WAITING_MAX)} orders"
            ),
        ),
    ]
