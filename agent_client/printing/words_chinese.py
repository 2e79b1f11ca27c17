"""Amounts in Chinese financial capitals, as they stand on cheques and receipts.

Follows the People's Bank of China's rules for filling in payment vouchers (支付结算办法, annex 正确填写票据和
结算凭证的基本规定): 整 after 元 or 角 and never after 分; one 零 for any run of zeros inside; 零 after 元 when
there is no 角 but a 分; 壹拾, never a bare 拾. Where the rules leave 零 after a zero unit of 元 open, it is
written, because it leaves no room for an addition.

    140950 fen → 人民币壹仟肆佰零玖元伍角整
"""

from __future__ import annotations

from typing import Final

from sync.money import check_amount, currency

__all__ = ["chinese_words"]

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_NAMES: Final = {
    "CNY": "人民币",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港币",
    "INR": "印度卢比",
    "JPY": "日元",
    "TWD": "新台币",
    "USD": "美元",
}


def chinese_words(amount_minor: int, code: str) -> str:
    """The amount in capitals with the currency's name before it; raises ARGUMENT-WRONG as `check_amount`."""
    hundredths = check_amount(amount_minor) * 10 ** (2 - currency(code).exponent)
    whole, rest = divmod(hundredths, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_integer(whole)}元" if whole else ""
    if jiao:
        text += ("零" if whole and whole % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif fen and whole:
        text += "零"
    text += f"{_DIGITS[fen]}分" if fen else "整"
    return _NAMES[code] + text


def _integer(number: int) -> str:
    """A positive integer below 10^16: groups of four digits, 万 within 亿."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return _integer(high) + name + gap + (_integer(low) if low else "")
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    text, pending_zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if pending_zero else "") + _DIGITS[digit] + _PLACES[place]
            pending_zero = False
        elif text:
            pending_zero = True
    return text
