"""The fold of one transfer of cash between two agents, under the id that both phones journal.

Each agent's first report counts, whatever is reported again under the same id; it moves the cash between that agent
and ``in_transfer:id``. When giver and taker report the same, that place is back at zero; until then the amount is on
the way, the transfer is disputed, and the drawers that reported it cannot be closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sync.operations.field import CashTransferred
from sync.reconcile import places
from sync.reconcile.facts import Fact, Posting, Registry, canonical_order

__all__ = [
    "Leg",
    "TransferView",
    "complete",
    "legs_of",
    "transfer_postings",
    "transfer_state",
    "transfer_view",
    "transfer_whereabouts",
]


class Leg(msgspec.Struct, frozen=True):
    """What one agent reported of a transfer: the first report in canonical order."""

    fact: Fact
    body: CashTransferred
    agent: str
    branch: str

    @property
    def gives(self) -> bool:
        """Whether the cash leaves this agent."""
        return self.body.from_agent == self.agent

    @property
    def service_day(self) -> str:
        """The day of the drawer that it leaves or enters."""
        return self.fact.operation.pack.partition("/")[0]


class TransferView(msgspec.Struct, frozen=True):
    """What the rules see of one transfer."""

    transfer: str
    legs: tuple[Leg, ...]


def legs_of(facts: Iterable[Fact], registry: Registry) -> dict[str, tuple[Leg, ...]]:
    """Transfer id → legs, one for each agent who reported it, in order of agent; held reports are left out."""
    found: dict[str, dict[str, Leg]] = {}
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        author = registry.get(fact.operation.device)
        if isinstance(body, CashTransferred) and author is not None:
            found.setdefault(body.transfer, {}).setdefault(author.agent, Leg(fact, body, author.agent, author.branch))
    return {id_: tuple(leg for _, leg in sorted(mine.items())) for id_, mine in sorted(found.items())}


def complete(legs: Sequence[Leg]) -> bool:
    """Whether giver and taker, and nobody else, reported the same."""
    return len(legs) == 2 and legs[0].body == legs[1].body and {leg.gives for leg in legs} == {True, False}


def transfer_view(key: str, facts: Sequence[Fact], registry: Registry) -> TransferView:
    """Sort the facts of ``transfer:id``."""
    transfer = key.partition(":")[2]
    return TransferView(transfer, legs_of(facts, registry).get(transfer, ()))


def transfer_postings(view: TransferView) -> tuple[Posting, ...]:
    """A line for each leg."""
    lines = []
    for leg in view.legs:
        cash, way = places.agent_holding("cash", leg.agent), places.in_transfer(view.transfer)
        if leg.body.amount_minor:
            lines.append(
                Posting(
                    id=f"{leg.fact.hash}:transferred",
                    debit=way if leg.gives else cash,
                    credit=cash if leg.gives else way,
                    amount_minor=leg.body.amount_minor,
                    currency=leg.body.currency,
                    branch=leg.branch,
                    service_day=leg.service_day,
                    operation=leg.fact.hash,
                )
            )
    return tuple(lines)


def transfer_whereabouts(view: TransferView) -> tuple[str, str]:
    """Branch and day of the giver's report, else of the taker's."""
    for leg in sorted(view.legs, key=lambda item: not item.gives):
        return leg.branch, leg.service_day
    return "", ""


def transfer_state(view: TransferView) -> dict[str, Any]:
    """What is stored and shown."""
    return {
        "transfer": view.transfer,
        "complete": complete(view.legs),
        "legs": [
            {
                "agent": leg.agent,
                "gives": leg.gives,
                "from_agent": leg.body.from_agent,
                "to_agent": leg.body.to_agent,
                "amount_minor": leg.body.amount_minor,
                "currency": leg.body.currency,
                "service_day": leg.service_day,
                "branch": leg.branch,
                "operation": leg.fact.hash,
            }
            for leg in view.legs
        ],
    }
