"""What a device may write: the bodies of the operations that happen at the door and in the street.

Every body is one fact, named in the past tense. Personal content (a note, a phone number, a recipient's name,
the sealed answer to an identity check) is a *side record*: the body carries its SHA-256 only. Amounts are minor
units. New fields get defaults; types never change.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "CashDeposited",
    "CashHandedOver",
    "CashLossReported",
    "CashTransferred",
    "CompanionConfirmed",
    "ContactMade",
    "DayEnded",
    "Denomination",
    "DetailsReported",
    "FieldBody",
    "IdentityChecked",
    "NoteTaken",
    "NoticeDelivered",
    "PaymentCollected",
    "PaymentVoided",
    "PlanProposed",
    "PromiseMade",
    "SafetyRaised",
    "VisitConcluded",
    "VisitStarted",
]

Method = Literal["cash", "alipay", "wechat", "transfer", "card", "cheque"]


class _Body(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
):
    """Shared settings: strict, immutable, defaults left out on the wire."""


class Denomination(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of one face value."""

    face_minor: int
    count: int


class VisitStarted(_Body, frozen=True, tag=True):
    """The agent arrived; the envelope's position says where."""

    visit: str


class CompanionConfirmed(_Body, frozen=True, tag=True):
    """The second person confirmed with their own badge."""

    visit: str
    companion: str
    proof: str


class IdentityChecked(_Body, frozen=True, tag=True):
    """A check at the door; `sealed` names the side record with the answer, sealed to the office."""

    visit: str
    account: str
    customer: str
    method: Literal["visit_code", "document_digits", "signature", "photo"]
    result: Literal["answered", "refused", "third_party"]
    sealed: str = ""


class PaymentCollected(_Body, frozen=True, tag=True):
    """Money taken; `receipt` is the 120 signed bytes (base64url) that the customer was shown."""

    visit: str
    account: str
    customer: str
    amount_minor: int
    currency: str
    method: Method
    receipt: str
    provider_order: str = ""
    cheque: str = ""
    payer: Literal["customer", "third_party"] = "customer"


class PaymentVoided(_Body, frozen=True, tag=True):
    """The agent takes a payment back; `payment` is the hash of its operation, `receipt` the void's own."""

    visit: str
    account: str
    payment: str
    voided: str
    """The receipt series of the voided payment: ``key id/epoch/number``."""
    reason: Literal["typing_error", "customer_changed_mind", "wrong_account", "instrument_failed", "other"]
    receipt: str
    void_code: str = ""
    """Side record with the sealed void code, where the customer gave it."""


class NoticeDelivered(_Body, frozen=True, tag=True):
    """A letter left the agent's hands."""

    visit: str
    account: str
    notice: str
    version: int
    manner: Literal["handed_sealed", "handed_open", "posted", "refused"]
    recipient: Literal["customer", "household", "neighbour", "nobody"]
    evidence: tuple[str, ...] = ()


class ContactMade(_Body, frozen=True, tag=True):
    """A contact outside a visit, or an attempt."""

    customer: str
    account: str
    channel: Literal["visit", "call", "message", "letter"]
    effective: bool
    visit: str = ""


class VisitConcluded(_Body, frozen=True, tag=True):
    """The visit is over; `reason` is the coded outcome."""

    visit: str
    account: str
    customer: str
    reason: Literal[
        "paid",
        "part_paid",
        "promised",
        "refused",
        "nobody_home",
        "moved",
        "third_party",
        "delivered",
        "unsafe",
    ]
    sub_reason: str = ""
    next_action: str = ""


class PromiseMade(_Body, frozen=True, tag=True):
    """The customer promises to pay by a day (`YYYY-MM-DD`)."""

    visit: str
    account: str
    customer: str
    amount_minor: int
    currency: str
    due: str


class PlanProposed(_Body, frozen=True, tag=True):
    """Terms of a repayment plan that the agent and the customer drew up (`sync.repayment.Terms`).

    `total_minor` is the debt that the plan is about, before any reduction; the first instalment is due on `first_due`,
    or so many months later in a deferral. Before `deferral_months` was there, a deferral gave its months as `periods`,
    and a reduction did not say how much it waives.
    """

    visit: str
    account: str
    customer: str
    scheme: Literal["deferral", "equal_instalments", "equal_principal", "reduction"]
    total_minor: int
    currency: str
    periods: int
    first_due: str
    terms_sha256: str = ""
    rate_bp: int = 0
    """Interest a year in basis points."""
    reduction_bp: int = 0
    """The part of the debt that is waived, in basis points."""
    deferral_months: int = 0


class DetailsReported(_Body, frozen=True, tag=True):
    """A contact field as told at the door; `value` names a side record."""

    visit: str
    customer: str
    field: Literal["phone", "address", "email", "employer", "language"]
    value: str


class NoteTaken(_Body, frozen=True, tag=True):
    """A note; its text is a side record."""

    visit: str
    note: str


class SafetyRaised(_Body, frozen=True, tag=True):
    """The agent felt unsafe or called for help."""

    level: Literal["uneasy", "threatened", "emergency"]
    visit: str = ""
    note: str = ""


class CashHandedOver(_Body, frozen=True, tag=True):
    """What the agent declares to hand over, by denomination; the cashier counts blind."""

    amount_minor: int
    currency: str
    denominations: tuple[Denomination, ...] = ()


class CashDeposited(_Body, frozen=True, tag=True):
    """The agent's own deposit at a bank; `slip` names the photo of the slip."""

    amount_minor: int
    currency: str
    bank: str
    slip: str = ""
    slip_number: str = ""
    """What the bank printed on it: under this number the bank's statement shows the deposit."""


class CashTransferred(_Body, frozen=True, tag=True):
    """Cash from one agent to another; both phones journal the same transfer id."""

    transfer: str
    from_agent: str
    to_agent: str
    amount_minor: int
    currency: str


class CashLossReported(_Body, frozen=True, tag=True):
    """Lost, stolen or counterfeit cash; counts only when two persons at the office approve."""

    amount_minor: int
    currency: str
    cause: Literal["lost", "stolen", "counterfeit"]
    note: str = ""


class DayEnded(_Body, frozen=True, tag=True):
    """The tail of a day: what the office may expect to hold. `seq` is this operation's own number."""

    seq: int
    receipt_last: int
    receipts: int
    cash_minor: int
    currency: str
    concluded: int


FieldBody = (
    VisitStarted
    | CompanionConfirmed
    | IdentityChecked
    | PaymentCollected
    | PaymentVoided
    | NoticeDelivered
    | ContactMade
    | VisitConcluded
    | PromiseMade
    | PlanProposed
    | DetailsReported
    | NoteTaken
    | SafetyRaised
    | CashHandedOver
    | CashDeposited
    | CashTransferred
    | CashLossReported
    | DayEnded
)
"""Every body that a device may author, for its own agent."""
