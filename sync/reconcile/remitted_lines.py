"""What was passed to creditors of each payment, as a function of the set of facts.

A line counts once, whoever repeats it; a rejection takes it back. A rejected line's money is payable again, or waits
in suspense where the creditor says that it has no account for it (`IN_SUSPENSE`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from sync.operations.money import PaymentRemitted, RemittanceRejected
from sync.reconcile.facts import Fact, canonical_order

__all__ = ["IN_SUSPENSE", "RemittedLine", "lines_of_payments", "remitted_lines"]

IN_SUSPENSE: Final = frozenset({"account_unknown", "account_closed", "recalled"})
"""Reasons of a rejection that leave the money without an account."""


class RemittedLine(msgspec.Struct, frozen=True):
    """A line with its rejection, if there is one."""

    fact: Fact
    body: PaymentRemitted
    rejected: tuple[Fact, RemittanceRejected] | None = None

    @property
    def live(self) -> bool:
        """Whether the creditor has it."""
        return self.rejected is None

    @property
    def in_suspense(self) -> bool:
        """Whether it came back without an account to go to."""
        return self.rejected is not None and self.rejected[1].reason in IN_SUSPENSE


_Place = tuple[str, int, int]
"""Creditor, batch, line."""


def remitted_lines(facts: Iterable[Fact]) -> list[RemittedLine]:
    """Every line among the facts, by creditor, batch and line; held facts are left out."""
    lines: dict[_Place, tuple[Fact, PaymentRemitted]] = {}
    rejected: dict[_Place, tuple[Fact, RemittanceRejected]] = {}
    concerned = [f for f in facts if isinstance(f.operation.body, PaymentRemitted | RemittanceRejected) and not f.held]
    for fact in canonical_order(concerned):
        body = fact.operation.body
        if isinstance(body, PaymentRemitted):
            if body.amount_minor > 0:
                lines.setdefault((body.creditor, body.batch, body.line), (fact, body))
        elif isinstance(body, RemittanceRejected):
            rejected.setdefault((body.creditor, body.batch, body.line), (fact, body))
    return [RemittedLine(fact, body, rejected.get(place)) for place, (fact, body) in sorted(lines.items(), key=_place)]


def _place(item: tuple[_Place, tuple[Fact, PaymentRemitted]]) -> _Place:
    return item[0]


def lines_of_payments(facts: Iterable[Fact]) -> dict[str, list[RemittedLine]]:
    """Hash of a payment → its lines."""
    found: dict[str, list[RemittedLine]] = {}
    for line in remitted_lines(facts):
        found.setdefault(line.body.payment, []).append(line)
    return found
