"""Who calls the office's routes: the operator with the data folder's token, or a person with a session's cookie.

The token's holder acts as the user and role that ``Doorstep-Actor`` names: whoever may read the token may read the
database too. A person acts in the roles of their account, behind `server.http.login.Doors`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from server.http.commands import CommandGuard, actor_of
from server.http.login import Doors, client_address
from server.services.office import Person, need_role, second_person
from sync.errors import NotAllowed

__all__ = ["OfficeAccess", "SecondPerson", "person_of"]

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


class SecondPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever confirms beside the one who acts; the operator's token needs the name only."""

    user: str
    password: str = ""


class OfficeAccess:
    """Guards and the second person's check; without `doors` only the token opens anything."""

    def __init__(self, guard: CommandGuard, doors: Doors | None = None) -> None:
        self._guard = guard
        self._doors = doors

    def require_role(self, *roles: str) -> Guard:
        """A guard that lets holders of one of the roles pass; raises NOT-SIGNED-IN, CSRF-WRONG or ROLE-MISSING."""
        by_session = self._doors.require_role(*roles) if self._doors is not None else None

        async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
            by_token = "authorization" in connection.headers
            if by_token:
                self._guard(connection, handler)
                actor = actor_of(connection)  # type: ignore[arg-type]  # only headers are read
                person = Person(user=actor.user, roles=(actor.role,))
                need_role(person, roles)
            elif by_session is not None and self._doors is not None:
                await by_session(connection, handler)
                person = self._doors.person_of(connection)
            else:
                raise NotAllowed("NOT-SIGNED-IN", "the data folder's token did not come with this request")
            connection.state["person"] = person
            connection.state["by_token"] = by_token

        return guard

    async def second(self, request: Request[Any, Any, Any], second: SecondPerson | None, roles: Collection[str]) -> str:
        """The second person's name, checked; empty without one. Raises LOGIN-WRONG, ROLE-MISSING, TWO-PERSONS."""
        if second is None:
            return ""
        name = second.user.strip()
        second_person(person_of(request), name, "a confirmation")
        if request.state["by_token"] or self._doors is None:
            return name
        user = await self._doors.users.verify_password(
            name, second.password, client_address(request), role=sorted(roles)
        )
        return second_person(person_of(request), user.name, "a confirmation")


def person_of(request: Request[Any, Any, Any]) -> Person:
    """Who passed the guard."""
    person: Person = request.state["person"]
    return person
