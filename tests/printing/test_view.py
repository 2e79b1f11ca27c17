"""A receipt is shown whole and right, or refused when it is built."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from agent_client.printing import Language, ReceiptView, receipt_text
from agent_client.printing.text import amount_figures
from sync.errors import Refused
from sync.receipt import METHODS

REFUSED: list[dict[str, object]] = [
    {"prefix": "http://example.com/r#"},
    {"prefix": "https://example.com/r"},
    {"prefix": "https://例子.com/r#"},
    {"prefix": "https://exa mple.com/r#"},
    {"prefix": "https://" + "a" * 60 + "/r#"},
    {"digits": "1" * 291},
    {"digits": "1" * 291 + "x"},
    {"digits": "١" * 292},
    {"amount_minor": 0},
    {"amount_minor": 10**15},
    {"currency": "XAU"},
    {"taken_at": datetime(2026, 3, 1, 14, 32)},  # noqa: DTZ001  # a time without offset is what is refused
    {"account_last_four": "482"},
    {"account_last_four": "４８２１"},
    {"voided_number": "7K2MX-1-41-H03T6W"},
    {"agent_name": " "},
    {"creditor_name": "行" * 121},
    {"office_phone": ""},
    {"number": ""},
]


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: next(iter(change)))
def test_a_value_that_does_not_fit_is_refused(view: ReceiptView, change: dict[str, object]) -> None:
    """The refusal comes at construction and names the value."""
    with pytest.raises(Refused) as refused:
        msgspec.structs.replace(view, **change)
    assert refused.value.code == "ARGUMENT-WRONG"


def _all_words(view: ReceiptView) -> str:
    text = receipt_text(view)
    rows = " ".join(f"{row.label} {row.value}" for row in (*text.rows, text.address, text.phone))
    return " ".join([text.creditor, text.title, text.amount, *text.words, rows, *text.note.lines, *text.scan])


def test_a_receipt_says_all_that_the_customer_needs(view: ReceiptView) -> None:
    """Who, whom, how much, when, how, which account, how to check, whom to call."""
    words = _all_words(view)
    for part in (
        "江南商业银行信用卡中心",
        "¥1,234.56",
        "人民币壹仟贰佰叁拾肆元伍角陆分",
        "One thousand two hundred thirty-four yuan and fifty-six fen",
        "7K2MX-1-42-9QA3CD",
        "2026-03-01 14:32 +08:00",
        "现金 Cash",
        "李明 A-0173",
        "4821",
        "400-800-1234",
        "example.com",
    ):
        assert part in words


@pytest.mark.parametrize("kind", ["payment", "void"])
def test_each_language_stands_alone(view: ReceiptView, kind: str) -> None:
    """English has no Chinese in it, Chinese no English, apart from names."""
    english = _all_words(msgspec.structs.replace(view, language="en", kind=kind, creditor_name="Bank", agent_name="Li"))
    assert english.isascii() or english.replace("¥", "").isascii()
    chinese = _all_words(msgspec.structs.replace(view, language="zh", kind=kind, official_address="1", number="2"))
    assert not {"receipt", "cash", "scan", "agent", "void"} & set(chinese.lower().split())


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_what_is_not_confirmed_is_said(view: ReceiptView, method: str, language: Language) -> None:
    """Every method has a name and an open note until the provider confirmed; then the note is closed."""
    open_view = msgspec.structs.replace(view, method=method, language=language)
    note = receipt_text(open_view).note
    assert note.open
    assert len(note.lines) == (2 if language == "both" else 1)
    assert "尚未确认" in note.lines[0] or "not yet confirmed" in note.lines[0] or method == "cheque"
    closed = receipt_text(msgspec.structs.replace(open_view, confirmed=True)).note
    assert not closed.open
    assert closed.lines != note.lines


def test_a_void_is_never_taken_for_a_payment(view: ReceiptView) -> None:
    """Its title, amount label, note and stamp say so, it names the receipt, and even "confirmed" stays open."""
    void = msgspec.structs.replace(view, kind="void", voided_number="7K2MX-1-41-H03T6W", confirmed=True)
    text = receipt_text(void)
    assert "VOID" in text.title
    assert text.stamp == "作废 VOID"
    assert text.note.open
    assert any(row.value == "7K2MX-1-41-H03T6W" for row in text.rows)
    assert receipt_text(view).stamp == ""
    assert "received" not in text.amount_label


def test_flags_are_shown(view: ReceiptView) -> None:
    """An unchecked payer and an untrusted clock stand on the receipt."""
    assert "已应答 answered" in _all_words(view)
    assert "未校准" not in _all_words(view)
    doubtful = _all_words(msgspec.structs.replace(view, identified=False, clock_trusted=False))
    assert "未核对 none" in doubtful
    assert "未校准 phone's own" in doubtful


def test_figures_carry_the_currency() -> None:
    """Only yuan have a sign; the others' letters cannot be mistaken."""
    assert amount_figures(123_456, "CNY") == "¥1,234.56"
    assert amount_figures(1_234, "JPY") == "JPY 1,234"
    assert amount_figures(5, "USD") == "USD 0.05"
