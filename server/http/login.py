"""Signing in and out, and the doors that pages stand behind.

The session's token is a cookie that scripts cannot read and other sites cannot send (HttpOnly, SameSite=Strict,
Secure where the office is reached over https). Every form carries the form token besides, and JSON calls carry it in
a header (`server.http.office_access`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, FormMultiDict
from litestar.handlers import HTTPRouteHandler

from server.http.html import html_page, reader_language, redirect, wait_words
from server.http.office_access import SESSION_COOKIE
from server.services.users import Session, User, Users
from server.web.render import Renderer
from sync.errors import DoorstepError, NotAllowed

__all__ = ["Doors", "client_address", "field", "login_routes"]

_FORM_COOKIE = "doorstep_form"
_HOME = "/console"
_FIELD_MAX = 300


def client_address(request: Request[Any, Any, Any]) -> str:
    """The address that limits count by; behind a proxy uvicorn has put the client's there."""
    return request.client.host if request.client else "unknown"


class Doors:
    """Who comes in. `secure` says that the office is reached over https."""

    def __init__(self, users: Users, *, secure: bool) -> None:
        self.users = users
        self._secure = secure

    async def session(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Session | None:
        """The session of this request's cookie, or None."""
        return await self.users.session(connection.cookies.get(SESSION_COOKIE, ""))

    async def enter(self, connection: ASGIConnection[Any, Any, Any, Any], *roles: str) -> Session:
        """The session; raises NOT-SIGNED-IN, or ROLE-MISSING when none of the roles named is there."""
        session = await self.session(connection)
        if session is None:
            raise NotAllowed("NOT-SIGNED-IN", "there is no session, or it is over")
        if roles and not session.has(*roles):
            raise NotAllowed("ROLE-MISSING", f"{session.user} is not {' or '.join(roles)}")
        return session

    async def enter_with_form(self, request: Request[Any, Any, Any], *roles: str) -> tuple[Session, FormMultiDict]:
        """The session and the form's fields; raises CSRF-WRONG beyond what `enter` raises."""
        session = await self.enter(request, *roles)
        form = await request.form()
        self._check(request, str(form.get("form_token", "")))
        return session, form

    async def second(self, request: Request[Any, Any, Any], form: FormMultiDict, *roles: str) -> str:
        """The second person's name, by their own password in the same form; empty when nobody was named."""
        name = field(form, "second")
        if not name:
            return ""
        user = await self.users.verify_password(
            name, field(form, "second_password"), client_address(request), role=roles
        )
        return user.name

    async def open(self, user: User) -> Cookie:
        """The cookie of a new session."""
        return self._cookie(SESSION_COOKIE, await self.users.open_session(user))

    async def leave(self, request: Request[Any, Any, Any]) -> list[Cookie]:
        """End the session, and the cookies that go with it."""
        await self.users.close_session(request.cookies.get(SESSION_COOKIE, ""))
        return [self._cookie(name, "", max_age=0) for name in (SESSION_COOKIE, _FORM_COOKIE)]

    def login_form(self, request: Request[Any, Any, Any]) -> tuple[str, Cookie | None]:
        """The form token of a browser that is about to sign in, and its cookie if it is new."""
        held = request.cookies.get(_FORM_COOKIE, "")
        if held:
            return self.users.form_token(held), None
        fresh = self.users.new_form_cookie()
        return self.users.form_token(fresh), self._cookie(_FORM_COOKIE, fresh)

    def check_login_form(self, request: Request[Any, Any, Any], token: str) -> None:
        """Raises CSRF-WRONG for a sign-in that this browser did not ask for."""
        self.users.check_form(request.cookies.get(_FORM_COOKIE, ""), token)

    def _check(self, connection: ASGIConnection[Any, Any, Any, Any], token: str) -> None:
        self.users.check_form(connection.cookies.get(SESSION_COOKIE, ""), token)

    def _cookie(self, name: str, value: str, max_age: int | None = None) -> Cookie:
        return Cookie(
            key=name,
            value=value,
            path="/",
            httponly=True,
            samesite="strict",
            secure=self._secure,
            max_age=max_age,
        )


def field(form: FormMultiDict, name: str) -> str:
    """One text field of a form, cut to a length that no honest one has."""
    value = form.get(name, "")
    return value[:_FIELD_MAX] if isinstance(value, str) else ""


def _next(path: str) -> str:
    """Where to go after signing in: only within the console."""
    return path if path == _HOME or path.startswith(f"{_HOME}/") else _HOME


def login_routes(doors: Doors, renderer: Renderer) -> Sequence[HTTPRouteHandler]:
    """``/login`` and ``/logout``."""

    def form_page(
        request: Request[Any, Any, Any], status: int = 200, message: str = "", name: str = "", next_: str = _HOME
    ) -> Response[str]:
        token, cookie = doors.login_form(request)
        page = html_page(
            renderer,
            request,
            "login.html",
            status=status,
            session=None,
            here="",
            form_token=token,
            message=message,
            failed=status != 200,
            name=name,
            next=_next(next_),
        )
        if cookie is not None:
            page.cookies.append(cookie)
        return page

    @get("/login", include_in_schema=False)
    async def show(request: Request[Any, Any, Any]) -> Response[Any]:
        if await doors.session(request) is not None:
            return redirect(_next(request.query_params.get("next", _HOME)))
        words = renderer.text("login.signed_out", reader_language(request)) if "out" in request.query_params else ""
        return form_page(request, message=words, next_=request.query_params.get("next", _HOME))

    @post("/login", include_in_schema=False, status_code=200)
    async def sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
        form = await request.form()
        name, next_ = field(form, "name"), field(form, "next")
        language = reader_language(request)
        try:
            doors.check_login_form(request, field(form, "form_token"))
            user = await doors.users.authenticate(name, field(form, "password"), client_address(request))
        except NotAllowed as error:
            return form_page(request, error.entry.status, _words(renderer, error, language), name, next_)
        answer = redirect(_next(next_))
        answer.cookies.append(await doors.open(user))
        return answer

    @post("/logout", include_in_schema=False, status_code=303)
    async def sign_out(request: Request[Any, Any, Any]) -> Response[Any]:
        await doors.enter_with_form(request)
        answer = redirect("/login?out")
        answer.cookies.extend(await doors.leave(request))
        return answer

    return [show, sign_in, sign_out]


def _words(renderer: Renderer, error: DoorstepError, language: str) -> str:
    if error.code == "CSRF-WRONG":
        return renderer.text("login.stale", language)
    if error.code == "LOGIN-LOCKED":
        wait = wait_words(renderer, error, language)
        return renderer.text("login.locked", language, wait=wait)
    return renderer.text("login.wrong", language)
