"""Rules about conduct at the door: where, when, and with how many of our own."""

from __future__ import annotations

from collections.abc import Sequence

from sync.distance import distance_m
from sync.operations.envelope import Position
from sync.operations.field import CompanionConfirmed, NoticeDelivered
from sync.reconcile.catalogue import BoundRule, Finding, rule
from sync.reconcile.facts import Fact
from sync.reconcile.folds.conduct import ContactBreach
from sync.reconcile.folds.customer import CustomerView
from sync.reconcile.folds.drawer import DrawerView
from sync.reconcile.folds.visit import VisitView
from sync.reconcile.limits import ACCURACY_FACTOR, PLACE_ALLOWED_M, TRAVEL_METRES_PER_SECOND_MAX

__all__ = ["CONTACT_RULES", "TRAVEL_RULES", "VISIT_CONDUCT_RULES"]


@rule(
    "VISIT-PLACE",
    family="visit",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Certainly not at the address",
        "{what}: {how}, beyond what the phone's accuracy can explain.",
        "Everything done there stands.",
    ),
    zh=("位置确定不符", "{what_zh}：{how_zh}，超出定位误差所能解释的范围。", "所办理事项均有效。"),
)
def visit_place(view: VisitView) -> Finding | None:
    """Certainly farther from the address than allowed, or travelled faster than anybody can; safety may excuse it."""
    planned = view.planned
    if planned is None or not (planned.lat_e7 or planned.lon_e7):
        return None
    far: list[tuple[Fact, int]] = []
    for fact in _acts(view):
        where = fact.operation.position
        if where is not None and (away := _certainly_away_m(planned.lat_e7, planned.lon_e7, where)):
            far.append((fact, away))
    if not far:
        return None
    most = _kilometres(max(away for _, away in far))
    excused = {view.agent_of(fact) for fact in view.safety}
    return Finding(
        operations=(*(fact.hash for fact, _ in far), *(fact.hash for fact in view.safety)),
        values={
            "what": f"visit {view.visit}",
            "what_zh": f"上门 {view.visit}",
            "how": f"at least {most} km from the address",
            "how_zh": f"距地址至少 {most} 公里",
        },
        severity="info" if excused.issuperset({view.agent_of(fact) for fact, _ in far}) else None,
    )


def _acts(view: VisitView) -> Sequence[Fact]:
    """What only happens at the door; a conclusion may be written up elsewhere, and counts where nothing else does."""
    handed = [
        fact
        for fact in view.deliveries
        if isinstance(body := fact.operation.body, NoticeDelivered) and body.manner.startswith("handed")
    ]
    acts = [*view.started, *view.checks, *view.payments, *handed]
    return acts if any(fact.operation.position for fact in acts) else view.concluded


def _certainly_away_m(lat_e7: int, lon_e7: int, where: Position) -> int:
    """The least distance from the address that the position allows; 0 while it may be near enough."""
    away = distance_m(lat_e7, lon_e7, where.lat_e7, where.lon_e7) - ACCURACY_FACTOR * where.accuracy_m
    return away if away > PLACE_ALLOWED_M else 0


def _kilometres(metres: int) -> str:
    return f"{metres // 1000}.{metres % 1000 // 100}"


def _impossible_travel(view: DrawerView) -> Finding | None:
    """Two places of one journal, one after the other, that nobody can have reached in the time between."""
    by_hash = {fact.hash: fact for fact in view.written}
    before: dict[str, Fact] = {}
    worst: list[tuple[Fact, Fact]] = []
    most = 0
    # Along the chain, by hash: of two branches of a fork neither came before the other.
    for fact in sorted(
        view.written, key=lambda item: (item.operation.device, item.operation.epoch, item.operation.seq)
    ):
        previous = fact.operation.prev
        last = before.get(previous)
        if previous in by_hash and by_hash[previous].operation.position is not None:
            last = by_hash[previous]
        if last is not None:
            before[fact.hash] = last
        if last is not None and (metres := _too_far_m(last, fact)):
            worst.append((last, fact))
            most = max(most, metres)
    if not worst:
        return None
    hashes = tuple(fact.hash for pair in worst for fact in pair)
    return Finding(
        operations=hashes,
        values={
            "what": f"{view.agent} on {view.service_day}",
            "what_zh": f"{view.agent} 于 {view.service_day}",
            "how": f"{_kilometres(most)} km between two records in a time in which nobody gets that far",
            "how_zh": f"两条记录相距 {_kilometres(most)} 公里，其间的时间任何人都无法到达",
        },
    )


