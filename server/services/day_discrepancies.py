"""Discrepancies of a day in words, tied to the agent and the stop that they concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from server.ports import Reader
from server.services.closing.obstacles import MONEY_RULES
from server.services.day_views import DecisionView, DiscrepancyView, Evidence, Words
from sync.operations.kinds import kind_of
from sync.operations.understand import Held, understand
from sync.reconcile.catalogue import CATALOGUE, explain
from sync.reconcile.facts import Discrepancy

__all__ = ["EVIDENCE_MAX", "Whose", "discrepancy_view", "evidence_of", "whose"]

EVIDENCE_MAX: Final = 50
"""Operations listed on a discrepancy's page."""


class Whose:
    """Finds agent and visit of a discrepancy's subject among a day's aggregates."""

    def __init__(
        self,
        visits: Mapping[str, Mapping[str, Any]],
        agent_of_visit: Mapping[str, str],
        agent_of_device: Mapping[str, str],
        visit_of_operation: Mapping[str, str],
        device_of_operation: Mapping[str, str],
    ) -> None:
        self._visits = visits
        self._agent_of_visit = agent_of_visit
        self._agent_of_device = agent_of_device
        self._visit_of_operation = visit_of_operation
        self._device_of_operation = device_of_operation
        self._by_account: dict[str, str] = {}
        self._by_customer: dict[str, str] = {}
        for visit, state in visits.items():
            self._by_account.setdefault(str(state.get("account", "")), visit)
            self._by_customer.setdefault(str(state.get("customer", "")), visit)

    def find(self, found: Discrepancy) -> tuple[str, str]:
        """(agent, visit), each empty where the subject names none."""
        family, _, name = found.subject.partition(":")
        visit = next((v for h in found.operations if (v := self._visit_of_operation.get(h))), "")
        agent = ""
        if family == "visit":
            visit = name
        elif family == "drawer":
            return name.partition("/")[0], ""
        elif family == "account":
            visit = visit or self._by_account.get(name, "")
        elif family == "customer":
            visit = visit or self._by_customer.get(name, "")
        elif family in {"payment", "device"}:
            agent = self._agent_of_device.get(name.partition("/")[0], "")
        if not agent:
            devices = (self._device_of_operation.get(h, "") for h in found.operations)
            agent = next((a for d in devices if (a := self._agent_of_device.get(d))), "")
        return agent or self._agent_of_visit.get(visit, ""), visit if visit in self._visits else ""


def whose(
    reader: Reader,
    visits: Mapping[str, Mapping[str, Any]],
    agent_of_visit: Mapping[str, str],
    visit_of_operation: Mapping[str, str],
    discrepancies: Iterable[Discrepancy],
) -> Whose:
    """Read what the lookups need in one go: the operations that the discrepancies rest on."""
    hashes = {hash_ for found in discrepancies for hash_ in found.operations[:EVIDENCE_MAX]}
    devices = {hash_: stored.device for hash_, stored in reader.operations(hashes).items()}
    agents = {device: author.agent for device, author in reader.registry().items() if author.agent}
    return Whose(visits, agent_of_visit, agents, visit_of_operation, devices)


def discrepancy_view(found: Discrepancy, agent: str, visit: str, head: str = "") -> DiscrepancyView:
    """The discrepancy with its rule's words in both languages."""
    entry = CATALOGUE[found.rule]
    en, zh = explain(found, "en"), explain(found, "zh")
    decision = found.decision
    return DiscrepancyView(
        id=found.id,
        rule=found.rule,
        subject=found.subject,
        severity=found.severity,
        title=Words(en=en[0], zh=zh[0]),
        sentence=Words(en=en[1], zh=zh[1]),
        holds=Words(en=en[2], zh=zh[2]),
        decides="nobody" if found.severity == "info" else entry.decides,
        outcomes=() if found.severity == "info" else entry.outcomes,
        two_persons=entry.two_persons or (found.severity == "alarm" and found.rule in MONEY_RULES),
        suspicion=entry.suspicion,
        open=found.open,
        ground=found.ground,
        agent=agent,
        accused=found.agent,
        visit=visit,
        operations=found.operations,
        decision=None
        if decision is None
        else DecisionView(
            outcome=decision.outcome,
            by=decision.by,
            second=decision.second,
            note=decision.note,
            current=decision.current,
        ),
        head=head,
    )


def evidence_of(reader: Reader, operations: Iterable[str]) -> list[Evidence]:
    """What each operation is, when its author wrote it and who that was, in order of time as written."""
    registry = reader.registry()
    found: list[Evidence] = []
    for hash_, stored in reader.operations(list(operations)[:EVIDENCE_MAX]).items():
        author = registry.get(stored.device)
        operation = understand(stored.data)
        if isinstance(operation, Held):
            found.append(Evidence(operation=hash_, kind=operation.rule, at="", author=author.agent if author else ""))
            continue
        who = operation.by.user if operation.by else (author.agent if author else "")
        found.append(Evidence(operation=hash_, kind=kind_of(operation), at=operation.at, author=who))
    return sorted(found, key=lambda item: (item.at, item.operation))
