"""What to tell the agent about a step that is recorded all the same (DESIGN chapter 11: a breach is recorded)."""

from __future__ import annotations

from agent_client.conduct import conduct_advice
from agent_client.progress import DayProgress
from agent_client.recording import Moment
from agent_client.refusals import Advice
from sync.messages import Pack, VisitDocument
from sync.money import format_amount
from sync.policy import Channel, PastContact

__all__ = ["cash_advice", "clock_is_trusted", "visit_advice"]


def clock_is_trusted(moment: Moment) -> bool:
    """Whether a signed server time was seen within the present boot."""
    return moment.seen is not None and moment.seen.boot == moment.reading.boot


def visit_advice(
    moment: Moment,
    pack: Pack,
    day: DayProgress,
    document: VisitDocument | None,
    *,
    removed: bool,
    task: str = "",
    channel: Channel = "visit",
    history: tuple[PastContact, ...] = (),
) -> tuple[Advice, ...]:
    """Rules of conduct, what is forbidden at this stop, a visit that left the scope, a day that was ended."""
    found: list[Advice] = list(conduct_advice(moment, pack, document, channel, history))
    if document is not None:
        why = dict(zip(document.forbidden, document.forbidden_why, strict=False))
        found += [
            Advice("forbidden", {"code": code, "why": why.get(code, "")})
            for code in document.forbidden
            if task in ("", code) or code == "visit"
        ]
    if removed:
        found.append(Advice("removed"))
    if day.ended_seq:
        found.append(Advice("day-ended"))
    return tuple(found)


def cash_advice(pack: Pack, day: DayProgress, added_minor: int) -> tuple[Advice, ...]:
    """A warning when the cash in hand passes the agent's limit with what is added now."""
    held = pack.float_minor + day.cash.get(pack.currency, 0) + added_minor
    if not pack.cash_limit_minor or held <= pack.cash_limit_minor:
        return ()
    values: dict[str, object] = {
        "held": format_amount(held, pack.currency),
        "limit": format_amount(pack.cash_limit_minor, pack.currency),
    }
    return (Advice("cash-limit", values),)
