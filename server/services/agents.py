"""Agents: the journaled fact that somebody works for a branch, and the personal rest kept apart.

The name and the telephone number are a personal row (kind ``agent``, id the agent's) and the side record that
`AgentRegistered` names; only the branch and the shift stand in the operation. The picture is a side record of its own.
"""

from __future__ import annotations

import msgspec

from server.limits import AGENT_PHOTO_BYTES_MAX
from server.ports import OfficeWork, Reader, Writer
from server.services.office import Person, actor_for
from sync.errors import Refused
from sync.operations.envelope import Actor
from sync.operations.office import AgentRegistered
from sync.side_records import content_of, make_side_record

__all__ = ["AgentDetails", "agent_details", "agent_photo", "agents", "photo_type", "register_agent", "set_photo"]

_KIND = "agent"
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""How a picture's bytes begin → its type."""


class AgentDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What pages and packs say about an agent; `registered` is the agent's last `AgentRegistered`."""

    agent: str
    branch: str
    name: str
    phone: str = ""
    registered: AgentRegistered | None = None


def register_agent(writer: Writer, body: AgentRegistered, name: str, phone: str, by: Actor, salt: bytes) -> str:
    """Journal an agent (new or changed) and keep the details; the operation's hash.

    `body.details` is filled here, and a picture that is there already stays. Raises ARGUMENT-WRONG for a missing name,
    agent or branch.
    """
    if not (body.agent and body.branch and name):
        raise Refused("ARGUMENT-WRONG", "an agent needs an id, a branch and a name")
    record = make_side_record(msgspec.json.encode({"name": name, "phone": phone}), salt)
    before = agent_details(writer, body.agent)
    photo = body.photo or (before.registered.photo if before and before.registered else "")
    body = msgspec.structs.replace(body, details=record.sha256, photo=photo)
    writer.put_side_record(record.sha256, record.data)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)])
    details = AgentDetails(agent=body.agent, branch=body.branch, name=name, phone=phone, registered=body)
    writer.put_personal(_KIND, body.agent, msgspec.json.encode(details))
    return entry.hash


def set_photo(writer: Writer, person: Person, agent: str, picture: bytes, salt: bytes) -> str:
    """Keep the picture by which customers recognise an agent; the operation's hash. One work.

    Raises NOT-FOUND, and ARGUMENT-WRONG for what is no JPEG or PNG of at most `AGENT_PHOTO_BYTES_MAX` bytes.
    """
    by = actor_for(person, "AgentRegistered")
    details = agent_details(writer, agent)
    if details is None or details.registered is None:
        raise Refused("NOT-FOUND", f"no agent {agent[:64]!r} is registered")
    if len(picture) > AGENT_PHOTO_BYTES_MAX:
        raise Refused("ARGUMENT-WRONG", f"a picture of {len(picture)} bytes, allowed are {AGENT_PHOTO_BYTES_MAX}")
    if not photo_type(picture):
        raise Refused("ARGUMENT-WRONG", "the picture is neither JPEG nor PNG")
    record = make_side_record(picture, salt)
    writer.put_side_record(record.sha256, record.data)
    body = msgspec.structs.replace(details.registered, photo=record.sha256)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)])
    writer.put_personal(_KIND, agent, msgspec.json.encode(msgspec.structs.replace(details, registered=body)))
    return entry.hash


def agent_photo(reader: Reader, details: AgentDetails) -> bytes:
    """The agent's picture; empty without one, or when it was erased."""
    named = details.registered.photo if details.registered else ""
    data = reader.side_record(named) if named else None
    return content_of(data) if data is not None else b""


def photo_type(picture: bytes) -> str:
    """`image/jpeg` or `image/png` by how the bytes begin; empty for anything else."""
    return next((kind for start, kind in _PICTURES.items() if picture.startswith(start)), "")


def agent_details(reader: Reader, agent: str) -> AgentDetails | None:
    """One agent, None if no such agent was registered."""
    row = reader.personal(_KIND, agent)
    return None if row is None else msgspec.json.decode(row, type=AgentDetails)


def agents(reader: Reader, branch: str | None = None) -> list[AgentDetails]:
    """All agents by id, of one branch if named."""
    found: list[AgentDetails] = []
    after = ""
    while page := reader.personal_all(_KIND, after=after):
        found += [msgspec.json.decode(row, type=AgentDetails) for _, row in page]
        after = page[-1][0]
    return [details for details in found if branch in (None, details.branch)]
