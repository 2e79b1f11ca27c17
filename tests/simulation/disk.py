"""Faults at the boundaries of a write: a connection that stops for good, or says that the disk is full.

A crash is the end of a process: nothing after it runs, nothing open is rolled back by the program, and what the
files held at that moment is all there is. So a gate that has crashed answers nothing more, and the simulator goes on
with a copy of the files as they were.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

__all__ = ["Crash", "Gate", "GatedConnection", "copy_database", "copy_home"]

_WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "WITH")


class Crash(BaseException):
    """What the end of its process is to the code: nothing catches it."""


class Gate:
    """Counts what passes, and stops it where it was told to."""

    def __init__(self) -> None:
        self._left = -1
        self._at = ""
        self._after = False
        self._full: type[Exception] | None = None
        self.dead = False
        self.idle = True
        """Whether everything passes without a look."""
        self.was_full = False
        """Whether a write met a full disk; whoever asks sets it back before."""

    def arm(self, *, left: int = -1, at: str = "", after: bool = False, full: type[Exception] | None = None) -> None:
        """Strike before the n-th statement from now, or before (`after`: right after) one that begins with `at`."""
        self._left, self._at, self._after, self._full = left, at, after, full
        self.idle = False

    def disarm(self) -> None:
        """Let everything pass."""
        self._left, self._at, self._full = -1, "", None
        self.idle = not self.dead

    def run(self, call: Any, sql: str, *arguments: Any) -> Any:
        """Pass one statement on, or strike."""
        if self.dead:
            raise Crash
        if self._full is not None and not sql.lstrip().upper().startswith(_WRITES):
            # A full disk can still be read.
            return call(sql, *arguments)
        hit = bool(self._at) and sql.lstrip().upper().startswith(self._at)
        if self._left == 0 or (hit and not self._after):
            self._strike()
        if self._left > 0:
            self._left -= 1
        result = call(sql, *arguments)
        if hit:
            self._strike()
        return result

    def _strike(self) -> None:
        full, self._left, self._at = self._full, -1, ""
        if full is not None:
            self.was_full = True
            raise full("database or disk is full")
        self.dead = True
        raise Crash


class GatedConnection:
    """A connection behind a gate; everything that writes passes it."""

    def __init__(self, connection: Any, gate: Gate) -> None:
        self._connection = connection
        self._gate = gate

    def execute(self, sql: str, *arguments: Any) -> Any:
        """One statement."""
        if self._gate.idle:
            return self._connection.execute(sql, *arguments)
        return self._gate.run(self._connection.execute, sql, *arguments)

    def executemany(self, sql: str, *arguments: Any) -> Any:
        """One statement for many rows."""
        if self._gate.idle:
            return self._connection.executemany(sql, *arguments)
        return self._gate.run(self._connection.executemany, sql, *arguments)

    @property
    def in_transaction(self) -> bool:
        """A process that ended rolls nothing back."""
        return not self._gate.dead and bool(self._connection.in_transaction)

    def close(self) -> None:
        """Close the connection behind it."""
        self._connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def copy_database(path: Path, folder: Path) -> Path:
    """The database file and its log as they are now, in another folder; what was in memory only is gone."""
    folder.mkdir(parents=True)
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            shutil.copyfile(file, folder / file.name)
    return folder / path.name


def copy_home(home: Path, target: Path) -> Path:
    """A phone's folder as it is now; the shared-memory index is not part of what a disk keeps."""
    shutil.copytree(home, target, ignore=shutil.ignore_patterns("*-shm", "vault.lock"))
    return target
