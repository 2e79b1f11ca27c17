"""Which Python types the phone app needs, and under which names their coded words are known there."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from sync import messages, recovery
from sync.clock import Seen
from sync.operations import envelope, field, office

__all__ = ["FIELD_BODIES", "MESSAGES", "OFFICE_BODIES", "PARTS", "WORDS", "named_words"]

FIELD_BODIES: Final[tuple[type, ...]] = get_args(field.FieldBody)
OFFICE_BODIES: Final[tuple[type, ...]] = get_args(office.OfficeBody)

PARTS: Final[tuple[type, ...]] = (
    Seen,
    envelope.Position,
    envelope.Actor,
    field.Denomination,
)
"""What operations hold besides plain values and the phone writes itself."""

MESSAGES: Final[tuple[type, ...]] = (
    messages.Signed,
    messages.Cursor,
    messages.ClockClaim,
    messages.Claims,
    messages.SideRecordMessage,
    messages.ExchangeRequest,
    messages.Acknowledgement,
    messages.Resend,
    messages.EpochGrant,
    messages.DocumentChange,
    messages.ExchangeAnswer,
    messages.EpochRequest,
    messages.EnrolRequest,
    messages.PublishedKey,
    messages.PublishedKeys,
    messages.EnrolAnswer,
    messages.Pack,
    messages.VisitDocument,
    messages.NoticeDocument,
    messages.BadgeCertificate,
    messages.BadgeDocument,
    messages.JournalDocument,
    messages.VerdictDocument,
    recovery.RecoveryRequest,
    recovery.RecoveryAnswer,
)
"""Every message and document that a phone reads or writes."""

WORDS: Final[dict[tuple[str, str], str]] = {
    ("IdentityChecked", "method"): "IdentityMethod",
    ("IdentityChecked", "result"): "IdentityResult",
    ("PaymentCollected", "method"): "Method",
    ("PaymentCollected", "payer"): "Payer",
    ("PaymentVoided", "reason"): "VoidReason",
    ("NoticeDelivered", "manner"): "Manner",
    ("NoticeDelivered", "recipient"): "Recipient",
    ("ContactMade", "channel"): "ContactChannel",
    ("VisitConcluded", "reason"): "VisitReason",
    ("PlanProposed", "scheme"): "Scheme",
    ("DetailsReported", "field"): "DetailField",
    ("SafetyRaised", "level"): "SafetyLevel",
    ("CashLossReported", "cause"): "LossCause",
    ("EpochRequest", "reason"): "EpochReason",
    ("PublishedKey", "use"): "KeyUse",
    ("VerdictDocument", "verdict"): "VerdictWord",
}
"""(type, member) with coded words → the name of its words in TypeScript; a new one has to be named here."""


def named_words() -> dict[str, tuple[str, ...]]:
    """Name → the words that may stand there, in the order of their declaration. Raises KeyError for a name missing."""
    found: dict[str, tuple[str, ...]] = {}
    for source in (*FIELD_BODIES, *MESSAGES):
        for member, hint in get_type_hints(source).items():
            if get_origin(hint) is Literal:
                found[WORDS[source.__name__, member]] = _words(hint)
    return found


def _words(hint: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in get_args(hint))
