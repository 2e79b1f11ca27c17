"""A scaled clock is a boot of its own, on both sides: elapsed times across two of them mean nothing."""

from __future__ import annotations

from agent_client.clock import device_clock, find_boot
from server.clock import make_clock

_DAY = "start=2026-11-23T08:20:00+08:00;real=1790000000;rate=1800"
_EVENING = "start=2026-11-23T19:00:00+08:00;real=1790000030;rate=60"


def test_a_phone_boots_with_another_clock() -> None:
    """Boot identities differ between clocks, and between a clock and the machine's own; the same clock keeps one."""
    boots = [device_clock({"DOORSTEP_CLOCK": text})().boot for text in ("", _DAY, _EVENING)]
    assert len(set(boots)) == 3
    assert boots == [find_boot(text) for text in ("", _DAY, _EVENING)]
    assert all(len(bytes.fromhex(boot)) == 8 for boot in boots)


def test_the_office_boots_with_another_clock() -> None:
    """As on phones: one boot for each clock, and the same one for the same clock in another process."""
    boots = [make_clock(text, "unnamed").boot for text in ("", _DAY, _EVENING)]
    assert len(set(boots)) == 3
    assert make_clock(f" {_DAY} ", "another").boot == boots[1]
