"""Amounts in words leave no room for another reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.printing import chinese_words, english_words
from sync.errors import Refused
from sync.limits import AMOUNT_MINOR_MAX

CHINESE = [
    (1, "人民币壹分"),
    (5, "人民币伍分"),
    (10, "人民币壹角整"),
    (50, "人民币伍角整"),
    (55, "人民币伍角伍分"),
    (100, "人民币壹元整"),
    (101, "人民币壹元零壹分"),
    (110, "人民币壹元壹角整"),
    (1_000, "人民币壹拾元整"),
    (1_050, "人民币壹拾元零伍角整"),
    (1_100, "人民币壹拾壹元整"),
    (2_005, "人民币贰拾元零伍分"),
    (10_000, "人民币壹佰元整"),
    (10_100, "人民币壹佰零壹元整"),
    (11_000, "人民币壹佰壹拾元整"),
    (32_504, "人民币叁佰贰拾伍元零肆分"),
    (100_100, "人民币壹仟零壹元整"),
    (101_000, "人民币壹仟零壹拾元整"),
    (123_456, "人民币壹仟贰佰叁拾肆元伍角陆分"),
    (140_950, "人民币壹仟肆佰零玖元伍角整"),
    (168_032, "人民币壹仟陆佰捌拾元零叁角贰分"),
    (600_714, "人民币陆仟零柒元壹角肆分"),
    (1_000_000, "人民币壹万元整"),
    (1_000_100, "人民币壹万零壹元整"),
    (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
    (2_030_050, "人民币贰万零叁佰元零伍角整"),
    (10_000_000, "人民币壹拾万元整"),
    (10_700_053, "人民币壹拾万柒仟元零伍角叁分"),
    (100_010_000, "人民币壹佰万零壹佰元整"),
    (10_000_000_000, "人民币壹亿元整"),
    (10_000_000_100, "人民币壹亿零壹元整"),
    (10_001_000_000, "人民币壹亿零壹万元整"),
    (10_100_000_000, "人民币壹亿零壹佰万元整"),
    (11_000_000_000, "人民币壹亿壹仟万元整"),
    (100_000_000_000, "人民币壹拾亿元整"),
    (1_000_000_000_000, "人民币壹佰亿元整"),
    (999_999_999_999, "人民币玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]

ENGLISH = [
    (1, "CNY", "One fen"),
    (100, "CNY", "One yuan only"),
    (101, "CNY", "One yuan and one fen"),
    (1_900, "CNY", "Nineteen yuan only"),
    (2_000, "USD", "Twenty US dollars only"),
    (2_101, "USD", "Twenty-one US dollars and one cent"),
    (10_000, "GBP", "One hundred pounds only"),
    (101, "GBP", "One pound and one penny"),
    (123_456, "CNY", "One thousand two hundred thirty-four yuan and fifty-six fen"),
    (140_950, "CNY", "One thousand four hundred nine yuan and fifty fen"),
    (100_000_001, "INR", "One million Indian rupees and one paisa"),
    (1_234, "JPY", "One thousand two hundred thirty-four yen only"),
    (1, "JPY", "One yen only"),
    (1_000_000_000_000, "EUR", "Ten billion euros only"),
]


@pytest.mark.parametrize(("amount_minor", "words"), CHINESE)
def test_chinese_capitals_follow_the_rules_for_vouchers(amount_minor: int, words: str) -> None:
    """Zeros, 整 and 壹拾 stand where the central bank's rules put them."""
    assert chinese_words(amount_minor, "CNY") == words


@pytest.mark.parametrize(("amount_minor", "code", "words"), ENGLISH)
def test_english_words_name_units_in_singular_and_plural(amount_minor: int, code: str, words: str) -> None:
    """Each currency has its own units, and a round amount ends in "only"."""
    assert english_words(amount_minor, code) == words


def test_other_currencies_are_named_in_chinese() -> None:
    """A yen has no 角 or 分; a dollar has."""
    assert chinese_words(1_234, "JPY") == "日元壹仟贰佰叁拾肆元整"
    assert chinese_words(1_234, "USD") == "美元壹拾贰元叁角肆分"


@pytest.mark.parametrize("words", [chinese_words, english_words])
@pytest.mark.parametrize(("amount_minor", "code"), [(0, "CNY"), (-1, "CNY"), (AMOUNT_MINOR_MAX + 1, "CNY"), (1, "XAU")])
def test_no_words_for_what_no_receipt_carries(words: object, amount_minor: int, code: str) -> None:
    """Zero, negative, absurd amounts and unknown currencies are refused."""
    assert callable(words)
    with pytest.raises(Refused, match="ARGUMENT-WRONG"):
        words(amount_minor, code)


def _read_chinese(words: str) -> int:
    """An independent reading of capitals, in fen: digit by digit, as a clerk would."""
    digits = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    for character in words.removeprefix("人民币"):
        if character in digits:
            digit = digits[character]
        elif character in places:
            group, digit = group + digit * places[character], 0
        elif character in "万亿":
            scale = {"万": 10**4, "亿": 10**8}[character]
            below = total % scale
            total, group, digit = total - below + (below + group + digit) * scale, 0, 0
        elif character == "元":
            total, group, digit = (total + group + digit) * 100, 0, 0
        elif character in "角分":
            total, digit = total + digit * {"角": 10, "分": 1}[character], 0
    return total


@given(st.integers(1, AMOUNT_MINOR_MAX))
def test_chinese_capitals_read_back_to_the_same_amount(amount_minor: int) -> None:
    """A clerk who reads the words gets the figures, for every amount."""
    words = chinese_words(amount_minor, "CNY")
    assert _read_chinese(words) == amount_minor
    assert "零零" not in words
    assert words.endswith(("整", "分"))


@given(st.integers(1, AMOUNT_MINOR_MAX), st.integers(1, AMOUNT_MINOR_MAX))
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    """No two amounts share their words in either language."""
    assert (chinese_words(one, "CNY") == chinese_words(other, "CNY")) == (one == other)
    assert (english_words(one, "CNY") == english_words(other, "CNY")) == (one == other)
