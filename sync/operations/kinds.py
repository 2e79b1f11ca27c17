"""Each kind of operation: its name, who may write it, and which aggregates it touches.

A touch is a key ``family:identifier``. Families: `account`, `visit`, `customer`, `drawer` (agent/service day),
`payment` (receipt series), `transfer`, `loss` (device/epoch/number), `settlement` (provider/order), `creditor`,
`remittance` (creditor/batch), `notice`, `device`, `branch`; and `holder` (customer), which is only an index. Keys come
from the operation's own bytes only.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from functools import lru_cache
from typing import Any, get_args

from sync.encoding import is_hash
from sync.operations import field as f
from sync.operations import money as m
from sync.operations import office as o
from sync.operations.envelope import Operation

__all__ = [
    "FIELD_KINDS",
    "INDEX_FAMILIES",
    "KINDS",
    "OFFICE_KINDS",
    "ROLES",
    "drawer_key",
    "kind_of",
    "loss_key",
    "roles_allowed",
    "series_of",
    "settlement_key",
    "side_records_of",
    "touches",
]

FIELD_KINDS: frozenset[str] = frozenset(kind.__name__ for kind in get_args(f.FieldBody))
OFFICE_KINDS: frozenset[str] = frozenset(kind.__name__ for kind in get_args(o.OfficeBody))
KINDS = FIELD_KINDS | OFFICE_KINDS

ROLES = ("system", "admin", "supervisor", "cashier", "compliance", "auditor", "creditor")
"""Roles at the office; `system` is a server process acting by rule."""

INDEX_FAMILIES = frozenset({"holder"})
"""Families that only find operations, and are never folded: ``holder:customer`` finds the imports of their accounts."""

_PEOPLE = {
    "DiscrepancyDecided": frozenset({"supervisor", "compliance"}),
    "VisitCancelled": frozenset({"supervisor", "admin", "system"}),
    "VisitMoved": frozenset({"supervisor", "admin", "system"}),
    "VisitAssigned": frozenset({"supervisor", "admin", "system"}),
    "VisitPlanned": frozenset({"supervisor", "admin", "system"}),
    "NoticeIssued": frozenset({"supervisor", "admin", "system", "creditor"}),
    "NoticeWithdrawn": frozenset({"supervisor", "admin", "system", "creditor"}),
    "AccountImported": frozenset({"admin", "system", "creditor", "supervisor"}),
    "ExternalPaymentRecorded": frozenset({"admin", "system", "creditor", "supervisor", "cashier"}),
    "AgentRegistered": frozenset({"admin", "supervisor"}),
    "DeviceRevoked": frozenset({"supervisor", "admin"}),
    "DeviceLocked": frozenset({"supervisor", "admin"}),
    "DeviceUnlocked": frozenset({"supervisor", "admin"}),
    "RecoveryAnswered": frozenset({"supervisor", "admin"}),
    "JournalLost": frozenset({"supervisor", "admin"}),
    "CashCounted": frozenset({"cashier"}),
    "DayClosed": frozenset({"supervisor", "cashier"}),
    "BranchCashDeposited": frozenset({"cashier"}),
    "SettlementLineImported": frozenset({"cashier", "admin"}),
    "SettlementMatched": frozenset({"system", "cashier", "supervisor"}),
    "RemittanceBatchNumbered": frozenset({"cashier", "supervisor"}),
    "PaymentRemitted": frozenset({"cashier", "supervisor"}),
    "RemittanceRejected": frozenset({"creditor", "cashier", "admin"}),
    "PaymentMoved": frozenset({"supervisor", "compliance"}),
    "RefundAuthorised": frozenset({"supervisor"}),
    "RefundPaid": frozenset({"cashier"}),
    "DetailsVerified": frozenset({"supervisor", "admin", "system"}),
    "IdentityJudged": frozenset({"system", "supervisor"}),
    "VoidConfirmed": frozenset({"system", "supervisor"}),
}
_SYSTEM = frozenset({"system"})


def kind_of(operation: Operation) -> str:
    """The kind's name, as on the wire."""
    return type(operation.body).__name__


def roles_allowed(kind: str) -> frozenset[str]:
    """Office roles that may write an office kind; empty for kinds of the field."""
    return frozenset() if kind in FIELD_KINDS else _PEOPLE.get(kind, _SYSTEM)


