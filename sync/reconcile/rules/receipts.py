"""Rules about receipts: a witness without an operation, bodies that differ, numbers that fork."""

from __future__ import annotations

from collections.abc import Iterable

from sync.money import format_amount
from sync.operations.office import ReceiptCheckAnswered, ReceiptUnreported
from sync.receipt import Receipt
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.payment import PaymentView, identity_of

__all__ = ["RECEIPT_RULES"]


@rule(
    "RECEIPT-ORPHAN",
    family="payment",
    severity="review",
    suspicion=True,
    outcomes=("accept", "move", "escalate"),
    en=(
        "A receipt without a record",
        "A customer holds receipt {series} over {amount}, but the phone has not reported that payment by the deadline.",
        "The amount waits in suspense as witnessed and unreported, outside every drawer, until the phone reports it.",
    ),
    zh=(
        "有收据而无记录",
        "客户持有收据 {series}（{amount}），但截至期限手机仍未上报该笔收款。",
        "该金额以“已见证、未上报”记入暂记，不计入任何钱箱，直至手机上报。",
    ),
)
def receipt_orphan(view: PaymentView) -> Finding | None:
    """By an office deadline, a witnessed receipt has no operation with its key id, epoch and number."""
    if view.carriers or not view.unreported:
        return None
    orphans = [(fact, receipt) for fact, receipt in view.witnesses if receipt.body.kind == "payment"]
    if not orphans:
        return None
    bodies = [body for fact in view.unreported if isinstance(body := fact.operation.body, ReceiptUnreported)]
    # Whatever stands at the receipt's place may be the missing payment: then nobody is named, whoever found it first.
    free = all(body.place == "free" for body in bodies) and not view.held
    accused = free and any(body.ended for body in bodies)
    author = view.registry.get(view.series.partition("/")[0])
    return Finding(
        operations=tuple(fact.hash for fact, _ in orphans),
        values={"series": view.series, "amount": _amounts(receipt for _, receipt in orphans)},
        agent=author.agent if accused and author else "",
    )


def _amounts(receipts: Iterable[Receipt]) -> str:
    each = sorted({(receipt.body.amount_minor, receipt.body.currency) for receipt in receipts})
    return ", ".join(format_amount(amount, code) for amount, code in each)


@rule(
    "RECEIPT-MISMATCH",
    family="payment",
    severity="alarm",
    two_persons=True,
    outcomes=("accept", "move", "escalate"),
    en=(
        "Receipt and record differ",
        "Receipt {series}: {difference}.",
        "The recorded payment counts; what only the receipt shows waits in suspense.",
    ),
    zh=("收据与记录不符", "收据 {series}：{difference_zh}。", "已记录的收款有效；仅收据显示的部分记入暂记。"),
)
def receipt_mismatch(view: PaymentView) -> Finding | None:
    """A witness that no operation carries shares its number with one, or an operation contradicts its own receipt."""
    fields = list(dict.fromkeys(field for _, field in view.contradictions))
    unmatched = view.unmatched if view.carriers else ()
    if not fields and not unmatched:
        return None
    differences, differences_zh = [], []
    if fields:
        differences.append("the record contradicts its own receipt in " + ", ".join(fields))
        differences_zh.append("记录与其自身收据在以下项目不一致：" + "、".join(_FIELDS_ZH[field] for field in fields))
    if unmatched:
        shown = _amounts(receipt for _, receipt in unmatched)
        recorded = sorted({(s.body.amount_minor, s.body.currency) for s in view.payments})
        known = ", ".join(format_amount(amount, code) for amount, code in recorded)
        differences.append(f"the customer's receipt shows {shown}, the record {known or 'a void'}")
        differences_zh.append(f"客户收据显示 {shown}，记录为 {known or '作废'}")
    return Finding(
        operations=(
            *(fact.hash for fact, _ in view.contradictions),
            *(fact.hash for fact, _ in unmatched),
            *(carrier.hash for carrier in view.carriers if unmatched),
        ),
        values={
            "series": view.series,
            "difference": "; ".join(differences),
            "difference_zh": "；".join(differences_zh),
        },
    )


_FIELDS_ZH = {
    "receipt": "收据本身",
    "key": "设备",
    "epoch": "纪元",
    "seq": "序号",
    "before": "前一记录",
    "kind": "种类",
    "amount": "金额",
    "currency": "币种",
    "method": "付款方式",
    "signature": "签名",
}
"""Everything in which a record can contradict its receipt."""


@rule(
    "RECEIPT-FORK",
    family="payment",
    severity="alarm",
    two_persons=True,
    en=(
        "One receipt number, two records",
        "Receipt number {series} stands on {count} different records.",
        "All are kept and all count.",
    ),
    zh=("同一收据号有两笔记录", "收据号 {series} 出现在 {count} 笔不同的记录上。", "全部保留并全部有效。"),
)
def receipt_fork(view: PaymentView) -> Finding | None:
    """Two operations share key id, epoch and receipt number, but their bodies differ."""
    identities = {identity_of(fact) or fact.hash for fact in view.carriers}
    if len(identities) < 2:
        return None
    return Finding(
        operations=tuple(fact.hash for fact in view.carriers),
        values={"series": view.series, "count": len(identities)},
    )


@rule(
    "RECEIPT-SHARED",
    family="payment",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "A receipt shown to another customer",
        "Whoever scanned receipt {series} gave the {what} of account {accounts}, visited on the same day.",
        "The payment stands; ask that customer which receipt they were shown.",
    ),
    zh=(
        "收据可能出示给了另一客户",
        "扫描收据 {series} 的人提供的是同日上门账户 {accounts} 的{what_zh}。",
        "该收款有效；请向该客户了解其所见的收据。",
    ),
)
def receipt_shared(view: PaymentView) -> Finding | None:
    """The check value given by the scanner is that of another account which this agent visited that day."""
    bodies = [body for fact in view.shared if isinstance(body := fact.operation.body, ReceiptCheckAnswered)]
    if not bodies:
        return None
    matched = sorted({body.matches for body in bodies})
    return Finding(
        operations=tuple(fact.hash for fact in view.shared),
        values={
            "series": view.series,
            "accounts": ", ".join(sorted({body.account for body in bodies})),
            "what": ", ".join(_CHECKED[what][0] for what in matched),
            "what_zh": "、".join(_CHECKED[what][1] for what in matched),
        },
    )


_CHECKED = {"last_four": ("last four digits", "卡号后四位"), "visit_code": ("visit code", "上门验证码")}

RECEIPT_RULES = (receipt_orphan, receipt_mismatch, receipt_fork, receipt_shared)
