"""An agent who cheats: each fraud with what it does, and by which rule the office must find it.

A fraud without a rule leaves nothing at the office; one whose rule is not built yet is counted with those until the
rule stands in the catalogue.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent_client.work.payments import collect, void
from server.services.receipts import ReceiptQuestion
from sync.operations import Position
from sync.operations.field import PaymentCollected
from sync.operations.office import DeviceRevoked, VoidConfirmed
from sync.receipt import read_receipt, to_digits
from tests.simulation.faulty import Violation
from tests.simulation.limits import DAY_MS, HOUR_MS, MINUTE_MS
from tests.simulation.notebook import Fraud, Payment
from tests.simulation.rooted import false_receipt, write_anything

if TYPE_CHECKING:
    from sync.messages import VisitDocument
    from tests.simulation.agent import Agent
    from tests.simulation.phone import Done

__all__ = ["FRAUDS", "Cheat"]

FRAUDS: Final = (
    "alone",
    "altered_amount",
    "back_dated",
    "cash_as_wallet",
    "false_loss",
    "from_home",
    "no_receipt",
    "receipt_twice",
    "restored_away",
    "short_handover",
    "void_behind_customer",
)
_PERMILLE: Final = 300


class Cheat:
    """What this agent does behind everybody's back; an honest agent has no `kinds`."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.kinds: frozenset[str] = frozenset()
        self.chance = agent.world.chance.stream(f"cheat/{agent.name}")
        self._backup: Path | None = None
        self._back_ms = 0
        self._alone = ""
        self._alone_ms = 0

    def begin(self, kinds: frozenset[str]) -> None:
        """From now on."""
        self.kinds = kinds
        self.agent.world.notebook.cheats.add(self.agent.name)
        self.agent.world.notebook.troubled.add(self.agent.name)

    def _now(self, kind: str) -> bool:
        return kind in self.kinds and self.agent.phone.alive and self.chance.permille(_PERMILLE)

    def _note(
        self, kind: str, rules: tuple[str, ...], about: tuple[str, ...] = (), needs: tuple[str, ...] = ()
    ) -> None:
        fraud = Fraud(kind=kind, agent=self.agent.name, rules=rules, about=about, needs=needs)
        self.agent.world.notebook.frauds.append(fraud)

    # -- around a stop
    def claimed(self, here: Position) -> Position:
        """Where the agent claims to be: at home, far from the address."""
        if not self._now("from_home"):
            return here
        return Position(here.lat_e7 + 900_000, here.lon_e7 + 900_000, here.accuracy_m)

    def arrived(self, stop: VisitDocument, started: Done | None, *, at_home: bool) -> None:
        """The phone recorded the arrival at the place that the agent claimed."""
        if at_home and started is not None:
            self._note("from_home", ("VISIT-PLACE",), (f"visit:{stop.visit}",), (started.shown.hash,))

    def comes_alone(self, visit: str, started: Done | None) -> bool:
        """Whether the companion that the visit asks for stayed at home; the visit's end tells the office."""
        if started is None or not self._now("alone"):
            return False
        self._alone, self._alone_ms = visit, started.shown.true_from_ms
        return True

    def _was_alone(self) -> None:
        concluded = [
            shown
            for shown in self.agent.world.notebook.shown.values()
            if shown.agent == self.agent.name
            and shown.kind == "VisitConcluded"
            and shown.true_from_ms >= self._alone_ms
        ]
        if concluded:
            self._note("alone", ("VISIT-STAFF",), (f"visit:{self._alone}",), (concluded[-1].hash,))

    def before_stop(self) -> None:
        """Set the clock back for a visit, or keep a copy of the phone as it was."""
        if self._now("back_dated"):
            self._back_ms = self.chance.between(3 * HOUR_MS, 2 * DAY_MS)
            self.agent.phone.clock.set_back(self._back_ms)
        if "restored_away" in self.kinds and self.agent.phone.alive:
            self._backup = self.agent.phone.copy()

    def after_stop(self, stop: VisitDocument) -> Iterator[int]:
        """When the customer is gone."""
        world, name = self.agent.world, self.agent.name
        paid = [p for p in world.notebook.payments if p.visit == stop.visit and p.shown.agent == name and not p.void]
        if self._back_ms:
            self.agent.phone.clock.set_back(-self._back_ms)
            self._back_ms = 0
            started = [s for s in world.notebook.shown.values() if s.agent == name and s.kind == "VisitStarted"]
            if started:
                day = started[-1].pack.partition("/")[0]
                self._note("back_dated", ("CLOCK-DRIFT",), (f"drawer:{name}/{day}",), (started[-1].hash,))
        if self._alone:
            self._was_alone()
            self._alone = ""
        if paid and paid[-1].method == "cash":
            yield from self._after_cash(paid[-1])
        if self._now("false_loss"):
            yield from self._lose_nothing(stop)

    def _lose_nothing(self, stop: VisitDocument) -> Iterator[int]:
        """Cash that is reported as lost and is in the agent's pocket: two persons do not believe it."""
        day = self.agent.day_of(stop.visit)
        if day and self.agent.world.notebook.hands[self.agent.name] > 0:
            hash_ = yield from self.agent.dealings.lose(day, honest=False)
            if hash_:
                self._note("false_loss", ("CASH-LOSS",), (hash_,), (hash_,))

    def _after_cash(self, payment: Payment) -> Iterator[int]:
        yield self.agent.world.time.now_ms + self.chance.between(MINUTE_MS, 20 * MINUTE_MS)
        if self._now("void_behind_customer"):
            done = yield from self.agent.step(lambda desk: void(desk, payment.series, "customer_changed_mind"))
            if done is not None and done.shown.kind == "PaymentVoided":
                payment.void = done.shown
                self._pocket(payment.amount_minor)
                rules = ("VOID-UNCONFIRMED", "VOID-CONTESTED")
                needs = (payment.shown.hash, done.shown.hash)
                self._note("void_behind_customer", rules, (f"payment:{payment.series}",), needs)
        elif self._backup is not None and self._now("restored_away"):
            self._forget(payment, self._backup)
        self._backup = None

    def _forget(self, payment: Payment, backup: Path) -> None:
        """The phone is set back to before the visit: the payment is on no phone any more, the receipt is out."""
        self.agent.phone.set_back(backup)
        self.agent.after_restore()
        self._pocket(payment.amount_minor)
        if payment.shown.gone:
            rules = ("RECEIPT-ORPHAN", "RECEIPT-MISMATCH", "RECEIPT-FORK") if self._scans(payment) else ()
            self._note("restored_away", rules, (f"payment:{payment.series}",))

    def _scans(self, payment: Payment) -> bool:
        return any(other is payment for other in self.agent.world.customers.scanning)

    def _pocket(self, amount_minor: int) -> None:
        self.agent.world.notebook.hands[self.agent.name] -= amount_minor

    # -- instead of an honest payment
    def instead_of_payment(self, stop: VisitDocument) -> Generator[int, None, bool]:
        """Whether the customer's money went another way."""
        if self._now("no_receipt"):
            self._note("no_receipt", ())
            return True
        if self._now("receipt_twice") and self._show_again(stop):
            return True
        if self._now("cash_as_wallet"):
            return (yield from self._as_wallet(stop))
        if self._now("altered_amount"):
            yield self.agent.world.time.now_ms + MINUTE_MS
            self._alter(stop)
            return True
        return False

    def _show_again(self, stop: VisitDocument) -> bool:
        """Another customer is shown a receipt that was somebody else's, and checks it later with their own digits."""
        world = self.agent.world
        day = self.agent.day_of(stop.visit)
        others = [
            payment
            for payment in world.notebook.payments
            if payment.shown.agent == self.agent.name
            and payment.account != stop.account
            and payment.shown.pack.startswith(day)
        ]
        if not others:
            return False
        payment = others[-1]
        at_ms = world.time.now_ms + self.chance.pick((MINUTE_MS, 2 * HOUR_MS, 10 * HOUR_MS))
        world.at(at_ms, lambda: self._checked(payment, stop))
        return True

    def _checked(self, payment: Payment, stop: VisitDocument) -> None:
        """The second customer asks the office; only what it holds by then can tell it what happened."""
        world = self.agent.world
        world.office.reconcile()
        at_door = any(
            shown.kind == "VisitStarted" and shown.agent == self.agent.name and world.watch.holds(shown.hash)
            for shown in world.notebook.visits.get(stop.visit, ())
        )
        known = at_door and world.watch.holds(payment.shown.hash) and payment.last_four != stop.last_four
        question = ReceiptQuestion(digits=to_digits(read_receipt(payment.receipt).data), check=stop.last_four)
        answer = world.office.ask_receipt(question, f"second/{stop.visit}")
        # A full disk keeps no customer from the answer; that they asked is then written down nowhere.
        traced = known and answer is not None and not world.office.gate.was_full
        rules = ("RECEIPT-SHARED",) if traced else ()
        self._note("receipt_twice", rules, (f"payment:{payment.series}",), (payment.shown.hash,))
        world.notebook.frauds[-1].office_only_ms = world.time.now_ms
        if answer is not None and payment.last_four != stop.last_four and answer.check == "matches":
            raise Violation("receipt-shared", f"receipt {payment.series} shown to another customer: {answer.check!r}")

    def _as_wallet(self, stop: VisitDocument) -> Generator[int, None, bool]:
        """The customer pays cash, the record says wallet: no statement will ever show it."""
        amount = max(100, stop.payoff_minor // 200 * 100)
        done = yield from self.agent.step(lambda desk: collect(desk, stop.visit, amount, "wechat"))
        if done is None or done.receipt is None or done.receipt.body.kind != "payment":
            return False
        payment = self.agent.paid(done, stop, amount, "wechat")
        self._note("cash_as_wallet", ("WALLET-UNMATCHED",), (payment.shown.hash,), (payment.shown.hash,))
        return True

    def _alter(self, stop: VisitDocument) -> None:
        """The receipt says what the customer paid, the record says half."""
        phone, notebook = self.agent.phone, self.agent.world.notebook
        pack = next((p.pack for p in reversed(phone.desk.store.documents.days()) if stop.visit in p.visits), "")
        if not pack:
            return
        receipt = false_receipt(phone.desk, 20_000, stop.last_four)
        body = PaymentCollected(
            visit=stop.visit, account=stop.account, customer=stop.customer, amount_minor=10_000, currency="CNY",
            method="cash", receipt=receipt.text,
        )  # fmt: skip
        before_ms = self.agent.world.time.now_ms
        entry = write_anything(phone.desk, body, pack, receipt=receipt.body.number)
        done = phone.noted(entry, receipt, before_ms)
        payment = self.agent.paid(done, stop, 10_000, "cash")
        self._note("altered_amount", ("RECEIPT-MISMATCH",), (f"payment:{payment.series}",), (entry.hash,))
        notebook.troubled.add(self.agent.name)

    # -- in the evening
    def keeps_from_handover(self, name: str, amount: int) -> int:
        """What is missing from the envelope."""
        if amount <= 100 or not self._now("short_handover"):
            return 0
        kept = max(100, amount // 10)
        self._pocket(kept)
        self._note("short_handover", ("CASH-VARIANCE",), (f"drawer:{self.agent.name}/{name}",))
        return kept

    def forge(self) -> None:
        """On an opened phone: an office operation in the phone's own journal."""
        phone, notebook = self.agent.phone, self.agent.world.notebook
        days = phone.desk.store.documents.days() if phone.alive else []
        if not days:
            return
        mine = [payment for payment in notebook.payments if payment.shown.agent == self.agent.name]
        body = (
            VoidConfirmed(payment=mine[-1].shown.hash, voided=mine[-1].series, means="void_code")
            if mine
            else DeviceRevoked(device=phone.device, heads=())
        )
        before_ms = self.agent.world.time.now_ms
        entry = write_anything(phone.desk, body, days[-1].pack)
        phone.noted(entry, None, before_ms)
        self._note("forged_operation", ("AUTHOR-NOT-ALLOWED",), (f"operation:{entry.hash}",), (entry.hash,))
