"""Agents: `AgentRegistered` for each row that is new or changed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from server.intake import AgentRow
from server.ports import Reader, Writer
from server.services.agents import AgentDetails, agent_details, register_agent
from server.services.imports.summary import ImportSummary
from server.services.office import Office, Person, actor_for
from sync.operations.office import AgentRegistered

__all__ = ["import_agents"]


def import_agents(
    office: Office, person: Person, file: str, rows: Sequence[AgentRow], *, dry_run: bool = False
) -> ImportSummary:
    """Register new and changed agents, all in one transaction; a telephone number that is known stays."""
    by = actor_for(person, "AgentRegistered")
    with office.store.read() as reader:
        held = {row.agent_id: agent_details(reader, row.agent_id) for row in rows}
    fresh = [row for row in rows if not _is_known(row, held[row.agent_id])]
    summary = ImportSummary(
        kind="agents", file=file, rows=len(rows), new=len(fresh), same=len(rows) - len(fresh), dry_run=dry_run
    )
    if dry_run or not fresh:
        return summary

    def work(writer: Writer) -> None:
        for row in fresh:
            salt = office.keys.blind("salt\0agent", f"{row.agent_id}\0{row.name}")
            register_agent(writer, _body(row), row.name, _phone(writer, row.agent_id), by, salt)

    office.store.write_now(work)
    return summary


def _phone(reader: Reader, agent: str) -> str:
    details = agent_details(reader, agent)
    return details.phone if details else ""


def _body(row: AgentRow) -> AgentRegistered:
    return AgentRegistered(
        agent=row.agent_id,
        branch=row.branch_id,
        home_lat_e7=round(row.home_latitude * 10_000_000),
        home_lon_e7=round(row.home_longitude * 10_000_000),
        shift_starts_s=row.shift_start,
        shift_ends_s=row.shift_end,
        visits_max=row.visits_max,
        cash_limit_minor=row.cash_limit_minor,
        currency=row.currency,
        details="",
        skills=row.skills,
    )


def _is_known(row: AgentRow, held: AgentDetails | None) -> bool:
    if held is None or held.registered is None:
        return False
    return held.name == row.name and msgspec.structs.replace(held.registered, details="", photo="") == _body(row)
