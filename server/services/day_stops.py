"""One agent's part of a day: stops in driving order, money by method, the equation, and how far the phone is synced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from server.ports import Reader
from server.services.agents import AgentDetails
from server.services.customers import CustomerDetails
from server.services.day_views import (
    AgentDay,
    Collected,
    DiscrepancyView,
    EquationView,
    MethodTotal,
    StopView,
    SyncView,
)
from sync.messages import VisitDocument
from sync.operations.field import PaymentCollected
from sync.operations.understand import Held, understand
from sync.reconcile.facts import Posting

__all__ = ["DayPayment", "agent_day", "payments_of"]

_HIDDEN_METHODS = frozenset({"cash"})
"""What a blind view leaves out: only cash is counted."""


class DayPayment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment of the day, as its postings and its own operation say."""

    agent: str
    visit: str
    operation: str
    method: str
    amount_minor: int
    currency: str
    status: str


def payments_of(reader: Reader, branch: str, service_day: str) -> list[DayPayment]:
    """Every payment that is booked in the branch's day, in order of its place in its journal."""
    postings = reader.postings(branch=branch, service_day=service_day)
    collected = [posting for posting in postings if posting.id.endswith(":collected")]
    statuses = {posting.operation: _status(posting) for posting in postings if _status(posting)}
    registry = reader.registry()
    found: list[tuple[tuple[str, int, int], DayPayment]] = []
    for hash_, stored in reader.operations([posting.operation for posting in collected]).items():
        operation = understand(stored.data)
        if isinstance(operation, Held) or not isinstance(operation.body, PaymentCollected):
            continue
        author = registry.get(stored.device)
        payment = DayPayment(
            agent=operation.pack.partition("/")[2] or (author.agent if author else ""),
            visit=operation.body.visit,
            operation=hash_,
            method=operation.body.method,
            amount_minor=operation.body.amount_minor,
            currency=operation.body.currency,
            status=statuses.get(hash_, "stands"),
        )
        found.append(((stored.device, stored.epoch, stored.seq), payment))
    return [payment for _, payment in sorted(found, key=lambda item: item[0])]


def _status(posting: Posting) -> str:
    purpose = posting.id.rpartition(":")[2]
    return purpose if purpose in {"void_pending", "voided", "reversed"} else ""


def agent_day(
    reader: Reader,
    *,
    person: AgentDetails,
    customers: Mapping[str, CustomerDetails],
    service_day: str,
    drawer: Mapping[str, Any],
    visits: Mapping[str, Mapping[str, Any]],
    payments: Sequence[DayPayment],
    discrepancies: Sequence[DiscrepancyView],
    blind: bool,
) -> AgentDay:
    """The agent's day; with `blind`, cash amounts are left out until it is counted."""
    equations = tuple(msgspec.convert(item, type=EquationView) for item in drawer["equations"])
    counted = any(equation.counted is not None for equation in equations)
    hide = blind and not counted
    concluded = set(drawer["concluded"])
    planned = list(drawer["planned"])
    order = list(dict.fromkeys((*planned, *drawer["concluded"])))
    stops = tuple(
        _stop(
            reader,
            person.agent,
            visit,
            place,
            visits.get(visit, {}),
            customers.get(visits.get(visit, {}).get("customer", "")),
            planned=place <= len(planned),
            done=visit in concluded,
            payments=[payment for payment in payments if payment.visit == visit],
            discrepancies=[view for view in discrepancies if view.visit == visit],
            hide=hide,
        )
        for place, visit in enumerate(order, start=1)
        if visit in visits or visit in concluded or visit in planned
    )
    return AgentDay(
        agent=person.agent,
        name=person.name,
        stops=stops,
        planned=len(planned),
        done=len(concluded.intersection(planned)),
        unplanned=len(order) - len(planned),
        distance_m=sum(stop.leg_m for stop in stops if stop.planned and stop.state != "cancelled"),
        methods=_methods(drawer["methods"], hide),
        equations=() if hide else equations,
        outside=tuple(_collected(payment, hide) for payment in payments if payment.visit not in order),
        sync=_sync(reader, person.agent, drawer),
        discrepancies=tuple(view.id for view in discrepancies),
        open=sum(view.open for view in discrepancies),
        counted=counted,
        closed=bool(drawer["closed_by"]),
        blind=hide,
        currency=equations[0].currency if equations else "CNY",
        head=reader.aggregate_head(f"drawer:{person.agent}/{service_day}"),
    )


