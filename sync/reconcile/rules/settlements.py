"""Rules about money that somebody else must confirm: wallets, transfers, cards and cheques."""

from __future__ import annotations

from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.settlement import SettlementView

__all__ = ["SETTLEMENT_RULES"]


def _each(view: SettlementView, amounts: dict[str, int]) -> str:
    return ", ".join(format_amount(amounts[code], code) for code in view.currencies if amounts[code])


def _operations(view: SettlementView) -> tuple[str, ...]:
    ours = (*(status.fact.hash for status in view.payments), *(made.fact.hash for made in view.deposits))
    return (*(fact.hash for fact, _ in view.lines), *ours)


@rule(
    "PAY-UNCONFIRMED",
    family="settlement",
    severity="info",
    en=(
        "Claimed, not yet on a statement",
        "{amount} under {settlement} is claimed and stands on no settlement statement yet.",
        "It counts and waits in clearing; collecting from the customer pauses until it is confirmed.",
    ),
    zh=(
        "已申报，对账单未见",
        "{settlement} 项下 {amount} 已申报，但尚未出现在对账单中。",
        "计入账户并列入清算；确认前暂停向客户催收。",
    ),
)
def pay_unconfirmed(view: SettlementView) -> Finding | None:
    """A wallet, transfer, card or cheque payment with no settlement line yet: claimed, in clearing."""
    missing = {code: max(0, view.claimed(code) - view.settled(code)) for code in view.currencies}
    if view.overdue or not view.payments or not any(missing.values()):
        return None
    return Finding(
        operations=tuple(status.fact.hash for status in view.payments if status.counts),
        values={"settlement": view.settlement, "amount": _each(view, missing)},
    )


@rule(
    "WALLET-UNMATCHED",
    family="settlement",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "Statement and payments disagree",
        "Under {settlement} statements show {settled}, payments claim {claimed}.",
        "What is only claimed stays in clearing; what nobody claims waits in suspense from the deadline on.",
    ),
    zh=(
        "对账单与收款不符",
        "{settlement} 项下对账单为 {settled}，收款申报为 {claimed}。",
        "仅申报的部分留在清算；无人申报的部分自期限起记入暂记。",
    ),
)
def wallet_unmatched(view: SettlementView) -> Finding | None:
    """By an office deadline, a claimed payment without a settlement line or a line without a payment; info before."""
    if view.agrees or not (view.overdue or view.unclaimed):
        return None
    settled = {code: view.settled(code) for code in view.currencies}
    claimed = {code: view.claimed(code) for code in view.currencies}
    return Finding(
        operations=_operations(view),
        values={
            "settlement": view.settlement,
            "settled": _each(view, settled) or "0",
            "claimed": _each(view, claimed) or "0",
        },
        severity="review" if view.overdue else "info",
    )


@rule(
    "PAY-INSTRUMENT",
    family="settlement",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "Taken back by the provider",
        "{amount} under {settlement} was taken back: {why}.",
        "What was taken back of a payment is reversed and the debt is back; a part of several payments is not split.",
    ),
    zh=(
        "支付机构已退回",
        "{settlement} 项下 {amount} 已被退回：{why_zh}。",
        "退回的部分予以冲销，欠款恢复。多笔付款共用一个订单时，部分退回不按规则拆分。",
    ),
)
def pay_instrument(view: SettlementView) -> Finding | None:
    """A cheque bounced or a wallet payment was reversed: reversed by posting, debt back."""
    back = {code: view.nets[code].reversed_minor if code in view.nets else 0 for code in view.currencies}
    if not any(back.values()) or not view.payments:
        return None
    whole = any(status.status == "reversed" for status in view.payments)
    part = any(status.reversed_minor for status in view.payments)
    return Finding(
        operations=_operations(view),
        values={
            "settlement": view.settlement,
            "amount": _each(view, back),
            "why": _WHY[whole, part][0],
            "why_zh": _WHY[whole, part][1],
        },
    )


_WHY = {
    (True, False): ("the payment is reversed", "付款已冲销"),
    (True, True): ("one payment is reversed, another in part", "一笔付款已冲销，另一笔部分冲销"),
    (False, True): ("a part of the payment is reversed, the rest stands", "付款部分冲销，其余有效"),
    (False, False): ("a part that belongs to no single payment", "部分退回，无法归于单笔付款"),
}
"""(whole, part) → in words."""


SETTLEMENT_RULES = (pay_unconfirmed, wallet_unmatched, pay_instrument)