def _too_far_m(one: Fact, other: Fact) -> int:
    """Metres certainly travelled between two places if that was impossible in the most time there can have been."""
    here, there = one.operation.position, other.operation.position
    low, high = one.interval.low_ms, other.interval.high_ms
    if here is None or there is None or low is None or high is None or high < low:
        return 0
    blurred = ACCURACY_FACTOR * (here.accuracy_m + there.accuracy_m) + PLACE_ALLOWED_M
    metres = distance_m(here.lat_e7, here.lon_e7, there.lat_e7, there.lon_e7) - blurred
    return metres if metres * 1000 > TRAVEL_METRES_PER_SECOND_MAX * (high - low) else 0


@rule(
    "VISIT-HOURS",
    family="visit",
    severity="alarm",
    decides="compliance",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Contact outside what is permitted",
        "{what}, {when}: {why}",
        "The contact and everything done at it stand.",
    ),
    zh=("联系不合规", "{what_zh}，{when_zh}：{why_zh}", "该次联系及所办理事项均有效。"),
)
def visit_hours(view: VisitView) -> Finding | None:
    """Contact certainly outside permitted hours or over the frequency limit, local time; house rules are for review."""
    return _breach_finding(view.breaches, f"visit {view.visit}", f"上门 {view.visit}")


def _customer_hours(view: CustomerView) -> Finding | None:
    return _breach_finding(view.breaches, f"customer {view.customer}", f"客户 {view.customer}")


def _breach_finding(breaches: Sequence[ContactBreach], what: str, what_zh: str) -> Finding | None:
    if not breaches:
        return None
    return Finding(
        operations=tuple(breach.fact.hash for breach in breaches),
        values={
            "what": what,
            "what_zh": what_zh,
            "when": ", ".join(dict.fromkeys(breach.when_en for breach in breaches)),
            "when_zh": "、".join(dict.fromkeys(breach.when_zh for breach in breaches)),
            "why": " ".join(dict.fromkeys(breach.text_en for breach in breaches)),
            "why_zh": "".join(dict.fromkeys(breach.text_zh for breach in breaches)),
        },
        severity="review" if all(breach.house for breach in breaches) else None,
    )


@rule(
    "VISIT-STAFF",
    family="visit",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Fewer staff than asked for",
        "Visit {visit} asks for {wanted} of our staff; {agents} confirmed {present}.",
        "The visit and everything done there stand.",
    ),
    zh=(
        "人员不足",
        "上门 {visit} 要求 {wanted} 名工作人员；{agents} 确认在场 {present} 名。",
        "该次上门及所做一切均有效。",
    ),
)
def visit_staff(view: VisitView) -> Finding | None:
    """Concluded with fewer of our staff than the visit asks for; a companion counts who confirmed with their badge."""
    wanted = view.planned.staff_min if view.planned else 0
    if wanted < 2:
        return None
    concluded: dict[str, list[Fact]] = {}
    for fact in view.concluded:
        concluded.setdefault(view.agent_of(fact), []).append(fact)
    present = {agent: 1 + len(_companions(view, agent)) for agent in concluded}
    alone = sorted(agent for agent, count in present.items() if count < wanted)
    if not alone:
        return None
    return Finding(
        operations=tuple(fact.hash for agent in alone for fact in concluded[agent]),
        values={
            "visit": view.visit,
            "wanted": wanted,
            "agents": ", ".join(alone),
            "present": ", ".join(str(present[agent]) for agent in alone),
        },
    )


def _companions(view: VisitView, agent: str) -> set[str]:
    bodies = [fact.operation.body for fact in view.companions if view.agent_of(fact) == agent]
    return {body.companion for body in bodies if isinstance(body, CompanionConfirmed)} - {agent, ""}


VISIT_CONDUCT_RULES = (visit_place, visit_hours, visit_staff)
CONTACT_RULES = (BoundRule(visit_hours.entry, _customer_hours),)
"""The same rule for a customer: too many contacts, and contacts outside a visit."""
TRAVEL_RULES = (BoundRule(visit_place.entry, _impossible_travel),)
"""The same rule for an agent's day: two places that do not go together."""
