"""What the office writes about money after it left the door: deposits, statements, remittances and refunds.

A settlement line says what a provider (a wallet, a bank, a card acquirer) says arrived, or took back. Its amount is
never negative; `reversed` says the direction. Lines and payments meet under ``settlement:provider/order``; a branch's
deposit meets the bank's line under ``settlement:deposit/slip``.

What has arrived is passed to the creditor in batches, numbered per creditor without a gap: one
`RemittanceBatchNumbered` and, in the same transaction, one `PaymentRemitted` for each line. The creditor may reject
single lines. A refund is authorised by one person and paid out by another.
"""

from __future__ import annotations

from typing import Literal

from sync.operations.field import _Body

__all__ = [
    "BranchCashDeposited",
    "MoneyBody",
    "PaymentMoved",
    "PaymentRemitted",
    "Provider",
    "RefundAuthorised",
    "RefundPaid",
    "RejectionReason",
    "RemittanceBatchNumbered",
    "RemittanceRejected",
    "SettlementLineImported",
    "SettlementMatched",
    "SettlementOverdue",
]

Provider = Literal["alipay", "wechat", "transfer", "card", "cheque", "deposit"]
"""Who settles: the methods of payment that are not cash, and the bank that takes a branch's cash (`deposit`)."""

RejectionReason = Literal["account_unknown", "account_closed", "recalled", "amount", "reference", "duplicate", "other"]
"""Why a creditor does not take a line. The first three leave the money without an account: it waits in suspense;
with the others it is payable again."""


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


class RemittanceBatchNumbered(_Body, frozen=True, tag=True):
    """A batch of cleared money was passed to a creditor; compare-and-set on the creditor's batches."""

    creditor: str
    number: int
    """Counted per creditor from 1, without a gap."""
    day: str
    """``YYYY-MM-DD``, local: the day in whose books the lines stand."""
    currency: str
    amount_minor: int
    lines: int
    lines_sha256: str
    """Of the batch's CSV, which follows from its lines."""
    basis: str = ""


class PaymentRemitted(_Body, frozen=True, tag=True):
    """One line of a batch: what of a payment goes to the creditor. `payment` is the hash of its operation."""

    creditor: str
    batch: int
    line: int
    """Counted from 1 within the batch."""
    payment: str
    series: str
    account: str
    amount_minor: int
    currency: str
    method: str
    branch: str
    """Whose payment it was; of cash also whose deposits it is taken from."""
    day: str


class RemittanceRejected(_Body, frozen=True, tag=True):
    """The creditor does not take a line; its money returns, and may be in a later batch."""

    creditor: str
    batch: int
    line: int
    payment: str
    series: str
    account: str
    reason: RejectionReason
    day: str
    note: str = ""


class PaymentMoved(_Body, frozen=True, tag=True):
    """Money that waited on one account belongs to another; written with the decision `move` on `rule`."""

    payment: str
    series: str
    from_account: str
    to_account: str
    rule: str
    second: str = ""
    """Who stands behind it too, where the rule is an alarm about money."""


class RefundAuthorised(_Body, frozen=True, tag=True):
    """Money that is a customer's, or waits for nobody known, shall be paid back; rests on a decision `refund`."""

    refund: str
    account: str
    amount_minor: int
    currency: str
    source: Literal["credit", "suspense"]
    decision: str
    """Hash of the `DiscrepancyDecided`; ``restore:`` and that of the `RollbackNoticed` for one that was forgotten."""
    second: str = ""
    """Who stands behind it too, where the decision was on an alarm about money or it was forgotten."""
    basis: str = ""


class RefundPaid(_Body, frozen=True, tag=True):
    """An authorised refund left the branch's cash or the bank, by another person's hand."""

    refund: str
    account: str
    amount_minor: int
    currency: str
    branch: str
    service_day: str
    provider: str = ""
    """From whose settled money it was transferred; empty: cash of the branch."""
    slip: str = ""
    basis: str = ""


MoneyBody = (
    BranchCashDeposited
    | SettlementLineImported
    | SettlementMatched
    | SettlementOverdue
    | RemittanceBatchNumbered
    | PaymentRemitted
    | RemittanceRejected
    | PaymentMoved
    | RefundAuthorised
    | RefundPaid
)
"""Every body of this module."""
