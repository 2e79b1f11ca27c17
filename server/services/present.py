"""What holds now, folded from the facts in this very transaction and not from the last finished reconciliation.

Commands decide on this, so that two of them in a row never act on a view that is a moment old. What a phone sent
counts from the moment at which the reconciler has indexed it.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from server.ports import Reader
from server.services.reconcile.intake import understand_batch
from sync.errors import Refused
from sync.operations.field import VisitConcluded, VisitStarted
from sync.operations.office import VisitAssigned, VisitCancelled, VisitMoved, VisitPlanned
from sync.reconcile.facts import Fact, Registry, canonical_order
from sync.reconcile.folds.account import AccountView, account_view
from sync.reconcile.folds.notice import NoticeView, notice_view

__all__ = ["VisitNow", "account_now", "accounts_now", "facts_now", "notices_now", "visit_now", "visits_now"]


class VisitNow(msgspec.Struct, frozen=True, kw_only=True):
    """One visit as office and field last stated it; `agent` is empty while nobody has it."""

    visit: str
    planned: VisitPlanned
    head: str
    """Basis of a compare-and-set: the last office operation on it."""
    service_day: str
    window_starts_s: int
    window_ends_s: int
    agent: str
    position: int
    eta_s: int
    leg_m: int
    cancelled: bool
    started_by: tuple[str, ...]
    concluded_by: tuple[str, ...]
    packs: frozenset[tuple[str, str]]
    """Every (agent, service day) that it was ever assigned to."""

    @property
    def open(self) -> bool:
        """Whether it is still to be made."""
        return not self.cancelled and not self.concluded_by


def facts_now(reader: Reader, keys: Collection[str]) -> dict[str, list[Fact]]:
    """Facts of each key, pending ones understood here; what is held stays marked as held."""
    registry = reader.registry()
    found: dict[str, list[Fact]] = {}
    for key, rows in reader.facts(keys).items():
        found[key] = [
            Fact(item.row.hash, item.operation, item.row.arrival, item.held.rule if item.held else item.row.held)
            for item in understand_batch(rows, registry)
            if item.operation is not None
        ]
    return found


def visits_now(reader: Reader, visits: Collection[str]) -> dict[str, VisitNow]:
    """Visits by id; unknown ones are absent."""
    registry = reader.registry()
    found = {}
    for key, facts in facts_now(reader, [f"visit:{visit}" for visit in visits]).items():
        present = _visit(reader, key, facts, registry)
        if present is not None:
            found[present.visit] = present
    return found


def visit_now(reader: Reader, visit: str) -> VisitNow:
    """One visit; raises NOT-FOUND."""
    found = visits_now(reader, [visit]).get(visit)
    if found is None:
        raise Refused("NOT-FOUND", f"no visit {visit[:64]!r}")
    return found


def _visit(reader: Reader, key: str, facts: list[Fact], registry: Registry) -> VisitNow | None:
    planned: VisitPlanned | None = None
    day, window = "", (0, 0)
    assigned: VisitAssigned | None = None
    cancelled = False
    started: set[str] = set()
    concluded: set[str] = set()
    packs: set[tuple[str, str]] = set()
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, VisitPlanned) and planned is None:
            planned, day, window = body, body.service_day, (body.window_starts_s, body.window_ends_s)
        elif isinstance(body, VisitMoved):
            # A moved visit is nobody's until it is assigned again.
            day, window, assigned = body.service_day, (body.window_starts_s, body.window_ends_s), None
        elif isinstance(body, VisitAssigned):
            assigned = body
            packs.add((body.agent, body.service_day))
        elif isinstance(body, VisitCancelled):
            cancelled = True
        elif isinstance(body, VisitStarted | VisitConcluded):
            author = registry.get(fact.operation.device)
            (started if isinstance(body, VisitStarted) else concluded).add(author.agent if author else "")
    if planned is None:
        return None
    return VisitNow(
        visit=planned.visit,
        planned=planned,
        head=reader.aggregate_head(key),
        service_day=day,
        window_starts_s=window[0],
        window_ends_s=window[1],
        agent=assigned.agent if assigned else "",
        position=assigned.position if assigned else 0,
        eta_s=assigned.eta_s if assigned else 0,
        leg_m=assigned.leg_m if assigned else 0,
        cancelled=cancelled,
        started_by=tuple(sorted(started)),
        concluded_by=tuple(sorted(concluded)),
        packs=frozenset(packs),
    )


def accounts_now(reader: Reader, accounts: Collection[str]) -> dict[str, AccountView]:
    """Accounts by id, unknown ones with no statement."""
    registry = reader.registry()
    facts = facts_now(reader, [f"account:{account}" for account in accounts])
    return {key.partition(":")[2]: account_view(key, found, registry) for key, found in facts.items()}


def account_now(reader: Reader, account: str) -> AccountView:
    """One account that was imported; raises NOT-FOUND."""
    view = accounts_now(reader, [account])[account]
    if view.statement is None:
        raise Refused("NOT-FOUND", f"no account {account[:64]!r}")
    return view


def notices_now(reader: Reader, notices: Collection[str]) -> dict[str, NoticeView]:
    """Notices by id that were issued; unknown ones are absent."""
    registry = reader.registry()
    facts = facts_now(reader, [f"notice:{notice}" for notice in notices])
    views = {key.partition(":")[2]: notice_view(key, found, registry) for key, found in facts.items()}
    return {notice: view for notice, view in views.items() if view.issued}
