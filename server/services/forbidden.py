"""What may not be done at a stop, and why, in both languages: it follows from what the creditor says of the account."""

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
    "settled": (
        ("collect",),
        "Nothing is owed any more: take no payment. | 欠款已结清：不得收款。",
    ),
}
"""Status (or `unconfirmed`, `settled`) → forbidden tasks, `visit` meaning all, and the reason ``EN | 中文``."""


def forbidden_at(
    statement: AccountImported, payoff_minor: int, *, unconfirmed: bool = False
) -> tuple[list[str], list[str]]:
    """Forbidden tasks and, beside each, why; each task once, the status' reason before that of a settled debt."""
    found: dict[str, str] = {}
    for cause in (statement.status, "settled" if payoff_minor <= 0 else "", "unconfirmed" if unconfirmed else ""):
        for task in FORBIDDING.get(cause, ((), ""))[0]:
            found.setdefault(task, FORBIDDING[cause][1])
    return list(found), list(found.values())
