"""The evening: every phone sends its day, then sends it once more. All that is compared is from one run."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import msgspec

from sync.messages import Cursor, ExchangeAnswer
from tests.benchmarks.branch import DAY_MS, Branch
from tests.benchmarks.load import http_request, send_all
from tests.benchmarks.office import Prepared, Server, init
from tests.benchmarks.plan import Plan, Say
from tests.benchmarks.raw_limit import raw_limit

__all__ = ["Evening", "Growth", "grow", "measure_evening", "measure_growth", "start_branch"]

_ANSWER = msgspec.json.Decoder(ExchangeAnswer)
_HISTORY_DAYS_MAX = 10
_TOUCHES_A_DAY = 2
"""A planned visit and, mostly, a payment or a promise."""
_DAYS_PER_ACCOUNT = 5
"""While the store grows, agents get other accounts after so many days."""


class Evening(msgspec.Struct, frozen=True, kw_only=True):
    """Every phone sends its day, then sends it once more. Medians over the rounds; rates in operations per second."""

    history: int
    """Operations that touch each account beforehand."""
    stored: int
    """Operations in the store beforehand."""
    operation_bytes: float
    """Mean length of an operation."""
    raw: float
    acknowledged: float
    reconciled: float
    """Acknowledged and reconciled, from the first request to an empty backlog."""
    duplicates: float
    """Duplicates acknowledged."""
    request_ratio: float
    """Bytes of the requests' bodies over those of the operations in them."""
    cpu_push_s: float
    cpu_duplicates_s: float
    cpu_push_us: float
    """CPU of the server for one operation pushed and reconciled, in millionths of a second."""
    latency_ms: float
    """Median of one push request."""
    discrepancies: int
    held: int
    """Operations kept without effect: 0, or the benchmark writes nonsense."""
    acknowledged_ratio: float
    """Over the raw limit, as the next ones: the median of each round's own ratio."""
    reconciled_ratio: float
    cpu_ratio: float
    """CPU of the duplicates over CPU of the push."""


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """The same evening in a small store and in one that has grown.

    The ratios, large over small, are medians of each round's own.
    """

    small: Evening
    large: Evening
    acknowledged_ratio: float
    reconciled_ratio: float
    duplicates_ratio: float
    cpu_ratio: float
    raw_ratio: float
    """Of the raw limit in an empty database, the same for both: how far the machine was."""
    raw_grown_ratio: float
    """Of the raw limit in a database that holds as many operations: what SQLite alone loses as it grows."""


class _Round(msgspec.Struct, frozen=True):
    raw: float
    acknowledged: float
    reconciled: float
    duplicates: float
    request_ratio: float
    cpu_push_s: float
    cpu_duplicates_s: float
    latency_ms: float


def start_branch(folder: Path, plan: Plan, now_ms: int) -> Branch:
    """A fresh office with every phone enrolled."""
    branch = Branch(plan.devices, plan.operations)
    init(folder)
    prepared = Prepared(folder, now_ms)
    prepared.store.write_now(lambda writer: branch.enrol(writer, now_ms))
    prepared.reconcile()
    prepared.close()
    return branch


def measure_evening(folder: Path, branch: Branch, plan: Plan, history: int, today_ms: int, say: Say) -> Evening:
    """Give fresh accounts their history, plan a day for each round, then measure the rounds over HTTP.

    `today_ms` is the first measured day; it and the rounds' days after it lie in the past.
    """
    office = _Office(folder, branch, plan, history, today_ms)
    with Server.running(folder) as server:
        for number in range(plan.rounds):
            say(f"history {history}, round {number + 1}: {_told(office.measure(server, number))}")
    return office.found()


