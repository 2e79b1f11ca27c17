"""For every rule a world in which it fires, and one in which it nearly does and must not.

A function that makes such a world registers itself under the rule's code. `tests.reconcile.test_every_rule` asks the
same questions of all of them, and fails for a rule without its cases::

    @fires("PAY-OVER")
    def more_than_the_payoff() -> World: ...
"""

from __future__ import annotations

from tests.reconcile.cases import accounts, agreements, cash, conduct, devices, receipts, settlements, visits
from tests.reconcile.cases.registry import FIRES, NEARLY, Build, fires, nearly, ready

__all__ = [
    "FIRES",
    "NEARLY",
    "Build",
    "accounts",
    "agreements",
    "cash",
    "conduct",
    "devices",
    "fires",
    "nearly",
    "ready",
    "receipts",
    "settlements",
    "visits",
]
