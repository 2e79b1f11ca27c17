"""Every bound of repayment plans, each with its reason."""

from __future__ import annotations

__all__ = [
    "AGENT_DEFERRAL_MONTHS_MAX",
    "AGENT_PERIODS_MAX",
    "AGENT_TOTAL_MINOR_MAX",
    "DEFERRAL_MONTHS_MAX",
    "DUE_YEAR_MAX",
    "DUE_YEAR_MIN",
    "EVERY_MONTHS_MAX",
    "GRACE_DAYS_MAX",
    "PAYMENTS_MAX",
    "PERIODS_MAX",
    "RATE_BP_MAX",
    "RATE_DIVISOR_MAX",
    "REDUCTION_BP_MAX",
    "SCHEDULES_KEPT",
    "SCHEMES_COMPARED_MAX",
]

PERIODS_MAX = 60
"""Five years of months: the longest personal repayment plan on a card (China's card rules, article 70)."""

DEFERRAL_MONTHS_MAX = 60
"""A deferral is no longer than a plan may be."""

DUE_YEAR_MIN = 1970
"""Older plans are in no journal."""

DUE_YEAR_MAX = 2200
"""A first instalment beyond is a mistyped year."""

EVERY_MONTHS_MAX = 12
"""Instalments are due monthly, quarterly, at the most yearly."""

RATE_BP_MAX = 10_000
"""100 % a year: no lawful rate comes near it, and a rate typed in the wrong unit does."""

RATE_DIVISOR_MAX = 10_000
"""Rates down to a ten-thousandth of a basis point; finer ones are mistakes."""

REDUCTION_BP_MAX = 9_999
"""A reduction leaves something to pay; forgiving everything is another decision than a plan."""

GRACE_DAYS_MAX = 90
"""More than a quarter of grace is another due date."""

PAYMENTS_MAX = 10_000
"""Payments judged at once: five on each day of the longest plan."""

SCHEMES_COMPARED_MAX = 12
"""More columns than anybody reads side by side."""

AGENT_PERIODS_MAX = 24
"""Two years: what an agent may agree on at the door by the house's own rule."""

AGENT_DEFERRAL_MONTHS_MAX = 2
"""An agent may bridge two missing wages; more is another plan."""

AGENT_TOTAL_MINOR_MAX = 10_000_000
"""A debt of 100,000.00 in the account's currency; larger ones are the office's to negotiate. No agent may waive any."""

SCHEDULES_KEPT = 4_096
"""Schedules that a process remembers: the plans of a branch, a few megabytes."""
