"""What carries the demonstration: clocks that never go back, children that end, words in two languages."""

from __future__ import annotations

import io
from datetime import date, time
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from server.cli import main
from server.demo.demonstration.clocks import clock_from, moment_ms, shown_time
from server.demo.demonstration.play import Options, free_port, play
from server.demo.demonstration.processes import Children, Failed, tail
from server.demo.demonstration.telling import Teller
from sync.errors import Refused
from sync.simulated import parse_clock, shown_ms

_DAY = date(2026, 11, 23)


def _teller(language: str = "en") -> tuple[Teller, io.StringIO]:
    told = io.StringIO()
    return Teller(Console(file=told, width=160), language, now=lambda: 5.0), told


def test_a_clock_begins_where_it_is_told() -> None:
    """Half a real second at rate 60 is half a minute; the text that other processes read says the same."""
    clock = clock_from(moment_ms(_DAY, time(8, 20)), 1_000_000, 60)
    assert shown_time(clock, 1_000_000) == "08:20"
    assert shown_time(clock, 1_060_000) == "09:20"
    assert parse_clock(clock.text, 0) == clock


def test_the_next_clock_never_shows_less() -> None:
    """When a part took longer than planned, the next one begins where it ended."""
    before = clock_from(moment_ms(_DAY, time(8, 0)), 0, 3_600)
    after = clock_from(moment_ms(_DAY, time(9, 0)), 10_000, 1, before)
    assert shown_ms(after, 10_000) == shown_ms(before, 10_000)
    assert shown_time(after, 10_000) == "18:00"


def test_a_childs_output_and_failure_are_told(tmp_path: Path) -> None:
    """Output comes back; another exit status is a failure that shows the end of what the child said."""
    log = tmp_path / "log"
    with Children() as children:
        assert "doorstep" in children.run("server", ["--version"], {}, log, 60)
        with pytest.raises(Failed, match="exit status 2") as caught:
            children.run("server", ["no-such-command"], {}, log, 60)
    assert "no-such-command" in str(caught.value)
    assert "  | " in tail(log)
    assert tail(tmp_path / "nothing") == "  | —"


def test_a_child_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """Out of time it fails; and whatever still runs at the end is stopped."""
    endless = ["-n", "1", "-r", "1", "import time; time.sleep(600)"]
    with Children() as children:
        child = children.start("timeit", endless, {}, tmp_path / "log")
        with pytest.raises(Failed, match="not done after 0 s"):
            children.run("timeit", endless, {}, tmp_path / "log", 0.2)
        assert child.poll() is None
    assert child.returncode is not None


def test_a_log_gets_lines_and_one_language() -> None:
    """Steps say that they are done; nothing moves; square brackets are shown as they are."""
    teller, told = _teller("zh")
    with teller.step("Work", "工作"):
        teller.fact("[A|b] refused", "[A|b] 被拒绝", "08:20")
    teller.warn("wrong", "出错")
    assert "08:20" in told.getvalue()
    assert "[A|b] 被拒绝" in told.getvalue()
    assert "✓ 工作 (0.0 s)" in told.getvalue()
    assert "✗ 出错" in told.getvalue()
    assert "Work" not in told.getvalue()


def test_a_demonstration_begins_with_nothing(tmp_path: Path) -> None:
    """A folder with something in it is refused, and nothing in it is touched."""
    kept = tmp_path / "kept"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        play(Options(seed=7, service_day=_DAY, data=tmp_path, once=True), _teller()[0])
    assert caught.value.code == "ARGUMENT-WRONG"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("wrong", [["--seed", "-1"], ["--port", "70000"], ["--service-day", "tomorrow"]])
def test_wrong_options_are_refused(wrong: list[str]) -> None:
    """Before anything is started."""
    assert CliRunner().invoke(main, ["demo", *wrong]).exit_code == 2


def test_free_ports_are_free() -> None:
    """Two asked for one after the other are ports of this machine."""
    assert 1024 < free_port() < 65536
