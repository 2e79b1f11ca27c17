"""A fold worker: ``python -m server.fold_workers.child DATABASE`` reads jobs from its input until that ends.

It opens the database for reading only and has no key: operations, unlike personal fields, are not encrypted.
"""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from server.fold_workers.frames import FoldAnswer, read_frame, write_frame
from server.limits import FOLD_DECODED_MAX, GARBAGE_THRESHOLDS
from server.ports import FoldJob
from server.services.reconcile.folding import Decoded, fold_job
from server.store.sqlite import SqliteSnapshots

__all__ = ["main"]

_JOB = msgspec.msgpack.Decoder(FoldJob)
_ENCODER = msgspec.msgpack.Encoder()


def main(database: Path, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer each job with its outcomes or with what went wrong."""
    snapshots = SqliteSnapshots(database)
    decoded = Decoded(FOLD_DECODED_MAX)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    while data := read_frame(jobs):
        try:
            job = _JOB.decode(data)
            with snapshots.read(job.authors) as reader:
                answer = FoldAnswer(fold_job(reader, job, reader.registry(), decoded=decoded))
        except Exception as error:  # noqa: BLE001  # the office folds it itself, where the fault shows
            answer = FoldAnswer([], f"{type(error).__name__}: {error}")
        write_frame(answers, _ENCODER.encode(answer))


if __name__ == "__main__":
    # Ctrl-C reaches the whole group of processes; this one ends when its input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