def measure_growth(
    small: tuple[Path, Branch], large: tuple[Path, Branch], plan: Plan, history: int, today_ms: int, say: Say
) -> Growth:
    """The same evening in two stores, round beside round: what the machine does meanwhile meets both alike."""
    offices = [_Office(folder, branch, plan, history, today_ms) for folder, branch in (small, large)]
    pairs: list[tuple[_Round, _Round]] = []
    with Server.running(small[0]) as server, Server.running(large[0]) as other:
        running = list(zip(("small", "large"), offices, (server, other), strict=True))
        for number in range(plan.rounds):
            found: dict[str, _Round] = {}
            # Who comes second may find the machine warmer, or the disk busier: they take turns.
            for name, office, its_server in running if number % 2 == 0 else reversed(running):
                found[name] = office.measure(its_server, number)
                say(f"{name} store, round {number + 1}: {_told(found[name])}")
            pairs.append((found["small"], found["large"]))
    say("the raw limit in databases as large as the two stores")
    return Growth(
        small=offices[0].found(),
        large=offices[1].found(),
        acknowledged_ratio=median(large.acknowledged / small.acknowledged for small, large in pairs),
        reconciled_ratio=median(large.reconciled / small.reconciled for small, large in pairs),
        duplicates_ratio=median(large.duplicates / small.duplicates for small, large in pairs),
        raw_ratio=median(large.raw / small.raw for small, large in pairs),
        raw_grown_ratio=offices[1].raw_limit() / offices[0].raw_limit(),
        cpu_ratio=median(large.cpu_push_s / max(small.cpu_push_s, 0.01) for small, large in pairs),
    )


