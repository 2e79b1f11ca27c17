"""What the rules of conduct say at the door: the office's own code over the rules that come with the package.

The phone knows the hour, what the customer booked, how old its data is, and the contacts that it made itself; what it
does not know it does not warn of. A warning never stops a record.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from agent_client.recording import Desk, Moment
from agent_client.refusals import Advice
from sync.clock import parse_wall
from sync.errors import Refused
from sync.messages import Pack, VisitDocument
from sync.operations.field import ContactMade, VisitConcluded
from sync.operations.understand import Held, understand
from sync.policy import (
    PACKAGED,
    Channel,
    ContactLimit,
    PastContact,
    PermittedHours,
    Policy,
    Situation,
    SnapshotAge,
    Window,
    advise,
    decode_policy,
    exactly,
    join_policies,
)
from sync.policy.limits import CONTACTS_MAX, TIME_MS_MAX, TIME_MS_MIN
from sync.policy.zones import zone_of

__all__ = ["conduct_advice", "door_policy", "own_contacts"]

_ASKED = (PermittedHours, ContactLimit, SnapshotAge)
"""Conditions of which the phone knows enough; what stands about the account is in `VisitDocument.forbidden`."""


@cache
def door_policy() -> Policy:
    """The packaged rules that the phone can ask."""
    folder = files("sync.policy").joinpath("packaged")
    whole = join_policies(
        "packaged", 1, tuple(decode_policy(folder.joinpath(f"{name}.json").read_bytes()) for name in PACKAGED)
    )
    return msgspec.structs.replace(
        whole, rules=tuple(rule for rule in whole.rules if isinstance(rule.condition, _ASKED))
    )


def conduct_advice(
    moment: Moment,
    pack: Pack,
    document: VisitDocument | None,
    channel: Channel = "visit",
    history: tuple[PastContact, ...] = (),
) -> tuple[Advice, ...]:
    """One advice for each rule that a contact at this moment breaks, or may break, by the phone's own clock."""
    at_ms = min(max(moment.reading.wall_ms, TIME_MS_MIN), TIME_MS_MAX)
    situation = Situation(
        zone=_zone(pack, document),
        interval=exactly(at_ms),
        channel=channel,
        history=history,
        agreed_hours=_booked(document),
        snapshot_ms=document.as_of_ms if document is not None else at_ms,
    )
    return tuple(
        Advice("conduct", {"rule": found.rule, "why": f"{found.reason_en} | {found.reason_zh}"})
        for found in advise(door_policy(), situation)
        if found.verdict != "allowed"
    )


def _zone(pack: Pack, document: VisitDocument | None) -> str:
    """The customer's own zone where the office knows it and this phone does too, else the branch's."""
    wanted = document.zone if document is not None else ""
    if wanted:
        try:
            zone_of(wanted)
        except Refused:
            return pack.zone
    return wanted or pack.zone


def own_contacts(desk: Desk, pack: Pack, customer: str) -> tuple[PastContact, ...]:
    """Contacts with a customer that this phone recorded under a pack, in its own order."""
    found: list[PastContact] = []
    for stored in desk.store.journal.of_pack(pack.pack):
        operation = understand(stored.data)
        if isinstance(operation, Held):
            continue
        body = operation.body
        when = exactly(min(max(parse_wall(operation.at)[0], TIME_MS_MIN), TIME_MS_MAX))
        if isinstance(body, VisitConcluded) and body.customer == customer:
            effective = body.reason not in {"nobody_home", "moved"}
            found.append(PastContact(channel="visit", effective=effective, interval=when, before=True))
        elif isinstance(body, ContactMade) and body.customer == customer and body.channel != "visit":
            found.append(PastContact(channel=body.channel, effective=body.effective, interval=when, before=True))
    return tuple(found[-CONTACTS_MAX:])


def _booked(document: VisitDocument | None) -> tuple[Window, ...]:
    if document is None or document.origin != "booking":
        return ()
    starts, ends = document.window_starts_s // 60, -(-document.window_ends_s // 60)
    if not 0 <= starts < ends <= 24 * 60:
        return ()
    return (Window(starts=_clock(starts), ends=_clock(ends)),)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
