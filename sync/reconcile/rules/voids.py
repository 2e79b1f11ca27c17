"""Rules about voids: nobody but the customer can confirm that money went back."""

from __future__ import annotations

from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.payment import PaymentView
from sync.reconcile.payment_status import void_ground

__all__ = ["VOID_RULES"]


def _finding(view: PaymentView, code: str) -> Finding | None:
    operations, values = void_ground(code, view.series, view.payments)
    return Finding(operations=operations, values=values) if operations else None


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
    return _finding(view, "VOID-UNCONFIRMED")


@rule(
    "VOID-CONTESTED",
    family="payment",
    severity="alarm",
    two_persons=True,
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
    return _finding(view, "VOID-CONTESTED")


VOID_RULES = (void_unconfirmed, void_contested)
