"""What all acts of the demonstration share: who takes part, what is remembered, and what went wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from server.demo.demonstration.clocks import clock_from, shown_time
from server.demo.demonstration.limits import PASSWORD_BYTES
from server.demo.demonstration.network import Network
from server.demo.demonstration.office import Office, Person
from server.demo.demonstration.phones import Phone, Stop
from server.demo.demonstration.processes import Children
from server.demo.demonstration.telling import Teller
from server.demo.world import World
from sync.simulated import SimulatedClock, shown_ms

__all__ = ["CASHIER", "DISPATCHER", "JUDGE", "OPERATOR", "Memory", "Stage", "at_once", "real_ms"]

T = TypeVar("T")
R = TypeVar("R")

OPERATOR = Person(name="operator", role="admin")
"""Runs commands at the office's machine; imports what the creditor sends."""

DISPATCHER = Person(name="zhou", role="supervisor")
"""Plans, reassigns and cancels; second person where two are needed."""

JUDGE = Person(name="lin", role="supervisor")
"""Decides discrepancies and closes days: nobody decides on what they recorded."""

CASHIER = Person(name="chen", role="cashier")
"""Counts blind."""


def real_ms() -> int:
    """The machine's time in milliseconds: what simulated clocks are anchored to."""
    return time.time_ns() // 1_000_000


class Memory(msgspec.Struct, kw_only=True):
    """What happened at the doors and at the office, for the end of the story."""

    stops: dict[str, list[Stop]] = msgspec.field(default_factory=dict)
    """Agent → what the agent did, as the phone said at the time."""
    handed_over: dict[str, int] = msgspec.field(default_factory=dict)
    """Agent → cash handed over in the evening, as the phone declared it, in minor units."""
    cash_beyond_phone: dict[str, int] = msgspec.field(default_factory=dict)
    """Agent → cash in the agent's pocket that the phone no longer knows of, in minor units."""
    scanned: dict[str, tuple[str, Stop]] = msgspec.field(default_factory=dict)
    """Receipt's short number → agent and stop, of receipts that customers showed to the office."""
    last_scan_ms: int = 0
    """When a customer last showed a receipt, on the story's clock."""
    backed_up: int = 0
    """Stops that the forked phone's backup knows of."""
    lost_device: str = ""
    given_back: dict[str, int] = msgspec.field(default_factory=dict)
    """Agent → cash of voids that the office lets stand, in minor units."""
    closed: list[str] = msgspec.field(default_factory=list)


class Stage:
    """Everybody who takes part, in one place."""

    def __init__(
        self,
        *,
        children: Children,
        network: Network,
        office: Office,
        teller: Teller,
        world: World,
        folder: Path,
        seed: int,
    ) -> None:
        self.children = children
        self.network = network
        self.office = office
        self.teller = teller
        self.world = world
        self.folder = folder
        self.seed = seed
        self.people = {
            person.name: msgspec.structs.replace(person, password=secrets.token_urlsafe(PASSWORD_BYTES))
            for person in (DISPATCHER, JUDGE, CASHIER)
        }
        self.phones: dict[str, Phone] = {}
        self.memory = Memory()
        self.faults: list[str] = []

    @property
    def day(self) -> date:
        """The service day."""
        return self.world.service_day

    @property
    def branches(self) -> tuple[str, ...]:
        """Branches in order."""
        return tuple(dict.fromkeys(agent.branch_id for agent in self.world.agents))

    def fault(self, english: str, chinese: str) -> None:
        """Something is not as it must be: told at once, and the demonstration ends with a failure."""
        self.faults.append(english)
        self.teller.warn(english, chinese)

    def next_clock(self, start_ms: int, rate: int, *, in_s: float = 0.0) -> SimulatedClock:
        """A clock that will show `start_ms` in so many real seconds, never behind the present one."""
        return clock_from(start_ms, real_ms() + int(in_s * 1000), rate, self.office.clock)

    def now_ms(self) -> int:
        """The story's clock, in milliseconds since 1970 UTC."""
        return shown_ms(self.office.clock, real_ms()) if self.office.clock is not None else 0

    def time(self) -> str:
        """``HH:MM`` on the story's clock."""
        return shown_time(self.office.clock, real_ms()) if self.office.clock is not None else ""

    def day_of(self, branch: str) -> Any:
        """A branch's day as the office's pages show it."""
        return self.office.get(JUDGE, f"/days/{branch}/{self.day}")

    def visits_of(self, branch: str) -> list[Any]:
        """The branch's visits as they stand."""
        found: list[Any] = self.office.get(JUDGE, "/visits", branch=branch, service_day=str(self.day))
        return found

    def discrepancies(self, *, open_only: bool = False) -> list[Any]:
        """Every discrepancy, in the language of this run."""
        found: list[Any] = []
        after = ""
        while True:
            page = self.office.get(
                JUDGE,
                "/discrepancies",
                language=self.teller.language,
                after=after,
                open_only=str(open_only).lower(),
            )
            found += page["items"]
            after = page["next"]
            if not after:
                return found


def at_once(work: Callable[[T], R], items: Iterable[T], workers: int) -> list[R]:
    """Do the same with several things, at most so many at a time; results in order, the first error raised."""
    waiting: Sequence[T] = list(items)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(work, waiting))
