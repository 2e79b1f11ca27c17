"""Files that survive a kill or a power cut: either the old content or the new, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sync.encoding import sha256_hex
from sync.errors import Refused, Unavailable

__all__ = ["locked_folder", "read_bounded", "remove_durably", "set_aside", "touch_private", "write_durably"]

_LOCK_NAME = "vault.lock"
_SET_ASIDE = "set-aside"


def write_durably(path: Path, content: bytes) -> None:
    """Replace the file's content as one step, mode 0600: temporary file, fsync, rename, fsync of the folder.

    Raises STORE-FULL for a full disk and FILE-UNREADABLE for other refusals of the file system; the old
    content then stands. Callers hold `locked_folder`, so the temporary name cannot be used twice.
    """
    temporary = path.with_name(path.name + ".new")
    with _readable_errors(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_FOLLOW, 0o600)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
        _sync_folder(path.parent)


def touch_private(path: Path) -> None:
    """Create an empty file of mode 0600 before a library opens it with the process's wider default."""
    with _readable_errors(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | _NO_FOLLOW, 0o600))
        _sync_folder(path.parent)


def remove_durably(path: Path) -> None:
    """Remove the file if it is there, and make that last."""
    with _readable_errors(path):
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)


def read_bounded(path: Path, bytes_max: int) -> bytes | None:
    """The content, or None when there is no such file; at most one byte beyond the bound is read."""
    with _readable_errors(path):
        try:
            with path.open("rb") as file:
                return file.read(bytes_max + 1)
        except FileNotFoundError:
            return None


def set_aside(path: Path) -> Path:
    """Copy a damaged file, whole, to `set-aside/` beside it; the name carries its hash, so once is enough."""
    with _readable_errors(path):
        content = path.read_bytes()
        folder = path.parent / _SET_ASIDE
        folder.mkdir(mode=0o700, exist_ok=True)
        copy = folder / f"{path.name}.{sha256_hex(content)[:16]}"
        if not copy.exists():
            write_durably(copy, content)
        return copy


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Hold the vault's lock, waiting for another process that has it; freed by the system if we are killed."""
    with _readable_errors(folder):
        descriptor = os.open(folder / _LOCK_NAME, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600)
        try:
            _take_lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
    try:
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    _NO_FOLLOW = os.O_BINARY

    def _take_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

    def _sync_folder(folder: Path) -> None:
        """Windows has no handle on a folder to flush; its journal orders the rename."""

else:
    import fcntl

    _NO_FOLLOW = os.O_NOFOLLOW | os.O_CLOEXEC

    def _take_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _readable_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("STORE-FULL", f"no space left for {path}") from error
        raise Refused("FILE-UNREADABLE", f"{path}: {error.strerror or error}") from error
