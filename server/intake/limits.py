"""Every bound of the intake, each with its reason."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BATCH_MAX",
    "FAULTS_LISTED_MAX",
    "FAULT_VALUE_CHARACTERS_MAX",
    "IDENTIFIER_CHARACTERS_MAX",
    "IMPORT_BYTES_MAX",
    "IMPORT_ROWS_MAX",
    "LETTER_BYTES_MAX",
    "NAME_CHARACTERS_MAX",
    "PRIZE_S_MAX",
    "SERVICE_MINUTES_MAX",
    "STAFF_MAX",
    "VERSION_MAX",
    "VISITS_MAX",
]

IMPORT_BYTES_MAX: Final = 32 * 1024 * 1024
"""Bytes of one file: a hundred thousand accounts take about 20 MB."""

IMPORT_ROWS_MAX: Final = 100_000
"""Rows of one file: what is checked whole before anything is written must fit into memory and one transaction."""

FAULTS_LISTED_MAX: Final = 20
"""Faults that an error lists: enough to see the pattern; the rest is counted."""

FAULT_VALUE_CHARACTERS_MAX: Final = 40
"""Characters of a wrong value that an error repeats: it finds the cell and is no copy of it."""

IDENTIFIER_CHARACTERS_MAX: Final = 64
"""Characters of an identifier; it stands in keys and names of documents."""

NAME_CHARACTERS_MAX: Final = 200
"""Characters of a name, an address or a title: what an operation allows for a text."""

PRIZE_S_MAX: Final = 86_400
"""What an optional visit is worth at most: a day of an agent's time."""

SERVICE_MINUTES_MAX: Final = 480
"""Minutes at one door: a working day; longer is a typing error."""

VISITS_MAX: Final = 200
"""Visits that one agent can be given in a day."""

STAFF_MAX: Final = 9
"""Staff that make one visit together; more is a mistyped number."""

BATCH_MAX: Final = 10_000_000
"""Batches of one creditor, and lines of one batch, that a number may mean; more is a mistyped one."""

VERSION_MAX: Final = 9_999
"""Versions of one notice."""

LETTER_BYTES_MAX: Final = 512 * 1024
"""Bytes of one letter: text of a few pages, or a small PDF."""
