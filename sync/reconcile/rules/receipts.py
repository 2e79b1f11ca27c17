"""Rules about receipts: a witness without an operation, bodies that differ, numbers that fork."""

from __future__ import annotations

from sync.errors import DoorstepError
from sync.money import format_amount
from sync.operations.office import ReceiptUnreported
from sync.receipt import read_receipt
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.payment import PaymentView

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
    receipts = [receipt for _, receipt in view.witnesses if receipt.body.kind == "payment"]
    if not receipts:
        return None
    bodies = [fact.operation.body for fact in view.unreported]
    accused = any(isinstance(b, ReceiptUnreported) and b.ended and b.place == "free" for b in bodies)
    author = view.registry.get(view.series.partition("/")[0])
    return Finding(
        operations=tuple(fact.hash for fact, _ in view.witnesses),
        values={
            "series": view.series,
            "amount": format_amount(receipts[0].body.amount_minor, receipts[0].body.currency),
        },
        agent=author.agent if accused and author else "",
    )


@rule(
    "RECEIPT-MISMATCH",
    family="payment",
    severity="alarm",
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
    if view.contradictions:
        return Finding(
            operations=tuple(fact.hash for fact, _ in view.contradictions),
            values={
                "series": view.series,
                "difference": "the record contradicts its own receipt in "
                + ", ".join(f for _, f in view.contradictions),
                "difference_zh": "记录与其自身收据在以下项目不一致：" + "、".join(f for _, f in view.contradictions),
            },
        )
    if not view.carriers or not view.unmatched:
        return None
    fact, receipt = view.unmatched[0]
    shown = format_amount(receipt.body.amount_minor, receipt.body.currency)
    recorded = ", ".join(format_amount(s.body.amount_minor, s.body.currency) for s in view.payments) or "a void"
    return Finding(
        operations=(fact.hash, *(carrier.hash for carrier in view.carriers)),
        values={
            "series": view.series,
            "difference": f"the customer's receipt shows {shown}, the record {recorded}",
            "difference_zh": f"客户收据显示 {shown}，记录为 {recorded}",
        },
    )


@rule(
    "RECEIPT-FORK",
    family="payment",
    severity="alarm",
    en=(
        "One receipt number, two records",
        "Receipt number {series} stands on {count} different records.",
        "All are kept and all count.",
    ),
    zh=("同一收据号有两笔记录", "收据号 {series} 出现在 {count} 笔不同的记录上。", "全部保留并全部有效。"),
)
def receipt_fork(view: PaymentView) -> Finding | None:
    """Two operations share key id, epoch and receipt number, but their bodies differ."""
    identities: dict[str, str] = {}
    for fact in view.carriers:
        body = fact.operation.body
        try:
            identities.setdefault(read_receipt(getattr(body, "receipt", "")).identity, fact.hash)
        except DoorstepError:
            identities.setdefault(fact.hash, fact.hash)
    if len(identities) < 2:
        return None
    return Finding(
        operations=tuple(fact.hash for fact in view.carriers),
        values={"series": view.series, "count": len(identities)},
    )


RECEIPT_RULES = (receipt_orphan, receipt_mismatch, receipt_fork)
