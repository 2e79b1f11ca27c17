"""What really happened, written down apart from phones and office: the checkers compare both with it.

It is filled by what each phone *showed* as done, by what passed over the wire, and by whose hands the cash went
through; never by asking the code under test what it remembers.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

__all__ = ["Fraud", "Notebook", "Payment", "Shown"]


class Shown(msgspec.Struct, kw_only=True):
    """An operation that a phone showed as recorded."""

    hash: str
    device: str
    epoch: int
    seq: int
    kind: str
    agent: str
    pack: str
    true_from_ms: int
    true_to_ms: int
    gone: bool = False
    """Whether the only copy was lost with a phone, or thrown away by a cheat: it may be missing at the office."""


class Payment(msgspec.Struct, kw_only=True):
    """Money that changed hands at a door, and the receipt in the customer's hands."""

    shown: Shown
    visit: str
    account: str
    amount_minor: int
    method: str
    receipt: str
    series: str
    last_four: str
    void: Shown | None = None
    money_back: bool = False
    """Whether the customer really got the money back."""
    confirmed: bool = False
    """Whether the customer told the office that they did."""
    refused: bool = False
    """Whether the customer told the office that they did not."""
    scanned: bool = False
    on_receipt_minor: int = 0
    """What the customer's receipt says, where a cheat recorded something else; 0: the same."""


class Fraud(msgspec.Struct, kw_only=True):
    """A planted fraud: who, what, and by which rule it must be found; no rules: it leaves no trace at the office."""

    kind: str
    agent: str
    rules: tuple[str, ...]
    about: tuple[str, ...] = ()
    """Subjects or operations, one of which the discrepancy must name; empty: any of the agent's."""
    needs: tuple[str, ...] = ()
    """Operations that the office must hold for the trace to be there."""


class Notebook:
    """One world's truth."""

    def __init__(self) -> None:
        self.shown: dict[str, Shown] = {}
        self.payments: list[Payment] = []
        self.acknowledged: dict[str, tuple[str, int, int]] = {}
        """Hash → (device, epoch, seq) that the office signed for, whether or not the answer arrived."""
        self.honoured: set[str] = set()
        """Hashes whose acknowledgement reached the phone."""
        self.hands: defaultdict[str, int] = defaultdict(int)
        """Agent → cash in hand, in fen."""
        self.table: dict[tuple[str, str], int] = {}
        """(agent, day) → cash that lies on the cashier's table, as the cashier counts it."""
        self.counted_minor = 0
        self.floats: dict[tuple[str, str], int] = {}
        self.handed: list[tuple[Shown, int]] = []
        """What was declared as handed over."""
        self.external: defaultdict[str, int] = defaultdict(int)
        self.cheats: set[str] = set()
        self.frauds: list[Fraud] = []
        self.troubled: set[str] = set()
        """Agents whose drawer cannot agree: a phone was lost or set back, or they cheated with cash."""
        self.closings: list[tuple[str, str]] = []
        """(day, hash) of closings that the office reported as done."""
        self.stops = 0
        self.before_revocation: set[str] = set()
        """What the office held of a device when it revoked it: it goes on counting."""

    def note(self, shown: Shown) -> Shown:
        """A phone showed it."""
        self.shown[shown.hash] = shown
        return shown

    def payment_of(self, hash_: str) -> Payment | None:
        """The payment that an operation is."""
        return next((payment for payment in self.payments if payment.shown.hash == hash_), None)
