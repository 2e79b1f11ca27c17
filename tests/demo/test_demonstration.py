"""`doorstep demo` as anybody would run it: played to its end, and stopped in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.demo.demonstration.checking import EXPECTED_RULES

_DEMO = [sys.executable, "-m", "server", "demo", "--service-day", "2026-11-23"]
_LONG_S = 900.0
"""A bound, not a measure: for a machine that does much else at the same time."""


def _left(folder: Path) -> list[str]:
    """Command lines of processes that still work in a folder."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = line.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in command and int(line.parent.name) != os.getpid():
            found.append(command)
    return found


@pytest.mark.demo
@pytest.mark.timeout(_LONG_S)
def test_the_demonstration_plays_to_its_end(tmp_path: Path) -> None:
    """Every rule appears, every equation balances, both branches close, the replay agrees, and nothing is left."""
    folder = tmp_path / "demonstration"
    done = subprocess.run(
        [*_DEMO, "--once", "--data", str(folder)], capture_output=True, timeout=_LONG_S, check=False, text=True
    )
    told = done.stdout
    assert done.returncode == 0, told[-6_000:] + done.stderr[-3_000:]
    assert "✗" not in told
    assert [rule for rule in EXPECTED_RULES if f"{rule} " not in told] == []
    assert "PAY-DUPLICATE-DELIVERY: operations that arrived again" in told
    equations = [line for line in told.splitlines() if "cash collected" in line]
    assert len(equations) == 6
    assert all(line.endswith("✓") for line in equations)
    assert "YC is closed: nothing stands in the way" in told
    assert "XY is refused: CLOSING-REFUSED: [DAY-UNREPORTED|drawer:AG-XY-3/2026-11-23]" in told
    assert "forward: XY is closed" in told
    books = [line.split()[-1] for line in told.splitlines() if "the books of" in line or "a replay in" in line]
    assert len(books) == 2
    assert books[0] == books[1]
    assert "genuine, the money is at the branch" in told
    assert "signed by a phone that was reported lost" in told
    assert "█" in told
    assert _left(folder) == []
    assert (folder / "office" / "doorstep.db").is_file()


@pytest.fixture
def heeding() -> Iterator[None]:
    """As under a terminal: what a shell starts in the background ignores SIGINT, and so would all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.demo
@pytest.mark.timeout(_LONG_S)
@pytest.mark.usefixtures("heeding")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_demonstration_that_is_stopped_leaves_nothing_behind(tmp_path: Path, stop: signal.Signals) -> None:
    """Ctrl-C, or a supervisor's signal, in the middle of preparing ends the server as well."""
    folder = tmp_path / "demonstration"
    log = (tmp_path / "log").open("wb")
    with log, subprocess.Popen([*_DEMO, "--data", str(folder)], stdout=log, stderr=log, start_new_session=True) as demo:
        deadline = time.monotonic() + _LONG_S / 2
        while not (folder / "office" / "server.json").exists() and time.monotonic() < deadline:
            assert demo.poll() is None
            time.sleep(0.1)
        demo.send_signal(stop)
        assert demo.wait(_LONG_S / 2) == 130
    assert _left(folder) == []
