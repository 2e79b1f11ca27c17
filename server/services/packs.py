"""Route packs: issued for an agent and a service day, and kept up to date document by document.

Every function that takes a writer is one work or part of one. A rebuild makes all documents of one agent's day anew
and hands them to the store, where equal bytes change nothing: what a phone downloads is what changed. `PackIssued`
is journaled when the stops, the float, the cash carried over or the agent's limit are others than in the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from server.keys import OfficeKeys
from server.ports import OfficeWork, Reader, Writer
from server.services.agents import AgentDetails, agent_details, agents
from server.services.badges import badge_name, put_badge
from server.services.office import SYSTEM, Office
from server.services.pack_documents import build_documents
from server.services.present import visits_now
from sync.errors import Refused
from sync.messages import Pack, VisitDocument
from sync.operations.office import PackIssued
from sync.operations.understand import decode_understood

__all__ = [
    "issue_pack",
    "packs_held",
    "refresh_accounts",
    "refresh_after",
    "refresh_all",
    "refresh_badges",
    "refresh_customers",
    "refresh_notices",
    "refresh_visits",
    "service_day_today",
]

_ISSUED = b'"kind":"PackIssued"'
_DRAWERS_MAX = 1_000


def service_day_today(office: Office) -> str:
    """The branches' present service day, by the office's clock."""
    moment = datetime.fromtimestamp(office.clock.now_ms() / 1000, UTC)
    return moment.astimezone(ZoneInfo(office.frame.zone)).date().isoformat()


def issue_pack(
    writer: Writer, office: Office, agent: str, service_day: str, *, float_minor: int | None = None
) -> tuple[Pack, int]:
    """Make or renew an agent's pack; the pack and how many documents changed or left. Raises NOT-FOUND.

    `float_minor` None keeps the float of the pack before. Packs of days before today leave the phone with it.
    """
    details = agent_details(writer, agent)
    if details is None or details.registered is None:
        raise Refused("NOT-FOUND", f"no agent {agent[:64]!r} is registered")
    before = writer.document_cursor(agent)
    issued = _last_issued(writer, agent, service_day)
    if float_minor is None:
        float_minor = issued.float_minor if issued else 0
    made = build_documents(writer, office, details, service_day, float_minor)
    _journal(writer, details, made.pack, issued)
    for name, document in made.visits.items():
        writer.put_document(agent, name, msgspec.json.encode(document))
    for name, notice in made.notices.items():
        writer.put_document(agent, name, msgspec.json.encode(notice))
    _put_pack(writer, made.pack)
    put_badge(writer, office.keys, agent, service_day, made.pack.zone)
    # A day that is worked on again after it has passed is not taken away while it is issued.
    _remove_strangers(writer, agent, min(service_day, service_day_today(office)))
    return made.pack, writer.document_cursor(agent) - before


def _put_pack(writer: Writer, pack: Pack) -> None:
    """Keep the frame; a new time of issue alone is no change."""
    name = f"pack/{pack.pack}"
    held = writer.document(pack.agent, name)
    if held is not None:
        present = msgspec.json.decode(held, type=Pack)
        if msgspec.structs.replace(pack, issued_ms=present.issued_ms) == present:
            return
    writer.put_document(pack.agent, name, msgspec.json.encode(pack))


def _journal(writer: Writer, details: AgentDetails, pack: Pack, issued: PackIssued | None) -> None:
    body = PackIssued(
        pack=pack.pack,
        agent=pack.agent,
        branch=details.branch,
        service_day=pack.service_day,
        visits=tuple(pack.visits),
        float_minor=pack.float_minor,
        currency=pack.currency,
        carried_minor=_carried(writer, pack.agent, pack.service_day, pack.currency),
        cash_limit_minor=pack.cash_limit_minor,
    )
    if body != issued:
        writer.append_office([OfficeWork(body=body, by=SYSTEM)])


def _last_issued(reader: Reader, agent: str, service_day: str) -> PackIssued | None:
    """The office wrote each of them at a later place of its journals: the latest by epoch and number counts."""
    key = f"drawer:{agent}/{service_day}"
    found: list[tuple[str, str, PackIssued]] = []
    for row in reader.facts([key])[key]:
        if _ISSUED in row.data and not row.held:
            operation = decode_understood(row.data)
            if isinstance(operation.body, PackIssued):
                found.append((operation.hlc, row.hash, operation.body))
    return max(found, default=("", "", None), key=lambda item: item[:2])[2]


def _carried(reader: Reader, agent: str, service_day: str, currency: str) -> int:
    """Cash that the agent still held when the drawer before this day's was closed."""
    keys = reader.keys_starting(f"drawer:{agent}/", limit=_DRAWERS_MAX)
    earlier = [key for key in keys if key < f"drawer:{agent}/{service_day}"]
    # A closing names agents who had no drawer that day, too: what they held before is theirs still.
    states = (reader.aggregate(key) for key in reversed(earlier))
    state = next((state for state in states if state is not None and state["opened"]), None)
    if state is None or not state["closed_by"]:
        return 0
    return next((_still_held(eq) for eq in state["equations"] if eq["currency"] == currency), 0)


def _still_held(equation: dict[str, Any]) -> int:
    """What was declared; of a day carried forward without any declaration, what was brought into it and did not leave.

    An agent who was away that day still holds what they held the day before.
    """
    if equation["held"] is not None:
        return int(equation["held"])
    return max(0, min(int(equation["carried"]), int(equation["expected"])))


