"""`doorstep report` and `doorstep statement`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.office.test_commands import Shell, doorstep

__all__ = ["doorstep"]


def test_reports_print_tables_csv_and_json(doorstep: Shell) -> None:
    """Each form has the same columns; a payment made elsewhere stands in the books of its account's branch."""
    doorstep.told("pack", "AG-YC-1", "2026-03-02", "--float", "5000")
    found = json.loads(doorstep.told("report", "trial-balance", "--format", "json", "--branch", "YC"))
    assert {row["place"]: row["balance_minor"] for row in found["rows"]} == {
        "agent_cash:AG-YC-1": 5_000,
        "float_issued:YC": -5_000,
        "external:AC00004": 50_000,
        "debt:AC00004": -50_000,
    }
    rows = list(csv.DictReader(io.StringIO(doorstep.told("report", "trial-balance", "--format", "csv"))))
    assert list(rows[0]) == found["columns"]
    assert "agent_cash" in doorstep.told("report", "trial-balance")
    days = json.loads(doorstep.told("report", "agent", "AG-YC-1", "--from", "2026-03-01", "--format", "json"))
    assert days["rows"][0]["expected"] == 5_000
    assert doorstep.told("report", "remittance", "--format", "csv").startswith("creditor,account,currency")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["report", "agent", "AG-9"], "NOT-FOUND"),
        (["report", "receipts", "AG-YC-1"], "NOT-FOUND"),
        (["report", "trial-balance", "--role", "cashier"], "ROLE-MISSING"),
        (["statement", "YC", "2026-03-02"], "NOT-FOUND"),
        (["statement"], "ARGUMENT-WRONG"),
        (["statement", "--check", "missing.json"], "FILE-UNREADABLE"),
    ],
)
def test_refusals_are_one_line_with_a_code(doorstep: Shell, arguments: list[str], code: str) -> None:
    """What cannot be reported says why."""
    result = doorstep(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{code}: "), result.output


def test_a_statement_is_written_and_checked(doorstep: Shell, tmp_path: Path) -> None:
    """Two persons carry the unreported day forward; the kept file is this office's, a changed one is not."""
    doorstep.told("pack", "AG-YC-1", "2026-03-02")
    carry = ("--carry", "DAY-UNREPORTED|drawer:AG-YC-1/2026-03-02", "--second", "sun")
    doorstep.told("close", "YC", "2026-03-02", *carry)
    kept = tmp_path / "statement.json"
    doorstep.told("statement", "YC", "2026-03-02", "--output", str(kept))
    assert json.loads(kept.read_bytes())["payload"]["second"] == "sun"
    assert "signed by this office: YC 2026-03-02, closing 1" in doorstep.told("statement", "--check", str(kept))
    kept.write_bytes(kept.read_bytes().replace(b'"sun"', b'"son"'))
    assert doorstep("statement", "--check", str(kept)).stderr.startswith("SIGNATURE-WRONG")
