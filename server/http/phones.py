"""The console's page of phones: lock, unlock, wipe after upload, revoke, and the answer to a forgotten PIN."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, get_args

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath

from server.http.html import html_errors, html_page, redirect
from server.http.login import Doors, field
from server.http.office_devices import fresh_key
from server.services.device_locks import lock_device, revoke_device, unlock_device
from server.services.office import Office, Person
from server.services.phones import PhonesPage, phones_page
from server.services.recovery import Identified, RecoveryGiven, answer_recovery
from server.services.users import Session
from server.web.render import Renderer
from sync.errors import DoorstepError, Refused

__all__ = ["phone_page_routes"]

_KEEPERS = ("admin", "supervisor")
_REQUEST_CHARACTERS_MAX = 4_200
"""A recovery request has some 500; one that is longer is refused by name."""


def phone_page_routes(office: Office, doors: Doors, renderer: Renderer) -> Sequence[Router]:
    """``/console/phones``; the forms are an administrator's or a supervisor's."""

    async def page(
        request: Request[Any, Any, Any], session: Session, given: RecoveryGiven | None = None
    ) -> Response[str]:
        agent, after = request.query_params.get("agent", ""), request.query_params.get("after", "")

        def read() -> PhonesPage:
            with office.store.read() as reader:
                return phones_page(reader, agent=agent[:200], after=after[:64])

        found = await asyncio.to_thread(read)
        done = request.query_params.get("done", "")
        return html_page(
            renderer,
            request,
            "phones.html",
            session=session,
            here="phones",
            phones=found.items,
            next=found.next,
            agent=agent,
            given=given,
            done=done if done in {"locked", "unlocked", "revoked"} else "",
            can_keep=session.has(*_KEEPERS),
            ways=get_args(Identified),
            offset_minutes=office.clock.reading().offset_minutes,
        )

    @get("/console/phones", include_in_schema=False)
    async def phones(request: Request[Any, Any, Any]) -> Response[str]:
        session = await doors.enter(request)
        request.state["session"] = session
        return await page(request, session)

    @post("/console/phones/{device:str}/lock", include_in_schema=False, status_code=303)
    async def lock_form(request: Request[Any, Any, Any], device: FromPath[str]) -> Response[Any]:
        session, form = await _enter(request)
        now_ms, wipe = office.clock.now_ms(), field(form, "wipe") == "yes"
        await office.store.write(
            lambda writer: lock_device(
                writer, _person(session), device, field(form, "reason"), now_ms, wipe=wipe, basis=field(form, "basis")
            )
        )
        return redirect("/console/phones?done=locked")

    @post("/console/phones/{device:str}/unlock", include_in_schema=False, status_code=303)
    async def unlock_form(request: Request[Any, Any, Any], device: FromPath[str]) -> Response[Any]:
        session, form = await _enter(request)
        await office.store.write(
            lambda writer: unlock_device(
                writer, office.keys, _person(session), device, field(form, "reason"), basis=field(form, "basis")
            )
        )
        return redirect("/console/phones?done=unlocked")

    @post("/console/phones/{device:str}/revoke", include_in_schema=False, status_code=303)
    async def revoke_form(request: Request[Any, Any, Any], device: FromPath[str]) -> Response[Any]:
        session, form = await _enter(request)
        if field(form, "sure") != "yes":
            raise Refused("ARGUMENT-WRONG", "nothing can undo this; tick that you are sure")
        now_ms = office.clock.now_ms()
        await office.store.write(
            lambda writer: revoke_device(writer, _person(session), device, field(form, "reason"), now_ms)
        )
        return redirect("/console/phones?done=revoked")

    @post("/console/phones/recovery", include_in_schema=False, status_code=200)
    async def recovery_form(request: Request[Any, Any, Any]) -> Response[Any]:
        session, form = await _enter(request)
        asked = form.get("request", "")
        text = asked[:_REQUEST_CHARACTERS_MAX] if isinstance(asked, str) else ""
        way = _way(field(form, "identified"))
        given = await office.store.write(
            lambda writer: answer_recovery(writer, office.keys, _person(session), text, way, fresh_key)
        )
        # Shown on this answer alone: nothing keeps it.
        return await page(request, session, given)

    async def _enter(request: Request[Any, Any, Any]) -> tuple[Session, FormMultiDict]:
        session, form = await doors.enter_with_form(request, *_KEEPERS)
        request.state["session"] = session
        return session, form

    handlers = [phones, lock_form, unlock_form, revoke_form, recovery_form]
    return [Router("/", route_handlers=handlers, exception_handlers={DoorstepError: html_errors(renderer)})]


def _person(session: Session) -> Person:
    return Person(user=session.user, roles=session.roles)


def _way(text: str) -> Identified:
    try:
        found: Identified = msgspec.convert(text, Identified)
    except msgspec.ValidationError as error:
        raise Refused("ARGUMENT-WRONG", f"{text[:20]!r} is no way of identifying somebody") from error
    return found
