"""One writing process for each database: a lock on a file beside it, which the system frees when the process dies.

The row of the office journal fences besides (`writing_journals.finish`): a process that lost the lock without
noticing cannot advance a head that another has advanced.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from sync.errors import Unavailable

__all__ = ["Lease"]


class Lease:
    """Held from construction until `release`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable("FILE-UNREADABLE", f"{path}: {error}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise Unavailable(
                "STORE-LOCKED", f"process {holder or 'unknown'} writes to this database; stop it or go through it"
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Let another process take the office journal up."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
