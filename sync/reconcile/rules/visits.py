"""Rules about a visit: who had it, whether it was still on, and whom the agent spoke to."""

from __future__ import annotations

from sync.operations.field import NoticeDelivered
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.visit import VisitView, identity_ground

__all__ = ["VISIT_RULES"]


@rule(
    "VISIT-REASSIGNED",
    family="visit",
    severity="info",
    outcomes=("accept", "escalate"),
    en=(
        "Done by an agent who does not have it",
        "Visit {visit} was concluded by {by}, while the office had given it to {now}.",
        "The visit stands; the stop leaves the other agent's pack.",
    ),
    zh=(
        "由其他业务员完成",
        "上门 {visit} 由 {by} 完成，而办公室已改派给 {now}。",
        "该次上门有效；该站点从另一业务员的任务包中移除。",
    ),
)
def visit_reassigned(view: VisitView) -> Finding | None:
    """Concluded by an agent from whom it had been taken meanwhile; review if that agent never had it."""
    if not view.assignee:
        return None
    others = [fact for fact in view.concluded if view.agent_of(fact) != view.assignee]
    if not others:
        return None
    had = {assigned.agent for assigned in view.assigned}
    by = sorted({view.agent_of(fact) for fact in others})
    return Finding(
        operations=tuple(fact.hash for fact in others),
        values={"visit": view.visit, "by": ", ".join(by), "now": view.assignee},
        severity=None if had.issuperset(by) else "review",
    )


@rule(
    "VISIT-TWICE",
    family="visit",
    severity="review",
    en=(
        "Two agents concluded one visit",
        "Visit {visit} was concluded by {agents}.",
        "Both stand, and both count as contacts.",
    ),
    zh=("两名业务员完成同一上门", "上门 {visit} 由 {agents} 分别完成。", "均有效，并均计为接触。"),
)
def visit_twice(view: VisitView) -> Finding | None:
    """Two agents concluded one visit."""
    agents = sorted({view.agent_of(fact) for fact in view.concluded})
    if len(agents) < 2:
        return None
    return Finding(
        operations=tuple(fact.hash for fact in view.concluded),
        values={"visit": view.visit, "agents": ", ".join(agents)},
    )


@rule(
    "VISIT-CANCELLED",
    family="visit",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Concluded although it was off",
        "Visit {visit} was concluded on {day}, although the office had {what}.",
        "The visit and everything done there stand.",
    ),
    zh=("已取消仍完成", "上门 {visit} 于 {day} 完成，而办公室已将其{what_zh}。", "该次上门及所做一切均有效。"),
)
def visit_cancelled(view: VisitView) -> Finding | None:
    """Concluded after it was cancelled, or on another day than the one it was moved to."""
    off: dict[str, list[str]] = {"cancelled": [], "moved": []}
    concerned = []
    for fact in view.concluded:
        day = fact.operation.pack.partition("/")[0]
        cancelled, moved_to = view.cancelled_before(fact), view.day_moved_to(fact)
        if cancelled:
            off["cancelled"] += [found.hash for found in cancelled]
        elif moved_to not in {"", day}:
            off["moved"].append(moved_to)
        else:
            continue
        concerned.append(fact)
    if not concerned:
        return None
    what = (["cancelled it"] if off["cancelled"] else []) + [f"moved it to {day}" for day in sorted(set(off["moved"]))]
    what_zh = (["取消"] if off["cancelled"] else []) + [f"改期至 {day}" for day in sorted(set(off["moved"]))]
    return Finding(
        operations=(*(fact.hash for fact in concerned), *off["cancelled"]),
        values={
            "visit": view.visit,
            "day": ", ".join(sorted({fact.operation.pack.partition("/")[0] for fact in concerned})),
            "what": ", ".join(what),
            "what_zh": "、".join(what_zh),
        },
    )


@rule(
    "ID-CONFLICT",
    family="visit",
    severity="review",
    outcomes=("confirm_pass", "confirm_fail", "escalate"),
    en=(
        "Identity checks disagree",
        "At visit {visit} the identity checks disagree: {results}.",
        "The fail holds until decided.",
    ),
    zh=("身份核验不一致", "上门 {visit} 的身份核验结果不一致：{results_zh}。", "在裁定前以未通过为准。"),
)
def id_conflict(view: VisitView) -> Finding | None:
    """Checks at one visit disagree, or the office's comparison of the sealed answer failed."""
    operations, values = identity_ground(view.visit, view.checks, view.judged)
    return Finding(operations=operations, values=values) if operations else None


@rule(
    "PAY-UNIDENTIFIED",
    family="visit",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Paid without an identity check",
        "At visit {visit} {count} payment(s) were taken without a passed identity check.",
        "The payment stands; the receipt says that the payer was not identified.",
    ),
    zh=(
        "收款未核验身份",
        "上门 {visit} 收取了 {count} 笔款项，但身份核验未通过。",
        "收款有效；收据注明付款人未经核验。",
    ),
)
def pay_unidentified(view: VisitView) -> Finding | None:
    """A payment was collected at a visit without a passed identity check there."""
    if not view.payments or view.identity in {"matched", "answered"}:
        return None
    # Checks that disagree have their own discrepancy: one cause raises one.
    if id_conflict(view) is not None:
        return None
    return Finding(
        operations=tuple(fact.hash for fact in view.payments),
        values={"visit": view.visit, "count": len(view.payments)},
    )


@rule(
    "ID-SKIPPED",
    family="visit",
    severity="review",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "Done without an identity check",
        "At visit {visit} something that requires an identity check was done without one: {what}.",
        "It stands.",
    ),
    zh=("未核验身份即办理", "上门 {visit} 在未核验身份的情况下办理了：{what_zh}。", "已办理事项有效。"),
)
def id_skipped(view: VisitView) -> Finding | None:
    """A task that requires identity was done without a check; yields to PAY-UNIDENTIFIED."""
    if view.checks or view.payments:
        return None
    letters = [
        fact
        for fact in view.deliveries
        if isinstance(fact.operation.body, NoticeDelivered)
        and fact.operation.body.recipient == "customer"
        and fact.operation.body.manner in {"handed_sealed", "handed_open"}
    ]
    concerned = [*letters, *view.agreements]
    if not concerned:
        return None
    what = (["a letter handed over"] if letters else []) + (["an agreement"] if view.agreements else [])
    what_zh = (["当面交付信函"] if letters else []) + (["达成还款约定"] if view.agreements else [])
    return Finding(
        operations=tuple(fact.hash for fact in concerned),
        values={"visit": view.visit, "what": ", ".join(what), "what_zh": "、".join(what_zh)},
    )


VISIT_RULES = (visit_reassigned, visit_twice, visit_cancelled, id_conflict, pay_unidentified, id_skipped)
