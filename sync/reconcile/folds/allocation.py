"""How the payments of one account are split: debt, credit, suspense, refund.

What the creditor has already comes first: payments elsewhere, then our remittance lines, since nobody asks for it
back to give the place to another payment. Lines that the statement has absorbed reduce what is owed no more; they are
in its amounts. The rest is applied in canonical order: debt down to zero, then the customer's credit. What is
authorised to be refunded is promised to the customer and reduces nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sync.operations.office import AccountImported
from sync.reconcile.payment_status import PaymentStatus
from sync.reconcile.refunds import RefundStanding
from sync.reconcile.remitted_lines import RemittedLine

__all__ = ["Allocation", "allocate"]


class Allocation(msgspec.Struct, frozen=True):
    """How one payment of ours was split; debt, credit, suspense and refund add up to what stands of it."""

    status: PaymentStatus
    debt_minor: int
    credit_minor: int
    suspense_minor: int
    why: str = ""
    """Why it waits in suspense unless a decision lets it through: what is unknown (`account`, `currency`, `visit`),
    or how the account stood by what the office knew (`recalled`, `ceased`, `moratorium`, `disputed`, `written_off`)."""
    refund_minor: int = 0
    """Authorised to be paid back, paid out or not."""
    remitted_minor: int = 0
    """What the creditor has of it."""
    absorbed_minor: int = 0
    """What of that the latest statement has in its amounts."""

    @property
    def payable_minor(self) -> int:
        """What reduced the debt and is still to be passed on."""
        return max(0, self.debt_minor - self.remitted_minor)


class _Share(msgspec.Struct):
    """One payment while it is being split."""

    status: PaymentStatus
    why: str
    waits: bool
    absorbed: int
    sent: int
    returned: int
    """Came back from the creditor without an account to go to, and nobody decided that it may go there again."""
    refund: int = 0
    debt: int = 0
    credit: int = 0

    @property
    def free(self) -> int:
        """What neither the creditor has nor the customer is to get back."""
        return max(0, self.status.amount_minor - self.absorbed - self.sent - self.refund)


def allocate(
    reasons: Sequence[tuple[PaymentStatus, str, bool]],
    lines: Mapping[str, Sequence[RemittedLine]],
    refunds: Iterable[RefundStanding],
    statement: AccountImported | None,
    left_minor: int,
    *,
    returns_accepted: bool,
) -> tuple[tuple[Allocation, ...], int]:
    """Split payments, given in canonical order as (status, why it waits, whether it does); and the debt that is left.

    `left_minor` is what the statement says is owed, less payments elsewhere. The creditor may have more of a payment
    than stands of it (it was reversed later); then what it has more is nobody's debt.
    """
    shares = [_share(*reason, lines, statement, returns_accepted) for reason in reasons]
    for refund in refunds:
        _reserve(refund, shares)
    left = left_minor
    code = statement.currency if statement else ""
    for share in shares:
        share.debt += share.absorbed
    for share in shares:
        left -= _apply(share, share.sent, left if share.status.body.currency == code else 0)
    suspense: dict[int, int] = {}
    for place, share in enumerate(shares):
        suspense[place] = share.free if share.waits else min(share.free, share.returned)
        left -= _apply(share, share.free - suspense[place], left if share.status.body.currency == code else 0)
    allocations = tuple(
        Allocation(
            share.status,
            share.debt,
            share.credit,
            suspense[place],
            share.why,
            share.refund,
            share.absorbed + share.sent,
            share.absorbed,
        )
        for place, share in enumerate(shares)
    )
    return allocations, left


def _apply(share: _Share, amount: int, left: int) -> int:
    """Apply an amount to what is left of the debt, the rest to the customer's credit; what the debt took."""
    to_debt = min(amount, left)
    share.debt += to_debt
    share.credit += amount - to_debt
    return to_debt


def _share(
    status: PaymentStatus,
    why: str,
    waits: bool,
    lines: Mapping[str, Sequence[RemittedLine]],
    statement: AccountImported | None,
    returns_accepted: bool,
) -> _Share:
    mine = lines.get(status.fact.hash, ())
    absorbed = sum(line.body.amount_minor for line in mine if line.live and _is_absorbed(line, statement))
    sent = sum(line.body.amount_minor for line in mine if line.live) - absorbed
    returned = 0 if returns_accepted else sum(line.body.amount_minor for line in mine if line.in_suspense)
    absorbed = min(absorbed, status.amount_minor)
    return _Share(status, why, waits, absorbed, min(sent, status.amount_minor - absorbed), returned)


def _is_absorbed(line: RemittedLine, statement: AccountImported | None) -> bool:
    return (
        statement is not None
        and line.body.creditor == statement.creditor
        and line.body.batch <= statement.absorbs_through
    )


def _reserve(refund: RefundStanding, shares: Sequence[_Share]) -> None:
    """Take a refund from the payments, the last first: from those that wait, or from those that do not."""
    left = refund.body.amount_minor
    last_first = list(reversed(shares))
    waiting = [share for share in last_first if share.waits or share.returned]
    others = [share for share in last_first if not (share.waits or share.returned)]
    for share in (*waiting, *others) if refund.body.source == "suspense" else (*others, *waiting):
        if share.status.body.currency == refund.body.currency:
            taken = min(left, share.free)
            share.refund += taken
            left -= taken
