"""Every bound of the rules that judge conduct and agreements, each with its reason."""

from __future__ import annotations

__all__ = [
    "ACCURACY_FACTOR",
    "CONTACTS_JUDGED_MAX",
    "PLACE_ALLOWED_M",
    "TRAVEL_METRES_PER_SECOND_MAX",
]

PLACE_ALLOWED_M = 500
"""An address is a point; a compound with its gates, or a geocoder's idea of a village lane, is up to this wide."""

ACCURACY_FACTOR = 3
"""A phone's accuracy is a radius that holds in 68 of 100 cases; three of them hold in practically all."""

TRAVEL_METRES_PER_SECOND_MAX = 100
"""360 km/h, the fastest train: whoever was faster between two doors was not at both."""

CONTACTS_JUDGED_MAX = 1_000
"""Contacts of one customer that are judged for frequency, the latest ones: years of lawful contacts, and what fits in
the history of one situation (`sync.policy.limits.CONTACTS_MAX`)."""
