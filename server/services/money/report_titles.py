"""What the columns of the reports are called, in both languages; amounts are minor units."""

from __future__ import annotations

from typing import Final

__all__ = ["TITLES", "title_of"]

TITLES: Final[dict[str, tuple[str, str]]] = {
    "absorbed_minor": ("on the creditor's statement", "债权方账单已含"),
    "account": ("account", "账户"),
    "agent": ("agent", "业务员"),
    "balance_minor": ("balance", "余额"),
    "carried": ("carried over", "上日结转"),
    "closed": ("closed", "已结账"),
    "collected": ("collected", "收取"),
    "counted": ("counted", "清点"),
    "credit_minor": ("credit", "贷方"),
    "creditor": ("creditor", "债权方"),
    "currency": ("currency", "币种"),
    "debit_minor": ("debit", "借方"),
    "deposited": ("deposited", "自行存入"),
    "device": ("phone", "手机"),
    "due_minor": ("due to the creditor", "应付债权方"),
    "epoch": ("epoch", "纪元"),
    "expected": ("expected", "应有"),
    "float_issued": ("float", "备用金"),
    "handed_over": ("handed over", "交接"),
    "held": ("still held", "仍持有"),
    "lost": ("approved losses", "经批准损失"),
    "meaning": ("what is there", "含义"),
    "number": ("number", "号码"),
    "over_remitted_minor": ("passed on too much", "多付债权方"),
    "over_short": ("over or short", "长短款"),
    "payments": ("payments", "笔数"),
    "place": ("place", "所在"),
    "reduced_minor": ("reduced the debt", "冲减欠款"),
    "remitted_minor": ("passed on", "已转付"),
    "service_day": ("service day", "工作日"),
    "state": ("state", "状态"),
    "transferred_in": ("transferred in", "转入"),
    "transferred_out": ("transferred out", "转出"),
    "void_pending": ("void pending", "待定作废"),
    "voided": ("voided", "已作废"),
    "waiting_minor": ("waits", "待定"),
    "witnessed": ("witnesses", "见证"),
}
"""Column → English and Chinese."""


def title_of(column: str, language: str) -> str:
    """A column's title."""
    return TITLES[column][language == "zh"]
