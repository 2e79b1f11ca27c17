"""The phone's clocks, and codes that catch a typing error."""

from __future__ import annotations

import pytest

from agent_client.clock import device_clock, find_boot
from sync.errors import Refused
from sync.visit_code import CODE_BITS_NONE, answer_binding, code_digest, code_fits, normal_code


def test_the_documented_clock_is_shown() -> None:
    """Start and offset are those of the setting, boot that of the system under this setting."""
    setting = "start=2026-11-23T07:30:00+08:00;rate=0"
    reading = device_clock({"DOORSTEP_CLOCK": setting})()
    assert (reading.wall_ms, reading.offset_minutes) == (1_795_390_200_000, 480)
    assert reading.boot == find_boot(setting)


def test_a_wrong_clock_is_moved_by_its_offset() -> None:
    """Option and environment move the wall clock only; the option goes first."""
    setting = {"DOORSTEP_CLOCK": "start=2026-11-23T07:30:00+08:00;rate=0", "DOORSTEP_AGENT_CLOCK_OFFSET": "-60"}
    assert device_clock(setting)().wall_ms == 1_795_390_140_000
    assert device_clock(setting, 86_400)().wall_ms == 1_795_476_600_000


@pytest.mark.parametrize("setting", [{"DOORSTEP_CLOCK": "tomorrow"}, {"DOORSTEP_AGENT_CLOCK_OFFSET": "an hour"}])
def test_settings_that_cannot_be_read_are_refused(setting: dict[str, str]) -> None:
    """With the code for a wrong clock setting."""
    with pytest.raises(Refused) as caught:
        device_clock(setting)
    assert caught.value.code == "CLOCK-WRONG"


def test_the_systems_clock_has_a_boot_and_runs_forward() -> None:
    """Boot is 16 hexadecimal digits and stays; the monotonic clock never goes back."""
    clock = device_clock({})
    first, second = clock(), clock()
    assert len(bytes.fromhex(first.boot)) == 8
    assert first.boot == second.boot == find_boot()
    assert second.mono_ms >= first.mono_ms


def test_a_code_has_one_normal_form() -> None:
    """Spaces, hyphens and full-width digits do not change it."""
    assert normal_code(" 48-21 ０７ ") == "482107"
    for wrong in ("", " - ", "1" * 65):
        with pytest.raises(Refused):
            normal_code(wrong)


def test_the_digest_is_fixed() -> None:
    """Office and phones of every version compute the same eight bits."""
    assert code_digest("482107", "salt-V1") == code_digest("48 21 07", "salt-V1")
    assert [code_digest("482107", salt) for salt in ("a", "b", "c")] == [161, 187, 229]
    with pytest.raises(Refused):
        code_digest("482107", "")


def test_bits_tell_little_and_nothing_without_a_salt() -> None:
    """Most wrong codes do not fit; without salt or bits everything does."""
    bits = code_digest("482107", "s")
    fitting = sum(code_fits(f"{code:06d}", "s", bits) for code in range(60))
    assert fitting < 6
    assert code_fits("482107", "s", bits)
    assert code_fits("1", "", 7)
    assert code_fits("1", "s", CODE_BITS_NONE)


def test_answers_are_bound_to_device_visit_and_place() -> None:
    """No two places share the associated data."""
    assert len({answer_binding(d, v, p) for d in "ab" for v in "cd" for p in "ef"}) == 8
