"""Every bound of the field's client, each with its reason; what travels is bounded in `sync.limits`."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ANSWER_BYTES_MAX",
    "BACKOFF_BASE_S",
    "BACKOFF_CAP_S",
    "CONNECT_TIMEOUT_S",
    "NOTE_BYTES_MAX",
    "PAGE_BYTES_MAX",
    "PLAN_PERIODS_MAX",
    "PROGRESS_AFTER_S",
    "RESENDS_MAX",
    "RETRY_AFTER_S_MAX",
    "ROUNDS_MAX",
    "SECRET_FILE_BYTES_MAX",
    "SIDE_RECORDS_APART_MAX",
    "SYNC_TRIES_MAX",
    "TIMEOUT_S",
]

PAGE_BYTES_MAX: Final = 1024 * 1024
"""Bytes of operations and side records in one request, before compression: a quarter of what the office takes."""

ANSWER_BYTES_MAX: Final = 8 * 1024 * 1024
"""One answer after decompression: sixteen pages of documents; more is not an answer of ours."""

SYNC_TRIES_MAX: Final = 5
"""Tries for one request before the agent is told to go on and sync later."""

ROUNDS_MAX: Final = 500
"""Requests of one sync: 100,000 operations; an office that never says enough ends here."""

BACKOFF_BASE_S: Final = 0.5
"""First pause at most; each later one at most twice the one before, drawn evenly from zero (full jitter)."""

BACKOFF_CAP_S: Final = 20.0
"""No pause of our own is longer: somebody is holding the phone up to find a signal."""

RESENDS_MAX: Final = 20
"""How often an office may ask for operations again in one sync: about once for each epoch that it lost."""

RETRY_AFTER_S_MAX: Final = 120.0
"""How long an office may ask us to wait within one sync; longer means: sync later."""

CONNECT_TIMEOUT_S: Final = 10.0
"""A village's signal is slow, but ten seconds without a connection is none."""

TIMEOUT_S: Final = 60.0
"""Between two bytes of an answer."""

SIDE_RECORDS_APART_MAX: Final = 200
"""Large side records sent apart in one sync; the rest goes with the next."""

NOTE_BYTES_MAX: Final = 4_000
"""A note or a reported detail, so that with its salt it travels inside the exchange."""

PLAN_PERIODS_MAX: Final = 60
"""Instalments of a plan: five years, the longest that the card rules allow."""

PROGRESS_AFTER_S: Final = 1.0
"""A sync that is done sooner shows no progress."""

SECRET_FILE_BYTES_MAX: Final = 4_096
"""A passphrase file has one line."""
