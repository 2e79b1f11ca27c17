"""People at the office: who they are, what roles they have, and the sessions of their browsers.

- **Users** are personal rows (`user`, by name) with an argon2id hash. Wrong passwords are counted in the row: after
  a few, each further one doubles a wait. An unknown name costs the same time and gives the same answer.
- **Sessions** are personal rows (`session`) under the SHA-256 of the cookie's token, so that a stolen database
  signs nobody in. They end after `SESSION_IDLE_MS` without use, after `SESSION_LIFE_MS`, at logout, when the user
  is disabled, and (the oldest) when one person opens too many.
- **Forms** carry a token derived from the session's, which another site cannot know.

Time here is the machine's own (`now_ms` is an argument): a demonstration's clock that runs 400 times as fast would
sign everybody out within seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from server.limits import (
    LOGIN_ADDRESS_TRIES,
    LOGIN_ADDRESS_WINDOW_MS,
    LOGIN_TRIES_FREE,
    LOGIN_WAIT_FIRST_MS,
    LOGIN_WAIT_MAX_MS,
    PASSWORD_CHECKS_AT_ONCE,
    PASSWORD_LENGTH_MAX,
    PASSWORD_LENGTH_MIN,
    SESSION_IDLE_MS,
    SESSION_LIFE_MS,
    SESSION_TOUCH_MS,
    SESSIONS_PER_USER_MAX,
)
from server.ports import Reader, Store, Writer
from server.services.rate_limit import RateLimit
from sync.encoding import b64
from sync.errors import Conflict, NotAllowed, Refused

__all__ = [
    "OFFICE_ROLES",
    "Session",
    "User",
    "Users",
    "add_user",
    "disable_user",
    "hash_password",
    "list_users",
    "user_name",
]

OFFICE_ROLES: Final = ("supervisor", "cashier", "compliance", "admin", "auditor")
"""Roles that a person may have, several at once; `system` is nobody's."""

_NAME = re.compile(r"[\w][\w.\-]{0,39}")
_TOKEN_BYTES = 32
_USER = "user"
_SESSION = "session"


class User(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A person of the office; `waits_until_ms` is 0 unless too many passwords were wrong."""

    name: str
    roles: tuple[str, ...]
    password: str
    """argon2id in PHC form."""
    created_ms: int
    disabled: bool = False
    failures: int = 0
    waits_until_ms: int = 0


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser: who, in which roles, and the token that its forms carry."""

    user: str
    roles: tuple[str, ...]
    form_token: str

    def has(self, *roles: str) -> bool:
        """Whether the person holds one of these roles."""
        return any(role in self.roles for role in roles)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    user: str
    opened_ms: int
    used_ms: int


def user_name(text: str) -> str:
    """The name as it is kept: NFKC, small letters; raises ARGUMENT-WRONG for anything but letters, digits, . _ -"""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    if _NAME.fullmatch(name) is None:
        raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} is not a name: up to 40 letters, digits, dots and hyphens")
    return name


def hash_password(hasher: PasswordHasher, password: str) -> str:
    """The argon2id hash of an acceptable password; raises SECRET-WEAK or ARGUMENT-WRONG."""
    if len(password) < PASSWORD_LENGTH_MIN:
        raise Refused("SECRET-WEAK", f"a password has at least {PASSWORD_LENGTH_MIN} characters")
    if len(password) > PASSWORD_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a password has at most {PASSWORD_LENGTH_MAX} characters")
    return hasher.hash(_bytes(password))


def _bytes(password: str) -> bytes:
    # The same password from every keyboard, and no way to fail on a lone surrogate.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def add_user(writer: Writer, name: str, roles: Sequence[str], password_hash: str, now_ms: int) -> User:
    """Add a person, as one work; raises ARGUMENT-WRONG for a role that is none, STATE-FORBIDS for a name taken."""
    name = user_name(name)
    unknown = sorted(set(roles) - set(OFFICE_ROLES))
    if unknown or not roles:
        raise Refused("ARGUMENT-WRONG", f"roles are {', '.join(OFFICE_ROLES)}, at least one; not {', '.join(unknown)}")
    if writer.personal(_USER, name) is not None:
        raise Conflict("STATE-FORBIDS", f"user {name!r} exists")
    user = User(
        name=name, roles=tuple(r for r in OFFICE_ROLES if r in roles), password=password_hash, created_ms=now_ms
    )
    _put(writer, user)
    return user


