"""Rows of the rule table whose functions are still to come; each has its file waiting among the rules."""

from __future__ import annotations

__all__ = ["PLANNED"]

PLANNED: tuple[str, ...] = (
    "NOTICE-DISCLOSED",
    "PAY-INSTRUMENT",
    "PAY-LIMIT",
    "PAY-RECALLED",
    "PAY-UNCONFIRMED",
    "PAY-WRITTEN-OFF",
    "PLAN-AUTHORITY",
    "PLAN-TWICE",
    "PROMISE-BROKEN",
    "PROMISE-KEPT",
    "RECEIPT-SHARED",
    "VISIT-HOURS",
    "VISIT-PLACE",
    "VISIT-STAFF",
    "WALLET-UNMATCHED",
)
"""Codes that are reserved and never fire yet."""