def _carry_on(writer: Writer, agent: str, closed: str) -> None:
    """Open the drawer after a closed one with what was still held.

    A day may be closed when the next one's pack has left the phone already; its drawer is told all the same.
    """
    following = writer.keys_starting(f"drawer:{agent}/", after=f"drawer:{agent}/{closed}", limit=_DRAWERS_MAX)
    days = (key.rpartition("/")[2] for key in following)
    issued = next((pack for day in days if (pack := _last_issued(writer, agent, day)) is not None), None)
    if issued is None:
        return
    carried = _carried(writer, agent, issued.service_day, issued.currency)
    if carried != issued.carried_minor:
        body = msgspec.structs.replace(issued, carried_minor=carried)
        writer.append_office([OfficeWork(body=body, by=SYSTEM)])


def packs_held(reader: Reader, agent: str) -> list[Pack]:
    """Frames of the packs that the agent's phone is to hold, by day."""
    found = []
    for name in reader.document_names(agent, "pack/"):
        data = reader.document(agent, name)
        if data is not None:
            found.append(msgspec.json.decode(data, type=Pack))
    return found


def _remove_strangers(writer: Writer, agent: str, first_day: str) -> None:
    """Take from the phone packs and badges of earlier days, and every visit and letter that no pack names."""
    packs = packs_held(writer, agent)
    for pack in packs:
        if pack.service_day < first_day:
            writer.remove_document(agent, f"pack/{pack.pack}")
            writer.remove_document(agent, badge_name(agent, pack.service_day))
    wanted = {f"visit/{visit}" for pack in packs if pack.service_day >= first_day for visit in pack.visits}
    letters: set[str] = set()
    for name in writer.document_names(agent, "visit/"):
        data = writer.document(agent, name) if name in wanted else None
        if data is None:
            writer.remove_document(agent, name)
        else:
            letters.add(f"notice/{msgspec.json.decode(data, type=VisitDocument).notice}")
    for name in writer.document_names(agent, "notice/"):
        if name not in letters:
            writer.remove_document(agent, name)


def refresh_badges(writer: Writer, keys: OfficeKeys, agent: str) -> None:
    """Certify the agent's phones for every pack that they hold: after an enrolment, or when a lock was lifted."""
    for pack in packs_held(writer, agent):
        put_badge(writer, keys, agent, pack.service_day, pack.zone)


def refresh_visits(writer: Writer, office: Office, visits: Collection[str]) -> int:
    """Bring every pack up to date that holds or should hold one of these visits; how many changes phones will see.

    Only packs that were issued are touched: a visit assigned for a day without a pack waits for its issue.
    """
    concerned: set[tuple[str, str]] = set()
    for visit in visits_now(writer, visits).values():
        concerned |= visit.packs
    return _renew(writer, office, concerned)


def _renew(writer: Writer, office: Office, packs: Iterable[tuple[str, str]]) -> int:
    changed = 0
    for agent, service_day in sorted(packs):
        if writer.document(agent, f"pack/{service_day}/{agent}") is not None:
            changed += issue_pack(writer, office, agent, service_day)[1]
    return changed


def refresh_accounts(writer: Writer, office: Office, accounts: Collection[str]) -> int:
    """The same for every pack with a stop of these accounts: after a statement, an external payment, a notice."""
    wanted = set(accounts)
    return _renew_holding(writer, office, lambda document: document.account in wanted)


def refresh_customers(writer: Writer, office: Office, customers: Collection[str]) -> int:
    """The same for every pack with a stop of these customers: after a verified detail."""
    wanted = set(customers)
    return _renew_holding(writer, office, lambda document: document.customer in wanted)


def refresh_notices(writer: Writer, office: Office, notices: Collection[str]) -> int:
    """The same for every pack with one of these letters."""
    wanted = set(notices)
    return _renew_holding(writer, office, lambda document: document.notice in wanted)


def _renew_holding(writer: Writer, office: Office, concerns: Callable[[VisitDocument], bool]) -> int:
    packs: set[tuple[str, str]] = set()
    for details in agents(writer):
        for pack in packs_held(writer, details.agent):
            for visit in pack.visits:
                data = writer.document(details.agent, f"visit/{visit}")
                if data is not None and concerns(msgspec.json.decode(data, type=VisitDocument)):
                    packs.add((details.agent, pack.service_day))
                    break
    return _renew(writer, office, packs)


def refresh_all(office: Office) -> int:
    """Bring every issued pack up to date, agent by agent in works of their own: after an import, or as a job."""
    with office.store.read() as reader:
        everybody = [details.agent for details in agents(reader)]
    changed = 0
    for agent in everybody:

        def work(writer: Writer, agent: str = agent) -> int:
            return _renew(writer, office, [(agent, pack.service_day) for pack in packs_held(writer, agent)])

        changed += office.store.write_now(work)
    return changed


def refresh_after(office: Office) -> Callable[[Writer, Sequence[str]], None]:
    """What the reconciler calls with the aggregates that it changed, inside its own work.

    A stop done by another agent leaves the pack, and cash still held when a drawer was closed opens the agent's next
    one. Everything else in a pack follows from commands, which refresh it by themselves.
    """

    def refresh(writer: Writer, keys: Sequence[str]) -> None:
        packs: set[tuple[str, str]] = set()
        closed: list[tuple[str, str]] = []
        for state in writer.aggregates([key for key in keys if key.startswith("visit:")]).values():
            agent, done = state["agent"], state["concluded_by"]
            if agent and done and agent not in done and writer.document(agent, f"visit/{state['visit']}") is not None:
                packs.add((agent, state["service_day"]))
        for state in writer.aggregates([key for key in keys if key.startswith("drawer:")]).values():
            if state["closed_by"]:
                agent, day = state["agent"], state["service_day"]
                packs |= {(agent, pack.service_day) for pack in packs_held(writer, agent) if pack.service_day > day}
                closed.append((agent, day))
        _renew(writer, office, packs)
        for agent, day in closed:
            _carry_on(writer, agent, day)

    return refresh
