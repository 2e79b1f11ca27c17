"""The office's side of its fold workers: started when the first long backlog comes, replaced when one fails."""

from __future__ import annotations

import contextlib
import select
import subprocess
import sys
from pathlib import Path

import msgspec

from server.fold_workers.frames import FoldAnswer, read_frame, write_frame
from server.limits import FOLD_ANSWER_S, FOLD_FAILURES_MAX
from server.ports import Folded, FoldJob, FoldWorkersGone

__all__ = ["FoldPool"]

_ANSWER = msgspec.msgpack.Decoder(FoldAnswer)
_ENCODER = msgspec.msgpack.Encoder()
_MODULE = "server.fold_workers.child"
_END_S = 5.0


class FoldPool:
    """`server.ports.FoldWorkers` on processes of this machine. For one thread."""

    def __init__(self, database: Path, count: int) -> None:
        self._database = database
        self._wanted = count
        self._failures = 0
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def count(self) -> int:
        """Processes that may be used; none after too many failures."""
        return self._wanted if self._failures < FOLD_FAILURES_MAX else 0

    @property
    def children(self) -> tuple[subprocess.Popen[bytes], ...]:
        """The processes that run now."""
        return tuple(self._children.values())

    def send(self, worker: int, job: FoldJob) -> None:
        """Hand a job over, to a new process if there is none."""
        child = self._children.get(worker) or self._start(worker)
        stream = child.stdin
        try:
            if stream is None:
                raise FoldWorkersGone("no way to the process")
            write_frame(stream, _ENCODER.encode(job))
        except OSError as error:
            raise FoldWorkersGone(str(error)) from error

    def receive(self, worker: int) -> list[Folded]:
        """Wait for its answer."""
        child = self._children.get(worker)
        if child is None or child.stdout is None:
            raise FoldWorkersGone("no such process")
        ready, _, _ = select.select([child.stdout], [], [], FOLD_ANSWER_S)
        data = read_frame(child.stdout) if ready else b""
        if not data:
            raise FoldWorkersGone("the process ended" if ready else f"no answer within {FOLD_ANSWER_S:.0f} s")
        answer = _ANSWER.decode(data)
        if answer.error:
            raise FoldWorkersGone(answer.error)
        self._failures = 0
        return answer.outcomes

    def reset(self) -> None:
        """End every process, with what it was at; the next job starts new ones."""
        self._failures += 1
        self.close()

    def close(self) -> None:
        """End every process."""
        children, self._children = self._children, {}
        for child in children.values():
            _end(child)

    def _start(self, worker: int) -> subprocess.Popen[bytes]:
        try:
            child = subprocess.Popen(  # our own module and the office's own path
                [sys.executable, "-m", _MODULE, str(self._database)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        except OSError as error:
            raise FoldWorkersGone(str(error)) from error
        self._children[worker] = child
        return child


def _end(child: subprocess.Popen[bytes]) -> None:
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    child.terminate()
    try:
        child.wait(_END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
