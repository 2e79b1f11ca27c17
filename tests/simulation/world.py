"""One world: everything in it, and time going from event to event until all days are closed."""

from __future__ import annotations

import gc
import heapq
import itertools
import shutil
import tempfile
import time as machine
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tests.simulation.agent import Agent
from tests.simulation.branch import Branch
from tests.simulation.chance import Chance
from tests.simulation.clocks import Time
from tests.simulation.costs import test_costs
from tests.simulation.creditor import Creditor
from tests.simulation.customers import Customers
from tests.simulation.faulty import Faults, Violation
from tests.simulation.limits import EVENTS_MAX, SYNC_PAGE
from tests.simulation.notebook import Notebook
from tests.simulation.notices import Notices
from tests.simulation.phone import Phone
from tests.simulation.plan import Setup, families_of
from tests.simulation.process import OfficeProcess
from tests.simulation.providers import Providers
from tests.simulation.recalls import Recalls
from tests.simulation.recovery import Recovery
from tests.simulation.rows import day_ms
from tests.simulation.watch import Watch

__all__ = ["Outcome", "World", "run_world"]


class Outcome(msgspec.Struct, kw_only=True):
    """How a world went; `law` is empty when every promise held."""

    seed: int
    families: tuple[str, ...]
    law: str = ""
    detail: str = ""
    seconds: float = 0.0
    cpu_s: float = 0.0
    """Of one processor."""
    stops: int = 0
    days: int = 0
    operations: int = 0
    payments: int = 0
    crashes: int = 0
    faults: dict[str, int] = {}
    work: dict[str, int] = {}
    """Ordinary things that happen seldom: plans that change, transfers, deposits, batches, refunds."""
    frauds: dict[str, int] = {}
    """Kind → how many were planted with a trace at the office, all of them found."""
    traceless: dict[str, int] = {}
    """Kind → how many were planted that leave nothing at the office, or whose rule is not built yet."""
    reviews: int = 0


class World:
    """Its parts know each other through it."""

    def __init__(self, setup: Setup, folder: Path, time: Time) -> None:
        self.setup, self.folder = setup, folder
        self.families = families_of(setup)
        self.chance = Chance(setup.seed)
        self.time = time
        self.notebook = Notebook()
        self.faults = Faults(self.families, self.chance.stream("faults"))
        self.watch = Watch(self)
        self.lost: list[Phone] = []
        self.found: dict[str, int] = {}
        self.traceless: dict[str, int] = {}
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.phones: list[Phone] = []
        self.office = OfficeProcess(folder, self.time, self.chance.stream("office"), self.faults)
        self.providers = Providers(self)
        self.creditor = Creditor(self)
        self.recovery = Recovery(self)
        self.recalls = Recalls(self)
        self.notices = Notices(self)
        self.branch = Branch(self)
        self.customers = Customers(self)
        self.agents: list[Agent] = []

    # -- time
    def at(self, at_ms: int, call: Callable[[], None]) -> None:
        """Do something then."""
        heapq.heappush(self._events, (at_ms, next(self._count), call))

    def spawn(self, steps: Iterator[int]) -> None:
        """Run something that says by itself when it goes on."""

        def go_on() -> None:
            following = next(steps, None)
            if following is not None:
                self.at(following, go_on)

        self.at(self.time.now_ms, go_on)

    def _run_events(self) -> None:
        for _ in range(EVENTS_MAX):
            if not self._events:
                return
            at_ms, _, call = heapq.heappop(self._events)
            self.time.until(at_ms)
            call()
        raise Violation("liveness", f"the world did not end within {EVENTS_MAX} events")

    # -- the whole story
    def run(self) -> None:
        """Found the branch, let the days pass, let the faults end, settle, and look at everything."""
        from tests.simulation import checks, mischief, settling

        self._found()
        for day in range(self.setup.days):
            self.spawn(self.branch.day(day))
        for agent in self.agents:
            self.spawn(agent.life())
        mischief.plant(self)
        self._run_events()
        settling.settle(self)
        checks.check_all(self)

    def _found(self) -> None:
        quiet, self.faults.over = self.faults.over, True
        self.branch.found()
        for row in self.branch.agents:
            phone = self.new_phone(row.agent_id)
            self.agents.append(Agent(self, row.agent_id, phone))
        self.office.reconcile()
        self.faults.over = quiet

    def new_phone(self, agent: str) -> Phone:
        """Enrol a phone for an agent."""
        phone = Phone(self, agent, f"{agent}-{len(self.phones)}")
        quiet, self.faults.over = self.faults.over, True
        phone.enrol(self.branch.code_for(agent))
        self.faults.over = quiet
        self.phones.append(phone)
        return phone

    def end_ms(self) -> int:
        """When the last day's evening is over."""
        return day_ms(self.setup.days - 1, 23)

    def close(self) -> None:
        """Let go of everything."""
        for phone in self.phones:
            phone.close()
        self.office.close()


def _room() -> str | None:
    """Memory, where the system offers it as files: nothing here outlives a crash of the machine anyway."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a folder of our own is made in it


def run_world(setup: Setup, inspect: Callable[[World], None] = lambda _: None) -> Outcome:
    """Run one world in a folder of its own; what was broken is in the outcome."""
    folder = Path(tempfile.mkdtemp(prefix="doorstep-world-", dir=_room()))
    # A world makes many objects and few cycles: looking for those seldom saves a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    started, cpu_s = machine.perf_counter(), machine.process_time()
    outcome = Outcome(seed=setup.seed, families=tuple(sorted(families_of(setup))))
    page = Chance(setup.seed, "page").pick(SYNC_PAGE)
    try:
        time = Time()
        with test_costs(page, time):
            world = World(setup, folder, time)
            try:
                world.run()
                inspect(world)
            except Violation as violation:
                outcome.law, outcome.detail = violation.law, violation.detail
            except Exception as error:  # noqa: BLE001  # whatever nobody expected is a finding with its seed
                outcome.law, outcome.detail = "unexpected", "".join(traceback.format_exception(error))[-1800:]
            finally:
                _report(world, outcome)
                world.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds, outcome.cpu_s = machine.perf_counter() - started, machine.process_time() - cpu_s
    return outcome


def _report(world: World, outcome: Outcome) -> None:
    outcome.stops = world.notebook.stops
    outcome.days = world.setup.days
    outcome.operations = len(world.notebook.shown)
    outcome.payments = len(world.notebook.payments)
    outcome.crashes = world.office.crashes
    outcome.frauds, outcome.traceless = world.found, world.traceless
    outcome.faults = dict(sorted(world.faults.counts.faults.items()))
    outcome.work = dict(sorted(world.faults.counts.work.items()))
