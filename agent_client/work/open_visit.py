"""What steps at an open visit share: the check that the agent is there, the day, and the general advice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from agent_client.limits import NOTE_BYTES_MAX
from agent_client.progress import VisitProgress
from agent_client.recording import Desk, Draft, Moment, Recorded
from agent_client.refusals import Advice, refuse
from agent_client.work.advice import visit_advice
from agent_client.work.days import day_of, frame_of_visit, visit_document
from sync.errors import Refused
from sync.messages import VisitDocument
from sync.operations import Body, Position
from sync.side_records import SideRecord

__all__ = ["Made", "at_open_visit", "personal_content"]

Made: TypeAlias = tuple[Body, tuple[SideRecord, ...], tuple[Advice, ...]]
"""A body, the side records that it names, and what to tell the agent."""


def at_open_visit(
    desk: Desk,
    visit: str,
    make: Callable[[Moment, VisitDocument, VisitProgress], Made],
    *,
    position: Position | None = None,
    task: str = "-",
) -> Recorded:
    """Everything that needs the agent at the door; the visit's day, policy and general advice are added."""

    def write(moment: Moment) -> Draft:
        document = visit_document(desk, visit)
        pack = frame_of_visit(desk, visit)
        day = day_of(desk, pack)
        progress = day.visit(visit)
        if not progress.is_open:
            raise refuse("concluded" if progress.concluded else "not-started", visit=visit)
        body, records, advice = make(moment, document, progress)
        removed = desk.store.documents.is_removed(visit)
        general = visit_advice(moment, pack, day, document, removed=removed, task=task)
        return Draft(body=body, pack=pack.pack, policy=pack.policy, side_records=records, advice=(*general, *advice))

    return desk.record(write, position=position)


def personal_content(value: str) -> bytes:
    """Text as bytes; refuses (ARGUMENT-WRONG) nothing and too much."""
    content = value.strip().encode()
    if not 0 < len(content) <= NOTE_BYTES_MAX:
        raise Refused("ARGUMENT-WRONG", f"a text has 1 to {NOTE_BYTES_MAX} bytes, this one {len(content)}")
    return content
