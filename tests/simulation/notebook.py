"""What really happened, written down apart from phones and office: the checkers compare both with it.

It is filled by what each phone *showed* as done, by what passed over the wire, and by whose hands the cash went
through; never by asking the code under test what it remembers.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

__all__ = ["Fraud", "Line", "Loss", "Notebook", "Payment", "Shown", "Transfer"]


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
    provider_order: str = ""
    """The order under which the customer really paid at a provider; empty: they did not."""
    named_order: bool = False
    """Whether the agent wrote that number, or the cheque's, into the record."""


class Line(msgspec.Struct, kw_only=True):
    """A line in a provider's own book, and the statements that told the office of it."""

    provider: str
    order: str
    amount_minor: int
    at_ms: int
    ready_ms: int
    reversed: bool = False
    hint: str = ""
    payment: str = ""
    """Hash of the payment that it is about; empty: nobody's."""
    statements: list[str] = []


class Transfer(msgspec.Struct, kw_only=True):
    """Cash that went from one agent's hands to another's; each of them reports it."""

    id: str
    giver: str
    taker: str
    day: str
    amount_minor: int
    legs: list[Shown] = []


class Loss(msgspec.Struct, kw_only=True):
    """Cash that an agent reported as lost; `honest` when it really is."""

    shown: Shown
    amount_minor: int
    honest: bool


class Fraud(msgspec.Struct, kw_only=True):
    """A planted fraud: who, what, and by which rule it must be found; no rules: it leaves no trace at the office."""

    kind: str
    agent: str
    rules: tuple[str, ...]
    about: tuple[str, ...] = ()
    """Subjects or operations, one of which the discrepancy must name; empty: any of the agent's."""
    needs: tuple[str, ...] = ()
    """Operations that the office must hold for the trace to be there."""
    office_only_ms: int = 0
    """When the trace came into being at the office, where only the office has it; 0: elsewhere too."""


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
        self.deposits: list[tuple[Shown, int]] = []
        """What agents paid in at a bank themselves."""
        self.transfers: list[Transfer] = []
        self.losses: list[Loss] = []
        self.paid_in: list[tuple[str, int, str]] = []
        """(day, fen, slip) of what the cashier took from the branch's cash to the bank."""
        self.external: defaultdict[str, int] = defaultdict(int)
        self.cheats: set[str] = set()
        self.frauds: list[Fraud] = []
        self.troubled: set[str] = set()
        """Agents whose drawer cannot agree: a phone was lost or set back, or they cheated with cash."""
        self.closings: list[tuple[str, str]] = []
        """(day, hash) of closings that the office reported as done."""
        self.stops = 0
        self.visits: defaultdict[str, list[Shown]] = defaultdict(list)
        """Visit → arrivals that a phone showed as recorded."""
        self.before_revocation: set[str] = set()
        """What the office held of a device when it revoked it: it goes on counting."""

    def note(self, shown: Shown) -> Shown:
        """A phone showed it."""
        self.shown[shown.hash] = shown
        return shown

    def payment_of(self, hash_: str) -> Payment | None:
        """The payment that an operation is."""
        return next((payment for payment in self.payments if payment.shown.hash == hash_), None)
