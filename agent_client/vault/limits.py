"""Every bound of the vault, each with its reason."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ARGON2_LANES",
    "ARGON2_LANES_MAX",
    "ARGON2_MEMORY_KIB",
    "ARGON2_MEMORY_KIB_MAX",
    "ARGON2_TIME",
    "ARGON2_TIME_MAX",
    "BUSY_TIMEOUT_MS",
    "DELAY_MS_AFTER_WRONG",
    "KEYSLOTS_BYTES_MAX",
    "KEYSTORE_SECRET_BYTES",
    "PASSPHRASE_CHARACTERS_MAX",
    "PASSPHRASE_CHARACTERS_MIN",
    "PASSPHRASE_DISTINCT_MIN",
    "PIN_DIGITS_MAX",
    "PIN_DIGITS_MIN",
    "SALT_BYTES",
    "TRIES_MAX",
]

ARGON2_TIME: Final = 3
"""Passes. With the memory below this is RFC 9106's second recommendation, above OWASP's minimum (19 MiB, 2
passes): about a tenth of a second on a phone, once per opening."""

ARGON2_MEMORY_KIB: Final = 65_536
"""64 MiB: a cheap phone can spare it for a moment, a cracking card cannot spare it thousands of times."""

ARGON2_LANES: Final = 4
"""RFC 9106; phones have at least four cores."""

ARGON2_TIME_MAX: Final = 16
"""A damaged or hostile slot must not make the phone compute for hours."""

ARGON2_MEMORY_KIB_MAX: Final = 1_048_576
"""1 GiB: more would end the process instead of answering."""

ARGON2_LANES_MAX: Final = 16
"""More threads than any phone has cores."""

PIN_DIGITS_MIN: Final = 6
"""Ten tries at a million PINs; four digits would fall in minutes to somebody who has the key store's secret."""

PIN_DIGITS_MAX: Final = 16
"""Longer ones are mistyped; whoever wants more takes a passphrase."""

PASSPHRASE_CHARACTERS_MIN: Final = 12
"""A passphrase stands alone, without a key store's secret, so it carries the whole strength."""

PASSPHRASE_CHARACTERS_MAX: Final = 256
"""Bounds the work before hashing; nobody types more."""

PASSPHRASE_DISTINCT_MIN: Final = 5
"""`aaaaaaaaaaaa` has twelve characters and no strength."""

SALT_BYTES: Final = 16
"""RFC 9106's recommendation."""

KEYSTORE_SECRET_BYTES: Final = 32
"""As strong as the database key that it protects."""

TRIES_MAX: Final = 10
"""After so many wrong tries only the office can help: one chance in 100,000 for six random digits."""

DELAY_MS_AFTER_WRONG: Final = (0, 0, 0, 5_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000)
"""How long to wait after n wrong tries (index n): typing errors cost nothing, guessing costs an hour."""

KEYSLOTS_BYTES_MAX: Final = 65_536
"""The file has about one kilobyte; more is damage."""

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a second process waits for the first one's transaction, which takes milliseconds."""
