"""Rules about an account: too much, twice, or for nobody known."""

from __future__ import annotations

from itertools import combinations

from sync.clock import Interval
from sync.limits import PAY_TWICE_WINDOW_MS
from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.account import AccountView
from sync.reconcile.folds.waiting import returned_ground, waiting_ground

__all__ = ["ACCOUNT_RULES"]


@rule(
    "PAY-OVER",
    family="account",
    severity="review",
    outcomes=("refund", "carry", "accept", "escalate"),
    en=(
        "Paid more than is owed",
        "Account {account} received {over} more than the payoff of {payoff}.",
        "All payments stand: the debt is zero and the rest is the customer's credit. Decide: refund or carry.",
    ),
    zh=(
        "付款超过欠款",
        "账户 {account} 收到的款项比结清金额 {payoff} 多出 {over}。",
        "所有付款均有效：欠款为零，余额记为客户贷方。请裁定：退款或结转。",
    ),
)
def pay_over(view: AccountView) -> Finding | None:
    """Payments exceed the payoff, for example because the customer also paid online or to another agent."""
    # What is on its way back was too much as well: a refund does not change the ground on which it was decided.
    over = sum(a.credit_minor + (0 if a.why else a.refund_minor) for a in view.allocations)
    if over == 0 or view.statement is None:
        return None
    code = view.statement.currency
    return Finding(
        operations=(
            *(a.status.fact.hash for a in view.allocations if a.credit_minor or (a.refund_minor and not a.why)),
            *(fact.hash for fact, _ in view.external),
        ),
        values={
            "account": view.account,
            "over": format_amount(over, code),
            "payoff": format_amount(view.payoff_minor, code),
            "over_minor": over,
        },
    )


@rule(
    "PAY-TWICE",
    family="account",
    severity="review",
    en=(
        "Two equal payments close together",
        "Account {account} has {count} payments of {amount}, possibly within a quarter of an hour.",
        "Both stand.",
    ),
    zh=("短时间内两笔相同付款", "账户 {account} 有 {count} 笔 {amount} 的付款，时间可能在一刻钟之内。", "均有效。"),
)
def pay_twice(view: AccountView) -> Finding | None:
    """Two payments on the same account over the same amount, possibly close in time."""
    by_amount: dict[tuple[int, str], list[int]] = {}
    for place, allocation in enumerate(view.allocations):
        body = allocation.status.body
        by_amount.setdefault((body.amount_minor, body.currency), []).append(place)
    twice: list[str] = []
    amounts: list[str] = []
    for (amount, code), members in sorted(by_amount.items()):
        if len(members) == 1:
            continue
        intervals = {place: view.allocations[place].status.fact.interval for place in members}
        close = {
            place
            for pair in combinations(members, 2)
            if _possibly_close(*(intervals[p] for p in pair))
            for place in pair
        }
        twice += [view.allocations[place].status.fact.hash for place in sorted(close)]
        amounts += [format_amount(amount, code)] if close else []
    if not twice:
        return None
    return Finding(
        operations=tuple(twice),
        values={"account": view.account, "count": len(twice), "amount": ", ".join(amounts)},
    )


def _possibly_close(one: Interval, other: Interval) -> bool:
    """Whether some instants of the two intervals lie within the window; an open end reaches anywhere."""
    for first, second in ((one, other), (other, one)):
        bounded = first.high_ms is not None and second.low_ms is not None
        if bounded and (second.low_ms or 0) - (first.high_ms or 0) > PAY_TWICE_WINDOW_MS:
            return False
    return True


@rule(
    "PAY-UNKNOWN",
    family="account",
    severity="review",
    outcomes=("accept", "move", "refund", "escalate"),
    en=(
        "Payment for something unknown",
        "{amount} was collected for account {account}: {why}.",
        "The amount waits in suspense.",
    ),
    zh=("不明收款", "为账户 {account} 收取了 {amount}：{why_zh}。", "该金额记入暂记。"),
)
def pay_unknown(view: AccountView) -> Finding | None:
    """No such account or visit, or another currency than the account's: a walk-up payment."""
    return _waiting(view, "PAY-UNKNOWN")


def _waiting(view: AccountView, code: str) -> Finding | None:
    operations, values = waiting_ground(code, view.account, ((a.status, a.why) for a in view.allocations))
    return Finding(operations=operations, values=values) if operations else None


@rule(
    "PAY-RECALLED",
    family="account",
    severity="review",
    outcomes=("accept", "move", "refund", "escalate"),
    en=(
        "Collected although nothing should be collected",
        "{amount} was collected on account {account}, and the office knew: {why}.",
        "The amount waits in suspense.",
    ),
    zh=("不应收款的账户", "账户 {account} 收取了 {amount}，而办公室已知悉：{why_zh}。", "该金额记入暂记。"),
)
def pay_recalled(view: AccountView) -> Finding | None:
    """Account recalled, ceased, in moratorium or disputed, by what the office knew when it can have been collected."""
    return _waiting(view, "PAY-RECALLED")


@rule(
    "PAY-WRITTEN-OFF",
    family="account",
    severity="alarm",
    two_persons=True,
    outcomes=("accept", "move", "refund", "escalate"),
    en=(
        "Collected on a written-off account",
        "{amount} was collected on account {account}, and the office knew: {why}.",
        "The amount waits in suspense until two persons decide.",
    ),
    zh=(
        "已核销账户收款",
        "账户 {account} 收取了 {amount}，而办公室已知悉：{why_zh}。",
        "该金额记入暂记，须由两人裁定。",
    ),
)
def pay_written_off(view: AccountView) -> Finding | None:
    """Collected on an account that had been written off, by what the office knew when it can have been collected."""
    return _waiting(view, "PAY-WRITTEN-OFF")


@rule(
    "REMIT-REJECTED",
    family="account",
    severity="review",
    outcomes=("accept", "refund", "escalate"),
    en=(
        "The creditor sent a payment back",
        "{creditor} did not take {amount} for account {account}: {why}.",
        "The amount waits in suspense. Accepted, it is payable again and may be in a later batch.",
    ),
    zh=(
        "债权方退回转付款",
        "{creditor} 未接收账户 {account} 的 {amount}：{why_zh}。",
        "该金额记入暂记。裁定接受后恢复为应付，可列入以后批次。",
    ),
)
def remit_rejected(view: AccountView) -> Finding | None:
    """A creditor rejected a remittance line for a reason that leaves its money without an account."""
    operations, values = returned_ground(view.account, view.lines)
    return Finding(operations=operations, values=values) if operations else None


ACCOUNT_RULES = (pay_over, pay_twice, pay_unknown, pay_recalled, pay_written_off, remit_rejected)
