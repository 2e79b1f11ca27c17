"""Vectors of what people read and type: amounts in words, and digests of visit codes."""

from __future__ import annotations

import random
from typing import Any

from agent_client.printing.words_chinese import chinese_words
from agent_client.printing.words_english import english_words
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import CURRENCIES
from sync.visit_code import code_digest

__all__ = ["words_vectors"]

_AMOUNTS = (
    *(1, 5, 10, 50, 99, 100, 101, 110, 1_000, 1_001, 1_010, 1_100, 1_050, 10_000, 10_001, 10_005, 10_050, 11_000),
    *(100_000, 100_001, 101_000, 140_950, 1_000_000, 1_000_100, 1_010_000, 1_050_005, 10_000_000, 10_000_007),
    *(10_500_000, 100_000_000, 100_010_000, 1_000_000_000, 10_000_000_000, 10_000_000_001, 10_001_000_000),
    *(100_000_000_000, 100_050_000_000, 999_999_999_999, AMOUNT_MINOR_MAX),
)
"""Every run of zeros that the vouchers' rules tell apart, in minor units."""


def words_vectors() -> dict[str, Any]:
    """Amounts with their words in both languages; codes and salts with the byte that a phone compares with."""
    dice = random.Random("doorstep words vectors")
    cases = [(amount, "CNY") for amount in _AMOUNTS]
    cases += [(amount, code) for code in sorted(CURRENCIES) for amount in (1, 100, 123, 2_300_456)]
    cases += [(dice.randrange(1, 10 ** dice.randrange(1, 13)), dice.choice(sorted(CURRENCIES))) for _ in range(60)]
    codes = [(f"{dice.randrange(10**6):06d}", f"{dice.getrandbits(64):016x}") for _ in range(8)]
    codes += [("８４１２", "盐"), ("84 1-2", "盐"), ("x" * 64, "s"), ("ﬁ-½", "s")]
    return {
        "amounts": [
            {"minor": minor, "currency": code, "en": english_words(minor, code), "zh": chinese_words(minor, code)}
            for minor, code in cases
        ],
        "codes": [{"code": code, "salt": salt, "digest": code_digest(code, salt)} for code, salt in codes],
    }
