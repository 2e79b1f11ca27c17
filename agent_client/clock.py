"""The phone's clocks: wall, offset, boot identity and monotonic milliseconds, read together.

The monotonic clock is the one that goes on counting while the phone sleeps, where the system has one. The boot
identity is a digest of the system's own, or random for this process where there is none: then nothing that is
measured across two processes is believed. For demonstrations and tests the clock of `sync.simulated` takes
the place of the system's, and an offset makes it a phone whose clock is wrong. Another simulated clock is another
boot: its monotonic clock runs at another rate, so nothing that is measured across the two means anything.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from sync.clock import Reading
from sync.errors import Refused
from sync.simulated import parse_clock, shown_mono_ms, shown_ms

__all__ = ["CLOCK_VARIABLE", "OFFSET_VARIABLE", "Clock", "device_clock", "find_boot"]

Clock: TypeAlias = Callable[[], Reading]
"""Reads all clocks of the device at once."""

CLOCK_VARIABLE: Final = "DOORSTEP_CLOCK"
OFFSET_VARIABLE: Final = "DOORSTEP_AGENT_CLOCK_OFFSET"

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def device_clock(environment: Mapping[str, str], offset_s: int | None = None) -> Clock:
    """The clock that the environment asks for, moved by `offset_s` seconds (or by the environment's offset).

    Raises CLOCK-WRONG when a setting cannot be read.
    """
    shift_ms = 1000 * (_offset(environment) if offset_s is None else offset_s)
    setting = environment.get(CLOCK_VARIABLE, "").strip()
    boot = find_boot(setting)
    base = _simulated(setting, boot) if setting else lambda: _system(boot)
    return lambda: _shifted(base(), shift_ms)


def find_boot(setting: str = "") -> str:
    """16 hexadecimal digits that change with every start of the system, and with the simulated clock's setting."""
    try:
        identity = _BOOT_ID.read_bytes().strip()
    except OSError:
        identity = b""
    told = identity or secrets.token_bytes(16)
    return hashlib.sha256(told + b"\0" + setting.encode() if setting else told).hexdigest()[:16]


def _offset(environment: Mapping[str, str]) -> int:
    text = environment.get(OFFSET_VARIABLE, "").strip()
    try:
        return int(text) if text else 0
    except ValueError as error:
        raise Refused("CLOCK-WRONG", f"{OFFSET_VARIABLE} is {text[:20]!r}, not whole seconds") from error


def _system(boot: str) -> Reading:
    wall_ms = time.time_ns() // 1_000_000
    offset = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone().utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds()) // 60
    return Reading(wall_ms, minutes, boot, _monotonic_ms())


def _monotonic_ms() -> int:
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return time.monotonic_ns() // 1_000_000


def _simulated(setting: str, boot: str) -> Clock:
    clock = parse_clock(setting, time.time_ns() // 1_000_000)

    def read() -> Reading:
        wall_ms = shown_ms(clock, time.time_ns() // 1_000_000)
        return Reading(wall_ms, clock.offset_minutes, boot, shown_mono_ms(clock, _monotonic_ms()))

    return read


def _shifted(reading: Reading, shift_ms: int) -> Reading:
    return msgspec.structs.replace(reading, wall_ms=reading.wall_ms + shift_ms) if shift_ms else reading
