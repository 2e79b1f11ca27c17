"""Money of an account that waits for a decision: the grounds that the rules state and the decisions name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sync.money import format_amount
from sync.reconcile.decisions import ground_of, outcome_on
from sync.reconcile.facts import Fact
from sync.reconcile.payment_status import PaymentStatus
from sync.reconcile.remitted_lines import RemittedLine

__all__ = ["RULE_OF", "WAITS", "is_accepted", "returned_ground", "returns_accepted", "waiting_ground"]


def is_accepted(
    rule: str, key: str, account: str, reasons: Sequence[tuple[PaymentStatus, str]], decisions: Sequence[Fact]
) -> bool:
    """Whether a decision on the present ground lets through what waits for a rule."""
    operations, values = waiting_ground(rule, account, reasons)
    if not operations or not decisions:
        return False
    alarm = rule == "PAY-WRITTEN-OFF"
    ground = ground_of(rule, key, operations, values, "alarm" if alarm else "review")
    return outcome_on(rule, key, ground, decisions, needs_two=alarm) == "accept"


WAITS: dict[str, dict[str, tuple[str, str]]] = {
    "PAY-UNKNOWN": {
        "account": ("the office knows no such account", "办公室没有该账户"),
        "currency": ("the account is kept in another currency", "该账户使用另一币种"),
        "visit": ("no such visit was planned for it", "没有为其安排该次上门"),
    },
    "PAY-RECALLED": {
        "recalled": ("the creditor had recalled it", "债权方已收回"),
        "ceased": ("the customer had asked not to be contacted", "客户已要求停止联系"),
        "moratorium": ("a moratorium protected it", "处于延期保护期"),
        "disputed": ("the customer disputed the debt", "客户对债务有异议"),
    },
    "PAY-WRITTEN-OFF": {"written_off": ("it had been written off", "已核销")},
}
"""Rule → reasons for which money waits in suspense, in words."""
RULE_OF = {why: rule for rule, whys in WAITS.items() for why in whys}
"""Reason → rule."""


def waiting_ground(
    rule: str, account: str, reasons: Iterable[tuple[PaymentStatus, str]]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that one of the rules about waiting money states; both empty if no payment waits for it.

    `reasons` are payments with why they wait. It follows from what happened alone, never from a decision, so that a
    decision can name it.
    """
    words = WAITS[rule]
    waiting = [(status, why) for status, why in reasons if why in words]
    if not waiting:
        return (), {}
    totals: dict[str, int] = {}
    for status, _ in waiting:
        totals[status.body.currency] = totals.get(status.body.currency, 0) + status.amount_minor
    kinds = sorted({why for _, why in waiting})
    return tuple(status.fact.hash for status, _ in waiting), {
        "account": account,
        "amount": ", ".join(format_amount(amount, code) for code, amount in sorted(totals.items())),
        "why": ", ".join(words[kind][0] for kind in kinds),
        "why_zh": "、".join(words[kind][1] for kind in kinds),
    }


_RETURNED_WORDS = {
    "account_unknown": ("it knows no such account", "无此账户"),
    "account_closed": ("the account is closed", "账户已关闭"),
    "recalled": ("it recalled the account", "账户已收回"),
}
"""Reasons for which a rejected line waits in suspense, in words."""


def returned_ground(account: str, lines: Iterable[RemittedLine]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Operations and values that REMIT-REJECTED states; both empty if nothing came back into suspense."""
    back = [(line, line.rejected) for line in lines if line.in_suspense]
    totals: dict[str, int] = {}
    for line, _ in back:
        totals[line.body.currency] = totals.get(line.body.currency, 0) + line.body.amount_minor
    if not totals:
        return (), {}
    reasons = sorted({rejected[1].reason for _, rejected in back if rejected})
    return tuple(rejected[0].hash for _, rejected in back if rejected), {
        "account": account,
        "creditor": ", ".join(sorted({line.body.creditor for line, _ in back})),
        "amount": ", ".join(format_amount(amount, code) for code, amount in sorted(totals.items())),
        "why": ", ".join(_RETURNED_WORDS[reason][0] for reason in reasons),
        "why_zh": "、".join(_RETURNED_WORDS[reason][1] for reason in reasons),
    }


def returns_accepted(key: str, account: str, lines: Sequence[RemittedLine], decisions: Sequence[Fact]) -> bool:
    """Whether a decision on the present ground makes payable again what a creditor sent back."""
    operations, values = returned_ground(account, lines)
    if not operations or not decisions:
        return False
    ground = ground_of("REMIT-REJECTED", key, operations, values, "review")
    return outcome_on("REMIT-REJECTED", key, ground, decisions) == "accept"
