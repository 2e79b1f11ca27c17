"""Every bound of the rules of conduct, each with its reason."""

from __future__ import annotations

__all__ = [
    "COMPILED_KEPT",
    "CONTACTS_MAX",
    "CONTACT_DAYS_MAX",
    "NEAR_MS",
    "NEXT_STEPS_MAX",
    "OFFSET_STEP_MS",
    "POLICY_BYTES_MAX",
    "RULES_MAX",
    "SCAN_MS_MAX",
    "TIME_MS_MAX",
    "TIME_MS_MIN",
    "WINDOWS_MAX",
    "ZONE_DAYS_KEPT",
]

POLICY_BYTES_MAX = 256 * 1024
"""A policy file; the packaged ones are under 10 kB, and a phone downloads them."""

RULES_MAX = 200
"""Rules in one policy: a jurisdiction's rules fit on a page or two; more means that files were joined by mistake."""

WINDOWS_MAX = 28
"""Windows of one rule or one agreement: four for each day of the week."""

CONTACT_DAYS_MAX = 366
"""The longest period over which contacts are counted; laws count by day, week or month."""

CONTACTS_MAX = 2_000
"""Past contacts in one situation: five a day for a year. More are cut by the caller to the period that counts."""

TIME_MS_MIN = 0
"""1970: no contact is older, so an interval without lower bound begins here."""

TIME_MS_MAX = 9_999_990_000_000
"""2286, where the journals' clocks end; an interval without upper bound ends here."""

SCAN_MS_MAX = 15 * 86_400_000
"""Permitted hours repeat every week, and no two weeks running have a clock change: a fortnight shows every state."""

OFFSET_STEP_MS = 3 * 3_600_000
"""No zone changes its offset twice within three hours, so that sampling this far apart misses no change."""

NEAR_MS = 2 * 86_400_000
"""Where a next permitted moment is looked for first: nights end within it."""

NEXT_STEPS_MAX = 60
"""Rounds in search of a moment that every rule permits; rules that never agree end here."""

ZONE_DAYS_KEPT = 16_384
"""Days whose offset or beginning is remembered: a year in some forty zones, in two megabytes."""

COMPILED_KEPT = 512
"""Policies compiled for a zone that are remembered: one or two policies in every zone that there is."""
