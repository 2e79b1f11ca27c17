"""Repayment plans: schedules exact to the last minor unit, authority, comparison, and payments against a plan.

``schedule(terms)`` gives the instalments, ``within_authority(authority, terms)`` says who may agree on them,
``compare([terms, ...])`` sets several side by side, ``settle(schedule, payments, as_of, grace_days)`` says what is
paid, due, overdue as of a day. Integers and exact fractions only.
"""

from __future__ import annotations

from sync.repayment.authority import Authority, AuthorityAnswer, Excess, agent_authority, within_authority
from sync.repayment.comparing import Column, Comparison, compare
from sync.repayment.days import add_months, due_dates
from sync.repayment.schedules import Instalment, Schedule, level_payment_minor, schedule
from sync.repayment.settling import InstalmentState, PlanPayment, PlanState, settle
from sync.repayment.terms import SCHEMES, Scheme, Terms

__all__ = [
    "SCHEMES",
    "Authority",
    "AuthorityAnswer",
    "Column",
    "Comparison",
    "Excess",
    "Instalment",
    "InstalmentState",
    "PlanPayment",
    "PlanState",
    "Schedule",
    "Scheme",
    "Terms",
    "add_months",
    "agent_authority",
    "compare",
    "due_dates",
    "level_payment_minor",
    "schedule",
    "settle",
    "within_authority",
]
