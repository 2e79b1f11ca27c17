"""Who calls the office's routes: the operator with the data folder's token, or a person with a session's cookie.

The token's holder acts as the user and role that ``Doorstep-Actor`` names: whoever may read the token may read the
database too. A person acts in the roles of their account; what changes something carries the form token of the
session in ``Doorstep-Form``, which another site cannot know.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Protocol

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from server.http.commands import CommandGuard, actor_of
from server.services.office import Person, need_role, second_person
from server.services.users import Session, User
from sync.errors import NotAllowed

__all__ = ["FORM_HEADER", "SESSION_COOKIE", "OfficeAccess", "SecondPerson", "Sessions", "person_of"]

SESSION_COOKIE = "doorstep_session"
FORM_HEADER = "doorstep-form"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


class Sessions(Protocol):
    """The part of `server.services.users.Users` that these routes need."""

    async def session(self, token: str) -> Session | None:
        """The session of a cookie."""
        ...

    def check_form(self, token: str, presented: str) -> None:
        """Raises CSRF-WRONG."""
        ...

    async def verify_password(self, name: str, password: str, address: str, *, role: Sequence[str] = ()) -> User:
        """The second person, by name and password."""
        ...


class SecondPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever confirms beside the one who acts; the operator's token needs the name only."""

    user: str
    password: str = ""


class OfficeAccess:
    """Guards and the second person's check; `sessions` None means that only the token opens anything."""

    def __init__(self, guard: CommandGuard, sessions: Sessions | None = None) -> None:
        self._guard = guard
        self._sessions = sessions

    def require_role(self, *roles: str) -> Guard:
        """A guard that lets holders of one of the roles pass; raises NOT-SIGNED-IN, CSRF-WRONG or ROLE-MISSING."""

        async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
            person = await self._person(connection, handler)
            need_role(person, roles)
            connection.state["person"] = person

        return guard

    async def _person(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> Person:
        connection.state["by_token"] = "authorization" in connection.headers
        if connection.state["by_token"]:
            self._guard(connection, handler)
            actor = actor_of(connection)  # type: ignore[arg-type]  # only headers are read
            return Person(user=actor.user, roles=(actor.role,))
        token = connection.cookies.get(SESSION_COOKIE, "")
        session = await self._sessions.session(token) if self._sessions is not None and token else None
        if session is None or self._sessions is None:
            raise NotAllowed("NOT-SIGNED-IN", "neither a session nor the data folder's token came with this request")
        if connection.scope.get("method") not in _SAFE:
            self._sessions.check_form(token, connection.headers.get(FORM_HEADER, ""))
        return Person(user=session.user, roles=session.roles)

    async def second(self, request: Request[Any, Any, Any], second: SecondPerson | None, roles: Collection[str]) -> str:
        """The second person's name, checked; empty without one. Raises LOGIN-WRONG, ROLE-MISSING, TWO-PERSONS."""
        if second is None:
            return ""
        name = second.user.strip()
        second_person(person_of(request), name, "a confirmation")
        if request.state["by_token"] or self._sessions is None:
            return name
        address = request.client.host if request.client else ""
        user = await self._sessions.verify_password(name, second.password, address, role=sorted(roles))
        return second_person(person_of(request), user.name, "a confirmation")


def person_of(request: Request[Any, Any, Any]) -> Person:
    """Who passed the guard."""
    person: Person = request.state["person"]
    return person
