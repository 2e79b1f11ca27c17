"""Every bound of the demonstration's run, each with its reason. Times are real seconds unless a name says otherwise."""

from typing import Final

__all__ = [
    "AGENTS_AT_ONCE",
    "CHILD_STOP_S",
    "COMMAND_S",
    "DAY_RATE",
    "DAY_S",
    "EVENING_RATE",
    "FOLD_S",
    "FORKED_STOPS",
    "LINE_BYTES",
    "LOG_TAIL_LINES",
    "MORNING_RATE",
    "ORPHANED_RECEIPTS",
    "PASSWORD_BYTES",
    "PHONE_S",
    "PLANNED_MIN",
    "PLAN_ITERATIONS",
    "PREPARED_S",
    "SERVER_READY_S",
    "SUPERSEDED_NOTICES",
    "TICK_S",
    "WAKE_UP_S",
]

AGENTS_AT_ONCE: Final = 3
"""Phones that work at the same time on the office's own errands; more only wait for two cores."""

CHILD_STOP_S: Final = 10.0
"""How long a child may take to stop by itself: the server ends its running work first."""

COMMAND_S: Final = 180.0
"""The longest command (30,000 accounts, or folding all of it anew) on a slow machine, several times over."""

DAY_RATE: Final = 2_400
"""Forty minutes of the day last one second: ten hours and a half in sixteen."""

DAY_S: Final = 400.0
"""Real seconds after which a day that does not end is given up: a machine twenty times as slow as it should be."""

EVENING_RATE: Final = 40
"""The evening's work of half a minute takes twenty minutes by the clock."""

FOLD_S: Final = 60.0
"""How long the office may take to fold what it stored before the demonstration calls it stuck."""

FORKED_STOPS: Final = 8
"""Stops left for the restored phone: with so many, one of them almost certainly reissues a receipt number."""

LINE_BYTES: Final = 65_536
"""What the network passes on at a time."""

LOG_TAIL_LINES: Final = 30
"""Lines of a log that are shown when something failed: a traceback, and what led to it."""

MORNING_RATE: Final = 10
"""Preparing takes less than a real minute, and enrolment codes live ten by the clock."""

ORPHANED_RECEIPTS: Final = 2
"""Receipts of the lost phone that customers show to the office."""

PASSWORD_BYTES: Final = 9
"""72 bits, as twelve characters that can be typed."""

PHONE_S: Final = 120.0
"""One command on a phone, its slow key derivation included, on a loaded machine."""

PLANNED_MIN: Final = 200
"""Stops that the routes must hold of 240 candidates, or the demonstration has failed."""

PLAN_ITERATIONS: Final = 1_500
"""Half of what the office takes by itself, in half the time, for routes some percent longer."""

PREPARED_S: Final = 40.0
"""Real seconds of preparing on two idle cores, and a few; a machine that took longer gets a slower day."""

SERVER_READY_S: Final = 60.0
"""From the start of the server's process to its first good answer."""

SUPERSEDED_NOTICES: Final = 6
"""Letters replaced while agents carry the old ones: some are not delivered by chance, six never."""

TICK_S: Final = 0.05
"""Between two looks at something that is awaited."""

WAKE_UP_S: Final = 6.0
"""Phones start so long before their day does: opening a vault is slow on purpose."""
