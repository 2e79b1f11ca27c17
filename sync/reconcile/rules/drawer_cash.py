"""Rules about cash on its way: transfers between agents, and losses."""

from __future__ import annotations

from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.loss import LossView, loss_ground
from sync.reconcile.folds.transfer import TransferView, complete

__all__ = ["LOSS_RULES", "TRANSFER_RULES"]


@rule(
    "CASH-TRANSFER",
    family="transfer",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "Transfer reported by one side",
        "The transfer {transfer} of {amount} from {from_agent} to {to_agent} {why}.",
        "Each report counts for its own drawer, the difference is on the way, and those drawers stay open.",
    ),
    zh=(
        "转交仅一方上报",
        "转交 {transfer}（{from_agent} 交予 {to_agent}，{amount}）{why_zh}。",
        "各方记录计入各自钱箱，差额记为在途；相关钱箱暂不能结账。",
    ),
)
def cash_transfer(view: TransferView) -> Finding | None:
    """A transfer of cash that only one agent has reported, or of which two reports differ."""
    if not view.legs or complete(view.legs):
        return None
    body = view.legs[0].body
    one = len(view.legs) == 1
    reporter = view.legs[0].agent
    return Finding(
        operations=tuple(leg.fact.hash for leg in view.legs),
        values={
            "transfer": view.transfer,
            "from_agent": body.from_agent,
            "to_agent": body.to_agent,
            "amount": ", ".join(
                dict.fromkeys(format_amount(leg.body.amount_minor, leg.body.currency) for leg in view.legs)
            ),
            "why": f"is reported by {reporter} alone so far" if one else "is reported differently",
            "why_zh": f"目前仅由 {reporter} 上报" if one else "的各方记录不一致",
        },
    )


@rule(
    "CASH-LOSS",
    family="loss",
    severity="review",
    two_persons=True,
    outcomes=("accept", "void", "escalate"),
    en=(
        "Loss of cash reported",
        "{agent} reports {amount} of {day} as {cause}.",
        "It has no effect: the cash is expected until two persons approve the loss.",
    ),
    zh=(
        "现金损失上报",
        "{agent} 上报 {day} 的 {amount} {cause_zh}。",
        "暂不生效：两人批准前仍计为应有现金。",
    ),
)
def cash_loss(view: LossView) -> Finding | None:
    """Cash reported as lost, stolen or counterfeit: it leaves the drawer only when two persons approve."""
    if not view.reports:
        return None
    operations, values = loss_ground(view.reports)
    return Finding(operations=operations, values=values)


TRANSFER_RULES = (cash_transfer,)
LOSS_RULES = (cash_loss,)
