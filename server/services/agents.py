"""Agents: the journaled fact that somebody works for a branch, and the personal rest kept apart.

The name and the telephone number are a personal row (kind ``agent``, id the agent's) and the side record that
`AgentRegistered` names; only the branch and the shift stand in the operation.
"""

from __future__ import annotations

import msgspec

from server.ports import OfficeWork, Reader, Writer
from sync.errors import Refused
from sync.operations.envelope import Actor
from sync.operations.office import AgentRegistered
from sync.side_records import make_side_record

__all__ = ["AgentDetails", "agent_details", "agents", "register_agent"]

_KIND = "agent"


class AgentDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What pages and packs say about an agent; `registered` is the agent's last `AgentRegistered`."""

    agent: str
    branch: str
    name: str
    phone: str = ""
    registered: AgentRegistered | None = None


def register_agent(writer: Writer, body: AgentRegistered, name: str, phone: str, by: Actor, salt: bytes) -> str:
    """Journal an agent (new or changed) and keep the details; the operation's hash.

    `body.details` is filled here. Raises ARGUMENT-WRONG for a missing name, agent or branch.
    """
    if not (body.agent and body.branch and name):
        raise Refused("ARGUMENT-WRONG", "an agent needs an id, a branch and a name")
    record = make_side_record(msgspec.json.encode({"name": name, "phone": phone}), salt)
    body = msgspec.structs.replace(body, details=record.sha256)
    writer.put_side_record(record.sha256, record.data)
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)])
    details = AgentDetails(agent=body.agent, branch=body.branch, name=name, phone=phone, registered=body)
    writer.put_personal(_KIND, body.agent, msgspec.json.encode(details))
    return entry.hash


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
