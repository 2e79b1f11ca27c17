"""The creditor: what really reached it in numbered batches, what it sends back, and what customers get back.

Its book is filled from the batches as they stand in the office's file when they are passed on; from then on it is the
creditor's own, and the office must go on saying the same.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from server.intake import AccountRow, RejectionRow
from server.services.decisions import DecisionCommand, decide
from server.services.imports import import_accounts, import_rejections
from server.services.money.refunds import authorise_refund, pay_refund
from server.services.money.remittance import number_batch
from server.services.money.remittance_file import batch_csv
from server.services.office import Person
from sync.errors import Conflict
from tests.simulation.faulty import Violation
from tests.simulation.looking import rows
from tests.simulation.rows import BRANCH, day_name

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["Creditor"]

_NAME = "K1"
_CREDITOR = Person(user="creditor", roles=("admin",))
_CASHIER = Person(user="qian", roles=("cashier",))
_SUPERVISOR = Person(user="ming", roles=("supervisor",))
"""Nobody decides on what they recorded: payments elsewhere were imported by another."""
_REASONS = ("account_unknown", "amount", "reference", "recalled")
_LATER = {"STATE-FORBIDS", "STATE-STALE", "CLOSING-STALE"}
"""Nothing to pass on, or something came between: it is tried again after the next closing."""


class Creditor:
    """Gets money after each closing, and sends a little of it back."""

    person = _CREDITOR

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("creditor")
        self.lines: dict[tuple[int, int], dict[str, Any]] = {}
        """(batch, line) → the line as it came."""
        self.rejected: list[RejectionRow] = []
        self.files: dict[int, bytes] = {}
        """Number → the batch's file as it came."""
        self.given: dict[str, tuple[str, int]] = {}
        """Refund → account and cash that the branch gave back, whatever the office remembers."""
        self._looked_at: set[tuple[int, int]] = set()
        self._stated_ms = 0
        self.stated_ms: dict[str, int] = {}
        """Account → as of when it was last stated anew."""

    def evening(self, day: int) -> None:
        """After a day is closed: money goes out, some comes back, and who paid too much is paid back."""
        if "remittance" not in self.world.families:
            return
        self._refund(day)
        self._pass_on(day)
        self._send_back()
        self._state_again()
        self.world.office.reconcile()

    # -- batches
    def _pass_on(self, day: int) -> None:
        office = self.world.office
        office.reconcile()
        try:
            office.insist(lambda: number_batch(office.parts.store, _CASHIER, _NAME, "CNY", day_name(day + 1)))
        except Conflict as error:
            if error.code not in _LATER:
                raise
        office.reconcile()
        for body in self._bodies("PaymentRemitted"):
            place = body["batch"], body["line"]
            if place not in self.lines:
                self.world.faults.counts.did("batch_line")
            if self.lines.setdefault(place, body) != body:
                raise Violation("remitted-twice", f"line {place} says something else now")
        with office.parts.store.read() as reader:
            for number in sorted({batch for batch, _ in self.lines}):
                data = batch_csv(reader, _NAME, number)
                if self.files.setdefault(number, data) != data:
                    raise Violation("remitted-twice", f"batch {number} has another file now")

    def _send_back(self) -> None:
        fresh = [
            RejectionRow(
                row=number,
                creditor_id=_NAME,
                batch=batch,
                line=line,
                account_id=body["account"],
                amount_minor=body["amount_minor"],
                reason=self.chance.pick(_REASONS),  # type: ignore[arg-type]  # one of the reasons
            )
            for number, ((batch, line), body) in enumerate(sorted(self.lines.items()), start=2)
            if (batch, line) not in self._looked_at and self.chance.permille(80)
        ]
        self._looked_at.update(self.lines)
        if fresh:
            self.rejected += fresh
            self.world.faults.counts.did("rejected_line", len(fresh))
            office = self.world.office
            office.insist(lambda: import_rejections(office.parts.office, _CASHIER, "rejections.csv", self.rejected))

    def send_back_again(self) -> None:
        """After the office was set back: a file of rejections is taken in as often as it is given."""
        if self.rejected:
            office = self.world.office
            office.insist(lambda: import_rejections(office.parts.office, _CASHIER, "rejections.csv", self.rejected))

    def received(self, account: str) -> int:
        """What the creditor has of an account's payments through us."""
        back = {(row.batch, row.line) for row in self.rejected}
        live = [body for place, body in self.lines.items() if place not in back]
        return sum(body["amount_minor"] for body in live if body["account"] == account)

    def _state_again(self) -> None:
        """New amounts of some accounts, as the creditor's own book has them: with our batches and payments elsewhere.

        What was absorbed must not count twice, and what it has not got yet must go on counting.
        """
        stated = [
            self.stated(row)
            for row in self.world.branch.accounts
            if self._got(row.account_id) and self.chance.permille(500)
        ]
        if stated:
            office = self.world.office
            office.insist(lambda: import_accounts(office.parts.office, _CREDITOR, "accounts.csv", stated))
            self.world.faults.counts.did("account_stated_again", len(stated))

    def _got(self, account: str) -> int:
        external = self.world.branch.external
        return self.received(account) + sum(paid.amount_minor for paid in external if paid.account_id == account)

    def stated(self, row: AccountRow) -> AccountRow:
        """An account as the creditor's own book has it now; later ones are of a later moment."""
        self._stated_ms = max(self.world.time.now_ms, self._stated_ms + 1)
        self.stated_ms[row.account_id] = self._stated_ms
        left = max(0, row.payoff_minor - self._got(row.account_id))
        return msgspec.structs.replace(
            row,
            as_of=self._stated_ms,
            payoff_minor=left,
            statement_minor=min(left, row.statement_minor),
            overdue_minor=min(left, row.overdue_minor),
            minimum_due_minor=min(left, row.minimum_due_minor),
            absorbs_through=max((batch for batch, _ in self.lines), default=0),
            status=self.world.recalls.status.get(row.account_id, row.status),
        )

    # -- refunds
    def _refund(self, day: int) -> None:
        """What a customer paid too much is decided, authorised and paid out, by two people.

        After the office was set back they first enter again what was given back already, and give nothing.
        """
        office = self.world.office
        office.reconcile()
        self._enter_again(day)
        with office.parts.store.read() as reader:
            open_ = reader.discrepancies(rule="PAY-OVER", open_only=True, limit=50)
            states = {found.subject: reader.aggregate(found.subject) or {} for found in open_}
        for found in open_:
            amount = int(states[found.subject].get("credit_minor", 0))
            if amount <= 0:
                continue
            command = DecisionCommand(
                rule=found.rule, subject=found.subject, ground=found.ground, outcome="refund", amount_minor=amount
            )
            try:
                self._pay_back(command, day)
            except Conflict as error:
                if error.code not in _LATER:
                    raise
        for body in self._bodies("RefundPaid"):
            self.given[body["refund"]] = body["account"], body["amount_minor"]
        office.reconcile()

    def _enter_again(self, day: int) -> None:
        """Payments of refunds that two persons authorised again."""
        authorised = {body["refund"] for body in self._bodies("RefundAuthorised")}
        paid = {body["refund"] for body in self._bodies("RefundPaid")}
        for refund in sorted(self.given.keys() & authorised - paid):
            try:
                self._pay(refund, day)
            except Conflict as error:
                if error.code not in _LATER:
                    raise
            else:
                self.world.faults.counts.did("refund_entered_again")

    def _pay_back(self, command: DecisionCommand, day: int) -> None:
        office, account = self.world.office, command.subject.partition(":")[2]
        office.write(lambda writer: decide(writer, _SUPERVISOR, command))
        office.reconcile()
        office.write(lambda writer: authorise_refund(writer, _SUPERVISOR, account, "PAY-OVER"))
        office.reconcile()
        due = [body["refund"] for body in self._bodies("RefundAuthorised") if body["account"] == account]
        paid = {body["refund"] for body in self._bodies("RefundPaid")}
        for refund in sorted(set(due) - paid):
            self._pay(refund, day)
            self.world.faults.counts.did("refund_paid")

    def _pay(self, refund: str, day: int) -> None:
        office = self.world.office
        office.insist(lambda: pay_refund(office.parts.store, _CASHIER, refund, BRANCH, day_name(day + 1)))
        office.reconcile()

    # -- what the checkers ask
    def _bodies(self, kind: str) -> list[dict[str, Any]]:
        found = rows(self.world, "SELECT data FROM operation WHERE instr(data, ?)", f'"kind":"{kind}"')
        operations = [json.loads(data) for (data,) in found]
        return [line["body"] for line in operations if line["device"].startswith("office-")]

    def paid_out(self) -> int:
        """Cash that the branch gave back to customers."""
        return sum(amount for _, amount in self.given.values())

    def refunds(self) -> Counter[str]:
        """Account → what was authorised to be paid back."""
        found: Counter[str] = Counter()
        for body in self._bodies("RefundAuthorised"):
            found[body["account"]] += body["amount_minor"]
        return found

    def outgoing(self) -> Counter[str]:
        """Method of the payments → what the creditor has of them."""
        back = {(row.batch, row.line) for row in self.rejected}
        found: Counter[str] = Counter()
        for place, body in self.lines.items():
            if place not in back:
                found[body["method"]] += body["amount_minor"]
        return found

    def check(self) -> None:
        """Numbers without a gap, no payment passed on twice or beyond its amount, none that never arrived."""
        batches = sorted({batch for batch, _ in self.lines})
        if batches != list(range(1, len(batches) + 1)):
            raise Violation("remittance-gap", f"batches {batches} reached the creditor")
        office = {(body["batch"], body["line"]): body for body in self._bodies("PaymentRemitted")}
        if office != self.lines:
            raise Violation("remitted-twice", "the office's batches are not those that reached the creditor")
        back = {(row.batch, row.line) for row in self.rejected}
        sums: Counter[str] = Counter()
        for place, body in self.lines.items():
            if place not in back:
                sums[body["payment"]] += body["amount_minor"]
        for hash_, amount in sums.items():
            payment = self.world.notebook.payment_of(hash_)
            if payment is None or amount > payment.amount_minor:
                raise Violation("remitted-twice", f"{amount} of the payment {hash_[:12]} went to the creditor")
            if payment.method != "cash" and not payment.provider_order:
                raise Violation("remitted-unpaid", f"receipt {payment.series} was never paid and was passed on")
        booked = self.world.watch.balances().get(f"remitted:{_NAME}", 0)
        if booked != sums.total():
            raise Violation("remittance-wrong", f"the creditor has {sums.total()}, the books say {booked}")
