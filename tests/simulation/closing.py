"""The evening at the office: counting, asking customers, deciding, carrying forward, closing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from server.services.cash import count_cash
from server.services.closing import close_day, obstacles_of
from server.services.decisions import DecisionCommand, decide, find_discrepancy
from server.services.journals_lost import declare_journal_lost
from server.services.money import deposit_branch_cash
from server.services.office import Person
from server.services.voids import confirm_void
from sync.errors import Conflict, DoorstepError
from sync.operations.envelope import Actor
from tests.simulation.faulty import Violation
from tests.simulation.looking import rows
from tests.simulation.rows import BRANCH, day_name

if TYPE_CHECKING:
    from server.services.closing.obstacles import Obstacle
    from tests.simulation.notebook import Payment
    from tests.simulation.world import World

__all__ = ["CASHIER", "SUPERVISOR", "Evening"]

CASHIER = Person(user="qian", roles=("cashier",))
SUPERVISOR = Person(user="wen", roles=("admin", "supervisor"))
SECOND = "lan"
_ACCEPTED = {"RECEIPT-MISMATCH", "RECEIPT-FORK", "AUTHOR-NOT-ALLOWED", "OPERATION-MALFORMED", "PAY-WRITTEN-OFF"}


class Evening:
    """Closes days in their order; a day that must wait is tried again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.closed: list[int] = []
        self.last_refusal = ""
        self.chance = world.chance.stream("evening")

    def close(self, day: int, *, finally_: bool = False) -> None:
        """Settle and close every day up to this one that can be; `finally_` carries forward what never comes."""
        self.world.recovery.ease()
        for earlier in range(day + 1):
            if earlier not in self.closed and not self._close(earlier, finally_=finally_):
                return

    def _close(self, day: int, *, finally_: bool) -> bool:
        world, name = self.world, day_name(day)
        self._count(name)
        self._pay_in(name)
        carry: list[str] = []
        for _ in range(4):
            world.office.reconcile()
            self.believe_losses()
            carry = []
            waiting = [found for found in self._obstacles(name) if not self._settle(found, carry, finally_=finally_)]
            if waiting:
                self.last_refusal = "; ".join(found.sentence_en for found in waiting)
                return False
            world.office.reconcile()
            if {found.name for found in self._obstacles(name)} <= set(carry):
                break
        return self._booked(day, name, carry)

    def _booked(self, day: int, name: str, carry: list[str]) -> bool:
        world, second = self.world, SECOND if carry else ""
        try:
            done = world.office.insist(
                lambda: close_day(
                    world.office.parts.store, BRANCH, name, Actor("wen", "supervisor"), second, carry=carry
                )
            )
        except Conflict as error:
            self.last_refusal = error.cause
            # The office may have crashed behind the closing: then it is there, else it is tried again later.
            world.office.reconcile()
            if day not in world.watch.closed_days():
                return False
            done = ""
        self.closed.append(day)
        world.notebook.closings.append((name, done or ""))
        world.office.reconcile()
        world.watch.closing(name)
        world.recovery.keep(name)
        world.watch.books()
        world.creditor.evening(day)
        world.watch.books()
        return True

    def _obstacles(self, name: str) -> list[Obstacle]:
        with self.world.office.parts.store.read() as reader:
            return obstacles_of(reader, BRANCH, name)

    # -- what the cashier does
    def _count(self, name: str) -> None:
        notebook = self.world.notebook
        for (agent, day), amount in sorted(notebook.table.items()):
            if day == name:
                self.count(agent, day, amount)

    def count(self, agent: str, day: str, amount: int) -> None:
        """Count what lies there; a count that is there already with the same amount is not repeated."""
        with self.world.office.parts.store.read() as reader:
            state = reader.aggregate(f"drawer:{agent}/{day}")
        if state is None or state["closed_by"] or any(eq["counted"] == amount for eq in state["equations"]):
            return
        self.world.office.write(
            lambda writer: count_cash(writer, CASHIER, agent, day, "CNY", amount_minor=amount).operation
        )

    def _pay_in(self, name: str) -> None:
        """Part of the cash goes to the bank; after the office was set back every slip is entered again."""
        world, notebook = self.world, self.world.notebook
        if name not in {day for day, _, _ in notebook.paid_in}:
            world.office.reconcile()
            left = world.watch.balances().get(f"branch_cash:{BRANCH}", 0)
            if left >= 200 and self.chance.permille(500):
                slip = f"S{len(notebook.paid_in) + 1}"
                notebook.paid_in.append((name, left // 200 * 100, slip))
                world.providers.paid_in(slip, left // 200 * 100)
        for day, amount, slip in notebook.paid_in:
            if day != name or self.is_paid_in(slip):
                continue
            world.office.reconcile()
            try:
                world.office.write(
                    lambda writer, amount=amount, slip=slip: deposit_branch_cash(  # type: ignore[misc]  # bound at once
                        writer, CASHIER, BRANCH, name, amount, "CNY", slip
                    )
                )
            except Conflict as error:
                # The office was set back to a time at which less had been counted: tried again at the next closing.
                if error.code != "STATE-FORBIDS":
                    raise

    def is_paid_in(self, slip: str) -> bool:
        """Whether the office's file has a deposit under this slip."""
        return bool(rows(self.world, "SELECT 1 FROM operation WHERE instr(data, ?)", f'"slip":"{slip}"'))

    # -- what the supervisor does
    def believe_losses(self) -> None:
        """Two persons look into every reported loss: an honest one is approved, another is not."""
        for loss in self.world.notebook.losses:
            with self.world.office.parts.store.read() as reader:
                named = f"loss:{loss.shown.device}/{loss.shown.epoch}/{loss.shown.seq}"
                found = reader.discrepancies(rule="CASH-LOSS", subject=named, limit=2)
            if not found or (found[0].decision is not None and found[0].decision.current):
                continue
            command = DecisionCommand(
                rule="CASH-LOSS",
                subject=named,
                ground=found[0].ground,
                outcome="accept" if loss.honest else "void",
                second=SECOND,
            )
            self.world.office.write(lambda writer, command=command: decide(writer, SUPERVISOR, command))  # type: ignore[misc]  # bound at once

    def _settle(self, found: Obstacle, carry: list[str], *, finally_: bool) -> bool:
        """Whether it is out of the way, or will be carried."""
        match found.code:
            case "RESTORE-UNCONFIRMED":
                return self.world.recovery.go_on()
            case "VOID-PENDING":
                self._ask_about_voids(found.subject.partition(":")[2])
                return True
            case "VOID-CONTESTED":
                payment = self._payment(found.subject.partition(":")[2])
                self._decide(found, "void" if payment is not None and payment.money_back else "accept")
                return True
            case "DAY-UNREPORTED":
                return self._unreported(found, carry, finally_=finally_)
            case "JOURNAL-GAP":
                return finally_ and self._gap(found, carry)
            case "CASH-UNCOUNTED":
                # What was declared never reached the table.
                agent, _, day = found.subject.partition(":")[2].partition("/")
                self.count(agent, day, self.world.notebook.table.get((agent, day), 0))
                return True
            case "TRANSFER-OPEN":
                # The other half may still come; at the end two persons carry forward what only one side reported.
                if finally_:
                    carry.append(found.name)
                return finally_
            case "SCHEMA-NEWER":
                carry.append(found.name)
                return True
            case code if code in _ACCEPTED:
                self._decide(found, "accept")
                return True
        raise Violation("closing-obstacle", f"{found.name}: {found.sentence_en}")

    def _payment(self, series: str) -> Payment | None:
        return next((p for p in self._voided() if p.series == series), None)

    def _voided(self) -> Iterator[Payment]:
        """Payments whose customers can be asked about a void; of one that a cheat made vanish nobody knows."""
        for payment in self.world.notebook.payments:
            if payment.void is not None and self.world.watch.holds(payment.shown.hash):
                yield payment

    def _decide(self, found: Obstacle, outcome: str) -> None:
        store = self.world.office.parts.store
        with store.read() as reader:
            seen = find_discrepancy(reader, found.code, found.subject)
        command = DecisionCommand(
            rule=seen.rule, subject=seen.subject, ground=seen.ground, outcome=outcome, second=SECOND
        )
        self.world.office.write(lambda writer: decide(writer, SUPERVISOR, command))

    def _ask_about_voids(self, drawer: str) -> None:
        """The office calls each customer whose payment was voided at the door."""
        agent, _, day = drawer.partition("/")
        keys = self.world.office.keys
        for payment in self._voided():
            if payment.confirmed or payment.refused or payment.shown.pack != f"{day}/{agent}":
                continue
            series = payment.series
            try:
                if payment.money_back:
                    self.world.office.write(
                        lambda writer, series=series: confirm_void(  # type: ignore[misc]  # bound at once
                            writer, keys, SUPERVISOR, series, "registered_contact"
                        )
                    )
                    payment.confirmed = True
                else:
                    self._refuse_void(series)
                    payment.refused = True
            except DoorstepError as error:
                # Not here yet, confirmed by its code meanwhile, or contested: that is another obstacle.
                if error.code not in {"STATE-FORBIDS", "NOT-FOUND"}:
                    raise

    def _refuse_void(self, series: str) -> None:
        with self.world.office.parts.store.read() as reader:
            seen = find_discrepancy(reader, "VOID-UNCONFIRMED", f"payment:{series}")
        command = DecisionCommand(rule=seen.rule, subject=seen.subject, ground=seen.ground, outcome="accept")
        self.world.office.write(lambda writer: decide(writer, SUPERVISOR, command))

    def _unreported(self, found: Obstacle, carry: list[str], *, finally_: bool) -> bool:
        agent, _, day = found.subject.partition(":")[2].partition("/")
        gone = [phone for phone in self.world.lost if phone.agent == agent]
        if gone:
            return self._declare(gone[-1].last_device, f"{day}/{agent}")
        if finally_:
            # A phone that was at work that day can say so; only a day without a route is carried forward.
            mine = next(person for person in self.world.agents if person.name == agent)
            if mine.phone.alive and mine.has_pack(day) and day in mine.ended:
                raise Violation("liveness", f"{agent} ended {day}, and the office never learned it")
            carry.append(found.name)
        return finally_

    def _gap(self, found: Obstacle, carry: list[str]) -> bool:
        """Two persons carry a gap forward whose records nobody has any more."""
        device = found.subject.partition(":")[2]
        if any(phone.alive and phone.last_device == device for phone in self.world.phones):
            alone = all(not shown.gone for shown in self.world.notebook.shown.values() if shown.device == device)
            if alone:
                raise Violation("liveness", f"the gap of {device} is never filled: {found.sentence_en}")
        carry.append(found.name)
        return True

    def _declare(self, device: str, pack: str) -> bool:
        """Two persons declare the tail of a lost phone lost."""
        store = self.world.office.parts.store
        with store.read() as reader:
            journals = reader.journals(device)
        epoch, seq = (journals[-1].epoch, journals[-1].summary.last_seq) if journals else (1, 0)
        self.world.office.write(
            lambda writer: declare_journal_lost(
                writer, SUPERVISOR, device, epoch, seq + 1, 0, pack, "the phone is lost", SECOND
            )
        )
        return True
