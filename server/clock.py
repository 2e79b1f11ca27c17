"""The office's clock: the machine's own, or the one that `DOORSTEP_CLOCK` describes (`sync.simulated`).

Only this module reads the machine's clocks; everything else takes a `server.ports.Clock`.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from datetime import datetime
from pathlib import Path

import msgspec

from sync.clock import Reading
from sync.simulated import SimulatedClock, parse_clock, shown_mono_ms, shown_ms

__all__ = ["FixedClock", "OfficeClock", "make_clock", "real_ms"]

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def real_ms() -> int:
    """The machine's wall clock, in milliseconds since 1970 UTC: for leases and timeouts, never for operations."""
    return time.time_ns() // 1_000_000


def _mono_ms() -> int:
    # Time spent asleep counts where the system offers it.
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1_000_000


class OfficeClock:
    """The documented clock; `simulated` None shows the machine's own time."""

    def __init__(self, boot: str, simulated: SimulatedClock | None = None) -> None:
        self.boot = boot
        self.simulated = simulated

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return real_ms() if self.simulated is None else shown_ms(self.simulated, real_ms())

    def offset_minutes(self) -> int:
        """Offset from UTC that the clock shows, minutes east."""
        if self.simulated is not None:
            return self.simulated.offset_minutes
        offset = datetime.now().astimezone().utcoffset()
        return 0 if offset is None else int(offset.total_seconds()) // 60

    def reading(self) -> Reading:
        """Wall, offset, boot identity and monotonic time for an operation's envelope."""
        mono = _mono_ms() if self.simulated is None else shown_mono_ms(self.simulated, _mono_ms())
        return Reading(self.now_ms(), self.offset_minutes(), self.boot, mono)


class FixedClock(msgspec.Struct):
    """A clock that stands where it is put: for tests and replays."""

    wall_ms: int
    offset: int = 480
    boot: str = "fixed"

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self.wall_ms

    def reading(self) -> Reading:
        """The same moment on every clock."""
        return Reading(self.wall_ms, self.offset, self.boot, self.wall_ms)


def make_clock(text: str, boot: str) -> OfficeClock:
    """The clock of a setting; empty means the machine's own. `boot` counts where the system names none.

    Another simulated clock is another boot, since its monotonic clock runs at another rate. Raises CLOCK-WRONG.
    """
    # Other systems have no such file; a random identity for each start says less, and nothing false.
    with contextlib.suppress(OSError):
        boot = _BOOT_ID.read_text("ascii").strip()
    text = text.strip()
    if not text:
        return OfficeClock(boot)
    boot = hashlib.sha256(f"{boot}\0{text}".encode()).hexdigest()[:32]
    return OfficeClock(boot, parse_clock(text, real_ms()))
