"""Jobs by the clock: each is idempotent, visible (`doorstep jobs`) and runnable by hand.

They run in the process that holds the office journal, and in no other: that lease is the leadership.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC

import msgspec
from apscheduler.schedulers.background import BackgroundScheduler

from server.ports import Clock, JobState, Store
from sync.errors import Conflict, Refused

__all__ = ["Job", "Jobs"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`run` does the work and says in a few words what it did; `every_s` are real seconds between two runs."""

    name: str
    title: str
    every_s: int
    run: Callable[[], str]


class Jobs:
    """Schedules jobs and keeps their last state in the store."""

    def __init__(self, store: Store, clock: Clock, jobs: Sequence[Job]) -> None:
        self._store = store
        self._clock = clock
        self._jobs = {job.name: job for job in jobs}
        self._locks = {job.name: threading.Lock() for job in jobs}
        self._scheduler: BackgroundScheduler | None = None

    @property
    def known(self) -> tuple[Job, ...]:
        """Every job, by name."""
        return tuple(self._jobs[name] for name in sorted(self._jobs))

    def start(self) -> None:
        """Begin to run each job by its interval; a run that is still going on is not doubled."""
        scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})
        for job in self._jobs.values():
            scheduler.add_job(self._scheduled, "interval", seconds=job.every_s, args=[job.name], id=job.name)
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Wait for what runs, then stop."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None

    def _scheduled(self, name: str) -> None:
        # What went wrong stands in the job's state; the next interval tries again.
        self._run(self._jobs[name], wait=False)

    def run(self, name: str) -> JobState:
        """Run a job now; its new state. Raises NOT-FOUND, STATE-FORBIDS while it runs, or what the job raised."""
        job = self._jobs.get(name)
        if job is None:
            raise Refused("NOT-FOUND", f"no job {name!r}; there are {', '.join(sorted(self._jobs))}")
        state, error = self._run(job, wait=True)
        if error is not None:
            raise error
        return state

    def _run(self, job: Job, *, wait: bool) -> tuple[JobState, Exception | None]:
        lock = self._locks[job.name]
        if not lock.acquire(blocking=False):
            busy = Conflict("STATE-FORBIDS", f"the job {job.name} is running already")
            return JobState(name=job.name), busy if wait else None
        failed: Exception | None = None
        try:
            started = self._clock.now_ms()
            try:
                result, fault = job.run(), ""
            except Exception as error:  # noqa: BLE001  # kept in the job's state, and raised to whoever asked by hand
                result, fault, failed = "", str(error)[:500], error
            with self._store.read() as reader:
                runs = next((state.runs for state in reader.jobs() if state.name == job.name), 0)
            state = JobState(
                name=job.name,
                started_ms=started,
                ended_ms=self._clock.now_ms(),
                result=result,
                error=fault,
                runs=runs + 1,
            )
            self._store.write_now(lambda writer: writer.put_job(state))
            return state, failed
        finally:
            lock.release()
