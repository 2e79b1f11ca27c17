"""Time: one true clock, the office's that shows it, and phones whose clocks may say anything.

A phone's monotonic clock keeps to what the product assumes of one (`sync.limits.CLOCK_DRIFT_PPM`); its wall clock
does not.
"""

from __future__ import annotations

from server.clock import OfficeClock
from sync.clock import Reading
from tests.simulation.chance import Chance
from tests.simulation.limits import DAY_MS, HOUR_MS, MINUTE_MS, START_MS

__all__ = ["OfficeTime", "PhoneClock", "Time"]

_OFFSET = 480


class Time:
    """The true time, which only moves on."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def pass_ms(self, elapsed_ms: int) -> None:
        """Let time pass."""
        self.now_ms += max(0, elapsed_ms)

    def until(self, at_ms: int) -> None:
        """Let time pass until then."""
        self.now_ms = max(self.now_ms, at_ms)


class OfficeTime(OfficeClock):
    """The office shows the true time; a restart of its machine is another boot."""

    def __init__(self, time: Time, boot: str) -> None:
        super().__init__(boot)
        self._time = time
        self._started_ms = time.now_ms

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._time.now_ms

    def offset_minutes(self) -> int:
        """Shanghai."""
        return _OFFSET

    def reading(self) -> Reading:
        """Wall, offset, boot identity and monotonic time."""
        return Reading(self.now_ms(), _OFFSET, self.boot, self.now_ms() - self._started_ms)


class PhoneClock:
    """Reads the phone's clocks; `bend` spoils the wall clock, `reboot` begins another boot."""

    def __init__(self, time: Time, chance: Chance) -> None:
        self._time = time
        self._chance = chance
        self._ppm = chance.between(-150, 150)
        self.skew_ms = chance.between(-1_500, 1_500)
        self._stuck_ms: int | None = None
        self.bent = False
        self.reboot()

    def __call__(self) -> Reading:
        """All clocks at once."""
        elapsed = self._time.now_ms - self._booted_ms
        mono = self._base_ms + elapsed + elapsed * self._ppm // 1_000_000
        wall = self._time.now_ms + self.skew_ms if self._stuck_ms is None else self._stuck_ms
        return Reading(wall, _OFFSET, self.boot, mono)

    def reboot(self) -> None:
        """The phone was switched off and on: another boot, and its monotonic clock begins anew."""
        self.boot = self._chance.take(8).hex()
        self._booted_ms = self._time.now_ms
        self._base_ms = self._chance.between(0, 90_000)

    def bend(self) -> str:
        """The wall clock goes wrong: set by hand, by a wrong zone, running back, standing still, or right again."""
        self.bent = True
        self._stuck_ms = None
        kind = self._chance.pick(("minutes", "hours", "days", "back", "stuck", "right", "ages"))
        if kind == "stuck":
            self._stuck_ms = self._time.now_ms + self.skew_ms
        elif kind == "right":
            self.skew_ms = self._chance.between(-1_500, 1_500)
        else:
            self.skew_ms = {
                "minutes": self._chance.between(-30, 30) * MINUTE_MS,
                "hours": self._chance.between(-30, 30) * HOUR_MS,
                "days": self._chance.between(-400, 400) * DAY_MS,
                "back": self.skew_ms - self._chance.between(1, 90) * MINUTE_MS,
                "ages": -self._time.now_ms,
            }[kind]
        return kind

    def set_back(self, by_ms: int) -> None:
        """Somebody sets the wall clock back on purpose."""
        self._stuck_ms = None
        self.skew_ms -= by_ms
        self.bent = True
