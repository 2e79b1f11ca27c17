"""The documents of one agent's day, made from what holds now: `Pack`, `VisitDocument`, `NoticeDocument`.

A pack holds what its visits need and nothing about anybody else. What the agent took under this very pack is not
subtracted from what is owed: the phone knows it and counts it itself.
"""

from __future__ import annotations

import itertools

import msgspec

from server.planning import Place, leg_distance_m
from server.planning.limits import DETOUR_FACTOR_DEFAULT
from server.ports import Reader
from server.services.agents import AgentDetails
from server.services.customers import CustomerDetails
from server.services.forbidden import forbidden_at
from server.services.notices import current_version, notices_of_account
from server.services.office import Office
from server.services.present import VisitNow, accounts_now, notices_now, visits_now
from server.services.visit_rows import VisitRecord, records, visits_of_day
from sync.messages import NoticeDocument, Pack, VisitDocument
from sync.operations.kinds import settlement_key
from sync.operations.office import AccountImported
from sync.receipt import account_tag
from sync.reconcile.folds.account import AccountView

__all__ = ["DayDocuments", "build_documents", "stops_of"]


class DayDocuments(msgspec.Struct, frozen=True, kw_only=True):
    """All documents of one agent's day; `visits` and `notices` by name of document."""

    pack: Pack
    visits: dict[str, VisitDocument]
    notices: dict[str, NoticeDocument]


def stops_of(reader: Reader, branch: str, agent: str, service_day: str) -> list[VisitNow]:
    """The agent's visits of the day in driving order: assigned, not cancelled, not done by somebody else."""
    visits = visits_now(reader, visits_of_day(reader, branch, service_day)).values()
    mine = [
        visit
        for visit in visits
        if visit.agent == agent
        and visit.service_day == service_day
        and not visit.cancelled
        and (not visit.concluded_by or agent in visit.concluded_by)
    ]
    return sorted(mine, key=lambda visit: (visit.position, visit.eta_s, visit.visit))


def build_documents(
    reader: Reader, office: Office, details: AgentDetails, service_day: str, float_minor: int
) -> DayDocuments:
    """Make the documents of an agent that was registered; `details.registered` is not None."""
    registered = details.registered
    if registered is None:
        raise TypeError("an agent without a registration has no pack")
    name = f"{service_day}/{details.agent}"
    stops = stops_of(reader, details.branch, details.agent, service_day)
    accounts = accounts_now(reader, {stop.planned.account for stop in stops})
    rows = records(reader, [stop.visit for stop in stops])
    people = {
        customer: msgspec.json.decode(data, type=CustomerDetails)
        for customer, data in reader.personal_many("customer", {stop.planned.customer for stop in stops}).items()
    }
    notices: dict[str, NoticeDocument] = {}
    visits: dict[str, VisitDocument] = {}
    points: list[Place] = [_place(registered.home_lat_e7, registered.home_lon_e7)]
    creditors: set[str] = set()
    for stop in stops:
        view = accounts[stop.planned.account]
        statement = view.statement
        if statement is None:
            continue  # its import was taken away by an upgrade; nothing can be said at that door
        letter = _notice(reader, stop)
        if letter is not None:
            notices[f"notice/{letter.notice}"] = letter
        visits[f"visit/{stop.visit}"] = _visit_document(
            office,
            stop,
            view,
            statement,
            rows.get(stop.visit),
            people.get(stop.planned.customer),
            letter,
            name,
            _is_unconfirmed(reader, view, name),
        )
        points.append(_place(statement.lat_e7, statement.lon_e7))
        creditors.add(statement.creditor)
    points.append(points[0])
    way_m = sum(leg_distance_m(here, there) for here, there in itertools.pairwise(points))
    pack = Pack(
        pack=name,
        agent=details.agent,
        agent_name=details.name,
        branch=details.branch,
        service_day=service_day,
        zone=office.frame.zone,
        visits=[document.visit for document in visits.values()],
        shift_starts_s=registered.shift_starts_s,
        shift_ends_s=registered.shift_ends_s,
        home_lat_e7=registered.home_lat_e7,
        home_lon_e7=registered.home_lon_e7,
        distance_m=round(way_m * DETOUR_FACTOR_DEFAULT),
        cash_limit_minor=registered.cash_limit_minor,
        float_minor=float_minor,
        currency=registered.currency,
        policy=office.frame.policy,
        public_url=office.frame.public_url,
        office_phone=office.frame.office_phone,
        creditor_name=office.frame.creditor_name or ", ".join(sorted(creditors)),
        issued_ms=office.clock.now_ms(),
    )
    return DayDocuments(pack=pack, visits=visits, notices=notices)


def _place(lat_e7: int, lon_e7: int) -> Place:
    return Place(lat_e7 / 10_000_000, lon_e7 / 10_000_000)


def _notice(reader: Reader, stop: VisitNow) -> NoticeDocument | None:
    """The letter to hand over: the one planned, else the account's latest; a withdrawn one says so."""
    if "notice" not in stop.planned.tasks:
        return None
    wanted = [stop.planned.notice] if stop.planned.notice else notices_of_account(reader, stop.planned.account)
    views = sorted(
        notices_now(reader, wanted).values(),
        key=lambda view: (not view.withdrawn, current_version(view).issued_on, view.notice),
    )
    if not views:
        return None
    body = current_version(views[-1])
    return NoticeDocument(
        notice=body.notice,
        version=body.version,
        account=body.account,
        title=body.title,
        content_sha256=body.content_sha256,
        amount_minor=body.amount_minor,
        currency=body.currency,
        issued_on=body.issued_on,
        withdrawn=bool(views[-1].withdrawn),
    )


def _paid_elsewhere(view: AccountView, pack: str) -> int:
    """What reached the debt since the statement, other than under this pack."""
    external = sum(
        body.amount_minor
        for _, body in view.external
        if view.statement is not None and body.currency == view.statement.currency
    )
    ours = sum(line.debt_minor for line in view.allocations if line.status.fact.operation.pack != pack)
    return external + ours


def _is_unconfirmed(reader: Reader, view: AccountView, pack: str) -> bool:
    """Whether a payment of another day or agent waits for its provider, whose deadline has not passed."""
    keys = {
        settlement_key(line.status.body) for line in view.allocations if line.status.fact.operation.pack != pack
    } - {""}
    return any(not state["agrees"] and not state["overdue"] for state in reader.aggregates(keys).values())


def _visit_document(
    office: Office,
    stop: VisitNow,
    view: AccountView,
    statement: AccountImported,
    row: VisitRecord | None,
    person: CustomerDetails | None,
    letter: NoticeDocument | None,
    pack: str,
    unconfirmed: bool,
) -> VisitDocument:
    paid = _paid_elsewhere(view, pack)
    payoff = max(0, statement.payoff_minor - paid)
    planned = stop.planned
    forbidden, why = forbidden_at(
        statement,
        payoff,
        unconfirmed=unconfirmed,
        plan_holds=view.plan_holds,
        asked_for=planned.origin == "booking",
    )
    return VisitDocument(
        visit=stop.visit,
        position=stop.position,
        account=planned.account,
        customer=planned.customer,
        name=person.shown("name") if person else "",
        phone=person.shown("phone") if person else "",
        address=person.shown("address") if person else "",
        language=person.shown("language") if person else "zh",
        lat_e7=statement.lat_e7,
        lon_e7=statement.lon_e7,
        tasks=list(planned.tasks),
        window_starts_s=stop.window_starts_s,
        window_ends_s=stop.window_ends_s,
        service_s=planned.service_s,
        eta_s=stop.eta_s,
        leg_m=stop.leg_m,
        mandatory=planned.mandatory,
        origin=planned.origin,
        booked_minor=planned.booked_minor,
        currency=statement.currency,
        minimum_due_minor=max(0, statement.minimum_due_minor - paid),
        overdue_minor=max(0, statement.overdue_minor - paid),
        statement_minor=statement.statement_minor - paid,
        payoff_minor=payoff,
        as_of_ms=statement.as_of_ms,
        due=statement.due,
        months_late=statement.months_late,
        last_four=statement.last_four,
        account_tag=account_tag(office.keys.tag, planned.account),
        creditor=statement.creditor,
        notice=letter.notice if letter else "",
        forbidden=forbidden,
        forbidden_why=why,
        code_salt=row.code_salt if row else "",
        code_bits=row.code_bits if row else -1,
    )
