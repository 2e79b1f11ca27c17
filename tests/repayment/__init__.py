"""Repayment plans: schedules, authority, comparison, settlement."""
