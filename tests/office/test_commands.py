"""The office's commands: without a server they do the same through an application of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.office.conftest import TINY


class Shell:
    """Runs `doorstep` on one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str) -> Result:
        """Whatever comes of it."""
        return CliRunner().invoke(main, ["--data", str(self.data), *arguments])

    def told(self, *arguments: str) -> str:
        """What a command that goes well prints."""
        result = self(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout


@pytest.fixture
def doorstep(tmp_path: Path) -> Shell:
    """A fresh office with the tiny world imported."""
    shell = Shell(tmp_path / "data")
    shell.told("init")
    assert "accounts.csv: 6 rows, 6 new, 0 known" in shell.told("import", str(TINY))
    return shell


def test_importing_a_folder_again_finds_everything_known(doorstep: Shell) -> None:
    """The second time nothing is new, and a single file says so too."""
    summaries = json.loads(doorstep.told("import", str(TINY), "--json"))
    assert [(summary["kind"], summary["new"]) for summary in summaries] == [
        ("agents", 0), ("accounts", 0), ("notices", 0), ("visits", 0), ("payments", 0),
    ]  # fmt: skip
    assert "0 would be new" in doorstep.told("import", str(TINY / "visits.csv"), "--dry-run")


def test_a_faulty_file_is_one_line_and_an_exit_code(doorstep: Shell, tmp_path: Path) -> None:
    """The line names the row; a file of an unknown kind and an empty folder are named as well."""
    bad = tmp_path / "payments.csv"
    bad.write_bytes((TINY / "payments.csv").read_bytes().replace(b"50000", b"x").replace(b"X1", b"X2"))
    failed = doorstep("import", str(bad))
    assert failed.exit_code == 1
    assert failed.stderr.startswith("IMPORT-MALFORMED: payments.csv row 2, amount_minor 'x'")
    assert failed.stderr.count("\n") == 1
    other = tmp_path / "stuff.csv"
    other.write_text("x")
    assert "--kind" in doorstep("import", str(other)).stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds none of" in doorstep("import", str(empty)).stderr


def test_a_day_by_commands(doorstep: Shell, tmp_path: Path) -> None:
    """Plan, change, count and look, as an operator does without a server."""
    assert "6 assigned" in doorstep.told("plan", "YC", "2026-03-02", "--iterations", "20")
    visits = json.loads(doorstep.told("visits", "YC", "2026-03-02", "--json"))
    agent = next(line["agent"] for line in visits if line["visit"] == "V2")
    other = {"AG-YC-1": "AG-YC-2", "AG-YC-2": "AG-YC-1"}[agent]
    assert f"V2 is {other}'s" in doorstep.told("reassign", "V2", other, "--position", "1")
    assert "called off" in doorstep.told("cancel", "V3", "--reason", "customer")
    again = doorstep("cancel", "V3", "--reason", "customer")
    assert again.exit_code == 1
    assert again.stderr.startswith("STATE-FORBIDS: visit V3 was called off")
    assert "moved" in doorstep.told("move", "V5", "2026-03-03", "--from", "09:00", "--until", "10:00")
    assert "ARGUMENT-WRONG" in doorstep("move", "V6", "2026-03-03", "--from", "9", "--until", "10:00").stderr
    assert "V5 is AG-YC-1's" in doorstep.told("assign", "V5", "AG-YC-1")
    assert "1 stops, 0 changes" in doorstep.told("pack", "AG-YC-1", "2026-03-03")
    letter = tmp_path / "letter.txt"
    letter.write_text("new", "utf-8")
    told = doorstep.told("supersede", "N2", str(letter), "--amount", "100", "--issued-on", "2026-03-02")
    assert "version 3" in told
    assert "withdrawn" in doorstep.told("withdraw", "N1", "--reason", "settled")
    paid = ("pay-external", "X9", "AC00001", "--amount", "100", "--paid-at", "2026-03-02T09:00:00+08:00")
    assert "recorded" in doorstep.told(*paid, "--channel", "alipay")
    assert "known already" in doorstep.told(*paid, "--channel", "alipay")
    assert "verified" in doorstep.told("verify-details", "CU00001", "phone", "+8611100000090")
    assert "counted 300.00 CNY" in doorstep.told("count-cash", "AG-YC-1", "2026-03-02", "--piece", "10000x3")
    assert "ARGUMENT-WRONG" in doorstep("count-cash", "AG-YC-1", "2026-03-02", "--piece", "many").stderr
    assert "nothing to judge" in doorstep.told("judge-identity", "V1")


def test_lists_print_tables_and_json(doorstep: Shell) -> None:
    """Each list has both forms, and JSON is what the routes answered."""
    assert [line["agent"] for line in json.loads(doorstep.told("agents", "--json"))] == ["AG-YC-1", "AG-YC-2"]
    assert "AC00006" in doorstep.told("accounts")
    assert len(json.loads(doorstep.told("accounts", "--json", "--limit", "6"))) == 6
    assert json.loads(doorstep.told("devices", "--json")) == []
    assert json.loads(doorstep.told("discrepancies", "--json")) == []
    assert json.loads(doorstep.told("drawers", "YC", "2026-03-02", "--json")) == []


def test_refusals_are_one_line_with_a_code(doorstep: Shell) -> None:
    """What makes no sense ends with exit code 1 and the code that the documentation lists."""
    for arguments, code in (
        (("decide", "PAY-OVER", "account:AC00001", "--outcome", "carry"), "NOT-FOUND"),
        (("confirm-void", "ff/1/1"), "NOT-FOUND"),
        (("revoke", "ff", "--reason", "lost"), "DEVICE-UNKNOWN"),
        (("lock", "ff", "--reason", "mislaid", "--wipe"), "DEVICE-UNKNOWN"),
        (("unlock", "ff", "--reason", "found"), "DEVICE-UNKNOWN"),
        (("recovery-answer", "/dev/null", "--identified", "in_person"), "RECOVERY-WRONG"),
        (
            ("journal-lost", "ff", "--epoch", "1", "--from", "1", "--reason", "x", "--second", "sun"),
            "DEVICE-UNKNOWN",
        ),
        (("close", "YC", "2026-03-02"), "NOT-FOUND"),
        (("assign", "V1", "AG-9"), "NOT-FOUND"),
        (("plan", "YC", "2026-03-02", "--role", "cashier"), "ROLE-MISSING"),
        (("count-cash", "AG-YC-1", "2026-03-02", "--amount", "1"), "NOT-FOUND"),
    ):
        result = doorstep(*arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{code}: "), result.output
        assert result.stderr.count("\n") == 1
