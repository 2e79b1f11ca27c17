"""Customers with receipts: some scan them, at once or a day later, and what they are told must be true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.services.receipts import ReceiptQuestion
from sync.receipt import read_receipt, to_digits
from tests.simulation.faulty import Violation
from tests.simulation.limits import HOUR_MS, MINUTE_MS
from tests.simulation.looking import held_hashes, without_effect
from tests.simulation.notebook import Payment

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["Customers"]

_OURS = frozenset(
    {"genuine", "not_yet_reported", "key_reported_lost", "void_pending", "voided", "differs"},
)


class Customers:
    """Who scans what."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("customers")
        self.scanning: list[Payment] = []

    def will_scan(self, payment: Payment) -> None:
        """This customer will."""
        self.scanning.append(payment)
        at_ms = self.world.time.now_ms + self.chance.pick((MINUTE_MS, 20 * MINUTE_MS, 6 * HOUR_MS, 30 * HOUR_MS))
        self.world.at(at_ms + self.chance.between(0, HOUR_MS), lambda: self.scan(payment))

    def scan(self, payment: Payment, *, finally_: bool = False) -> None:
        """Ask the office about a receipt in hand; `finally_`, when everything has arrived, it must know it."""
        world = self.world
        digits = to_digits(read_receipt(payment.receipt).data)
        answer = world.office.ask_receipt(ReceiptQuestion(digits=digits), f"customer/{payment.series}")
        if answer is None:
            return
        payment.scanned = True
        if answer.verdict not in _OURS or answer.signature != "valid":
            raise Violation("receipt-denied", f"receipt {payment.series} is ours, the office says {answer.verdict}")
        if answer.amount_minor != payment.on_receipt_minor:
            raise Violation("receipt-denied", f"receipt {payment.series} is over another amount at the office")
        if finally_ and answer.verdict not in self._finally(payment):
            raise Violation("receipt-denied", f"receipt {payment.series} is recorded, the office says {answer.verdict}")
        if answer.verdict == "genuine" and not world.watch.holds(payment.shown.hash):
            raise Violation("receipt-denied", f"receipt {payment.series} is called genuine and is not recorded")

    def _finally(self, payment: Payment) -> frozenset[str]:
        """What may be said of a receipt at the end."""
        if payment.shown.hash not in held_hashes(self.world) - without_effect(self.world):
            return _OURS
        may_end = payment.void is not None or self.world.providers.took_back(payment)
        return frozenset({"genuine", "void_pending", "voided"} if may_end else {"genuine"})
