"""One run: take what is pending, fold what it touches, write the outcome. Long backlogs are folded side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from server.ports import Folded, FoldWorkers, FoldWorkersGone, Reader, Store, Writer
from server.services.reconcile.folding import fold_job
from server.services.reconcile.preparing import Ahead, Run, prepare, stands_alone
from server.services.reconcile.verdicts import journal_documents, verdict_documents

__all__ = ["Reconciler"]

Refresh = Callable[[Writer, Sequence[str]], None]


class Reconciler:
    """Folds pending operations; safe to run again at any time, one run at a time per store.

    With `workers`, runs of a backlog are folded in other processes while this one prepares the next and writes the
    last. They are written in the order in which they were taken, and each is told what those before it found, so
    the outcome is the same.
    """

    def __init__(self, store: Store, refresh: Refresh | None = None, workers: FoldWorkers | None = None) -> None:
        self._store = store
        self._refresh = refresh
        self._workers = workers

    def run_pending(self, limit: int, more: Callable[[], bool] = lambda: False) -> int:
        """Understand and fold at most `limit` pending operations; how many were done.

        While there are as many as that and `more` agrees, it goes on with as many again.
        """
        workers = self._workers
        if workers is None or not workers.count:
            return self._here(limit)
        with self._store.read() as reader:
            waiting = reader.pending_count(limit)
        return self._side_by_side(workers, limit, more) if waiting == limit else self._here(limit)

    def _side_by_side(self, workers: FoldWorkers, limit: int, more: Callable[[], bool]) -> int:
        line = _Line(workers)
        done = 0
        try:
            going_on = True
            while True:
                while going_on and line.free:
                    with self._store.read() as reader:
                        run = line.next(reader, limit)
                    if run is None:
                        break
                    line.send(run)
                    going_on = more()
                if line.folded is not None:
                    self._write(*line.folded)
                    done += len(line.folded[0].rows)
                    line.folded = None
                elif not line.under_way:
                    return done
                if line.under_way:
                    line.receive()
        except FoldWorkersGone:
            # What was under way is pending still; it is folded here, where a fault shows itself.
            workers.reset()
            return done or self._here(limit)
        except BaseException:
            workers.reset()
            raise

    def _here(self, limit: int) -> int:
        with self._store.read() as reader:
            rows = reader.pending(limit)
            if not rows:
                return 0
            run = prepare(reader, rows, Ahead())
            outcomes = fold_job(reader, run.job, run.registry, run.understood)
        self._write(run, outcomes)
        return len(run.rows)

    def _write(self, run: Run, outcomes: list[Folded]) -> None:
        self._store.write_now(lambda writer: self._apply(writer, run, [*outcomes, *run.outcomes]))

    def _apply(self, writer: Writer, run: Run, outcomes: list[Folded]) -> None:
        writer.set_held(run.held)
        writer.add_touches(run.touches)
        before = writer.discrepancies_of([outcome.key for outcome in outcomes])
        changed = writer.put_outcomes(outcomes)
        for device, hashes in run.wanted.items():
            writer.want_side_records(device, hashes)
        verdict_documents(writer, outcomes, before, run.reasons)
        journal_documents(writer, run.rows)
        if self._refresh is not None:
            self._refresh(writer, sorted(changed))
        writer.mark_reconciled([row.id for row in run.rows])


class _Line:
    """Runs that are folded side by side, in the order in which they are written."""

    def __init__(self, workers: FoldWorkers) -> None:
        self._workers = workers
        self.free = list(range(workers.count))
        self.under_way: deque[tuple[int, Run]] = deque()
        self.folded: tuple[Run, list[Folded]] | None = None
        """Folded and not written yet."""
        self._last = 0

    def next(self, reader: Reader, limit: int) -> Run | None:
        """The next run; None when nothing more is pending, or when it must wait for those before it."""
        rows = reader.pending(limit, after=self._last)
        before = [run for _, run in self.under_way]
        if self.folded is not None:
            before.insert(0, self.folded[0])
        if not rows or (before and stands_alone(reader, rows, reader.registry())):
            return None
        self._last = rows[-1].id
        return prepare(reader, rows, Ahead(before))

    def send(self, run: Run) -> None:
        """Let a free worker fold it."""
        worker = self.free.pop()
        self.under_way.append((worker, run))
        self._workers.send(worker, run.job)

    def receive(self) -> None:
        """Wait for the oldest."""
        worker, run = self.under_way.popleft()
        self.folded = run, self._workers.receive(worker)
        self.free.append(worker)
