"""Reading CSV files: what is taken, and that every fault is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.intake import ACCOUNTS, AGENTS, NOTICES, PAYMENTS, TABLES, VISITS, AccountRow, Fault, read_table
from server.intake.limits import IMPORT_ROWS_MAX
from server.planning import Place, from_wgs84
from sync.errors import Refused

TINY = Path(__file__).parents[2] / "fixtures" / "worlds" / "tiny"
HEADER = "external_id,account_id,amount_minor,currency,paid_at,channel,creditor_reference\r\n"
ROW = "X1,AC1,5000,CNY,2026-03-02T10:00:00+08:00,alipay,R1\r\n"


def _faults(table: str, data: bytes) -> list[Fault]:
    with pytest.raises(Refused) as caught:
        read_table(TABLES[table], f"{table}.csv", data)
    assert caught.value.code == "IMPORT-MALFORMED"
    faults = caught.value.context["faults"]
    assert isinstance(faults, tuple)
    return list(faults)


def _accounts(**changes: str) -> bytes:
    text = (TINY / "accounts.csv").read_text("utf-8-sig")
    header, first = text.splitlines()[:2]
    cells = dict(zip(header.split(","), first.split(","), strict=True)) | changes
    return ("\r\n".join([",".join(cells), ",".join(cells.values())]) + "\r\n").encode()


@pytest.mark.parametrize("name", ["agents", "accounts", "notices", "visits", "payments"])
def test_every_file_of_the_tiny_world_is_read(name: str) -> None:
    """Each of the five files of the tiny world gives one row a record."""
    data = (TINY / f"{name}.csv").read_bytes()
    assert len(read_table(TABLES[name], f"{name}.csv", data)) == len(data.decode().splitlines()) - 1


def test_values_become_the_units_of_the_office() -> None:
    """Times become milliseconds or seconds, money stays minor units, tasks become a tuple."""
    account = read_table(ACCOUNTS, "a", (TINY / "accounts.csv").read_bytes())[0]
    assert (account.as_of, account.payoff_minor, account.last_four) == (1_772_402_400_000, 100_000, "0001")
    visit = read_table(VISITS, "v", (TINY / "visits.csv").read_bytes())[0]
    assert (visit.window_start, visit.window_end, visit.tasks) == (32_400, 36_000, ("collect", "identity"))
    assert read_table(VISITS, "v", (TINY / "visits.csv").read_bytes())[1].visit_code == ""


def test_a_byte_order_mark_and_any_order_of_columns_are_taken() -> None:
    """A file saved by a spreadsheet is read like any other, whatever the order of its columns."""
    rows = read_table(PAYMENTS, "p", b"\xef\xbb\xbf" + (HEADER + ROW).encode())
    swapped = "account_id,external_id" + HEADER[len("external_id,account_id") :] + "AC1,X1" + ROW[len("X1,AC1") :]
    assert read_table(PAYMENTS, "p", swapped.encode()) == rows


def test_quotes_line_breaks_and_spaces_follow_rfc_4180() -> None:
    """A quoted comma belongs to the cell, spaces around a cell do not count, empty lines are passed over."""
    row = 'X1, AC1 ,5000,CNY,2026-03-02T10:00:00+08:00,alipay,"R,1"\n\n'
    assert read_table(PAYMENTS, "p", (HEADER + row).encode())[0].creditor_reference == "R,1"


def test_gcj02_and_bd09_become_wgs84() -> None:
    """Coordinates of a Chinese map's datum come out as the WGS-84 place that they stand for."""
    truth = Place(33.359, 120.15)
    for datum in ("gcj02", "bd09"):
        shifted = from_wgs84(truth, datum)
        data = _accounts(datum=datum, latitude=f"{shifted.latitude:.8f}", longitude=f"{shifted.longitude:.8f}")
        row = read_table(ACCOUNTS, "a", data)[0]
        assert (row.latitude, row.longitude) == pytest.approx((truth.latitude, truth.longitude), abs=1e-6)
        assert row.datum == "wgs84"


def test_a_file_without_a_datum_column_takes_the_one_given() -> None:
    """The datum of the command counts where no row names one."""
    text = (TINY / "agents.csv").read_bytes()
    plain, shifted = read_table(AGENTS, "a", text)[0], read_table(AGENTS, "a", text, "gcj02")[0]
    assert plain.home_latitude == 33.35
    assert shifted.home_latitude != plain.home_latitude


def test_every_wrong_cell_is_named_with_file_row_column_and_value() -> None:
    """Two wrong cells in two rows give two faults, each with its place."""
    bad = ROW.replace("5000", "50.00") + ROW.replace("X1", "X2").replace("CNY", "XXX")
    faults = _faults("payments", (HEADER + bad).encode())
    assert [(f.file, f.row, f.column, f.value) for f in faults] == [
        ("payments.csv", 2, "amount_minor", "50.00"),
        ("payments.csv", 3, "currency", "XXX"),
    ]
    assert "row 2, amount_minor '50.00': not a whole number" in str(faults[0])