class _Office:
    """A store with planned days, and the rounds that were measured in it."""

    def __init__(self, folder: Path, branch: Branch, plan: Plan, history: int, today_ms: int) -> None:
        self._folder, self._branch, self._plan, self._history, self._today_ms = folder, branch, plan, history, today_ms
        self._rounds: list[_Round] = []
        self._lengths: list[int] = []
        self._last: list[list[bytes]] = []
        prepared = Prepared(folder, today_ms)
        prepared.append(branch.new_accounts(today_ms - 100 * DAY_MS))
        days = min(_HISTORY_DAYS_MAX, max(1, history // (2 * _TOUCHES_A_DAY)))
        for back in range(days, 0, -1):
            _live_a_day(prepared, branch, today_ms - back * DAY_MS)
        prepared.append(branch.pad(history, today_ms - DAY_MS))
        for number in range(plan.rounds):
            prepared.clock.wall_ms = today_ms + number * DAY_MS
            prepared.append(branch.plan(today_ms + number * DAY_MS))
        prepared.reconcile()
        with prepared.store.read() as reader:
            self._incarnation = prepared.store.incarnation
            self._cursors = {phone.device: reader.document_cursor(phone.agent) for phone in branch.phones}
            self._stored = sum(state.summary.last_seq for state in reader.journals())
        prepared.close()

    def measure(self, server: Server, number: int) -> _Round:
        """One evening of everybody."""
        day_ms = self._today_ms + number * DAY_MS
        batches = [self._branch.day(place, day_ms) for place in range(self._plan.devices)]
        self._lengths += [len(line) for batch in batches for line in batch]
        found = _round(self._folder, server, self._branch, self._plan, batches, self._incarnation, self._cursors)
        self._rounds.append(found)
        self._last = batches
        return found

    def raw_limit(self) -> float:
        """What SQLite alone makes of the last evening in a database that holds as much as this store at first."""
        return raw_limit(self._folder, self._last, self._stored)

    def found(self) -> Evening:
        """Medians of the rounds so far; no server runs now."""
        prepared = Prepared(self._folder, self._today_ms)
        with prepared.store.read() as reader:
            found = reader.discrepancies(limit=1_000_000)
            held = {item.subject for item in found if item.subject.startswith("operation:")}
        prepared.close()
        rounds, lengths = self._rounds, self._lengths
        cpu_push_s = median(item.cpu_push_s for item in rounds)
        return Evening(
            history=self._history,
            stored=self._stored,
            operation_bytes=sum(lengths) / len(lengths),
            raw=median(item.raw for item in rounds),
            acknowledged=median(item.acknowledged for item in rounds),
            reconciled=median(item.reconciled for item in rounds),
            duplicates=median(item.duplicates for item in rounds),
            request_ratio=median(item.request_ratio for item in rounds),
            cpu_push_s=cpu_push_s,
            cpu_duplicates_s=median(item.cpu_duplicates_s for item in rounds),
            cpu_push_us=cpu_push_s / (len(lengths) / len(rounds)) * 1e6,
            latency_ms=median(item.latency_ms for item in rounds),
            discrepancies=len(found),
            held=len(held),
            acknowledged_ratio=median(item.acknowledged / item.raw for item in rounds),
            reconciled_ratio=median(item.reconciled / item.raw for item in rounds),
            cpu_ratio=median(item.cpu_duplicates_s / max(item.cpu_push_s, 0.01) for item in rounds),
        )


def _live_a_day(prepared: Prepared, branch: Branch, day_ms: int) -> int:
    """One whole day in the past: planned, done, sent in the evening, reconciled; how many operations."""
    prepared.clock.wall_ms = day_ms
    prepared.append(branch.plan(day_ms))
    batches = [branch.day(place, day_ms) for place in range(len(branch.phones))]
    evening_ms = day_ms + DAY_MS // 2
    prepared.clock.wall_ms = evening_ms
    prepared.exchange(
        [
            phone.request(batch, evening_ms, branch.chance, None, pull=False)
            for phone, batch in zip(branch.phones, batches, strict=True)
        ]
    )
    return prepared.reconcile()


def _round(
    folder: Path,
    server: Server,
    branch: Branch,
    plan: Plan,
    batches: list[list[bytes]],
    incarnation: str,
    cursors: dict[str, int],
) -> _Round:
    operations = sum(map(len, batches))

    def requests() -> list[bytes]:
        now_ms = time.time_ns() // 1_000_000
        return [
            phone.request(
                batch, now_ms, branch.chance, Cursor(incarnation=incarnation, n=cursors[phone.device]), pull=True
            )
            for phone, batch in zip(branch.phones, batches, strict=True)
        ]

    def push(bodies: list[bytes]) -> tuple[float, float, float, float]:
        before, started = server.cpu_seconds(), time.perf_counter()
        sent = send_all(server.port, [http_request(body) for body in bodies], plan.connections)
        server.wait_reconciled()
        reconciled_s = time.perf_counter() - started
        server.wait_idle()
        for phone, data in zip(branch.phones, sent.answers, strict=True):
            answer = _ANSWER.decode(data)
            if answer.cursor is None or answer.resend_from is not None:
                raise RuntimeError(f"an unexpected answer: {data[:300]!r}")
            cursors[phone.device] = answer.cursor.n
        return sent.seconds, reconciled_s, server.cpu_seconds() - before, median(sent.latencies_s) * 1000

    raw_before = raw_limit(folder, batches)
    bodies = requests()
    acknowledged_s, reconciled_s, cpu_push_s, latency_ms = push(bodies)
    raw_after = raw_limit(folder, batches)
    duplicates_s, _, cpu_duplicates_s, _ = push(requests())
    return _Round(
        (raw_before + raw_after) / 2,
        operations / acknowledged_s,
        operations / reconciled_s,
        operations / duplicates_s,
        sum(map(len, bodies)) / sum(len(line) for batch in batches for line in batch),
        cpu_push_s,
        cpu_duplicates_s,
        latency_ms,
    )


def _told(found: _Round) -> str:
    return (
        f"raw {found.raw:,.0f}/s, acknowledged {found.acknowledged:,.0f}/s, and reconciled {found.reconciled:,.0f}/s,"
        f" CPU {found.cpu_push_s:.2f} s, duplicates {found.cpu_duplicates_s:.2f} s"
    )


def grow(folder: Path, branch: Branch, operations: int, from_ms: int, say: Say) -> int:
    """Live day after day, each before the last, until so many operations are stored; how many days it took.

    Every phone keeps its journal; days and, every few days, accounts are new.
    """
    prepared = Prepared(folder, from_ms)
    days = 0
    with prepared.store.read() as reader:
        stored = sum(state.summary.last_seq for state in reader.journals())
    started = time.perf_counter()
    while stored < operations:
        day_ms = from_ms + days * DAY_MS
        if days % _DAYS_PER_ACCOUNT == 0:
            prepared.clock.wall_ms = day_ms
            prepared.append(branch.new_accounts(day_ms - DAY_MS))
        stored += _live_a_day(prepared, branch, day_ms)
        days += 1
        if days % 5 == 0:
            say(f"growing: {stored:,} operations after {time.perf_counter() - started:.0f} s")
    prepared.close()
    return days
