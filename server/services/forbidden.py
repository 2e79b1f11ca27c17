"""What may not be done at a stop, and why, in both languages.

It follows from what the creditor says of the account, and from the repayment plan that stands on it.
"""

from __future__ import annotations

from sync.operations.office import AccountImported

__all__ = ["FORBIDDING", "forbidden_at"]

FORBIDDING: dict[str, tuple[tuple[str, ...], str]] = {
    "recalled": (
        ("collect", "negotiate", "notice"),
        (
            "The creditor has recalled this account: take no payment, agree on nothing, hand over no notice."
            " | 债权方已收回该账户：不得收款、协商或送达通知。"
        ),
    ),
    "moratorium": (
        ("collect", "negotiate"),
        "A moratorium protects this account: take no payment, ask for none. | 该账户处于延期保护期：不得催收或收款。",
    ),
    "disputed": (
        ("collect", "negotiate"),
        (
            "The customer disputes this debt: take no payment until the office has answered."
            " | 客户对该笔债务有异议：答复前不得收款或协商。"
        ),
    ),
    "written_off": (
        ("collect",),
        "This account was written off: take no payment here. | 该账户已核销：不得在此收款。",
    ),
    "ceased": (
        ("visit",),
        "The customer has asked not to be contacted: do not visit. | 客户已要求停止联系：不得上门。",
    ),
    "unconfirmed": (
        ("collect",),
        (
            "A payment is being confirmed by its provider: ask for no other until then."
            " | 一笔付款正等待支付机构确认：确认前不得再催收。"
        ),
    ),
    "plan_honoured": (
        ("collect", "negotiate", "notice"),
        (
            "The customer keeps to an agreed repayment plan: do not collect, renegotiate or hand over a reminder."
            " | 客户正在履行已达成的还款计划：不得催收、重新协商或送达催款通知。"
        ),
    ),
    "plan_pending": (
        ("collect", "negotiate", "notice"),
        (
            "A repayment plan waits for the office: do not collect until it is decided."
            " | 一份还款计划待办公室审批：审批前不得催收。"
        ),
    ),
    "settled": (
        ("collect",),
        "Nothing is owed any more: take no payment. | 欠款已结清：不得收款。",
    ),
}
"""Status (or `unconfirmed`, `settled`, `plan_honoured`, `plan_pending`) → forbidden tasks, `visit` meaning all, and the
reason ``EN | 中文``."""


def forbidden_at(
    statement: AccountImported,
    payoff_minor: int,
    *,
    unconfirmed: bool = False,
    plan_holds: str = "",
    asked_for: bool = False,
) -> tuple[list[str], list[str]]:
    """Forbidden tasks and, beside each, why; each task once, the status' reason before that of a settled debt.

    `plan_holds` is `AccountView.plan_holds`; it stops collection, not a payment that the customer booked
    (`asked_for`): an instalment may be paid at the door.
    """
    plan = f"plan_{plan_holds}" if plan_holds and not asked_for else ""
    found: dict[str, str] = {}
    causes = (statement.status, plan, "settled" if payoff_minor <= 0 else "", "unconfirmed" if unconfirmed else "")
    for cause in causes:
        for task in FORBIDDING.get(cause, ((), ""))[0]:
            found.setdefault(task, FORBIDDING[cause][1])
    return list(found), list(found.values())
