"""What an agent does with cash besides taking it and handing it over: paying it in, passing it on, losing it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from agent_client.work.drawer import deposit_cash, report_loss, transfer_cash
from tests.simulation.limits import CASH_LIMIT_MINOR, MINUTE_MS
from tests.simulation.notebook import Loss, Transfer

if TYPE_CHECKING:
    from tests.simulation.agent import Agent

__all__ = ["Dealings"]

_TRANSFER_PERMILLE = 60
_LOSS_PERMILLE = 15


class Dealings:
    """One agent's cash on its other ways."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.world = agent.world
        self.chance = agent.world.chance.stream(f"dealings/{agent.name}")

    @property
    def _hands(self) -> int:
        return self.world.notebook.hands[self.agent.name]

    # -- paying in
    def has_room(self, name: str, amount: int) -> Generator[int, None, bool]:
        """Whether so much more cash may be taken; an honest agent first pays in what would be too much."""
        if self._hands + amount <= CASH_LIMIT_MINOR:
            return True
        left = self._hands
        done = yield from self.agent.step(lambda desk: deposit_cash(desk, left, "ABC", day=name))
        if done is None:
            return False
        self.world.notebook.hands[self.agent.name] -= left
        self.world.notebook.deposits.append((done.shown, left))
        self.world.faults.counts.did("own_deposit")
        return amount <= CASH_LIMIT_MINOR

    # -- between the stops
    def after_stop(self, name: str) -> Iterator[int]:
        """Sometimes cash is passed to a colleague, or gone."""
        if not self.world.faults.has("cash") or self._hands < 200:
            return
        if self.chance.permille(_TRANSFER_PERMILLE):
            yield from self._pass_on(name)
        elif self.chance.permille(_LOSS_PERMILLE):
            yield from self.lose(name, honest=True)

    def lose(self, name: str, *, honest: bool) -> Generator[int, None, str]:
        """Report a loss; its hash, or empty. A cheat has the money still."""
        amount = max(100, self._hands // 400 * 100)
        cause = self.chance.pick(("lost", "stolen", "counterfeit"))
        done = yield from self.agent.step(lambda desk: report_loss(desk, amount, cause, day=name))  # type: ignore[arg-type]  # one of the causes
        if done is None:
            return ""
        self.world.notebook.hands[self.agent.name] -= amount
        self.world.notebook.losses.append(Loss(shown=done.shown, amount_minor=amount, honest=honest))
        self.world.faults.counts.add("loss_reported")
        return done.shown.hash

    def _pass_on(self, name: str) -> Iterator[int]:
        others = [other for other in self.world.agents if other is not self.agent and other.has_pack(name)]
        amount = self._hands // 300 * 100
        if not others or amount <= 0:
            return
        other = self.chance.pick(others)
        notebook = self.world.notebook
        if notebook.hands[other.name] + amount > CASH_LIMIT_MINOR:
            return
        number = len(notebook.transfers) + 1
        transfer = Transfer(
            id=f"T{number}-{self.chance.take(3).hex()}",
            giver=self.agent.name,
            taker=other.name,
            day=name,
            amount_minor=amount,
        )
        done = yield from self._report(transfer)
        if done:
            notebook.transfers.append(transfer)
            notebook.hands[self.agent.name] -= amount
            notebook.hands[other.name] += amount
            self.world.faults.counts.did("cash_transfer")
            yield self.world.time.now_ms + self.chance.between(1000, 5 * MINUTE_MS)
            if self.chance.permille(700):
                yield from other.dealings.catch_up(day=name)
            else:
                self.world.faults.counts.add("half_reported_transfer")

    # -- what was not written down yet, or is lost again
    def catch_up(self, *, day: str = "") -> Iterator[int]:
        """Report this agent's half of every transfer of which the phone has no record any more, or never had."""
        for transfer in self.world.notebook.transfers:
            mine = self.agent.name in {transfer.giver, transfer.taker}
            if mine and (not day or transfer.day == day) and self.agent.has_pack(transfer.day):
                known = [s for s in transfer.legs if s.agent == self.agent.name]
                if all(s.gone and not self.world.watch.holds(s.hash) for s in known):
                    yield from self._report(transfer)

    def _report(self, transfer: Transfer) -> Generator[int, None, bool]:
        gives = transfer.giver == self.agent.name
        done = yield from self.agent.step(
            lambda desk: transfer_cash(
                desk,
                transfer.id,
                transfer.amount_minor,
                to_agent=transfer.taker if gives else "",
                from_agent="" if gives else transfer.giver,
                day=transfer.day,
            )
        )
        if done is None:
            return False
        transfer.legs.append(done.shown)
        return True
