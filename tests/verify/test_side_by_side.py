"""A backlog folded side by side, whenever its snapshots were taken, gives what a replay gives."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from server.fold_workers import FoldPool
from server.ports import Folded, FoldJob, FoldWorkersGone, Store
from server.services.devices import revoke
from server.services.reconcile.folding import fold_job
from server.services.verify import Verification, verify
from tests.verify.life import ADMIN, Life, open_store


class Workers:
    """Three workers without processes: each job is folded when it is sent, or as late as when it is asked for."""

    count = 3

    def __init__(self, store: Store, seed: int, gone: float = 0.0) -> None:
        self._store = store
        self._dice = random.Random(seed)
        self._gone = gone
        self._jobs: dict[int, FoldJob] = {}
        self._answers: dict[int, list[Folded]] = {}
        self.jobs = 0
        self.resets = 0

    def send(self, worker: int, job: FoldJob) -> None:
        """Begin."""
        assert worker not in self._jobs
        self.jobs += 1
        if self._dice.random() < self._gone:
            raise FoldWorkersGone("as told")
        self._jobs[worker] = msgspec.msgpack.decode(msgspec.msgpack.encode(job), type=FoldJob)
        if self._dice.random() < 0.5:
            self._answers[worker] = self._fold(job)

    def receive(self, worker: int) -> list[Folded]:
        """The outcomes."""
        job = self._jobs.pop(worker)
        if self._dice.random() < self._gone:
            raise FoldWorkersGone("as told")
        return self._answers.pop(worker, None) or self._fold(job)

    def reset(self) -> None:
        """Forget."""
        self.resets += 1
        self._jobs.clear()
        self._answers.clear()

    def close(self) -> None:
        """Nothing to end."""

    def _fold(self, job: FoldJob) -> list[Folded]:
        with self._store.read() as reader:
            return fold_job(reader, job, reader.registry())


def _lived(folder: Path, seed: int, gone: float) -> tuple[Verification, Workers]:
    store = open_store(folder)
    try:
        workers = Workers(store, seed, gone)
        life = Life(store, seed, workers)
        for number in range(150):
            life.step()
            if seed % 2 and number == 110:
                store.write_now(lambda writer: revoke(writer, f"{1:016x}", ADMIN, "lost", life.now_ms))
        life.finish()
        with store.read() as reader:
            return verify(reader, shuffle=seed), workers
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(12))
def test_side_by_side_equals_a_replay(tmp_path: Path, seed: int) -> None:
    """Runs under way know what those before them found, a revoked phone's runs wait, and the order of writing stays."""
    found, workers = _lived(tmp_path, seed, 0.0)

    assert found.faults == ()
    assert found.sound
    assert workers.jobs > 3
    assert workers.resets == 0


@pytest.mark.parametrize("seed", range(4))
def test_workers_that_fail_cost_nothing(tmp_path: Path, seed: int) -> None:
    """What was with a worker that is gone is pending still, and folded all the same."""
    found, workers = _lived(tmp_path, seed, 0.2)

    assert found.faults == ()
    assert found.sound
    assert workers.resets > 0


def test_processes_fold_a_backlog(tmp_path: Path) -> None:
    """Real processes give the same books, one that is killed is replaced, and closing ends them all."""
    store = open_store(tmp_path)
    pool = FoldPool(tmp_path / "doorstep.sqlite", 2)
    try:
        life = Life(store, 7, pool)
        for number in range(200):
            life.step()
            if number == 150:
                for child in pool.children:
                    child.kill()
        life.finish()
        with store.read() as reader:
            found = verify(reader, shuffle=7)
        children = pool.children
    finally:
        pool.close()
        store.close()

    assert found.faults == ()
    assert found.sound
    assert len(children) == 2
    assert all(child.poll() is not None for child in children)


def _ask(pool: FoldPool, job: FoldJob) -> list[Folded]:
    pool.send(0, job)
    return pool.receive(0)


def test_a_process_that_cannot_work_is_not_asked_for_ever(tmp_path: Path) -> None:
    """Without a database each start fails; after the third the pool says that it has no workers."""
    pool = FoldPool(tmp_path / "none" / "doorstep.sqlite", 1)
    job = FoldJob((), [], [], {}, 0)
    for _ in range(3):
        assert pool.count == 1
        with pytest.raises(FoldWorkersGone):
            _ask(pool, job)
        pool.reset()
    assert pool.count == 0
