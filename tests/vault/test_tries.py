"""Guessing is counted, slowed down and ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent_client.vault import (
    KdfCost,
    KeystoreMissing,
    PinLocked,
    PinWrong,
    open_vault,
    vault_status,
)
from agent_client.vault.limits import DELAY_MS_AFTER_WRONG, TRIES_MAX
from sync.errors import Refused
from tests.vault.conftest import NOW_MS, PIN, DictKeyStore

HOUR_MS = 3_600_000

Random = Callable[[int], bytes]


def test_a_wrong_pin_costs_a_try_and_the_right_one_gives_them_back(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """The error says how many tries are left; opening sets the count back."""
    for left in (9, 8):
        with pytest.raises(PinWrong, match=f"{left} tries are left") as refused:
            open_vault(made, "000001", keystore, NOW_MS, cheap, random)
        assert refused.value.tries_left == left == vault_status(made).tries_left
        assert refused.value.code == "PIN-WRONG"
    open_vault(made, PIN, keystore, NOW_MS, cheap, random).close()
    assert vault_status(made).tries_left == TRIES_MAX


def test_an_empty_line_costs_no_try(made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> None:
    """Pressing Enter by mistake is refused without counting."""
    with pytest.raises(Refused, match="nothing was typed"):
        open_vault(made, "  ", keystore, NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX


def test_a_try_is_on_disk_before_it_is_made(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cutting the power during the check gives no free guess."""

    class PowerCut(BaseException):
        pass

    def cut(*_arguments: object) -> bytes:
        raise PowerCut

    monkeypatch.setattr("agent_client.vault.vault.open_slot", cut)
    with pytest.raises(PowerCut):
        open_vault(made, "000001", keystore, NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX - 1


def test_waits_grow_and_the_tenth_wrong_try_locks(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """Too early is refused without counting, even with the right PIN; after ten only recovery helps."""
    now_ms = NOW_MS
    for wrong in range(1, TRIES_MAX):
        with pytest.raises(PinWrong):
            open_vault(made, "000001", keystore, now_ms, cheap, random)
        delay_ms = DELAY_MS_AFTER_WRONG[wrong]
        if delay_ms:
            with pytest.raises(PinLocked) as waiting:
                open_vault(made, PIN, keystore, now_ms + delay_ms - 1, cheap, random)
            assert waiting.value.until_ms == now_ms + delay_ms == vault_status(made).allowed_at_ms
            assert "UTC" in waiting.value.cause
        assert vault_status(made).tries_left == TRIES_MAX - wrong
        now_ms += delay_ms
    with pytest.raises(PinLocked) as locked:
        open_vault(made, "000001", keystore, now_ms, cheap, random)
    assert locked.value.until_ms is None
    for later_ms in (now_ms, now_ms + 1000 * HOUR_MS):
        with pytest.raises(PinLocked, match="recovery"):
            open_vault(made, PIN, keystore, later_ms, cheap, random)
    assert vault_status(made).allowed_at_ms is None


def test_delays_never_shrink() -> None:
    """Each wrong try waits at least as long as the one before it, and there is a delay for each."""
    assert list(DELAY_MS_AFTER_WRONG) == sorted(DELAY_MS_AFTER_WRONG)
    assert len(DELAY_MS_AFTER_WRONG) == TRIES_MAX


def test_a_clock_that_was_years_ahead_does_not_lock_for_years(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """When the clock goes back, the wait starts anew from now and then ends."""
    ahead_ms = NOW_MS + 20_000 * HOUR_MS
    for _ in range(4):
        with pytest.raises(PinWrong):
            open_vault(made, "000001", keystore, ahead_ms, cheap, random)
        ahead_ms += DELAY_MS_AFTER_WRONG[4]
    with pytest.raises(PinLocked) as waiting:
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    assert waiting.value.until_ms == NOW_MS + DELAY_MS_AFTER_WRONG[4]
    open_vault(made, PIN, keystore, waiting.value.until_ms, cheap, random).close()


def test_a_missing_key_store_costs_no_try(made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> None:
    """A locked, absent or emptied key store is told apart from a wrong PIN."""
    with pytest.raises(KeystoreMissing):
        open_vault(made, PIN, None, NOW_MS, cheap, random)
    keystore.broken = True
    with pytest.raises(KeystoreMissing, match="locked"):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    with pytest.raises(KeystoreMissing, match="recover through the office"):
        open_vault(made, PIN, DictKeyStore(), NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX
