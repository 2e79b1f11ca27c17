"""The console: days, one day, one discrepancy, the rules; and the forms on them.

A form is answered by a redirect to the page that shows what it did. Errors are pages too, in the reader's words.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from server.http.html import html_errors, html_page, reader_language, redirect
from server.http.login import Doors, field
from server.http.office_access import OfficeAccess, person_of
from server.ports import Clock, Reader, Store
from server.services.cash import count_cash
from server.services.closing import close_day, obstacles_of
from server.services.day import branches, day_view, recent_days
from server.services.day_discrepancies import evidence_of
from server.services.day_views import DayView
from server.services.decisions import DecisionCommand, decide
from server.services.office import Person, actor_for
from server.services.restore import restore_now
from server.services.users import OFFICE_ROLES, Session
from server.web.render import Renderer
from server.web.route import draw_route
from sync.clock import format_wall
from sync.errors import DoorstepError, Refused
from sync.money import check_amount, parse_amount
from sync.operations.field import Denomination
from sync.reconcile.catalogue import CATALOGUE, Rule, Wording
from sync.reconcile.folds.restore import RestoreView
from sync.reconcile.rules.planned import PLANNED

__all__ = ["day_json_route", "page_routes"]

T = TypeVar("T")

_DAYS_BACK = 14
_FACES = {"CNY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)}
"""Face values on a count form, in minor units; in another currency pieces of one minor unit are counted."""
_PIECES_MAX = 1_000_000
_PLACE = re.compile(r"\{[a-z_]+\}")
"""Where a rule's sentence gets its values."""


def page_routes(store: Store, clock: Clock, doors: Doors, renderer: Renderer) -> Sequence[Router]:
    """Everything under ``/console``."""

    async def read(work: Callable[[Reader], T]) -> T:
        def run() -> T:
            with store.read() as reader:
                return work(reader)

        return await asyncio.to_thread(run)

    async def enter(request: Request[Any, Any, Any]) -> Session:
        session = await doors.enter(request)
        request.state["session"] = session
        return session

    @get("/console", include_in_schema=False)
    async def days(request: Request[Any, Any, Any]) -> Response[str]:
        session = await enter(request)
        now = clock.reading()
        today = format_wall(now.wall_ms, now.offset_minutes)[:10]
        since = (date.fromisoformat(today) - timedelta(days=_DAYS_BACK)).isoformat()
        found = await read(lambda reader: [(b, recent_days(reader, b, since)) for b in branches(reader)])
        return html_page(renderer, request, "console.html", session=session, here="days", branches=found, today=today)

    @get("/console/rules", include_in_schema=False)
    async def rules(request: Request[Any, Any, Any]) -> Response[str]:
        session = await enter(request)
        families = _families(reader_language(request))
        return html_page(
            renderer, request, "rules.html", session=session, here="rules", families=families, planned=PLANNED
        )

    @get("/console/day/{branch:str}/{service_day:str}", include_in_schema=False)
    async def one_day(
        request: Request[Any, Any, Any], branch: FromPath[str], service_day: FromPath[str]
    ) -> Response[str]:
        session = await enter(request)
        _check_day(service_day)

        def work(reader: Reader) -> tuple[DayView, list[Any], RestoreView]:
            view = day_view(reader, branch, service_day, blind=session.has("cashier"))
            obstacles = [] if view.closed or not view.agents else obstacles_of(reader, branch, service_day)
            return view, obstacles, restore_now(reader)

        view, obstacles, restore = await read(work)
        done = request.query_params.get("done", "")
        return html_page(
            renderer,
            request,
            "day.html",
            session=session,
            here="days",
            view=view,
            base=_base(branch, service_day),
            obstacles=obstacles,
            restore=restore,
            show=_one_of(request.query_params.get("show", ""), ("all", "review", "undone")),
            done=done if done in {"decided", "counted", "closed"} else "",
            unreported=sum(not (one.sync.reported or one.sync.lost) for one in view.agents),
            by_id={item.id: item for item in view.discrepancies},
            others={
                one.agent: [d for d in view.discrepancies if d.agent == one.agent and not d.open] for one in view.agents
            },
            drawings={one.agent: draw_route(one.stops) for one in view.agents},
            can_count=session.has("cashier") and not view.closed,
            can_close=session.has("supervisor", "cashier"),
            faces=_FACES.get(view.agents[0].currency if view.agents else "", (1,)),
            offset_minutes=clock.reading().offset_minutes,
        )

    @get("/console/day/{branch:str}/{service_day:str}/discrepancy", include_in_schema=False)
    async def one_discrepancy(
        request: Request[Any, Any, Any], branch: FromPath[str], service_day: FromPath[str]
    ) -> Response[str]:
        session = await enter(request)
        _check_day(service_day)
        id_ = request.query_params.get("id", "")

        def work(reader: Reader) -> tuple[Any, list[Any]]:
            item = day_view(reader, branch, service_day, blind=session.has("cashier")).discrepancy(id_)
            if item is None:
                raise Refused("NOT-FOUND", f"no discrepancy {id_[:80]!r} on this day")
            return item, evidence_of(reader, item.operations)

        item, evidence = await read(work)
        return html_page(
            renderer,
            request,
            "discrepancy.html",
            session=session,
            here="days",
            item=item,
            evidence=evidence,
            branch=branch,
            service_day=service_day,
            base=_base(branch, service_day),
        )

    @post("/console/day/{branch:str}/{service_day:str}/decide", include_in_schema=False, status_code=303)
    async def decide_form(
        request: Request[Any, Any, Any], branch: FromPath[str], service_day: FromPath[str]
    ) -> Response[Any]:
        session, form = await doors.enter_with_form(request)
        request.state["session"] = session
        rule, _, subject = field(form, "id").partition("|")
        entry = CATALOGUE.get(rule)
        if entry is None:
            raise Refused("NOT-FOUND", f"no rule {rule[:40]!r}")
        amount = field(form, "amount").strip()
        command = DecisionCommand(
            rule=rule,
            subject=subject,
            ground=field(form, "ground"),
            outcome=field(form, "outcome"),
            note=field(form, "note"),
            second=await doors.second(request, form, entry.decides),
            amount_minor=parse_amount(amount, "CNY") if amount else 0,
            account=field(form, "account").strip(),
            basis=field(form, "basis"),
        )
        await store.write(lambda writer: decide(writer, _person(session), command))
        return redirect(f"{_base(branch, service_day)}?done=decided")

    @post("/console/day/{branch:str}/{service_day:str}/count", include_in_schema=False, status_code=303)
    async def count_form(
        request: Request[Any, Any, Any], branch: FromPath[str], service_day: FromPath[str]
    ) -> Response[Any]:
        session, form = await doors.enter_with_form(request, "cashier")
        request.state["session"] = session
        agent, code = field(form, "agent"), field(form, "currency")
        pieces = [
            Denomination(face, _pieces(field(form, f"face_{face}")))
            for face in _FACES.get(code, (1,))
            if field(form, f"face_{face}").strip()
        ]
        # An empty form is no count: nothing in the drawer is said by a zero.
        if not pieces:
            raise Refused("ARGUMENT-WRONG", "nothing was entered; write 0 where there is no cash at all")
        await store.write(
            lambda writer: count_cash(
                writer,
                _person(session),
                agent,
                service_day,
                code,
                denominations=pieces,
                basis=field(form, "basis"),
            )
        )
        return redirect(f"{_base(branch, service_day)}?done=counted#agent-{quote(agent)}")

    @post("/console/day/{branch:str}/{service_day:str}/close", include_in_schema=False, status_code=303)
    async def close_form(
        request: Request[Any, Any, Any], branch: FromPath[str], service_day: FromPath[str]
    ) -> Response[Any]:
        session, form = await doors.enter_with_form(request)
        request.state["session"] = session
        by = actor_for(_person(session), "DayClosed")
        carry = [value for value in form.getall("carry", []) if isinstance(value, str)]
        second = await doors.second(request, form, "supervisor", "cashier")
        await asyncio.to_thread(close_day, store, branch, service_day, by, second, carry)
        return redirect(f"{_base(branch, service_day)}?done=closed#close")

    handlers = [days, rules, one_day, one_discrepancy, decide_form, count_form, close_form]
    return [Router("/", route_handlers=handlers, exception_handlers={DoorstepError: html_errors(renderer)})]


def day_json_route(store: Store, access: OfficeAccess) -> HTTPRouteHandler:
    """The same day as JSON; blind for cashiers like the page."""

    @get(
        "/api/v1/office/days/{branch:str}/{service_day:str}",
        guards=[access.require_role(*OFFICE_ROLES)],
        summary="A branch's day",
    )
    async def day_json(request: Request[Any, Any, Any], branch: FromPath[str], service_day: FromPath[str]) -> DayView:
        _check_day(service_day)
        blind = person_of(request).has("cashier")

        def run() -> DayView:
            with store.read() as reader:
                return day_view(reader, branch, service_day, blind=blind)

        return await asyncio.to_thread(run)

    return day_json


def _person(session: Session) -> Person:
    return Person(user=session.user, roles=session.roles)


def _base(branch: str, service_day: str) -> str:
    return f"/console/day/{quote(branch, safe='')}/{service_day}"


def _check_day(service_day: str) -> None:
    try:
        date.fromisoformat(service_day)
    except ValueError as error:
        raise Refused("NOT-FOUND", f"{service_day[:20]!r} is no day") from error


def _one_of(wish: str, known: Sequence[str]) -> str:
    return wish if wish in known else known[0]


def _pieces(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or int(digits[:9]) > _PIECES_MAX:
        raise Refused("ARGUMENT-WRONG", f"{digits[:20]!r} is not a number of pieces")
    return check_amount(int(digits), zero=True)


def _families(language: str) -> list[tuple[str, list[tuple[Rule, Wording]]]]:
    """Rules by the family that they look at, each with its words in the reader's language."""
    found: defaultdict[str, list[tuple[Rule, Wording]]] = defaultdict(list)
    for entry in sorted(CATALOGUE.values(), key=lambda rule: rule.code):
        words = entry.zh if language == "zh" else entry.en
        words = msgspec.structs.replace(words, sentence=_PLACE.sub("…", words.sentence))
        found[entry.family].append((entry, words))
    return sorted(found.items())
