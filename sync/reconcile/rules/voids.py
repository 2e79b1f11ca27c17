"""Rules about voids: nobody but the customer can confirm that money went back."""

from __future__ import annotations

from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.payment import PaymentView
from sync.reconcile.payment_status import PaymentStatus

__all__ = ["VOID_RULES"]

_WHY = {
    "witnessed": ("the customer showed the receipt to the office", "客户已向办公室出示收据"),
    "handed_over": ("the cash had been handed over before", "现金此前已交接"),
    "other_day": ("the payment belongs to another day's drawer", "该收款属于另一日的钱箱"),
    "closed": ("the payment belongs to a closed day", "该收款属于已结日"),
}


def _finding(view: PaymentView, statuses: list[PaymentStatus]) -> Finding:
    first = statuses[0]
    why = _WHY.get(first.contested, ("", ""))
    return Finding(
        operations=tuple(h for s in statuses for h in (s.fact.hash, *(void.hash for void in s.voids))),
        values={
            "series": view.series,
            "amount": format_amount(first.body.amount_minor, first.body.currency),
            "why": why[0],
            "why_zh": why[1],
        },
    )


@rule(
    "VOID-UNCONFIRMED",
    family="payment",
    severity="review",
    outcomes=("void", "accept", "escalate"),
    en=(
        "Void not confirmed by the customer",
        "The agent voided receipt {series} over {amount}; the customer has not confirmed it.",
        "The payment still counts on the account; the amount is a line of its own, void pending, in the drawer.",
    ),
    zh=(
        "作废未经客户确认",
        "业务员作废了收据 {series}（{amount}），客户尚未确认。",
        "该收款对账户仍然有效；该金额在钱箱中单列为“作废待定”。",
    ),
)
def void_unconfirmed(view: PaymentView) -> Finding | None:
    """A void of an issued receipt that neither the void code nor the registered contact confirmed."""
    pending = [status for status in view.payments if status.voids and not status.contested and _unconfirmed(status)]
    return _finding(view, pending) if pending else None


def _unconfirmed(status: PaymentStatus) -> bool:
    # A decision by this rule keeps the discrepancy in sight together with its decision.
    return status.status in {"void_pending", "void_refused"} or (status.status == "voided" and not status.confirmed)


@rule(
    "VOID-CONTESTED",
    family="payment",
    severity="alarm",
    outcomes=("void", "accept", "escalate"),
    en=(
        "Void contested",
        "The agent voided receipt {series} over {amount}, but {why}.",
        "The payment counts and the void is held until two persons decide.",
    ),
    zh=("作废有争议", "业务员作废了收据 {series}（{amount}），但{why_zh}。", "收款有效，作废暂不生效，须由两人裁定。"),
)
def void_contested(view: PaymentView) -> Finding | None:
    """An unconfirmed void with a witness of the payment, or any void of a payment handed over, remitted or closed."""
    contested = [status for status in view.payments if status.contested]
    return _finding(view, contested) if contested else None


VOID_RULES = (void_unconfirmed, void_contested)
