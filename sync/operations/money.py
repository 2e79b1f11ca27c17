"""What the office writes about money after it left the door: deposits, settlement statements and how they fit.

A settlement line says what a provider (a wallet, a bank, a card acquirer) says arrived, or took back. Its amount is
never negative; `reversed` says the direction. Lines and payments meet under ``settlement:provider/order``.
"""

from __future__ import annotations

from typing import Literal

from sync.operations.field import _Body

__all__ = [
    "BranchCashDeposited",
    "MoneyBody",
    "Provider",
    "SettlementLineImported",
    "SettlementMatched",
    "SettlementOverdue",
]

Provider = Literal["alipay", "wechat", "transfer", "card", "cheque"]
"""Who settles: the methods of payment that are not cash."""


class BranchCashDeposited(_Body, frozen=True, tag=True):
    """A branch paid counted cash in at its bank; `slip` is the number on the bank's slip."""

    branch: str
    service_day: str
    amount_minor: int
    currency: str
    slip: str
    bank: str = ""
    basis: str = ""


class SettlementLineImported(_Body, frozen=True, tag=True):
    """One line of a provider's statement, `line` counted from 1; `order` is the provider's number of the payment."""

    statement: str
    line: int
    provider: Provider
    order: str
    amount_minor: int
    currency: str
    at_ms: int
    reversed: bool = False
    payer_hint: str = ""
    """What the payer wrote that may name an account: its id or last digits, never a name."""


class SettlementMatched(_Body, frozen=True, tag=True):
    """A payment without the provider's order number belongs to this order, by rule or by a person."""

    provider: Provider
    order: str
    series: str
    """Receipt series of the payment."""
    means: Literal["amount_time", "amount_time_account", "person"]
    confidence: int
    """Percent."""
    basis: str = ""


class SettlementOverdue(_Body, frozen=True, tag=True):
    """By the office's deadline statement and payments under this order do not agree; a rule about absence."""

    settlement: str
    """``provider/order``."""
    deadline_ms: int


MoneyBody = BranchCashDeposited | SettlementLineImported | SettlementMatched | SettlementOverdue
"""Every body of this module."""
