"""The day's equation of one drawer, per currency.

Opening (carried + float) + cash collected - effective voids - void pending + transfers in - transfers out - deposits
- handed over - approved losses = cash still held, *counted or declared, never computed*, ± over or short. A void that
waits is a line of its own, not a shortage, until it is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from sync.operations.field import CashDeposited, CashHandedOver, CashLossReported, CashTransferred, DayEnded
from sync.reconcile.facts import Fact, canonical_order
from sync.reconcile.payment_status import PaymentStatus

if TYPE_CHECKING:
    from sync.reconcile.folds.drawer import DrawerView

__all__ = ["Equation", "declarations", "equations", "leaving_minor"]


class Equation(msgspec.Struct, frozen=True, kw_only=True):
    """The day's equation in minor units of one currency. `held` is None until somebody declares."""

    currency: str
    carried: int
    float_issued: int
    collected: int
    voided: int
    void_pending: int
    deposited: int
    handed_over: int
    held: int | None
    counted: int | None
    transferred_in: int = 0
    transferred_out: int = 0
    lost: int = 0
    """Losses that two persons approved."""

    @property
    def expected(self) -> int:
        """What should still be held."""
        inflow = self.carried + self.float_issued + self.collected + self.transferred_in
        outflow = self.transferred_out + self.deposited + self.handed_over + self.lost
        return inflow - self.voided - self.void_pending - outflow

    @property
    def held_variance(self) -> int:
        """Declared against expected; negative is short, 0 while nothing is declared."""
        return self.held - self.expected if self.held is not None else 0

    @property
    def count_variance(self) -> int:
        """Counted against handed over; negative is short, 0 while nothing is counted."""
        return self.counted - self.handed_over if self.counted is not None else 0

    @property
    def over_short(self) -> int | None:
        """Declared against expected plus counted against handed over; negative is short; None while unreported."""
        return self.held_variance + self.count_variance if self.held is not None else None


def declarations(facts: Iterable[Fact]) -> list[Fact]:
    """`DayEnded` operations, the one that counts last: of each device by chain order, among devices in canonical."""
    by_device: dict[str, list[Fact]] = {}
    for fact in facts:
        by_device.setdefault(fact.operation.device, []).append(fact)
    lasts = canonical_order(max(mine, key=_chain_place) for mine in by_device.values())
    ordered: list[Fact] = []
    for last in lasts:
        ordered += sorted(by_device[last.operation.device], key=_chain_place)
    return ordered


def equations(view: DrawerView) -> tuple[Equation, ...]:
    """One equation for each currency that the drawer saw."""
    currencies = {view.currency} if view.pack or view.written else set()
    currencies |= {status.body.currency for status in view.payments if status.body.method == "cash"}
    moving = (*view.handovers, *view.deposits, *view.transfers, *view.losses)
    currencies |= {body.currency for fact in moving if (body := _moving(fact)) is not None}
    currencies |= {body.currency for _, body in view.counted}
    return tuple(_equation(view, code) for code in sorted(currencies))


def _equation(view: DrawerView, code: str) -> Equation:
    own = code == view.currency
    cash = [s for s in view.payments if s.body.method == "cash" and s.body.currency == code]
    transfers = [leaving_minor(fact, view.agent, code) for fact in view.transfers]
    counted = [body.amount_minor for _, body in view.counted if body.currency == code]
    found = Equation(
        currency=code,
        carried=view.pack.carried_minor if view.pack and own else 0,
        float_issued=view.pack.float_minor if view.pack and own else 0,
        collected=sum(s.body.amount_minor for s in cash),
        voided=sum(s.body.amount_minor for s in cash if s.status == "voided"),
        void_pending=sum(s.body.amount_minor for s in cash if s.status in {"void_pending", "void_contested"}),
        deposited=sum(leaving_minor(fact, view.agent, code) for fact in view.deposits),
        handed_over=sum(leaving_minor(fact, view.agent, code) for fact in view.handovers),
        held=None,
        counted=counted[-1] if counted else None,
        transferred_in=-sum(amount for amount in transfers if amount < 0),
        transferred_out=sum(amount for amount in transfers if amount > 0),
        lost=sum(leaving_minor(fact, view.agent, code) for fact in view.losses),
    )
    return msgspec.structs.replace(found, held=_held(view, found, cash))


def _held(view: DrawerView, found: Equation, cash: Sequence[PaymentStatus]) -> int | None:
    """The last declaration, carried on by what the same agent recorded after it; None without one.

    A phone declares what its own day left and never less than nothing. It knows nothing of cash carried over from
    the day before, so that is no shortage when it is not in the declaration, and no surplus when it is handed over.
    """
    code = found.currency
    declared = view.day_ended
    if not isinstance(declared, DayEnded) or declared.currency != code:
        return None
    last = view.ended[-1]
    moving = (*view.handovers, *view.deposits, *view.transfers, *view.losses)
    left = sum(leaving_minor(fact, view.agent, code) for fact in moving if _later(fact, last))
    taken = sum(s.body.amount_minor for s in cash if _later(s.fact, last))
    back = sum(
        s.body.amount_minor
        for s in cash
        if s.status not in {"stands", "void_refused"} and all(_later(void, last) for void in s.voids)
    )
    after = taken - left - back
    at_declaration = found.expected - after
    if found.carried and at_declaration >= 0:
        return found.expected + declared.cash_minor - max(0, at_declaration - found.carried)
    return declared.cash_minor + after


def _moving(fact: Fact) -> CashHandedOver | CashDeposited | CashTransferred | CashLossReported | None:
    body = fact.operation.body
    return body if isinstance(body, CashHandedOver | CashDeposited | CashTransferred | CashLossReported) else None


def leaving_minor(fact: Fact, agent: str, code: str) -> int:
    """What an operation takes out of the agent's drawer in a currency; negative for what a transfer brings."""
    body = _moving(fact)
    if body is None or body.currency != code:
        return 0
    if isinstance(body, CashTransferred) and body.from_agent != agent:
        return -body.amount_minor
    return body.amount_minor


def _chain_place(fact: Fact) -> tuple[int, int, str]:
    return fact.operation.epoch, fact.operation.seq, fact.hash


def _later(fact: Fact, than: Fact) -> bool:
    """Whether it was written after another: by chain order in one journal, else in canonical order."""
    if fact.hash == than.hash:
        return False
    if fact.operation.device == than.operation.device:
        return _chain_place(fact)[:2] > _chain_place(than)[:2]
    return canonical_order((fact, than))[1].hash == fact.hash
