"""Where money can be: the names of the ledger's places, ``family:identifier``.

Every unit is in exactly one place on each side. What was collected passes through `collected`, which is zero for
every account once both folds concerned (payment and account) have run.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "OWN_FAMILIES",
    "PLACE_FAMILIES",
    "agent_holding",
    "bank",
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
}
"""Family → what is there."""

OWN_FAMILIES: Final = frozenset({"collected", "credit", "debt", "external", "refund", "suspense"})
"""Families whose places belong to one account or subject each; all others are shared by many."""

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


def suspense(subject: str) -> str:
    """Not yet known for whom."""
    return f"suspense:{subject}"


def void_pending(agent: str) -> str:
    """Said to be paid back, not confirmed."""
    return f"void_pending:{agent}"


def witnessed_unreported(key_id: str) -> str:
    """Of a device key: receipts that customers hold and no operation carries."""
    return f"witnessed_unreported:{key_id}"
