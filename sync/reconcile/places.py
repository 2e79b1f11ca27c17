"""Where money can be: the names of the ledger's places, ``family:identifier``.

Every unit is in exactly one place on each side. What was collected passes through `collected`, which is zero for
every account once both folds concerned (payment and account) have run.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "OWN_FAMILIES",
    "PLACE_FAMILIES",
    "PLACE_FAMILIES_ZH",
    "agent_holding",
    "bank",
    "bank_cash",
    "branch_cash",
    "clearing",
    "collected",
    "credit",
    "debt",
    "deposited",
    "external",
    "float_issued",
    "handed_over",
    "in_transfer",
    "is_shared",
    "lost",
    "over_short",
    "refund",
    "remitted",
    "suspense",
    "void_pending",
    "witnessed_unreported",
]

PLACE_FAMILIES: Final[dict[str, str]] = {
    "agent_cash": "cash that an agent holds",
    "agent_cheques": "cheques that an agent holds",
    "clearing": "claimed from a wallet, bank or card provider, not yet confirmed",
    "handed_over": "declared as handed over, not yet counted",
    "in_transfer": "passed from one agent to another, reported by one of them so far",
    "lost": "lost, stolen or counterfeit, approved by two persons",
    "branch_cash": "counted at the branch",
    "deposited": "paid in at a bank by a branch",
    "bank": "arrived, according to a settlement statement",
    "float_issued": "float given out by the branch",
    "void_pending": "paid back at the door according to the agent, not yet confirmed",
    "over_short": "differences between counted, declared and expected",
    "collected": "in passing from the door to the account; always back at zero",
    "debt": "what a customer owes, reduced",
    "credit": "what is owed to a customer",
    "suspense": "taken, but not yet known for whom",
    "witnessed_unreported": "shown by a customer's receipt, not reported by the phone",
    "external": "paid to the creditor elsewhere",
    "remitted": "passed to a creditor",
    "refund": "authorised to be paid back, not yet paid out",
}
"""Family → what is there."""

OWN_FAMILIES: Final = frozenset({"collected", "credit", "debt", "external", "refund", "suspense"})
"""Families whose places belong to one account or subject each; all others are shared by many."""

PLACE_FAMILIES_ZH: Final[dict[str, str]] = {
    "agent_cash": "催收员持有的现金",
    "agent_cheques": "催收员持有的支票",
    "clearing": "已向钱包、银行或卡机构申报，尚未确认",
    "handed_over": "已申报交接，尚未清点",
    "in_transfer": "催收员之间转交，目前仅一方上报",
    "lost": "经两人批准的遗失、被盗或假币",
    "branch_cash": "网点已清点",
    "deposited": "网点已存入银行",
    "bank": "对账单显示已到账",
    "float_issued": "网点发出的备用金",
    "void_pending": "称已当场退还，尚未确认",
    "over_short": "清点、申报与应有之间的差额",
    "collected": "由上门到账户的过渡，始终归零",
    "debt": "客户欠款的减少",
    "credit": "应付客户",
    "suspense": "已收取，归属未明",
    "witnessed_unreported": "客户出示收据，手机未上报",
    "external": "在别处付给债权方",
    "remitted": "已转付债权方",
    "refund": "已批准退款，尚未支付",
}
"""The same in Chinese."""

_HOLDINGS = {"cash": "agent_cash", "cheque": "agent_cheques"}


def agent_holding(method: str, agent: str) -> str:
    """Where a payment by this method is until somebody confirms or counts it."""
    family = _HOLDINGS.get(method)
    return f"{family}:{agent}" if family else clearing(method)


def is_shared(place: str) -> bool:
    """Whether postings of many accounts meet there."""
    return place.partition(":")[0] not in OWN_FAMILIES


def bank(provider: str) -> str:
    """What a provider's statements say arrived."""
    return f"bank:{provider}"


def bank_cash(branch: str) -> str:
    """What the bank's statements say arrived of a branch's deposits."""
    return f"bank:cash/{branch}"


def branch_cash(branch: str) -> str:
    """Cash counted at a branch."""
    return f"branch_cash:{branch}"


def clearing(method: str) -> str:
    """Claimed from whoever settles this method."""
    return f"clearing:{method}"


def collected(account: str) -> str:
    """The passage between the payment's own posting and the account's allocation."""
    return f"collected:{account}"


def credit(account: str) -> str:
    """Owed to the customer."""
    return f"credit:{account}"


def debt(account: str) -> str:
    """Owed by the customer."""
    return f"debt:{account}"


def deposited(branch: str) -> str:
    """Branch cash on its way into the bank's books."""
    return f"deposited:{branch}"


def external(account: str) -> str:
    """Paid to the creditor without us."""
    return f"external:{account}"


def float_issued(branch: str) -> str:
    """Where an agent's opening float comes from."""
    return f"float_issued:{branch}"


def handed_over(agent: str, service_day: str) -> str:
    """Declared by the agent, not yet counted."""
    return f"handed_over:{agent}/{service_day}"


def in_transfer(transfer: str) -> str:
    """On the way from one agent to another, under the id that both phones journal."""
    return f"in_transfer:{transfer}"


def lost(agent: str) -> str:
    """Approved losses of one agent."""
    return f"lost:{agent}"


def over_short(agent: str) -> str:
    """Over and short of one agent."""
    return f"over_short:{agent}"


def refund(account: str) -> str:
    """Authorised to be paid back to an account's customer."""
    return f"refund:{account}"


def remitted(creditor: str) -> str:
    """Passed to a creditor in batches."""
    return f"remitted:{creditor}"


def suspense(subject: str) -> str:
    """Not yet known for whom."""
    return f"suspense:{subject}"


def void_pending(agent: str) -> str:
    """Said to be paid back, not confirmed."""
    return f"void_pending:{agent}"


def witnessed_unreported(key_id: str) -> str:
    """Of a device key: receipts that customers hold and no operation carries."""
    return f"witnessed_unreported:{key_id}"