def series_of(receipt: str) -> str:
    """``key id/epoch/number`` of a receipt (120 bytes as base64url), or empty if it is not one.

    Reads a slice of the bytes only, so that it is cheap and works for every receipt, understood or not.
    """
    return _series(receipt[:28]) if len(receipt) == _RECEIPT_CHARACTERS else ""


@lru_cache(maxsize=4_096)
def _series(head: str) -> str:
    """Every fold that a payment concerns asks for it, so it is remembered for as many as a run holds."""
    try:
        data = binascii.a2b_base64(head.translate(_URL_ALPHABET), strict_mode=True)
    except (ValueError, binascii.Error):
        return ""
    return f"{data[1:9].hex()}/{int.from_bytes(data[9:11], 'big')}/{int.from_bytes(data[15:19], 'big')}"


_RECEIPT_CHARACTERS = 160
_URL_ALPHABET = str.maketrans("-_", "+/")


def side_records_of(operation: Operation) -> tuple[str, ...]:
    """Hashes of the side records that the operation names, in the order of its fields."""
    found: list[str] = []
    for name in _SIDE_RECORDS_OF[type(operation.body)]:
        value = getattr(operation.body, name)
        found += [value] if isinstance(value, str) else list(value)
    return tuple(hash_ for hash_ in found if is_hash(hash_))


_SIDE_RECORD_FIELDS = (
    "sealed", "void_code", "evidence", "value", "note", "slip", "terms_sha256", "details", "photo", "code",
)  # fmt: skip
_SIDE_RECORDS_OF: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in _SIDE_RECORD_FIELDS if name in kind.__struct_fields__)
    for kind in (*get_args(f.FieldBody), *get_args(o.OfficeBody))
}
"""Most kinds have none of these fields; every operation is asked."""


def drawer_key(pack: str) -> str:
    """``drawer:agent/YYYY-MM-DD`` of the pack that an operation names; empty without one."""
    day, _, agent = pack.partition("/")
    return f"drawer:{agent}/{day}" if agent else ""


def loss_key(operation: Operation) -> str:
    """``loss:device/epoch/seq``: a loss of cash is named by its place in its journal."""
    return f"loss:{operation.device}/{operation.epoch}/{operation.seq}"


def settlement_key(body: f.PaymentCollected) -> str:
    """``settlement:provider/order`` under which a statement will name this payment; empty for cash.

    Without an order number it is the receipt's own place, until the payment is matched with an order.
    """
    if body.method == "cash":
        return ""
    order = (body.cheque if body.method == "cheque" else "") or body.provider_order
    return f"settlement:{body.method}/{order or f'receipt/{series_of(body.receipt)}'}"


def _payment(body: f.PaymentCollected) -> list[str]:
    series = series_of(body.receipt)
    keys = [f"account:{body.account}", settlement_key(body), *_visit(body)]
    return [*keys, f"payment:{series}"] if series else keys


def _void(body: f.PaymentVoided) -> list[str]:
    keys = [f"account:{body.account}", f"payment:{body.voided}", *_visit(body)]
    own = series_of(body.receipt)
    return [*keys, f"payment:{own}"] if own else keys


def _visit_account_customer(body: Any) -> list[str]:
    return [f"visit:{body.visit}", f"account:{body.account}", f"customer:{body.customer}"]


def _visit_account(body: Any) -> list[str]:
    return [f"visit:{body.visit}", f"account:{body.account}"]


def _visit(body: Any) -> list[str]:
    return [f"visit:{body.visit}"] if body.visit else []


def _drawer_only(_body: Any) -> list[str]:
    return []


def _account(body: Any) -> list[str]:
    return [f"account:{body.account}"]


def _remitted(body: Any) -> list[str]:
    return [f"remittance:{body.creditor}/{body.batch}", f"payment:{body.series}", f"account:{body.account}"]


