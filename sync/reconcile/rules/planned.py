"""Rows of the rule table whose functions are still to come; each has its file waiting among the rules."""

from __future__ import annotations

__all__ = ["PLANNED"]

PLANNED: tuple[str, ...] = ()
"""Codes that are reserved and never fire yet."""
