"""For commands at the office's own machine: adding, listing and disabling people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from server.http.commands import CommandGuard
from server.ports import Store
from server.services.users import User, add_user, disable_user, list_users
from sync.errors import Refused

__all__ = ["UserShown", "user_routes"]


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`password` is the argon2id hash in PHC form: the password itself never travels."""

    name: str
    roles: tuple[str, ...]
    password: str


class UserShown(msgspec.Struct, frozen=True, kw_only=True):
    """A person without the hash."""

    name: str
    roles: tuple[str, ...]
    disabled: bool
    created_ms: int


def user_routes(store: Store, now_ms: Callable[[], int], guard: CommandGuard) -> Sequence[HTTPRouteHandler]:
    """Under ``/api/v1/office/users``, with the command token."""

    @get("/api/v1/office/users", guards=[guard], summary="People at the office")
    async def users() -> list[UserShown]:
        def run() -> list[UserShown]:
            with store.read() as reader:
                return [_shown(user) for user in list_users(reader)]

        return await asyncio.to_thread(run)

    @post("/api/v1/office/users", guards=[guard], summary="Add a person")
    async def add(data: JSONBody[NewUser]) -> UserShown:
        if not data.password.startswith("$argon2id$"):
            raise Refused("ARGUMENT-WRONG", "the password must come as an argon2id hash")
        return _shown(
            await store.write(lambda writer: add_user(writer, data.name, data.roles, data.password, now_ms()))
        )

    @post("/api/v1/office/users/{name:str}/disable", guards=[guard], status_code=200, summary="Disable a person")
    async def disable(name: FromPath[str]) -> UserShown:
        return _shown(await store.write(lambda writer: disable_user(writer, name)))

    return [users, add, disable]


def _shown(user: User) -> UserShown:
    return UserShown(name=user.name, roles=user.roles, disabled=user.disabled, created_ms=user.created_ms)
