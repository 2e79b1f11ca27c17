"""Who may write what: a device for its own agent, an office role for each kind of the office's own.

From another author an operation is kept, has no effect, and raises AUTHOR-NOT-ALLOWED.
"""

from __future__ import annotations

from sync.operations.envelope import Operation
from sync.operations.field import (
    CashDeposited,
    CashHandedOver,
    CashLossReported,
    CashTransferred,
    DayEnded,
    PaymentCollected,
    PaymentVoided,
)
from sync.operations.kinds import FIELD_KINDS, kind_of, roles_allowed, series_of
from sync.operations.understand import Held
from sync.reconcile.facts import Author

__all__ = ["author_fault"]


_OF_A_DRAWER = (
    PaymentCollected,
    PaymentVoided,
    CashHandedOver,
    CashDeposited,
    CashTransferred,
    CashLossReported,
    DayEnded,
)


def author_fault(operation: Operation, author: Author) -> Held | None:
    """Why this author may not write this, or None."""
    kind = kind_of(operation)
    if kind in FIELD_KINDS:
        return _field_fault(operation, author, kind)
    if not author.is_office:
        return Held("AUTHOR-NOT-ALLOWED", f"{kind} is the office's to write, and device {author.device} is a phone's.")
    allowed = roles_allowed(kind)
    role = operation.by.role if operation.by else "system"
    if role not in allowed:
        return Held("AUTHOR-NOT-ALLOWED", f"{kind} needs one of the roles {', '.join(sorted(allowed))}, not {role!r}.")
    return None


def _field_fault(operation: Operation, author: Author, kind: str) -> Held | None:
    if author.is_office:
        return Held("AUTHOR-NOT-ALLOWED", f"{kind} happens at the door and is a device's to write.")
    day, _, agent = operation.pack.partition("/")
    if operation.pack and agent != author.agent:
        return Held(
            "AUTHOR-NOT-ALLOWED", f"The device is {author.agent}'s, and the operation names the pack of {agent[:40]!r}."
        )
    body = operation.body
    if isinstance(body, _OF_A_DRAWER) and not (day and agent):
        return Held("OPERATION-MALFORMED", f"It is kept, but has no effect: {kind} names no pack, so no drawer.")
    if isinstance(body, PaymentCollected | PaymentVoided) and not series_of(body.receipt):
        # Without a number there is no aggregate that could hold the door's side of it, and books would not balance.
        return Held("OPERATION-MALFORMED", f"It is kept, but has no effect: {kind} carries no receipt of 120 bytes.")
    if isinstance(body, CashTransferred) and body.from_agent == body.to_agent:
        return Held("OPERATION-MALFORMED", "It is kept, but has no effect: a transfer from an agent to the same one.")
    if isinstance(body, CashTransferred) and author.agent not in {body.from_agent, body.to_agent}:
        return Held("AUTHOR-NOT-ALLOWED", f"A transfer between others is not {author.agent}'s to write.")
    return None
