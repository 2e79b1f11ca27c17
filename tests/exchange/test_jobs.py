"""Background work: jobs by hand and by the clock, the reconciler's thread, and what `/readyz` says of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from server.jobs import Job, Jobs, ReconcileWorker
from sync.errors import Conflict, Refused, Unavailable
from tests.exchange.office import Office, code_of

TRIES = 600


def _until(true: Callable[[], bool]) -> None:
    for _ in range(TRIES):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


class Counting:
    """A reconciler that has some work, and may fail."""

    def __init__(self, work: int, fails: int = 0) -> None:
        self.work, self.fails, self.calls = work, fails, 0

    def run_pending(self, limit: int, more: Callable[[], bool] = lambda: False) -> int:
        """A chunk."""
        del more
        self.calls += 1
        if self.fails:
            self.fails -= 1
            raise Unavailable("STORE-LOCKED", "not now")
        done = min(limit, self.work)
        self.work -= done
        return done


def _jobs(office: Office, *jobs: Job) -> Jobs:
    return Jobs(office.parts.store, office.parts.clock, jobs)


def test_a_job_run_by_hand_leaves_its_state(office: Office) -> None:
    """When it ran, what it did, and how often."""
    jobs = _jobs(office, Job(name="count", title="Counts", every_s=3600, run=lambda: "seven"))
    jobs.run("count")
    state = jobs.run("count")
    assert (state.result, state.error, state.runs) == ("seven", "", 2)
    with office.parts.store.read() as reader:
        assert [found for found in reader.jobs() if found.name == "count"] == [state]


def test_a_job_that_fails_says_so_and_is_kept(office: Office) -> None:
    """Whoever asked by hand gets the error; the state shows it to everybody else."""

    def fail() -> str:
        raise Unavailable("NETWORK-DOWN", "the gateway does not answer")

    jobs = _jobs(office, Job(name="send", title="Sends", every_s=3600, run=fail))
    with pytest.raises(Unavailable, match="NETWORK-DOWN"):
        jobs.run("send")
    with office.parts.store.read() as reader:
        (state,) = [found for found in reader.jobs() if found.name == "send"]
    assert state.error == "NETWORK-DOWN: the gateway does not answer"


def test_a_job_does_not_run_twice_at_once(office: Office) -> None:
    """STATE-FORBIDS while it runs; NOT-FOUND for a name that nobody knows."""
    started, release = threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        release.wait(60)
        return "done"

    jobs = _jobs(office, Job(name="slow", title="Slow", every_s=3600, run=slow))
    thread = threading.Thread(target=jobs.run, args=("slow",))
    thread.start()
    assert started.wait(60)
    with pytest.raises(Conflict, match="STATE-FORBIDS"):
        jobs.run("slow")
    release.set()
    thread.join()
    assert jobs.run("slow").runs == 2
    with pytest.raises(Refused, match="NOT-FOUND"):
        jobs.run("other")


def test_the_clock_runs_jobs(office: Office) -> None:
    """By their interval, until they are stopped."""
    ran = threading.Event()

    def run() -> str:
        ran.set()
        return "ran"

    jobs = _jobs(office, Job(name="often", title="Often", every_s=1, run=run))
    jobs.start()
    assert ran.wait(60)
    jobs.stop()
    with office.parts.store.read() as reader:
        assert [found.result for found in reader.jobs() if found.name == "often"] == ["ran"]


def test_jobs_are_listed_and_run_over_http(office: Office) -> None:
    """What the command `doorstep jobs` shows."""
    listed = office.command("GET", "jobs").json()
    assert "reconcile" in [job["name"] for job in listed]
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(3)))
    state = office.command("POST", "jobs/reconcile/run").json()
    assert state["runs"] == 1
    with office.parts.store.read() as reader:
        assert reader.pending_count() == 0
    assert code_of(office.command("POST", "jobs/nothing/run")) == "NOT-FOUND"


def test_the_reconcilers_thread_catches_up_and_is_woken(office: Office) -> None:
    """It works off what is pending at the start, and again when something is stored."""
    counting = Counting(1_000)
    worker = ReconcileWorker(office.parts.store, counting)
    worker.start()
    _until(lambda: counting.work == 0)
    counting.work = 5
    office.register("A05")
    _until(lambda: counting.work == 0)
    worker.stop()
    calls = counting.calls
    office.register("A06")
    assert counting.calls == calls


def test_a_failing_reconciler_is_tried_again_and_seen(office: Office) -> None:
    """Its error stands in `/readyz`, which then says 503, until a run goes well."""
    counting = Counting(3, fails=1)
    office.parts.worker._reconciler = counting
    office.parts.worker.start()
    _until(lambda: counting.calls > 0)
    _until(lambda: counting.work == 0)
    _until(lambda: office.parts.worker.error == "")
    office.parts.worker.stop()
    office.parts.worker.error = "Unavailable: STORE-LOCKED: not now"
    answer = office.client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert "STORE-LOCKED" in answer.json()["reconciler"]
    assert answer.headers["retry-after"]


def test_ingest_goes_first_but_not_forever(office: Office) -> None:
    """While exchanges are under way the reconciler waits, within its bound."""
    counting = Counting(2)
    worker = ReconcileWorker(office.parts.store, counting, busy=lambda: True)
    worker.start()
    _until(lambda: counting.work == 0)
    worker.stop()


def test_health_tells_alive_from_ready(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that cannot write leaves the process alive and not ready."""
    assert office.client.get("/healthz").json() == {"status": "alive"}
    ready = office.client.get("/readyz").json()
    assert (ready["ready"], ready["store"]) == (True, "writable")
    assert ready["office"].startswith("office-")

    def full() -> None:
        raise Unavailable("STORE-FULL", "no room")

    monkeypatch.setattr(office.parts.store, "check", full)
    answer = office.client.get("/readyz")
    assert (answer.status_code, answer.json()["store"]) == (503, "STORE-FULL: no room")
    assert office.client.get("/healthz").status_code == 200


def test_the_openapi_document_knows_every_route_of_phones(office: Office) -> None:
    """Made from the code, with the shapes of requests that are read by hand."""
    document = office.client.get("/api/openapi/openapi.json").json()
    paths = document["paths"]
    assert {
        "/api/v1/sync",
        "/api/v1/enrol",
        "/api/v1/epoch",
        "/api/v1/keys",
        "/api/v1/keys/{key_id}",
        "/api/v1/side-records/{sha256}",
        "/healthz",
        "/readyz",
    } <= set(paths)
    assert {"get", "head", "patch", "put"} <= set(paths["/api/v1/side-records/{sha256}"])
    assert "ExchangeAnswer" in str(paths["/api/v1/sync"]["post"]["responses"]["200"])
