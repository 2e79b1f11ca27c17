"""Which day a step belongs to: its visit's pack, never what a clock says."""

from __future__ import annotations

from agent_client.progress import DayProgress, fold_day
from agent_client.recording import Desk
from agent_client.refusals import refuse
from sync.errors import Conflict
from sync.messages import Pack, VisitDocument

__all__ = ["day_of", "frame_of_day", "frame_of_visit", "present_frame", "visit_document"]


def visit_document(desk: Desk, visit: str) -> VisitDocument:
    """The stop, or WORK-REFUSED when this phone does not hold it."""
    document = desk.store.documents.visit(visit)
    if document is None:
        raise refuse("visit-unknown", visit=visit)
    return document


def frame_of_visit(desk: Desk, visit: str) -> Pack:
    """The day's frame that a visit stands in: the latest one that lists it, else the present one."""
    for pack in reversed(desk.store.documents.days()):
        if visit in pack.visits:
            return pack
    return present_frame(desk)


def frame_of_day(desk: Desk, day: str) -> Pack:
    """The frame of a service day (`YYYY-MM-DD`), or PACK-MISSING."""
    for pack in desk.store.documents.days():
        if pack.service_day == day:
            return pack
    raise Conflict("PACK-MISSING", f"this phone holds no route for {day}")


def present_frame(desk: Desk) -> Pack:
    """The day being worked on: that of the last operation written, unless a later one's route replaced it.

    Raises PACK-MISSING when this phone never held a route.
    """
    days = desk.store.documents.days()
    if not days:
        raise Conflict("PACK-MISSING", "no route was ever pulled to this phone")
    in_scope = desk.store.documents.packs() or days
    last = desk.store.journal.last()
    worked = next((pack for pack in days if last is not None and pack.pack == last.pack), None)
    if worked is None:
        return in_scope[0]
    if not day_of(desk, worked).ended_seq:
        return worked
    return next((pack for pack in in_scope if pack.service_day > worked.service_day), worked)


def day_of(desk: Desk, pack: Pack) -> DayProgress:
    """What this phone recorded for a day."""
    return fold_day(desk.store.journal.of_pack(pack.pack), desk.agent)
