"""Deliberate bugs: each breaks one promise of the product, and the simulator must find it within a few seeds.

``python -m tests.simulation.sabotage`` runs all ten and prints within how many seeds each was found, and by which law.
A seed counts only if it holds without the bug.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final
from unittest import mock

import msgspec

from agent_client.recording import Desk, Recorded
from agent_client.store import Store
from agent_client.store.documents import DocumentStore
from agent_client.vault.durable import locked_folder
from server.services import ingest as ingesting
from server.services.exchange import Exchange
from server.store.sqlite.migrations import m0009_settled_hashes
from server.store.sqlite.reading_journals import JournalReading
from sync.clock import Interval, parse_wall
from sync.reconcile import payment_status
from sync.reconcile.facts import Fact, Posting
from sync.reconcile.folds import payment as payment_fold
from tests.simulation.plan import Setup
from tests.simulation.world import run_world

__all__ = ["SABOTAGES", "Found", "Sabotage", "find"]

SEEDS_MAX: Final = 40


class Sabotage(msgspec.Struct, frozen=True):
    """A bug: what it is, how it is put in, and the families of faults under which it matters."""

    name: str
    what: str
    patch: Callable[[], contextlib.AbstractContextManager[None]]
    only: tuple[str, ...]
    seed: int = 1
    """A seed at which it is found, for a quick look; a search begins at 1."""


class Found(msgspec.Struct, frozen=True):
    """Within how many seeds, by which law; 0 seeds: it was not found."""

    seeds: int
    law: str
    detail: str


@contextlib.contextmanager
def _drop_the_unique_key() -> Iterator[None]:
    unique = "(hash BLOB PRIMARY KEY, operation INTEGER NOT NULL)"
    doubled = "(hash BLOB NOT NULL, operation INTEGER NOT NULL, PRIMARY KEY (hash, operation))"
    statements = tuple(text.replace(unique, doubled) for text in m0009_settled_hashes._STATEMENTS)
    with (
        mock.patch.object(m0009_settled_hashes, "_STATEMENTS", statements),
        mock.patch.object(ingesting, "_all_new", return_value=True),
    ):
        yield


class _Undone(Exception):
    """Undoes the work that only looked."""


@contextlib.contextmanager
def _acknowledge_before_commit() -> Iterator[None]:
    later: list[Callable[[Any], Any]] = []

    async def handle(self: Exchange, body: bytes) -> bytes:
        offer, pull = self.check(body)
        now_ms, fresh, store = self._clock.now_ms(), self._random(8).hex(), self._store
        incarnation = store.incarnation
        done: list[ingesting.Ingested] = []

        def look(writer: Any) -> None:
            for work in later:
                work(writer)
            done.append(ingesting.ingest(writer, offer, now_ms, fresh, incarnation))
            raise _Undone

        with contextlib.suppress(_Undone):
            await store.write(look)
        asked = self._asked(offer.claims, done[0], pull=pull)
        answer = self._answer(offer, done[0], await self._page(asked))
        later.append(lambda writer: ingesting.ingest(writer, offer, now_ms, fresh, incarnation))
        if len(later) > 1:
            work = later.pop(0)
            await store.write(work)
        return answer

    with mock.patch.object(Exchange, "_handle", handle):
        yield


@contextlib.contextmanager
def _trust_the_wall_clock() -> Iterator[None]:
    def interval(self: Fact) -> Interval:
        wall_ms = parse_wall(self.operation.at)[0]
        return Interval(wall_ms, wall_ms)

    with mock.patch.object(Fact, "interval", property(interval)):
        yield


@contextlib.contextmanager
def _skip_the_fork_check() -> Iterator[None]:
    with mock.patch.object(ingesting, "_fork_grant", return_value=None):
        yield


@contextlib.contextmanager
def _acknowledge_by_number() -> Iterator[None]:
    def below(self: JournalReading, device: str, epoch: int, seq: int, hash_: str) -> tuple[int, str]:
        return (seq, hash_) if 0 < seq <= self.summary(device, epoch).last_seq else (0, "")

    with mock.patch.object(JournalReading, "contiguous_below", below):
        yield


@contextlib.contextmanager
def _void_at_once() -> Iterator[None]:
    right = payment_status._undecided

    def undecided(*arguments: Any) -> payment_status.PaymentStatus:
        found = right(*arguments)
        return msgspec.structs.replace(found, status="voided") if found.status == "void_pending" else found

    with mock.patch.object(payment_status, "_undecided", undecided):
        yield


@contextlib.contextmanager
def _arrival_from_the_clock() -> Iterator[None]:
    right = ingesting._store

    def store(writer: Any, offer: ingesting.Offer, _now_ms: int) -> tuple[int, int, bool]:
        return right(writer, offer, parse_wall(offer.claims.clock.at)[0])

    with mock.patch.object(ingesting, "_store", store):
        yield


@contextlib.contextmanager
def _forget_suspense() -> Iterator[None]:
    right = payment_fold._witness_lines

    def lines(view: payment_fold.PaymentView) -> list[Posting]:
        alone = msgspec.structs.replace(view, payments=(), own_voids=()) if view.unreported else view
        return right(alone)

    with mock.patch.object(payment_fold, "_witness_lines", lines):
        yield


@contextlib.contextmanager
def _show_before_commit() -> Iterator[None]:
    def record(self: Desk, write: Any, *, position: Any = None, when_locked: bool = False) -> Recorded:
        with locked_folder(self.home):
            self._seal_for_recovery()
            _commit_late(self.store)
            self.store._db.execute("BEGIN IMMEDIATE")
            return self._record(write, position, when_locked=when_locked)

    right = Store.transaction

    def transaction(self: Store) -> contextlib.AbstractContextManager[None]:
        _commit_late(self)
        return right(self)

    with mock.patch.object(Desk, "record", record), mock.patch.object(Store, "transaction", transaction):
        yield


def _commit_late(store: Store) -> None:
    if store._db.conn.in_transaction:
        store._db.execute("COMMIT")


@contextlib.contextmanager
def _forget_removals() -> Iterator[None]:
    with mock.patch.object(DocumentStore, "_remove", return_value=None):
        yield


SABOTAGES: Final = (
    Sabotage("drop_the_unique_key", "operations are stored without a unique hash", _drop_the_unique_key, ("network",)),
    Sabotage(
        "acknowledge_before_commit",
        "the answer is signed before the work is on disk",
        _acknowledge_before_commit,
        ("network", "office_crash"),
    ),
    Sabotage("trust_the_wall_clock", "effective time is what the phone says", _trust_the_wall_clock, ("clocks",)),
    Sabotage("skip_the_fork_check", "a forked phone is not sent to a new epoch", _skip_the_fork_check, ("restore",)),
    Sabotage(
        "acknowledge_by_number",
        "a number that is held is acknowledged under whatever hash was claimed",
        _acknowledge_by_number,
        ("network", "rollback"),
        2,
    ),
    Sabotage("void_at_once", "a void reduces the drawer before anybody confirmed it", _void_at_once, ("fraud",), 8),
    Sabotage(
        "arrival_from_the_clock", "the time of arrival is the phone's clock", _arrival_from_the_clock, ("clocks",)
    ),
    Sabotage(
        "forget_suspense",
        "what a witness knew stays in suspense when its operation arrives",
        _forget_suspense,
        ("silence",),
        14,
    ),
    Sabotage(
        "show_before_commit",
        "the phone shows a record before it is on disk",
        _show_before_commit,
        ("phone_crash",),
        2,
    ),
    Sabotage("forget_removals", "what leaves the scope stays on the phone", _forget_removals, ("plans",)),
)
"""Ten bugs that a hurried change could bring."""


def find(sabotage: Sabotage, *, first: int = 1, seeds: int = SEEDS_MAX) -> Found:
    """Run seeds with the bug until one breaks a promise that it keeps without it."""
    for number in range(1, seeds + 1):
        setup = Setup(seed=first + number - 1, days=3, agents=3, visits=4, only=sabotage.only)
        with sabotage.patch():
            outcome = run_world(setup)
        if outcome.law and not run_world(setup).law:
            return Found(number, outcome.law, outcome.detail)
    return Found(0, "", "")


def main() -> int:
    """All of them; 1 when one was not found."""
    missed = 0
    for sabotage in SABOTAGES:
        found = find(sabotage)
        missed += not found.seeds
        told = f"found within {found.seeds} seed(s): {found.law}" if found.seeds else "NOT FOUND"
        print(f"{sabotage.name}: {told}\n  {sabotage.what}; {found.detail[:160]}", flush=True)
    print(f"{len(SABOTAGES) - missed} of {len(SABOTAGES)} found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
