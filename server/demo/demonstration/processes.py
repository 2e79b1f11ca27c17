"""Child processes: our own programs only, bounded in time, with their logs, and none left behind.

A child is started in a session of its own, so that Ctrl-C reaches this process alone, which then stops every child
by its process id: first asked, then killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

import server
from server.demo.demonstration.limits import CHILD_STOP_S, LOG_TAIL_LINES

__all__ = ["Children", "Failed", "tail"]

_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
"""Everything happens on this machine; a proxy for the outer world would only stand in the way."""


class Failed(Exception):
    """A part of the demonstration did not do what it had to; the message says which and shows what it said."""


class Children:
    """Starts children and stops whatever is left; a context manager."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Children:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every child that still runs; a second Ctrl-C does not keep that from being done."""
        with self._lock:
            left, self._running = self._running, []
        with _uninterrupted():
            for child in left:
                if child.poll() is None:
                    child.terminate()
            for child in left:
                _end(child)

    def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path, *, piped: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start ``python -m module``; what it says goes to the end of `log`, its output to a pipe where asked for."""
        with log.open("ab") as file:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if piped else file,
                stderr=file,
                env=_environment(environment),
                start_new_session=True,
            )
        with self._lock:
            self._running.append(child)
        return child

    def stop(self, child: subprocess.Popen[bytes]) -> int:
        """Ask a child to stop, wait, and kill it if it does not; its exit status."""
        if child.poll() is None:
            child.terminate()
        return self._forget(child)

    def run(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path, timeout_s: float
    ) -> str:
        """Run ``python -m module`` to its end and return its output.

        Raises Failed, with the end of the log, for another exit status than 0 or when the time is over.
        """
        begins = log.stat().st_size if log.exists() else 0
        child = self.start(module, arguments, environment, log, piped=True)
        shown = " ".join([module, *arguments])[:200]
        try:
            output, _ = child.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            child.terminate()
            raise Failed(f"{shown}: not done after {timeout_s:.0f} s\n{tail(log, begins)}") from error
        except BaseException:
            child.terminate()
            raise
        finally:
            self._forget(child)
        if child.returncode != 0:
            raise Failed(f"{shown}: exit status {child.returncode}\n{tail(log, begins)}")
        return output.decode("utf-8", "replace")

    def _forget(self, child: subprocess.Popen[bytes]) -> int:
        status = _end(child)
        with self._lock:
            if child in self._running:
                self._running.remove(child)
        return status


@contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(child: subprocess.Popen[bytes]) -> int:
    try:
        status = child.wait(CHILD_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        status = child.wait()
    if child.stdout is not None:
        child.stdout.close()
    return status


def _environment(added: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in _PROXIES and not name.startswith("DOORSTEP_")
    }
    # The same code as this process runs, installed or in a checkout, whatever folder it was started in.
    root = str(Path(server.__file__).resolve().parents[1])
    return {**kept, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1", **added}


def tail(log: Path, begins: int = 0) -> str:
    """The last lines of a log from a byte on; a dash when there are none."""
    try:
        with log.open("rb") as file:
            file.seek(begins)
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(f"  | {line}" for line in lines[-LOG_TAIL_LINES:]) or "  | —"
