"""What an office command needs: the store, the keys, the clock, and the frame of every pack; and who gives it."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from server.keys import OfficeKeys
from server.ports import Clock, Store
from sync.errors import NotAllowed
from sync.operations.envelope import Actor
from sync.operations.kinds import roles_allowed

__all__ = ["SYSTEM", "Frame", "Office", "Person", "actor_for", "need_role", "second_person"]

SYSTEM = Actor("system", "system")
"""A server process acting by rule."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What every pack says besides its stops. `zone` is the IANA name of the branches' time zone."""

    public_url: str
    office_phone: str = ""
    zone: str = "Asia/Shanghai"
    policy: str = "house-1"
    creditor_name: str = ""
    """Empty: the creditors' ids."""


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that commands work with; joined by `server.app` or the command line."""

    store: Store
    keys: OfficeKeys
    clock: Clock
    frame: Frame


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the office, signed in or named by a command on the office's own machine."""

    user: str
    roles: tuple[str, ...]

    def has(self, *roles: str) -> bool:
        """Whether the person holds one of the roles."""
        return any(role in self.roles for role in roles)


def need_role(person: Person, roles: Collection[str]) -> str:
    """The person's role among those asked for, the first in order; raises ROLE-MISSING."""
    for role in sorted(roles):
        if role in person.roles:
            return role
    raise NotAllowed(
        "ROLE-MISSING", f"{person.user} is {' and '.join(person.roles)}; needed: {', '.join(sorted(roles))}"
    )


def actor_for(person: Person, kind: str) -> Actor:
    """Person and role under which they may write this kind of operation; raises ROLE-MISSING."""
    return Actor(person.user, need_role(person, roles_allowed(kind) - {"system"}))


def second_person(person: Person, second: str, why: str) -> str:
    """The second person's name; raises TWO-PERSONS when there is none or it is the same one."""
    if not second or second == person.user:
        raise NotAllowed("TWO-PERSONS", f"{why} needs a second person beside {person.user}")
    return second
