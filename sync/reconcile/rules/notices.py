"""Rules about notices: an old version, and the same letter twice."""

from __future__ import annotations

from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.facts import written_ms
from sync.reconcile.folds.notice import Delivery, NoticeView

__all__ = ["NOTICE_RULES"]


@rule(
    "NOTICE-SUPERSEDED",
    family="notice",
    severity="info",
    outcomes=("accept", "escalate"),
    en=(
        "An old version was delivered",
        "Version {version} of notice {notice} was delivered, while the office had {what}.",
        "The delivery stands for that version; the current one, if any, stays to be delivered.",
    ),
    zh=(
        "送达了旧版通知",
        "通知 {notice} 的第 {version} 版已送达，而办公室已{what_zh}。",
        "该版本的送达有效；现行版本（如有）仍需送达。",
    ),
)
def notice_superseded(view: NoticeView) -> Finding | None:
    """The delivered version was replaced or withdrawn meanwhile; review if the debt was settled."""
    old = [delivery for delivery in view.deliveries if _replaced_before(view, delivery)]
    gone = [delivery for delivery in view.deliveries if _withdrawn_before(view, delivery)]
    if not old and not gone:
        return None
    settled = bool(gone) and any(body.reason == "settled" for _, body in view.withdrawn)
    concerned = {delivery.fact.hash: delivery for delivery in (*old, *gone)}
    what, what_zh = f"issued version {view.current_version}", f"发出第 {view.current_version} 版"
    if gone:
        reason = "settled" if settled else view.withdrawn[0][1].reason
        what, what_zh = f"withdrawn it ({reason})", f"将其撤回（{reason}）"
    return Finding(
        operations=tuple(sorted(concerned)),
        values={
            "notice": view.notice,
            "version": min(delivery.body.version for delivery in concerned.values()),
            "what": what,
            "what_zh": what_zh,
        },
        severity="review" if settled else None,
    )


def _replaced_before(view: NoticeView, delivery: Delivery) -> bool:
    """A higher version exists that was issued before the delivery certainly ended."""
    high = delivery.interval.high_ms
    return any(
        body.version > delivery.body.version and (high is None or written_ms(fact) <= high)
        for fact, body in view.issued
    )


def _withdrawn_before(view: NoticeView, delivery: Delivery) -> bool:
    high = delivery.interval.high_ms
    return any(high is None or written_ms(fact) <= high for fact, _ in view.withdrawn)


@rule(
    "NOTICE-TWICE",
    family="notice",
    severity="info",
    en=(
        "Delivered twice",
        "Version {version} of notice {notice} was delivered {count} times.",
        "The earliest upper bound of effective time counts for legal effect.",
    ),
    zh=("重复送达", "通知 {notice} 的第 {version} 版送达了 {count} 次。", "以最早的有效时间上限作为法律效力时间。"),
)
def notice_twice(view: NoticeView) -> Finding | None:
    """One version of a notice was delivered more than once."""
    by_version: dict[int, list[Delivery]] = {}
    for delivery in view.deliveries:
        by_version.setdefault(delivery.body.version, []).append(delivery)
    for version, deliveries in sorted(by_version.items()):
        if len(deliveries) > 1:
            return Finding(
                operations=tuple(delivery.fact.hash for delivery in deliveries),
                values={"notice": view.notice, "version": version, "count": len(deliveries)},
            )
    return None


@rule(
    "NOTICE-DISCLOSED",
    family="notice",
    severity="alarm",
    decides="compliance",
    outcomes=("accept", "excuse", "escalate"),
    en=(
        "A letter was shown to somebody else",
        "Notice {notice} was handed over open to somebody who is not the customer: {recipients}.",
        "The delivery stands; whose debt it is has become known.",
    ),
    zh=(
        "通知内容泄露",
        "通知 {notice} 未封口即交给客户以外的人：{recipients_zh}。",
        "送达有效；债务情况已为他人所知。",
    ),
)
def notice_disclosed(view: NoticeView) -> Finding | None:
    """Handed openly to somebody who is not the customer."""
    disclosed = [d for d in view.deliveries if d.body.manner == "handed_open" and d.body.recipient in _STRANGERS]
    if not disclosed:
        return None
    recipients = sorted({delivery.body.recipient for delivery in disclosed})
    return Finding(
        operations=tuple(delivery.fact.hash for delivery in disclosed),
        values={
            "notice": view.notice,
            "recipients": ", ".join(_STRANGERS[who][0] for who in recipients),
            "recipients_zh": "、".join(_STRANGERS[who][1] for who in recipients),
        },
    )


_STRANGERS = {"household": ("a household member", "同住人"), "neighbour": ("a neighbour", "邻居")}

NOTICE_RULES = (notice_superseded, notice_twice, notice_disclosed)
