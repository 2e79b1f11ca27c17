"""Weak secrets are refused, and every keyboard's form of a good one is the same secret."""

from __future__ import annotations

import pytest

from agent_client.vault import Passphrase, Pin, SecretWeak
from agent_client.vault.kdf import STANDARD_COST, KdfCost, derive_key
from agent_client.vault.secret import normal_form


@pytest.mark.parametrize(
    "text", ["", "7402", "74026", "12345678901234567", "74a261", "777777", "123456", "987654", "890123", "²³4567½"]
)
def test_a_weak_pin_is_refused(text: str) -> None:
    """Short, long, lettered, repeated and counted PINs are refused."""
    with pytest.raises(SecretWeak) as refused:
        Pin(text)
    assert refused.value.code == "SECRET-WEAK"
    assert "longer" in refused.value.remedy


@pytest.mark.parametrize("text", ["", "elevenchars", "a" * 12, "abcdabcdabcd", "x y" * 100])
def test_a_weak_passphrase_is_refused(text: str) -> None:
    """Short, endless and monotonous passphrases are refused."""
    with pytest.raises(SecretWeak):
        Passphrase(text)


def test_good_secrets_are_taken_and_never_printed() -> None:
    """A representation in a log shows nothing of the secret."""
    assert "740261" not in repr(Pin("740261"))
    assert "staple" not in repr(Passphrase("correct horse battery staple"))
    assert Pin("740261").kind == "pin"
    assert Passphrase("早上好今天的路线有九个站点").kind == "passphrase"


def test_full_width_digits_are_the_same_pin() -> None:
    """A Chinese keyboard's full-width digits open the same vault."""
    assert normal_form(" \uff17\uff14\uff10\uff12\uff16\uff11 ") == "740261"
    assert normal_form(Pin("\uff17\uff14\uff10\uff12\uff16\uff11").text) == "740261"


def test_a_key_needs_all_its_parts() -> None:
    """Another secret, key store, salt, cost or purpose gives another key."""
    cheap = KdfCost(time=1, memory_kib=8, lanes=1)
    base = derive_key("740261", b"k" * 32, b"s" * 16, cheap, b"p")
    assert base == derive_key("740261", b"k" * 32, b"s" * 16, cheap, b"p")
    others = {
        derive_key("740262", b"k" * 32, b"s" * 16, cheap, b"p"),
        derive_key("740261", b"", b"s" * 16, cheap, b"p"),
        derive_key("740261", b"k" * 32, b"t" * 16, cheap, b"p"),
        derive_key("740261", b"k" * 32, b"s" * 16, KdfCost(time=2, memory_kib=8, lanes=1), b"p"),
        derive_key("740261", b"k" * 32, b"s" * 16, cheap, b"q"),
    }
    assert len(others) == 5
    assert base not in others


def test_the_standard_cost_is_above_the_published_minimum() -> None:
    """OWASP asks for at least 19 MiB and two passes, or 46 MiB and one."""
    assert STANDARD_COST.memory_kib >= 47_104
    assert STANDARD_COST.time >= 2


@pytest.mark.parametrize(
    ("time", "memory_kib", "lanes"), [(0, 8, 1), (17, 8, 1), (1, 7, 1), (1, 2_000_000, 1), (1, 8, 2), (1, 800, 17)]
)
def test_an_absurd_cost_is_refused(time: int, memory_kib: int, lanes: int) -> None:
    """A damaged slot cannot make the phone compute for hours."""
    with pytest.raises(ValueError, match="are not within"):
        KdfCost(time=time, memory_kib=memory_kib, lanes=lanes)


def test_weaker_means_cheaper_in_one_and_dearer_in_none() -> None:
    """Only a real gain makes a slot be written anew."""
    cost = KdfCost(time=2, memory_kib=64, lanes=1)
    assert KdfCost(time=1, memory_kib=64, lanes=1).weaker_than(cost)
    assert not cost.weaker_than(cost)
    assert not KdfCost(time=1, memory_kib=128, lanes=1).weaker_than(cost)
