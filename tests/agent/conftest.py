"""An enrolled phone in a temporary folder, beside an office in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from agent_client.enrolment import enrol
from agent_client.recording import Desk
from agent_client.syncing import SyncReport, Waiting, synchronise
from agent_client.transport import HttpOffice
from agent_client.vault import KdfCost, Passphrase
from sync.clock import Reading
from tests.agent.documents import CODE, SERVER_MS, a_visit
from tests.agent.fake_office import FakeOffice, counted_bytes

PASSPHRASE = "a quiet river bends twice"
CHEAP = KdfCost(time=1, memory_kib=8, lanes=1)


class HandClock:
    """A clock that moves only when it is told to: 09:00 in Shanghai at first."""

    def __init__(self) -> None:
        self.wall_ms = SERVER_MS + 110 * 60_000
        self.mono_ms = 1_000_000
        self.boot = "b00t" * 4

    def __call__(self) -> Reading:
        """All clocks at once."""
        return Reading(self.wall_ms, 480, self.boot, self.mono_ms)

    def move(self, minutes: int) -> None:
        """Let time pass on both clocks."""
        self.wall_ms += minutes * 60_000
        self.mono_ms += minutes * 60_000


class Phone:
    """A desk, its office and what it needs to synchronise without waiting."""

    def __init__(self, desk: Desk, office: FakeOffice, clock: HandClock) -> None:
        self.desk, self.office, self.clock = desk, office, clock
        self.slept: list[float] = []

    def waiting(self) -> Waiting:
        """Pauses that are only noted."""
        return Waiting(sleep=self.slept.append, draw=lambda: 1.0)

    def sync(self, *, pull: bool = True) -> SyncReport:
        """One whole sync."""
        with connect(self.office) as office:
            return synchronise(self.desk, office, self.waiting(), pull=pull)


def connect(office: FakeOffice) -> HttpOffice:
    """The real transport over the office in memory."""
    return HttpOffice(httpx.Client(transport=office.transport(), base_url="https://office.example"))


@pytest.fixture
def office() -> FakeOffice:
    """An office with a day of three stops."""
    office = FakeOffice()
    office.give_day([a_visit("V1", 1), a_visit("V2", 2, tasks=["notice"], notice="N1"), a_visit("V3", 3)])
    return office


@pytest.fixture
def clock() -> HandClock:
    """A clock moved by hand."""
    return HandClock()


@pytest.fixture
def make_phone(tmp_path: Path, office: FakeOffice, clock: HandClock) -> Iterator[Callable[[], Phone]]:
    """Enrol a phone that has not pulled yet."""
    made: list[Phone] = []

    def make() -> Phone:
        random = counted_bytes(str(len(made)))
        with connect(office) as transport:
            desk = enrol(
                tmp_path / f"phone{len(made)}",
                CODE,
                transport,
                office_url="https://office.example",
                secret=Passphrase(PASSPHRASE),
                keystore=None,
                clock=clock,
                random=random,
                waiting=Waiting(sleep=lambda _: None, draw=lambda: 0.0),
                kdf=CHEAP,
            )
        made.append(Phone(desk, office, clock))
        return made[-1]

    yield make
    for phone in made:
        phone.desk.store.close()


@pytest.fixture
def phone(make_phone: Callable[[], Phone]) -> Phone:
    """An enrolled phone with the day's route."""
    phone = make_phone()
    phone.sync()
    return phone