def test_twenty_faults_are_listed_and_the_rest_is_counted() -> None:
    """A file with thirty wrong rows lists twenty and says that there are ten more."""
    rows = "".join(ROW.replace("X1", f"X{n}").replace("5000", "x") for n in range(30))
    with pytest.raises(Refused, match="and 10 more") as caught:
        read_table(PAYMENTS, "p", (HEADER + rows).encode())
    assert caught.value.context["count"] == 30


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("account_id", "a/b", "identifier"),
        ("account_id", "", "identifier"),
        ("as_of", "2026-03-02T06:00:00", "offset"),
        ("as_of", "2026-02-30T06:00:00+08:00", "exists"),
        ("payoff_minor", "-1", "outside"),
        ("payoff_minor", "٣", "whole"),
        ("statement_minor", "9999999999999", "outside"),
        ("due_date", "2026-02-30", "day"),
        ("due_date", "20260210", "day"),
        ("months_late", "1.5", "whole"),
        ("status", "closed", "not one of"),
        ("name", "", "text"),
        ("name", "x" * 201, "text"),
        ("name", "a\tb\x07", "control"),
        ("phone", "13800000000", "telephone"),
        ("latitude", "91", "outside"),
        ("latitude", "nan", "decimal"),
        ("longitude", "1e2", "decimal"),
        ("datum", "wgs72", "not one of"),
        ("last_four", "12", "4 digits"),
        ("language", "fr", "not one of"),
        ("invented", "true", "yes or no"),
        ("overdue_minor", "200000", "more than payoff"),
        ("minimum_due_minor", "200000", "more than payoff"),
    ],
)
def test_an_account_cell_that_makes_no_sense_is_a_fault(column: str, value: str, reason: str) -> None:
    """Each cell is checked by its type, and the reason says what is wrong."""
    faults = _faults("accounts", _accounts(**{column: value}))
    assert [(fault.column, fault.row) for fault in faults] == [(column, 2)]
    assert reason in faults[0].reason


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("visits", "collect;identity,09:00", "collect;dance,09:00", "tasks"),
        ("visits", "collect;identity,09:00", "collect;collect,09:00", "tasks"),
        ("visits", "09:00,10:00", "10:00,09:00", "window_end"),
        ("visits", "09:00,10:00", "9:00,10:00", "window_start"),
        ("visits", "09:00,10:00", "09:00,24:01", "window_end"),
        ("visits", "collect;identity,09:00", "identity,09:00", "booked_amount_minor"),
        ("visits", "100001", "12", "visit_code"),
        ("visits", "8,yes,0", "481,yes,0", "service_minutes"),
        ("agents", "08:30,18:30,6,100000", "18:30,08:30,6,100000", "shift_end"),
        ("agents", "6,100000", "6,1.5", "cash_limit_minor"),
        ("notices", "N1,1", "N1,0", "version"),
        ("notices", "60e6917a", "60E6917A", "content_sha256"),
        ("payments", "50000", "0", "amount_minor"),
    ],
)
def test_cells_of_the_other_files_are_checked_too(table: str, old: str, new: str, column: str) -> None:
    """Each other file refuses what makes no sense in it."""
    data = (TINY / f"{table}.csv").read_text("utf-8").replace(old, new, 1).encode()
    assert _faults(table, data)[0].column == column


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ((HEADER + 'X1,"unclosed').encode(), "not CSV"),
        ((HEADER + "X1,AC1\r\n").encode(), "2 cells under a header of 7"),
        ((HEADER.replace("channel", "chanel") + ROW).encode(), "no column"),
        ((HEADER.replace(",channel", "") + ROW).encode(), "missing"),
        ((HEADER.replace("channel", "currency") + ROW).encode(), "twice"),
        ((HEADER + ROW + ROW).encode(), "row 2 already"),
    ],
)
def test_a_file_that_is_broken_as_a_whole_is_refused(data: bytes, reason: str) -> None:
    """Encoding, quoting, header, width and repeated keys are faults of their own."""
    assert any(reason in fault.reason for fault in _faults("payments", data))


def test_too_many_rows_are_refused() -> None:
    """A file beyond the limit is to be split."""
    rows = "".join(ROW.replace("X1", f"X{n}") for n in range(IMPORT_ROWS_MAX + 1))
    assert "split the file" in _faults("payments", (HEADER + rows).encode())[-1].reason


def test_a_long_wrong_value_is_cut() -> None:
    """An error repeats enough of a value to find it and no more."""
    fault = _faults("accounts", _accounts(phone="+" + "1" * 300))[0]
    assert len(fault.value) == 40


def test_keys_of_notices_are_id_and_version() -> None:
    """Two versions of one notice stand in one file."""
    rows = read_table(NOTICES, "n", (TINY / "notices.csv").read_bytes())
    assert [(row.notice_id, row.version) for row in rows] == [("N1", 1), ("N2", 1), ("N2", 2)]


def test_rows_keep_their_number_in_the_file() -> None:
    """A later fault can still name the row."""
    rows: list[AccountRow] = read_table(ACCOUNTS, "a", (TINY / "accounts.csv").read_bytes())
    assert [row.row for row in rows] == [2, 3, 4, 5, 6, 7]
