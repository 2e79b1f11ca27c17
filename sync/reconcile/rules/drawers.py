"""Rules about an agent's day: its clock, its lateness, its cash, and what was delivered again."""

from __future__ import annotations

from sync.clock import parse_wall, wall_distance_ms
from sync.limits import CLOCK_DRIFT_INFO_MS, CLOCK_DRIFT_REVIEW_MS
from sync.money import format_amount
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.drawer import DrawerView
from sync.reconcile.folds.equation import equations

__all__ = ["DRAWER_RULES", "pay_duplicate_delivery"]


@rule(
    "PAY-DUPLICATE-DELIVERY",
    family="drawer",
    severity="info",
    en=(
        "Delivered again",
        "{count} operation(s) of this day arrived again and were recognised by their hash.",
        "One effect; nothing to decide.",
    ),
    zh=("重复上传", "当日有 {count} 条记录再次到达，已按哈希识别。", "只计一次；无需裁定。"),
)
def pay_duplicate_delivery(view: DrawerView) -> Finding | None:
    """The same operation arrives again: one effect, no discrepancy; counted."""
    again = [(fact, body.again) for fact, body in view.exchanges if body.again]
    if not again:
        return None
    return Finding(operations=tuple(fact.hash for fact, _ in again), values={"count": sum(count for _, count in again)})


@rule(
    "CLOCK-DRIFT",
    family="drawer",
    severity="info",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "The phone's clock is wrong",
        "The clock of {agent}'s phone was certainly wrong by more than {distance} on {day}.",
        "Times are judged by signed server times and arrival instead.",
    ),
    zh=(
        "手机时钟有误",
        "{agent} 的手机时钟在 {day} 确定偏差超过 {distance_zh}。",
        "时间改以服务器签名时间和到达时间为准。",
    ),
)
def clock_drift(view: DrawerView) -> Finding | None:
    """The device's clock lies outside every bound of an operation's effective time; review beyond an hour."""
    worst = 0
    first: dict[tuple[str, str], str] = {}
    for fact in view.written:
        distance = wall_distance_ms(parse_wall(fact.operation.at)[0], fact.interval)
        if distance > CLOCK_DRIFT_INFO_MS:
            worst = max(worst, distance)
            first.setdefault((fact.operation.device, fact.operation.boot), fact.hash)
    if not first:
        return None
    review = worst > CLOCK_DRIFT_REVIEW_MS
    hours = worst // 3_600_000
    return Finding(
        operations=tuple(first.values()),
        values={
            "agent": view.agent,
            "day": view.service_day,
            "distance": f"{hours} h" if review else "2 min",
            "distance_zh": f"{hours} 小时" if review else "2 分钟",
        },
        severity="review" if review else "info",
    )


@rule(
    "DAY-LATE",
    family="drawer",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "Arrived after the day was closed",
        "{count} operation(s) of {agent}'s day {day} are not covered by that day's closing.",
        "The drawer stays the old one; the difference is booked as a correction in the open day.",
    ),
    zh=(
        "结日后到达",
        "{agent} 于 {day} 的 {count} 条记录未被该日结账覆盖。",
        "仍属原钱箱；差额作为更正记入未结日。",
    ),
)
def day_late(view: DrawerView) -> Finding | None:
    """An operation of a service day whose closing does not cover its head."""
    if not view.closings:
        return None
    closing = min(body.number for _, body in view.closings)
    late = [fact.hash for fact in view.written if not fact.covered or int(fact.covered) > closing]
    if not late:
        return None
    return Finding(operations=tuple(late), values={"agent": view.agent, "day": view.service_day, "count": len(late)})


@rule(
    "CASH-VARIANCE",
    family="drawer",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Cash does not agree",
        "{agent}'s cash of {day} differs by {difference} from what was expected or declared.",
        "The difference is posted as over or short.",
    ),
    zh=("现金不符", "{agent} 于 {day} 的现金与应有或申报数相差 {difference}。", "差额记为长短款。"),
)
def cash_variance(view: DrawerView) -> Finding | None:
    """What was counted differs from what was declared, or what was declared from what was expected."""
    found = equations(view)
    held = [eq for eq in found if eq.held_variance]
    counted = [eq for eq in found if eq.count_variance]
    if not held and not counted:
        return None
    # Two differences that cancel each other out are still two, so they are never added up.
    differences = [format_amount(eq.held_variance, eq.currency) for eq in held]
    differences += [format_amount(eq.count_variance, eq.currency) for eq in counted]
    counts = [fact.hash for fact, body in view.counted if any(eq.currency == body.currency for eq in counted)]
    return Finding(
        operations=(*counts, *(fact.hash for fact in view.ended[-1:] if held)),
        values={"agent": view.agent, "day": view.service_day, "difference": ", ".join(differences)},
    )


DRAWER_RULES = (clock_drift, day_late, cash_variance)
"""PAY-DUPLICATE-DELIVERY is counted in the drawer's state and raises no discrepancy."""
