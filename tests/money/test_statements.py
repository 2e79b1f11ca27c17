"""Statements as files: a mapping of columns, two encodings, whole or not at all."""

from __future__ import annotations

import json

import pytest

from server.intake.settlements import StatementMapping, read_mapping, read_statement
from server.services.money import import_statement
from server.services.office import Office
from sync.operations.money import SettlementLineImported
from tests.money.shop import ALIPAY, statement
from tests.office.conftest import CASHIER, SUPERVISOR, key_folder, office
from tests.office.looking import bodies, operations_count, refused

__all__ = ["key_folder", "office"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_providers_own_file_is_read(encoding: str) -> None:
    """Prose before the header, marks around cells, a sign or a word for reversals, totals after the rows."""
    rows = read_statement("s.csv", statement().encode(encoding), ALIPAY, encoding)
    assert [(row.line, row.order, row.amount_minor, row.reversed) for row in rows] == [
        (1, "2026030222001", 30_000, False),
        (2, "2026030222002", 1_234_50, False),
        (3, "2026030222001", 30_000, True),
        (4, "2026030222003", 500, True),
    ]
    assert rows[0].at_ms == 1_772_416_800_000
    assert [row.payer_hint for row in rows] == ["AC00001", "", "", "0004"]


def test_minor_units_and_rfc_3339(office: Office) -> None:
    """Another provider writes fen, its own currency column and times with offset."""
    mapping = read_mapping(
        json.dumps({"order": "id", "amount": "fen", "at": "t", "unit": "minor", "time_format": "", "currency": "c"})
    )
    rows = read_statement("s.csv", b"id,fen,t,c\nA-1,7,2026-03-02T10:00:00+08:00,USD\n", mapping)
    assert (rows[0].amount_minor, rows[0].currency, rows[0].at_ms) == (7, "USD", 1_772_416_800_000)


def test_every_fault_is_named_at_once() -> None:
    """Rows, columns and reasons; nothing is read half."""
    bad = (
        statement()
        .replace("300.00", "3oo", 1)
        .replace("2026-03-02 10:00:00", "yesterday", 1)
        .replace(",1,234.50", ",0")
    )
    with refused("IMPORT-MALFORMED", "row 4, 金额", "row 4, 交易时间", "not an amount"):
        read_statement("s.csv", bad.encode(), ALIPAY)
    with refused("IMPORT-MALFORMED", "no header row has the columns", "订单号"):
        read_statement("s.csv", b"a,b\n1,2\n", ALIPAY)
    with refused("IMPORT-MALFORMED", "not utf-8 at byte"):
        read_statement("s.csv", statement().encode("gb18030"), ALIPAY)
    with refused("IMPORT-MALFORMED", "2 cells under a header of 5"):
        read_statement("s.csv", (statement().partition("# 合计")[0] + "x,y\n").encode(), ALIPAY)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "not usable"),
        ('{"order":"a","amount":"b"}', "at"),
        ('{"order":"a","amount":"b","at":"c","color":"d"}', "color"),
        ('{"order":"a","amount":"b","at":"c","currency_code":"XXX"}', "XXX"),
        ('{"order":"a","amount":"b","at":"c","offset":"8"}', "offset"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(text: str, word: str) -> None:
    """The wrong member is named."""
    with refused("ARGUMENT-WRONG", word):
        read_mapping(text)


def test_unknown_encodings_are_refused() -> None:
    """Only two are documented."""
    with refused("ARGUMENT-WRONG", "latin-1"):
        read_statement("s.csv", b"", StatementMapping(order="a", amount="b", at="c"), "latin-1")


def test_a_statement_is_imported_once_and_whole(office: Office) -> None:
    """Again it says nothing new; a line with another content is refused; a dry run writes nothing."""
    rows = read_statement("s.csv", statement().encode(), ALIPAY)
    before = operations_count(office)
    assert import_statement(office, CASHIER, "s.csv", "alipay", "2026-03", rows, dry_run=True).new == 4
    assert operations_count(office) == before
    assert import_statement(office, CASHIER, "s.csv", "alipay", "2026-03", rows).new == 4
    again = import_statement(office, CASHIER, "s.csv", "alipay", "2026-03", rows)
    assert (again.new, again.same) == (0, 4)
    assert len(bodies(office, SettlementLineImported)) == 4
    changed = read_statement("s.csv", statement().replace("300.00", "301.00", 1).encode(), ALIPAY)
    with refused("IMPORT-MALFORMED", "row 4, order", "another content"):
        import_statement(office, CASHIER, "s.csv", "alipay", "2026-03", changed)
    with refused("ROLE-MISSING"):
        import_statement(office, SUPERVISOR, "s.csv", "alipay", "2026-04", rows)
