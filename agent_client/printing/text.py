"""A receipt's words, in Chinese, in English or in both; pure, so that every medium says the same."""

from __future__ import annotations

from typing import Final

import msgspec

from agent_client.printing.view import Language, ReceiptView
from agent_client.printing.words_chinese import chinese_words
from agent_client.printing.words_english import english_words
from sync.money import format_amount

__all__ = ["Note", "ReceiptText", "Row", "amount_figures", "receipt_text"]

_Pair = tuple[str, str]

_METHODS: Final[dict[str, _Pair]] = {
    "cash": ("现金", "Cash"),
    "alipay": ("支付宝", "Alipay"),
    "wechat": ("微信支付", "WeChat Pay"),
    "transfer": ("银行转账", "Bank transfer"),
    "card": ("银行卡", "Card"),
    "cheque": ("支票", "Cheque"),
}
_AT_THE_DOOR: Final[_Pair] = (
    "款项已由经办人当面收取，办公室尚未确认。扫码可查款项去向。",
    "Received at your door; not yet confirmed by the office. Scan to see where the money is.",
)
_CHEQUE: Final[_Pair] = (
    "支票已由经办人收取，银行兑付后方为付讫。扫码可查进度。",
    "Cheque received at your door; it counts as paid once the bank has paid it. Scan to follow it.",
)
_SHOWN: Final[_Pair] = (
    "屏幕显示已付款，支付机构尚未确认。扫码可查款项去向。",
    "Shown as paid; not yet confirmed by the payment provider. Scan to see where the money is.",
)
_CONFIRMED: Final[_Pair] = (
    "支付机构已确认收款，是否入账请扫码查询。",
    "Confirmed by the payment provider. Scan to see when it reaches your account.",
)
_VOID: Final[_Pair] = (
    "本凭证用于作废上列收据，须经办公室确认后生效。如有疑问请致电。",
    "This takes back the receipt named above, once the office has confirmed it. Call us if in doubt.",
)


class Row(msgspec.Struct, frozen=True):
    """A label and its value."""

    label: str
    value: str


class Note(msgspec.Struct, frozen=True):
    """What the customer must know; `open` while something is not confirmed."""

    lines: tuple[str, ...]
    open: bool


class ReceiptText(msgspec.Struct, frozen=True, kw_only=True):
    """Every word of a receipt, in the order in which it is read."""

    creditor: str
    title: str
    amount_label: str
    amount: str
    words: tuple[str, ...]
    rows: tuple[Row, ...]
    note: Note
    scan: tuple[str, ...]
    address: Row
    phone: Row
    stamp: str


def amount_figures(amount_minor: int, code: str) -> str:
    """`¥1,234.56` for yuan, `USD 1,234.56` for others: only the sign that nobody here mistakes is used."""
    figures = format_amount(amount_minor, code).removesuffix(f" {code}")
    return f"¥{figures}" if code == "CNY" else f"{code} {figures}"


def receipt_text(view: ReceiptView) -> ReceiptText:
    """All words for one receipt in its language."""
    tongue = view.language
    void = view.kind == "void"
    words = {
        "zh": chinese_words(view.amount_minor, view.currency),
        "en": english_words(view.amount_minor, view.currency),
    }
    return ReceiptText(
        creditor=view.creditor_name,
        title=_one(tongue, ("作废凭证", "VOID receipt") if void else ("收款收据", "Receipt")),
        amount_label=_one(tongue, ("作废金额", "Amount taken back") if void else ("实收金额", "Amount received")),
        amount=amount_figures(view.amount_minor, view.currency),
        words=tuple(words.values()) if tongue == "both" else (words[tongue],),
        rows=_rows(view),
        note=_note(view),
        scan=_lines(tongue, ("扫码验真伪", "Scan to check that this is genuine")),
        address=Row(_one(tongue, ("官方网址", "Official site")), view.official_address),
        phone=Row(_one(tongue, ("客服电话", "Call us")), view.office_phone),
        stamp=_one(tongue, ("作废", "VOID")) if void else "",
    )


def _rows(view: ReceiptView) -> tuple[Row, ...]:
    tongue = view.language
    rows = [Row(_one(tongue, ("收据编号", "No.")), view.number)]
    if view.voided_number is not None:
        rows.append(Row(_one(tongue, ("作废收据", "Voids")), view.voided_number))
    time = f"{view.taken_at:%Y-%m-%d %H:%M} {_offset(view)}"
    rows += [
        Row(_one(tongue, ("账户尾号", "Account ending")), view.account_last_four),
        Row(_one(tongue, ("付款方式", "Method")), _one(tongue, _METHODS[view.method])),
        Row(_one(tongue, ("时间", "Time")), time),
        Row(_one(tongue, ("经办人", "Agent")), f"{view.agent_name} {view.agent_number}"),
    ]
    if not view.clock_trusted:
        rows.append(Row(_one(tongue, ("时钟", "Clock")), _one(tongue, ("未校准", "phone's own"))))
    if view.kind == "payment":
        checked = ("已应答", "answered") if view.identified else ("未核对", "none")
        rows.append(Row(_one(tongue, ("身份核对", "ID check")), _one(tongue, checked)))
    return tuple(rows)


def _note(view: ReceiptView) -> Note:
    if view.kind == "void":
        return Note(_lines(view.language, _VOID), open=True)
    if view.confirmed:
        return Note(_lines(view.language, _CONFIRMED), open=False)
    unconfirmed = {"cash": _AT_THE_DOOR, "cheque": _CHEQUE}.get(view.method, _SHOWN)
    return Note(_lines(view.language, unconfirmed), open=True)


def _offset(view: ReceiptView) -> str:
    offset = f"{view.taken_at:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def _one(tongue: Language, pair: _Pair) -> str:
    return " ".join(_lines(tongue, pair))


def _lines(tongue: Language, pair: _Pair) -> tuple[str, ...]:
    return {"zh": pair[:1], "en": pair[1:], "both": pair}[tongue]
