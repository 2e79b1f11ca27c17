"""Money by commands and routes: settle, match, deposit-cash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.money.shop import statement
from tests.office.test_commands import Shell, doorstep

__all__ = ["doorstep"]

COLUMNS = ("order=订单号", "amount=金额", "at=交易时间", "kind=类型", "reversed_words=退款;撤销")


def settle(*more: str) -> list[str]:
    """Arguments of the command."""
    return ["settle", *more, *(part for column in COLUMNS for part in ("--column", column))]


def test_a_statement_by_command(doorstep: Shell, tmp_path: Path) -> None:
    """Dry run, import, import again; by columns or by a mapping file; deadlines are noted by a job."""
    file = tmp_path / "alipay.csv"
    file.write_bytes(statement().encode("gb18030"))
    arguments = settle(str(file), "--provider", "alipay", "--encoding", "gb18030")
    assert "4 lines, 4 would be new" in doorstep.told(*arguments, "--dry-run")
    assert "4 lines, 4 new, 0 known" in doorstep.told(*arguments)
    assert json.loads(doorstep.told(*arguments, "--json"))["same"] == 4
    mapping = tmp_path / "alipay.json"
    mapping.write_text(json.dumps({"order": "订单号", "amount": "金额", "at": "交易时间"}), "utf-8")
    other = ["settle", str(file), "--provider", "alipay", "--encoding", "gb18030", "--mapping", str(mapping)]
    assert "4 new" in doorstep.told(*other, "--statement", "another")
    assert "0 payments" in doorstep.told("jobs", "--run", "match-settlements")
    assert "orders" in doorstep.told("jobs", "--run", "overdue-settlements")
    assert json.loads(doorstep.told("match", "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["match", "alipay", "O1"], "ARGUMENT-WRONG"),
        (["match", "alipay", "O1", "ff/1/1"], "NOT-FOUND"),
        (["match", "--role", "creditor"], "ROLE-MISSING"),
        (["deposit-cash", "YC", "2026-03-02", "--amount", "100", "--slip", "7"], "STATE-FORBIDS"),
        (["deposit-cash", "XX", "2026-03-02", "--amount", "100", "--slip", "7"], "NOT-FOUND"),
        (["deposit-cash", "YC", "2026-03-02", "--amount", "0", "--slip", "7"], "ARGUMENT-WRONG"),
        (settle("FILE", "--provider", "alipay", "--column", "color=x"), "ARGUMENT-WRONG"),
        (settle("FILE", "--provider", "alipay", "--column", "nothing"), "ARGUMENT-WRONG"),
        (settle("FILE", "--provider", "alipay"), "IMPORT-MALFORMED"),
        (settle("FILE", "--provider", "alipay", "--mapping", "FILE"), "FILE-UNREADABLE"),
        (settle("FILE", "--provider", "alipay", "--role", "supervisor"), "ROLE-MISSING"),
        (settle("missing.csv", "--provider", "alipay"), "FILE-UNREADABLE"),
    ],
)
def test_refusals_are_one_line_with_a_code(doorstep: Shell, tmp_path: Path, arguments: list[str], code: str) -> None:
    """Nothing is written, and the line says what to do."""
    file = tmp_path / "empty.csv"
    file.write_text("nothing,here\n")
    result = doorstep(*(str(file) if part == "FILE" else part for part in arguments))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{code}: "), result.output
    assert result.stderr.count("\n") == 1


def test_branch_cash_by_command(doorstep: Shell) -> None:
    """Counted, then paid in."""
    doorstep.told("pack", "AG-YC-1", "2026-03-02")
    doorstep.told("count-cash", "AG-YC-1", "2026-03-02", "--amount", "30000")
    told = doorstep.told("deposit-cash", "YC", "2026-03-02", "--amount", "20000", "--slip", "77", "--bank", "ICBC")
    assert told == "YC 2026-03-02: paid in 200.00 CNY, slip 77; 100.00 CNY left at the branch\n"
