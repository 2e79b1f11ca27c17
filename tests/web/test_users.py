"""Passwords, waits, sessions and form tokens."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.clock import FixedClock
from server.keys import load_keys
from server.limits import (
    LOGIN_ADDRESS_TRIES,
    LOGIN_TRIES_FREE,
    LOGIN_WAIT_FIRST_MS,
    SESSION_IDLE_MS,
    SESSION_LIFE_MS,
    SESSION_TOUCH_MS,
    SESSIONS_PER_USER_MAX,
)
from server.services.rate_limit import RateLimit
from server.services.users import Users, add_user, disable_user, hash_password, list_users, user_name
from server.store.sqlite import SqliteStore
from sync.errors import DoorstepError
from tests.web.branch import CHEAP, NINE_MS, PASSWORD


class Desk:
    """Users over a real store, with a clock that the test moves and random bytes that count."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.now_ms = NINE_MS
        counter = itertools.count(1)
        self.users = Users(
            store,
            secret=b"s" * 32,
            now_ms=lambda: self.now_ms,
            random=lambda size: next(counter).to_bytes(size, "big"),
            hasher=CHEAP,
        )
        self.add("qian", "supervisor")

    def add(self, name: str, *roles: str) -> None:
        """Somebody with the tests' password."""
        self.store.write_now(lambda writer: add_user(writer, name, roles, hash_password(CHEAP, PASSWORD), NINE_MS))

    def try_login(self, name: str = "qian", password: str = PASSWORD, address: str = "") -> str:
        """The code of the refusal, or empty."""
        self.addresses = getattr(self, "addresses", 0) + 1
        try:
            asyncio.run(self.users.authenticate(name, password, address or f"address-{self.addresses}"))
        except DoorstepError as error:
            return error.code
        return ""

    def open(self, name: str = "qian") -> str:
        """A session's token."""

        async def enter() -> str:
            return await self.users.open_session(await self.users.authenticate(name, PASSWORD, f"open-{self.now_ms}"))

        return asyncio.run(enter())

    def lives(self, token: str) -> bool:
        """Whether the session is still there."""
        return asyncio.run(self.users.session(token)) is not None


@pytest.fixture
def desk(tmp_path: Path, key_folder: Path) -> Iterator[Desk]:
    """A store with one supervisor."""
    keys = load_keys(key_folder)
    store = SqliteStore(tmp_path / "doorstep.db", keys, FixedClock(NINE_MS))
    store.open_office("test", keys.office[-1].public, keys.office[-1].id)
    yield Desk(store)
    store.close()


def test_a_right_password_enters(desk: Desk) -> None:
    """Names are forgiven their case and width; passwords are not."""
    assert desk.try_login() == ""
    assert desk.try_login(" ＱＩＡＮ ") == ""
    assert desk.try_login(password=PASSWORD.upper()) == "LOGIN-WRONG"


def test_unknown_and_disabled_names_get_the_same_answer(desk: Desk) -> None:
    """Nobody learns which names exist."""
    desk.add("song", "supervisor")
    desk.store.write_now(lambda writer: disable_user(writer, "song"))
    assert {desk.try_login(name) for name in ("nobody", "song", "<b>", "")} == {"LOGIN-WRONG"}


def test_wrong_passwords_cost_a_growing_wait(desk: Desk) -> None:
    """After a few tries even the right password waits; each further failure doubles the wait; success forgets it."""
    for _ in range(LOGIN_TRIES_FREE):
        assert desk.try_login(password="wrong password") == "LOGIN-WRONG"
    assert desk.try_login() == "LOGIN-LOCKED"
    desk.now_ms += LOGIN_WAIT_FIRST_MS + 1
    assert desk.try_login(password="wrong password") == "LOGIN-WRONG"
    desk.now_ms += LOGIN_WAIT_FIRST_MS + 1
    assert desk.try_login() == "LOGIN-LOCKED"
    desk.now_ms += LOGIN_WAIT_FIRST_MS
    assert desk.try_login() == ""
    assert desk.try_login(password="wrong password") == "LOGIN-WRONG"
    assert desk.try_login() == ""


def test_one_address_may_not_try_without_end(desk: Desk) -> None:
    """Guessing over many names from one place is slowed down as well."""
    codes = [desk.try_login(f"name{n}", address="one") for n in range(LOGIN_ADDRESS_TRIES + 1)]
    assert codes[-2:] == ["LOGIN-WRONG", "LOGIN-LOCKED"]
    assert desk.try_login(address="two") == ""


def test_a_session_ends_after_idling_and_after_a_day(desk: Desk) -> None:
    """Use keeps it alive, but not beyond its life."""
    token = desk.open()
    desk.now_ms += SESSION_IDLE_MS
    assert desk.lives(token)
    desk.now_ms += SESSION_IDLE_MS + SESSION_TOUCH_MS
    assert not desk.lives(token)
    token = desk.open()
    end = desk.now_ms + SESSION_LIFE_MS
    while desk.now_ms <= end:
        assert desk.lives(token)
        desk.now_ms += SESSION_IDLE_MS - SESSION_TOUCH_MS
    assert not desk.lives(token)


