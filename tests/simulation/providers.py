"""Wallets, banks and card acquirers: what they really received, and the statements that tell the office of it.

A provider keeps its own book. A line appears some hours after the payment; a cheque may bounce, a voided payment is
given back, a line may stand in two statements, and one may be about money that nobody at the office knows of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from server.intake.settlements import StatementRow
from server.services.money import import_statement
from server.services.office import Person
from tests.simulation.limits import DAY_MS, HOUR_MS, MINUTE_MS
from tests.simulation.notebook import Fraud, Line, Payment

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["Providers"]

_CASHIER = Person(user="qian", roles=("cashier",))
_WITHOUT_ORDER_PERMILLE = 250
_STRAY = ("wechat", "alipay", "transfer")


class Providers:
    """What arrived, line by line, and which statement told of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("providers")
        self.lines: list[Line] = []
        self.statements: list[tuple[str, str, list[StatementRow]]] = []
        self._orders = 0

    # -- what happens at a provider
    def order(self, method: str) -> str:
        """The number of a new payment there."""
        self._orders += 1
        return f"{method[:2].upper()}{self._orders:06d}"

    def is_typed_in(self) -> bool:
        """Whether the agent takes the number of the order down; a cheque's always."""
        return not self.chance.permille(_WITHOUT_ORDER_PERMILLE)

    def paid(self, payment: Payment, order: str) -> None:
        """The customer really paid that way."""
        now_ms = self.world.time.now_ms
        ready_ms = now_ms + self.chance.between(10 * MINUTE_MS, 14 * HOUR_MS)
        wild = self.world.faults.has("settlement")
        if wild and self.chance.permille(60):
            ready_ms += 4 * DAY_MS
            self.world.faults.counts.add("late_line")
        payment.provider_order = order
        line = self._line(payment.method, order, payment.amount_minor, now_ms, ready_ms)
        line.hint = payment.account[-4:]
        line.payment = payment.shown.hash
        if wild and self.chance.permille(400 if payment.method == "cheque" else 40):
            self.world.faults.counts.add("bounced" if payment.method == "cheque" else "reversed_line")
            self._take_back(line, ready_ms + self.chance.between(HOUR_MS, DAY_MS))

    def given_back(self, payment: Payment) -> None:
        """A void at the door: the money goes back; before it was settled there is nothing to settle."""
        for line in [line for line in self.lines if line.payment == payment.shown.hash and not line.reversed]:
            if line.statements:
                self._take_back(line, self.world.time.now_ms + self.chance.between(HOUR_MS, 12 * HOUR_MS))
            else:
                self.lines.remove(line)

    def paid_in(self, slip: str, amount: int) -> None:
        """The branch paid cash in; the bank's statement will show it under the slip's number."""
        now_ms = self.world.time.now_ms
        line = self._line("deposit", slip, amount, now_ms, now_ms + self.chance.between(HOUR_MS, 14 * HOUR_MS))
        line.payment = slip

    def stray(self) -> None:
        """Money that no payment at a door is about."""
        method = self.chance.pick(_STRAY)
        now_ms, order = self.world.time.now_ms, self.order("stray")
        self._line(method, order, 100 * self.chance.between(1, 900), now_ms, now_ms + MINUTE_MS)
        self.world.faults.counts.add("stray_line")

    def _line(self, provider: str, order: str, amount: int, at_ms: int, ready_ms: int) -> Line:
        line = Line(provider=provider, order=order, amount_minor=amount, at_ms=at_ms, ready_ms=ready_ms)
        self.lines.append(line)
        return line

    def _take_back(self, line: Line, at_ms: int) -> None:
        back = self._line(line.provider, line.order, line.amount_minor, at_ms, at_ms)
        back.payment, back.hint, back.reversed = line.payment, line.hint, True

    # -- what the office learns
    def import_new(self) -> None:
        """The cashier imports a statement of each provider, with what is ready and, at times, what was told before."""
        now_ms = self.world.time.now_ms
        fresh: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            if not line.statements and line.ready_ms <= now_ms:
                fresh[line.provider].append(line)
        for provider, lines in sorted(fresh.items()):
            name = f"{provider}-{len(self.statements) + 1}"
            if self.world.faults.has("settlement") and self.chance.permille(300):
                lines = [line for line in self.lines if line.provider == provider and line.statements][-3:] + lines
                self.world.faults.counts.add("overlapping_statement")
            for line in lines:
                line.statements.append(name)
            rows = [_row(number, line) for number, line in enumerate(lines, start=1)]
            self.statements.append((provider, name, rows))
            self._import(provider, name, rows)
            for line in lines:
                self._told(line)

    def import_again(self) -> None:
        """After the office was set back: every file is still there, and importing it twice does no harm."""
        for provider, name, rows in self.statements:
            self._import(provider, name, rows)

    def _import(self, provider: Any, name: str, rows: list[StatementRow]) -> None:
        office = self.world.office
        office.insist(
            lambda: import_statement(office.parts.office, _CASHIER, f"{name}.csv", provider, name, rows),
        )

    def _told(self, line: Line) -> None:
        """What must be noticed about a line, once it is on a statement."""
        if not line.payment and len(line.statements) == 1:
            self._plant("stray_line", ("WALLET-UNMATCHED",), f"settlement:{line.provider}/{line.order}")
        elif line.reversed and len(line.statements) == 1:
            payment = self.world.notebook.payment_of(line.payment)
            if payment is not None and payment.named_order and payment.void is None:
                needs = (payment.shown.hash,)
                self._plant(
                    "bounced_cheque" if line.provider == "cheque" else "taken_back",
                    ("PAY-INSTRUMENT",),
                    f"settlement:{line.provider}/{line.order}",
                    needs,
                )

    def _plant(self, kind: str, rules: tuple[str, ...], about: str, needs: tuple[str, ...] = ()) -> None:
        self.world.notebook.frauds.append(Fraud(kind=kind, agent="", rules=rules, about=(about,), needs=needs))

    # -- what the checkers ask
    def net(self) -> Counter[tuple[str, str]]:
        """(provider, order) → what stayed of it according to the lines that the office was told."""
        found: Counter[tuple[str, str]] = Counter()
        for line in self.lines:
            if line.statements:
                found[line.provider, line.order] += -line.amount_minor if line.reversed else line.amount_minor
        return found

    def took_back(self, payment: Payment) -> bool:
        """Whether the office was told that this payment was taken back; without its number it has to guess whose."""
        return any(line.reversed and line.statements and line.payment == payment.shown.hash for line in self.lines)


def _row(number: int, line: Line) -> StatementRow:
    return StatementRow(
        row=number + 1,
        line=number,
        order=line.order,
        amount_minor=line.amount_minor,
        currency="CNY",
        at_ms=line.at_ms,
        reversed=line.reversed,
        payer_hint=line.hint,
    )