def disable_user(writer: Writer, name: str) -> User:
    """Nobody signs in under this name any more, and every session of it ends; raises NOT-FOUND."""
    user = _get(writer, user_name(name))
    if user is None:
        raise Refused("NOT-FOUND", f"no user {name!r}")
    user = msgspec.structs.replace(user, disabled=True)
    _put(writer, user)
    for token in writer.personal_find(_SESSION, _USER, user.name):
        writer.remove_personal(_SESSION, token)
    return user


def list_users(reader: Reader) -> list[User]:
    """Everybody, by name."""
    found: list[User] = []
    while page := reader.personal_all(_USER, after=found[-1].name if found else ""):
        found += [msgspec.json.decode(data, type=User) for _, data in page]
    return found


def _get(reader: Reader, name: str) -> User | None:
    data = reader.personal(_USER, name)
    return msgspec.json.decode(data, type=User) if data is not None else None


def _put(writer: Writer, user: User) -> None:
    writer.put_personal(_USER, user.name, msgspec.json.encode(user))


class Users:
    """Signing in and out. `secret` keys the forms' tokens; `now_ms` is the machine's wall clock."""

    def __init__(
        self,
        store: Store,
        *,
        secret: bytes,
        now_ms: Callable[[], int],
        random: Callable[[int], bytes],
        hasher: PasswordHasher,
    ) -> None:
        self._store = store
        self._secret = secret
        self._now_ms = now_ms
        self._random = random
        self._hasher = hasher
        self._addresses = RateLimit(LOGIN_ADDRESS_TRIES, LOGIN_ADDRESS_WINDOW_MS, now_ms, code="LOGIN-LOCKED")
        self._checks = asyncio.Semaphore(PASSWORD_CHECKS_AT_ONCE)
        self._nobody = hasher.hash(random(16))

    async def authenticate(self, name: str, password: str, address: str) -> User:
        """Who this is. Raises LOGIN-WRONG alike for a wrong name, password or a disabled user; LOGIN-LOCKED."""
        self._addresses.spend(address)
        try:
            name = user_name(name)
        except Refused:
            name = ""
        user = await asyncio.to_thread(self._read, name) if name else None
        if user is not None and user.waits_until_ms > self._now_ms():
            wait_s = -(-(user.waits_until_ms - self._now_ms()) // 1000)
            raise NotAllowed("LOGIN-LOCKED", f"too many wrong passwords; try again in {wait_s} s", retry_after_s=wait_s)
        async with self._checks:
            right = await asyncio.to_thread(self._matches, user.password if user else self._nobody, password)
        if user is None or user.disabled or not right:
            if user is not None and not user.disabled:
                await self._store.write(lambda writer: self._count_failure(writer, name))
            raise NotAllowed("LOGIN-WRONG", "name or password is wrong")
        if user.failures:
            await self._store.write(lambda writer: self._forget_failures(writer, name))
        return user

    async def verify_password(self, name: str, password: str, address: str, *, role: Collection[str] = ()) -> User:
        """The second person of a decision, by their own name and password; raises ROLE-MISSING beyond the above."""
        user = await self.authenticate(name, password, address)
        if role and not set(role) & set(user.roles):
            raise NotAllowed("ROLE-MISSING", f"{user.name} is not {' or '.join(role)}")
        return user

    async def open_session(self, user: User) -> str:
        """The token for the cookie of a browser that just authenticated."""
        token = b64(self._random(_TOKEN_BYTES))
        row = _Row(user=user.name, opened_ms=self._now_ms(), used_ms=self._now_ms())

        def work(writer: Writer) -> None:
            self._end_oldest(writer, user.name)
            writer.put_personal(_SESSION, _digest(token), msgspec.json.encode(row), {_USER: user.name})

        await self._store.write(work)
        return token

    async def session(self, token: str) -> Session | None:
        """The session of a cookie, or None when it is over; its last use is noted once a minute."""
        if not token or len(token) > 2 * _TOKEN_BYTES:
            return None
        found = await asyncio.to_thread(self._read_session, _digest(token))
        if found is None:
            return None
        row, user = found
        now = self._now_ms()
        over = user is None or user.disabled or now - row.used_ms > SESSION_IDLE_MS
        if over or now - row.opened_ms > SESSION_LIFE_MS or user is None:
            await self.close_session(token)
            return None
        if now - row.used_ms > SESSION_TOUCH_MS:
            fresh = msgspec.json.encode(msgspec.structs.replace(row, used_ms=now))
            await self._store.write(lambda writer: self._touch(writer, _digest(token), fresh, row.user))
        return Session(user=user.name, roles=user.roles, form_token=self.form_token(token))

    async def close_session(self, token: str) -> None:
        """Sign out: the cookie is worth nothing any more."""
        await self._store.write(lambda writer: writer.remove_personal(_SESSION, _digest(token)))

    def form_token(self, token: str) -> str:
        """What forms of this session (or of a browser that is about to sign in) carry."""
        return hmac.digest(self._secret, b"doorstep/form\0" + token.encode(), hashlib.sha256).hex()

    def new_form_cookie(self) -> str:
        """A random value for the cookie that binds the sign-in form to its browser."""
        return b64(self._random(_TOKEN_BYTES))

    def check_form(self, token: str, presented: str) -> None:
        """Raises CSRF-WRONG unless the form was made for this cookie."""
        if not token or not hmac.compare_digest(self.form_token(token).encode(), presented.encode()):
            raise NotAllowed("CSRF-WRONG", "the form's token does not belong to this session")

    # -- within threads and works
    def _read(self, name: str) -> User | None:
        with self._store.read() as reader:
            return _get(reader, name)

    def _read_session(self, digest: str) -> tuple[_Row, User | None] | None:
        with self._store.read() as reader:
            data = reader.personal(_SESSION, digest)
            if data is None:
                return None
            row = msgspec.json.decode(data, type=_Row)
            return row, _get(reader, row.user)

    def _matches(self, password_hash: str, password: str) -> bool:
        if len(password) > PASSWORD_LENGTH_MAX:
            return False
        try:
            return self._hasher.verify(password_hash, _bytes(password))
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    def _count_failure(self, writer: Writer, name: str) -> None:
        user = _get(writer, name)
        if user is None:
            return
        failures = user.failures + 1
        over = failures - LOGIN_TRIES_FREE
        wait = min(LOGIN_WAIT_MAX_MS, LOGIN_WAIT_FIRST_MS << min(over, 10)) if over >= 0 else 0
        until = self._now_ms() + wait if wait else 0
        _put(writer, msgspec.structs.replace(user, failures=failures, waits_until_ms=until))

    def _forget_failures(self, writer: Writer, name: str) -> None:
        user = _get(writer, name)
        if user is not None:
            _put(writer, msgspec.structs.replace(user, failures=0, waits_until_ms=0))

    def _touch(self, writer: Writer, digest: str, row: bytes, name: str) -> None:
        # A session that ended meanwhile stays ended.
        if writer.personal(_SESSION, digest) is not None:
            writer.put_personal(_SESSION, digest, row, {_USER: name})

    def _end_oldest(self, writer: Writer, name: str) -> None:
        held: list[tuple[int, str]] = []
        for digest in writer.personal_find(_SESSION, _USER, name):
            data = writer.personal(_SESSION, digest)
            if data is not None:
                row = msgspec.json.decode(data, type=_Row)
                held.append((row.opened_ms, digest))
        for _, digest in sorted(held)[: max(0, len(held) - SESSIONS_PER_USER_MAX + 1)]:
            writer.remove_personal(_SESSION, digest)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