def _stop(
    reader: Reader,
    agent: str,
    visit: str,
    place: int,
    state: Mapping[str, Any],
    customer: CustomerDetails | None,
    *,
    planned: bool,
    done: bool,
    payments: Sequence[DayPayment],
    discrepancies: Sequence[DiscrepancyView],
    hide: bool,
) -> StopView:
    raw = reader.document(agent, f"visit/{visit}")
    document = msgspec.json.decode(raw, type=VisitDocument) if raw is not None else None
    cancelled = bool(state.get("cancelled"))
    return StopView(
        visit=visit,
        position=place,
        planned=planned,
        account=state.get("account", ""),
        customer=state.get("customer", ""),
        name=customer.name if customer else (document.name if document else ""),
        address=customer.shown("address") if customer else (document.address if document else ""),
        tasks=tuple(state.get("tasks", ())),
        origin=state.get("origin", ""),
        window_starts_s=document.window_starts_s if document else 0,
        window_ends_s=document.window_ends_s if document else 0,
        eta_s=state.get("eta_s", 0),
        leg_m=state.get("leg_m", 0) if planned else 0,
        state="done" if done else ("cancelled" if cancelled else "open"),
        outcome=state.get("outcome", "") if done else "",
        concluded_at=state.get("concluded_at", "") if done else "",
        concluded_by=tuple(state.get("concluded_by", ())),
        identity=state.get("identity", "none"),
        delivered=state.get("delivered", 0),
        collected=tuple(_collected(payment, hide) for payment in payments),
        discrepancies=tuple(view.id for view in discrepancies),
        review=any(view.open for view in discrepancies),
        lat_e7=document.lat_e7 if document else None,
        lon_e7=document.lon_e7 if document else None,
    )


def _collected(payment: DayPayment, hide: bool) -> Collected:
    hidden = hide and payment.method in _HIDDEN_METHODS
    return Collected(
        method=payment.method,
        amount_minor=None if hidden else payment.amount_minor,
        currency=payment.currency,
        status=payment.status,
        operation=payment.operation,
    )


def _methods(methods: Mapping[str, Mapping[str, int]], hide: bool) -> tuple[MethodTotal, ...]:
    totals = []
    for name, entry in methods.items():
        method, _, currency = name.partition("/")
        hidden = hide and method in _HIDDEN_METHODS
        totals.append(
            MethodTotal(
                method=method,
                currency=currency,
                count=entry["count"],
                amount_minor=None if hidden else entry["amount_minor"],
            )
        )
    return tuple(totals)


def _sync(reader: Reader, agent: str, drawer: Mapping[str, Any]) -> SyncView:
    devices = set(drawer["devices"]) or {d for d, author in reader.registry().items() if author.agent == agent}
    held = last = 0
    missing: list[str] = []
    forked = False
    for device in sorted(devices):
        for journal in reader.journals(device):
            summary = journal.summary
            gaps = summary.missing
            last += summary.last_seq
            held += summary.last_seq - sum(end - start + 1 for start, end in gaps)
            missing += [f"{journal.epoch}/{start}–{end}" for start, end in gaps]
            forked = forked or summary.forked
    return SyncView(
        operations=drawer["operations"],
        last_exchange_ms=drawer["last_exchange_ms"],
        exchanges=drawer["exchanges"],
        again=drawer["duplicate_deliveries"],
        reported=drawer["reported"],
        lost=drawer["lost"],
        receipts=drawer["receipts"],
        receipts_declared=drawer["receipts_declared"],
        held_seq=held,
        last_seq=last,
        missing=tuple(missing),
        forked=forked,
    )
