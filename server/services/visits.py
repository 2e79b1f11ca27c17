"""What the office does with a visit: give it to an agent, take it to another, move it, call it off.

Each command is one compare-and-set on the visit: `basis` is the last operation that the person saw (None: whatever
is there now), and STATE-STALE says that another came between. The packs concerned follow in the same transaction.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from server.ports import OfficeWork, Writer
from server.services.agents import agent_details
from server.services.office import Office, Person, actor_for
from server.services.pack_documents import stops_of
from server.services.packs import issue_pack, refresh_visits
from server.services.present import VisitNow, visit_now
from server.services.visit_rows import put_record, records
from sync.errors import Conflict, Refused
from sync.operations.office import OfficeBody, VisitAssigned, VisitCancelled, VisitMoved

__all__ = ["CancelReason", "VisitChange", "assign_visit", "cancel_visit", "move_visit", "reassign_visit"]

CancelReason = Literal["customer", "office", "settled", "unsafe"]
_DAY_S = 86_400


class VisitChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a command wrote: the operation's hash, the visit's new basis, and changes that phones will see."""

    visit: str
    operation: str
    documents_changed: int


def assign_visit(
    writer: Writer,
    office: Office,
    person: Person,
    visit: str,
    agent: str,
    *,
    position: int | None = None,
    eta_s: int = 0,
    basis: str | None = None,
) -> VisitChange:
    """Give an open visit that nobody has to an agent of its branch; `position` None puts it last.

    Raises NOT-FOUND, STATE-FORBIDS (done, called off, somebody else's: reassign), STATE-STALE.
    """
    present = _open(writer, visit)
    if present.agent and present.agent != agent:
        raise Conflict("STATE-FORBIDS", f"visit {visit} is {present.agent}'s: reassign it")
    return _assign(writer, office, person, present, agent, position, eta_s, basis)


def reassign_visit(
    writer: Writer,
    office: Office,
    person: Person,
    visit: str,
    agent: str,
    *,
    position: int | None = None,
    eta_s: int = 0,
    basis: str | None = None,
) -> VisitChange:
    """Take an open visit from its agent to another; it leaves the one pack and enters the other.

    Raises NOT-FOUND, STATE-FORBIDS (done, called off, nobody's, the same agent's), STATE-STALE.
    """
    present = _open(writer, visit)
    if not present.agent:
        raise Conflict("STATE-FORBIDS", f"visit {visit} is nobody's: assign it")
    if present.agent == agent:
        raise Conflict("STATE-FORBIDS", f"visit {visit} is {agent}'s already")
    return _assign(writer, office, person, present, agent, position, eta_s, basis)


def _assign(
    writer: Writer,
    office: Office,
    person: Person,
    present: VisitNow,
    agent: str,
    position: int | None,
    eta_s: int,
    basis: str | None,
) -> VisitChange:
    details = agent_details(writer, agent)
    if details is None:
        raise Refused("NOT-FOUND", f"no agent {agent[:64]!r} is registered")
    if details.branch != present.planned.branch:
        raise Conflict("STATE-FORBIDS", f"{agent} is of branch {details.branch}, the visit of {present.planned.branch}")
    if position is not None and position < 1:
        raise Refused("ARGUMENT-WRONG", f"position {position} is not 1 or more")
    if not 0 <= eta_s <= _DAY_S:
        raise Refused("ARGUMENT-WRONG", f"an arrival at second {eta_s} is not within the day")
    body = VisitAssigned(
        visit=present.visit,
        agent=agent,
        service_day=present.service_day,
        position=position or _last_position(writer, present, agent) + 1,
        eta_s=eta_s or present.window_starts_s,
        basis=present.head if basis is None else basis,
    )
    hash_ = _append(writer, person, present, body, body.basis)
    changed = issue_pack(writer, office, agent, present.service_day)[1]
    return VisitChange(
        visit=present.visit,
        operation=hash_,
        documents_changed=changed + refresh_visits(writer, office, [present.visit]),
    )


def _last_position(writer: Writer, present: VisitNow, agent: str) -> int:
    stops = stops_of(writer, present.planned.branch, agent, present.service_day)
    return max((stop.position for stop in stops if stop.visit != present.visit), default=0)


def cancel_visit(
    writer: Writer, office: Office, person: Person, visit: str, reason: CancelReason, *, basis: str | None = None
) -> VisitChange:
    """Call an open visit off. Raises NOT-FOUND, STATE-FORBIDS (done or called off before), STATE-STALE."""
    present = _open(writer, visit)
    body = VisitCancelled(visit=visit, reason=reason, basis=present.head if basis is None else basis)
    hash_ = _append(writer, person, present, body, body.basis)
    return VisitChange(visit=visit, operation=hash_, documents_changed=refresh_visits(writer, office, [visit]))


def move_visit(
    writer: Writer,
    office: Office,
    person: Person,
    visit: str,
    service_day: str,
    window_starts_s: int,
    window_ends_s: int,
    *,
    basis: str | None = None,
) -> VisitChange:
    """Move an open visit to another day or window; it is nobody's until it is planned or assigned again.

    Raises NOT-FOUND, STATE-FORBIDS (done or called off), ARGUMENT-WRONG for a window that is none, STATE-STALE.
    """
    if not 0 <= window_starts_s <= window_ends_s <= _DAY_S:
        raise Refused("ARGUMENT-WRONG", f"a window from {window_starts_s} to {window_ends_s} s is not within a day")
    present = _open(writer, visit)
    body = VisitMoved(
        visit=visit,
        service_day=service_day,
        window_starts_s=window_starts_s,
        window_ends_s=window_ends_s,
        basis=present.head if basis is None else basis,
    )
    hash_ = _append(writer, person, present, body, body.basis)
    record = records(writer, [visit]).get(visit)
    if record is not None:
        put_record(writer, msgspec.structs.replace(record, service_day=service_day))
    return VisitChange(visit=visit, operation=hash_, documents_changed=refresh_visits(writer, office, [visit]))


def _open(writer: Writer, visit: str) -> VisitNow:
    present = visit_now(writer, visit)
    if present.concluded_by:
        raise Conflict("STATE-FORBIDS", f"visit {visit} was concluded by {', '.join(present.concluded_by)}")
    if present.cancelled:
        raise Conflict("STATE-FORBIDS", f"visit {visit} was called off")
    return present


def _append(writer: Writer, person: Person, present: VisitNow, body: OfficeBody, basis: str) -> str:
    by = actor_for(person, type(body).__name__)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={f"visit:{present.visit}": basis})
    return entry.hash
