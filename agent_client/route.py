"""The day's route as the agent reads it: stops in driving order, what is owed, what to do, what is forbidden."""

from __future__ import annotations

import msgspec

from agent_client.progress import VisitProgress
from agent_client.recording import Desk
from agent_client.work.days import day_of, frame_of_day, present_frame
from sync.messages import NoticeDocument, Pack, VisitDocument

__all__ = ["Route", "RouteStop", "clock_time", "day_route"]


class RouteStop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop: the office's document, the letter to hand over, and what was done here."""

    document: VisitDocument
    notice: NoticeDocument | None
    state: str
    """`open`, `to_do`, or the reason with which it was concluded."""
    paid_minor: int
    removed: bool
    """Taken out of this phone's scope while it is open here."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A day: its frame, its stops in driving order, and how complete the download is."""

    pack: Pack
    stops: list[RouteStop]
    missing: list[str]
    """Visits that the frame lists and that this phone does not hold: pull again."""
    complete: bool
    held: int
    total: int
    synced_ms: int


def day_route(desk: Desk, day: str = "") -> Route:
    """The route of a service day, the present one unless named; PACK-MISSING when there is none."""
    store = desk.store
    with store.snapshot():
        pack = frame_of_day(desk, day) if day else present_frame(desk)
        progress = day_of(desk, pack)
        state = store.state.sync()
        stops: list[RouteStop] = []
        missing: list[str] = []
        listed = dict.fromkeys((*pack.visits, *(name for name, visit in progress.visits.items() if visit.is_open)))
        for visit in listed:
            document = store.documents.visit(visit)
            if document is None:
                missing.append(visit)
                continue
            notice = store.documents.notice(document.notice) if document.notice else None
            stops.append(_stop(document, notice, progress.visit(visit), removed=store.documents.is_removed(visit)))
        held = store.documents.count(state.cursor.incarnation) if state.cursor else 0
        return Route(
            pack=pack,
            stops=stops,
            missing=missing,
            complete=state.complete and held == state.total and not missing,
            held=held,
            total=state.total,
            synced_ms=state.synced_ms,
        )


def clock_time(seconds: int) -> str:
    """Seconds since local midnight as ``HH:MM``."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _stop(
    document: VisitDocument, notice: NoticeDocument | None, progress: VisitProgress, *, removed: bool
) -> RouteStop:
    return RouteStop(
        document=document,
        notice=notice,
        state="open" if progress.is_open else progress.concluded or "to_do",
        paid_minor=sum(payment.amount_minor for payment in progress.standing),
        removed=removed,
    )