def test_a_session_ends_at_logout_and_when_the_user_is_disabled(desk: Desk) -> None:
    """The cookie of a closed session is worth nothing."""
    one, other = desk.open(), desk.open()
    asyncio.run(desk.users.close_session(one))
    assert [desk.lives(one), desk.lives(other)] == [False, True]
    desk.store.write_now(lambda writer: disable_user(writer, "qian"))
    assert not desk.lives(other)


def test_too_many_sessions_end_the_oldest(desk: Desk) -> None:
    """One person's browsers are bounded."""
    tokens = []
    for _ in range(SESSIONS_PER_USER_MAX + 1):
        desk.now_ms += 1
        tokens.append(desk.open())
    assert [desk.lives(token) for token in tokens] == [False] + [True] * SESSIONS_PER_USER_MAX


def test_the_database_holds_no_token(desk: Desk, tmp_path: Path) -> None:
    """A stolen database signs nobody in."""
    token = desk.open()
    with desk.store.read() as reader:
        rows = reader.personal_all("session")
    assert rows
    assert all(token not in id_ and token.encode() not in data for id_, data in rows)


def test_made_up_tokens_open_nothing(desk: Desk) -> None:
    """Neither nothing, nor something long, nor somebody's guess."""
    for token in ("", "x" * 10_000, "guess"):
        assert not desk.lives(token)


def test_form_tokens_belong_to_one_session(desk: Desk) -> None:
    """Another session's token, none, or one that is no text of ours is refused."""
    one, other = desk.open(), desk.open()
    desk.users.check_form(one, desk.users.form_token(one))
    for token, presented in (
        (one, desk.users.form_token(other)),
        (one, ""),
        (one, "é"),
        ("", desk.users.form_token("")),
    ):
        with pytest.raises(DoorstepError) as refusal:
            desk.users.check_form(token, presented)
        assert refusal.value.code == "CSRF-WRONG"


def test_a_second_person_needs_their_own_password_and_role(desk: Desk) -> None:
    """The wrong role is told only to whoever knows the password."""
    desk.add("bai", "cashier")

    def second(password: str) -> str:
        try:
            asyncio.run(desk.users.verify_password("bai", password, "a", role=("supervisor",)))
        except DoorstepError as error:
            return error.code
        return ""

    assert second("wrong password") == "LOGIN-WRONG"
    assert second(PASSWORD) == "ROLE-MISSING"


@pytest.mark.parametrize(
    ("name", "roles", "code"),
    [
        ("qian", ("supervisor",), "STATE-FORBIDS"),
        ("new", (), "ARGUMENT-WRONG"),
        ("new", ("system",), "ARGUMENT-WRONG"),
        ("a b", ("admin",), "ARGUMENT-WRONG"),
        ("x" * 41, ("admin",), "ARGUMENT-WRONG"),
    ],
)
def test_bad_users_are_refused(desk: Desk, name: str, roles: tuple[str, ...], code: str) -> None:
    """A taken name, no role, a role that is nobody's, and names that are none."""
    with pytest.raises(DoorstepError) as refusal:
        desk.store.write_now(lambda writer: add_user(writer, name, roles, "hash", NINE_MS))
    assert refusal.value.code == code


def test_weak_and_endless_passwords_are_refused() -> None:
    """Too short is weak; too long is a way to stall the hash."""
    for password, code in (("short", "SECRET-WEAK"), ("x" * 257, "ARGUMENT-WRONG")):
        with pytest.raises(DoorstepError) as refusal:
            hash_password(CHEAP, password)
        assert refusal.value.code == code


def test_users_are_listed_by_name_and_disabling_nobody_is_refused(desk: Desk) -> None:
    """The list has everybody once."""
    desk.add("bai", "cashier", "auditor")
    with desk.store.read() as reader:
        assert [(user.name, user.roles) for user in list_users(reader)] == [
            ("bai", ("cashier", "auditor")),
            ("qian", ("supervisor",)),
        ]
    with pytest.raises(DoorstepError):
        desk.store.write_now(lambda writer: disable_user(writer, "nobody"))


def test_names_are_normalised() -> None:
    """One person, one name, from every keyboard."""
    assert user_name("ＱＩＡＮ.Wei") == "qian.wei"


def test_a_rate_limit_forgets_the_longest_unseen_name() -> None:
    """The limiter's memory is bounded; a window that is over starts anew."""
    now = [0]
    limit = RateLimit(1, 1_000, lambda: now[0], names_max=2)
    for name in ("a", "b", "c", "a"):
        limit.spend(name)
    with pytest.raises(DoorstepError) as refusal:
        limit.spend("a")
    assert refusal.value.context["retry_after_s"] == 1
    now[0] = 1_000
    limit.spend("a")
