"""Every bound of the simulator, each with its reason."""

from __future__ import annotations

from typing import Final

__all__ = [
    "CASH_LIMIT_MINOR",
    "DAY_MS",
    "EVENTS_MAX",
    "HOUR_MS",
    "LATEST_LINE_MS",
    "MINUTE_MS",
    "MISTAKE_PERMILLE",
    "OFFICE_STATEMENTS_MAX",
    "REVIEWS_FREE",
    "REVIEWS_PERMILLE",
    "SETTLE_ROUNDS",
    "START_MS",
    "STATEMENTS_MAX",
    "SYNC_PAGE",
]

CASH_LIMIT_MINOR: Final = 1_500_000
"""What an agent may hold in cash: more than the largest single payment, less than a good day brings."""

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

LATEST_LINE_MS: Final = 6 * DAY_MS
"""Later than the latest line of a statement, and than the office's deadline for one."""

START_MS: Final = 1_795_381_200_000
"""2026-11-23T05:00:00+08:00, two hours before the first branch opens; a Monday."""

EVENTS_MAX: Final = 200_000
"""A world that has not ended by then never will."""

STATEMENTS_MAX: Final = 26
"""A step of the phone runs about twenty statements: a crash may hit any of them, or come too late for this one."""

OFFICE_STATEMENTS_MAX: Final = 160
"""A run of the reconciler writes some hundred rows: a crash may come between any two of them."""

SYNC_PAGE: Final = (4, 15, 200)
"""Operations in one request: small pages make long syncs that faults can hit in the middle."""

SETTLE_ROUNDS: Final = 12
"""With faults over, so many rounds of syncing and deciding must be enough to close every day."""

MISTAKE_PERMILLE: Final = 4
"""Payments at which an honest agent forgets the identity check."""

REVIEWS_PERMILLE: Final = 50
"""What an honest day without faults may send to review, of its stops: five in a hundred."""

REVIEWS_FREE: Final = 2
"""In a world of a few stops one honest mistake is more than five in a hundred."""