_TOUCHES: dict[type, Callable[[Any], list[str]]] = {
    f.VisitStarted: _visit,
    f.CompanionConfirmed: _visit,
    f.IdentityChecked: _visit,
    f.PaymentCollected: _payment,
    f.PaymentVoided: _void,
    f.NoticeDelivered: lambda b: [f"visit:{b.visit}", f"notice:{b.notice}"],
    f.ContactMade: lambda b: [f"customer:{b.customer}", *_visit(b)],
    f.VisitConcluded: lambda b: [f"customer:{b.customer}", *_visit(b)],
    f.PromiseMade: _visit_account,
    f.PlanProposed: _visit_account,
    f.DetailsReported: lambda b: [f"customer:{b.customer}"],
    f.NoteTaken: _visit,
    f.SafetyRaised: _visit,
    f.CashHandedOver: _drawer_only,
    f.CashDeposited: lambda b: [f"settlement:deposit/{b.slip_number}"] if b.slip_number else [],
    f.CashTransferred: lambda b: [f"transfer:{b.transfer}"],
    f.CashLossReported: _drawer_only,
    f.DayEnded: _drawer_only,
    o.AgentRegistered: lambda b: [f"branch:{b.branch}"],
    o.DeviceEnrolled: lambda b: [f"device:{b.device}"],
    o.EpochOpened: lambda b: [f"device:{b.device}"],
    o.DeviceRevoked: lambda b: [f"device:{b.device}"],
    o.DeviceLocked: lambda b: [f"device:{b.device}"],
    o.DeviceUnlocked: lambda b: [f"device:{b.device}"],
    o.RecoveryAnswered: lambda b: [f"device:{b.device}"],
    o.JournalLost: lambda b: [f"device:{b.device}", drawer_key(b.pack)] if b.pack else [f"device:{b.device}"],
    o.ExchangeReceived: lambda b: [drawer_key(b.pack)],
    o.PackIssued: lambda b: [drawer_key(b.pack)],
    o.AccountImported: lambda b: [f"account:{b.account}", f"holder:{b.customer}"],
    o.ExternalPaymentRecorded: _account,
    o.NoticeIssued: lambda b: [f"notice:{b.notice}"],
    o.NoticeWithdrawn: lambda b: [f"notice:{b.notice}"],
    o.VisitPlanned: _visit_account_customer,
    o.VisitAssigned: _visit,
    o.VisitMoved: _visit,
    o.VisitCancelled: _visit,
    o.ReceiptWitnessed: lambda b: [f"payment:{series}"] if (series := series_of(b.receipt)) else [],
    o.ReceiptCheckAnswered: lambda b: [f"payment:{b.series}"],
    o.ReceiptUnreported: lambda b: [f"payment:{b.series}"],
    o.VoidConfirmed: lambda b: [f"payment:{b.voided}"],
    o.IdentityJudged: _visit,
    o.PromiseJudged: _account,
    o.DetailsVerified: lambda b: [f"customer:{b.customer}"],
    o.DiscrepancyDecided: lambda b: [b.subject],
    o.CashCounted: lambda b: [f"drawer:{b.agent}/{b.service_day}"],
    m.BranchCashDeposited: lambda b: [f"branch:{b.branch}", f"settlement:deposit/{b.slip}"],
    m.SettlementLineImported: lambda b: [f"settlement:{b.provider}/{b.order}"],
    m.SettlementMatched: lambda b: [f"settlement:{b.provider}/{b.order}", f"payment:{b.series}"],
    m.SettlementOverdue: lambda b: [f"settlement:{b.settlement}"],
    m.RemittanceBatchNumbered: lambda b: [f"creditor:{b.creditor}", f"remittance:{b.creditor}/{b.number}"],
    m.PaymentRemitted: _remitted,
    m.RemittanceRejected: _remitted,
    m.PaymentMoved: lambda b: [f"payment:{b.series}", f"account:{b.from_account}", f"account:{b.to_account}"],
    m.RefundAuthorised: _account,
    m.RefundPaid: lambda b: [f"account:{b.account}", f"branch:{b.branch}"],
    o.DayClosed: lambda b: [f"branch:{b.branch}", *(f"drawer:{agent}/{b.service_day}" for agent in b.agents)],
}


def touches(operation: Operation) -> tuple[str, ...]:
    """The aggregates this operation touches by its own bytes, sorted, each once."""
    found = _TOUCHES.get(type(operation.body))
    keys = set(found(operation.body)) if found else set()
    if isinstance(operation.body, f.CashLossReported):
        keys.add(loss_key(operation))
    if operation.pack and type(operation.body).__name__ in FIELD_KINDS:
        keys.add(drawer_key(operation.pack))
    keys.discard("")
    return tuple(sorted(keys))
