"""From a cleared payment to a creditor's file and back: services, commands, files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import pytest

from server.ports import OfficeWork
from server.services.cash import count_cash
from server.services.closing import close_day
from server.services.imports import import_file
from server.services.money.deposits import deposit_branch_cash
from server.services.money.remittance import Draft, draft_batch, list_batches, number_batch
from server.services.money.remittance_file import BATCH_COLUMNS, batch_csv
from server.services.office import Office, Person
from server.services.verify import verify
from server.services.visits import assign_visit
from sync.operations.envelope import Actor
from sync.operations.field import CashHandedOver, DayEnded
from sync.operations.money import Provider, RemittanceRejected, SettlementLineImported
from sync.reconcile.ledger import balances
from tests.money.shop import pay_by_wallet
from tests.office.conftest import CASHIER, SUPERVISOR, TINY, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, bodies, refused, write
from tests.office.phone import Phone
from tests.office.test_commands import Shell, doorstep

__all__ = ["doorstep", "key_folder", "office", "tiny"]

ONE = "AG-YC-1"
NEXT = "2026-03-03"
CREDITOR = Person(user="li", roles=("creditor",))
BANK = "CR01"


@pytest.fixture
def day(tiny: Office) -> Office:
    """50.00 in cash, handed over and counted; 80.00 and 20.00 by wallet, order O1 and O2; 30.00 voided."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    phone = Phone(tiny, ONE)
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V1", "AC00001", "CU00001", 5_000)
    pay_by_wallet(phone, 8_000, "O1")
    pay_by_wallet(phone, 2_000, "O2")
    phone.write(CashHandedOver(amount_minor=5_000, currency="CNY"))
    phone.write(DayEnded(seq=6, receipt_last=3, receipts=3, cash_minor=0, currency="CNY", concluded=0))
    reconcile(tiny)
    write(tiny, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=5_000))
    reconcile(tiny)
    return tiny


def creditor_of(office: Office) -> str:
    """Whose account AC00001 is."""
    with office.store.read() as reader:
        return str((reader.aggregate("account:AC00001") or {})["creditor"])


def shown(office: Office, provider: Provider, order: str, amount_minor: int, *, number: int = 1) -> None:
    """A statement's line."""
    line = SettlementLineImported(
        statement=f"S-{provider}",
        line=number,
        provider=provider,
        order=order,
        amount_minor=amount_minor,
        currency="CNY",
        at_ms=1,
    )
    write(office, lambda w: w.append_office([OfficeWork(body=line, by=Actor("bai", "cashier"))]))
    reconcile(office)


def closed(office: Office) -> None:
    """The day is closed."""
    close_day(office.store, "YC", DAY, Actor("qian", "supervisor"))
    reconcile(office)


def draft(office: Office) -> Draft:
    """The next batch as it would be now."""
    with office.store.read() as reader:
        return draft_batch(reader, creditor_of(office), "CNY")


def whys(office: Office) -> dict[int, str]:
    """Amount → why it stays out, empty where it is in the batch."""
    found = draft(office)
    return {line.amount_minor: line.why for line in (*found.lines, *found.waiting)}


def cleared(office: Office) -> None:
    """Everything but O2 is closed, paid in, and on statements."""
    closed(office)
    write(office, lambda w: deposit_branch_cash(w, CASHIER, "YC", NEXT, 5_000, "CNY", "77"))
    reconcile(office)
    shown(office, "deposit", "77", 5_000)
    shown(office, "alipay", "O1", 8_000)


def test_money_is_cleared_step_by_step(day: Office) -> None:
    """Each step that lacks is named: the closing, the statement, the deposit on the bank's statement."""
    assert set(whys(day).values()) == {"day_open"}
    closed(day)
    assert whys(day) == {5_000: "not_banked", 8_000: "unconfirmed", 2_000: "unconfirmed"}
    shown(day, "alipay", "O1", 8_000)
    assert whys(day)[8_000] == ""
    write(day, lambda w: deposit_branch_cash(w, CASHIER, "YC", NEXT, 5_000, "CNY", "77"))
    reconcile(day)
    assert whys(day)[5_000] == "not_banked"
    shown(day, "deposit", "77", 4_999)
    assert whys(day)[5_000] == "not_banked"
    shown(day, "deposit", "77", 1, number=2)
    assert whys(day) == {5_000: "", 8_000: "", 2_000: "unconfirmed"}
    assert draft(day).amount_minor == 13_000


def test_a_batch_is_numbered_once_and_its_file_is_always_the_same(day: Office) -> None:
    """Number 1 holds what is cleared; what clears later is in number 2; a replay finds the same books."""
    cleared(day)
    creditor = creditor_of(day)
    first = number_batch(day.store, CASHIER, creditor, "CNY", NEXT)
    assert (first.number, first.lines, first.amount_minor) == (1, 2, 13_000)
    reconcile(day)
    with day.store.read() as reader:
        content = batch_csv(reader, creditor, 1)
        assert batch_csv(reader, creditor, 1) == content
        held = balances(reader.postings())
        with refused("NOT-FOUND", "batch 2"):
            batch_csv(reader, creditor, 2)
    assert hashlib.sha256(content).hexdigest() == first.lines_sha256
    rows = content.decode().split("\r\n")
    assert rows[0] == ",".join(BATCH_COLUMNS)
    assert len(rows) == 4
    assert f"{creditor},1,1,{NEXT},AC00001," in rows[1]
    assert held[f"remitted:{creditor}"] == {"CNY": 13_000}
    assert not {"bank:cash/YC", "bank:alipay", "deposited:YC", "branch_cash:YC"} & set(held)
    with refused("STATE-FORBIDS", "1 × no settlement statement shows it yet"):
        number_batch(day.store, CASHIER, creditor, "CNY", NEXT)
    shown(day, "alipay", "O2", 2_000, number=2)
    assert number_batch(day.store, CASHIER, creditor, "CNY", NEXT).number == 2
    reconcile(day)
    with day.store.read() as reader:
        assert [batch.number for batch in list_batches(reader, creditor)] == [1, 2]
        assert verify(reader).sound


def test_who_may_and_what_is_refused(day: Office) -> None:
    """Another role, an unknown creditor, another currency, a basis that is not the last."""
    cleared(day)
    creditor = creditor_of(day)
    with refused("ROLE-MISSING", "cashier"):
        number_batch(day.store, CREDITOR, creditor, "CNY", NEXT)
    with refused("NOT-FOUND", "nobody"):
        number_batch(day.store, CASHIER, "nobody", "CNY", NEXT)
    with refused("STATE-FORBIDS", "nothing is due"):
        number_batch(day.store, CASHIER, creditor, "USD", NEXT)
    with refused("ARGUMENT-WRONG", "XXX"):
        number_batch(day.store, CASHIER, creditor, "XXX", NEXT)
    with refused("STATE-STALE"):
        number_batch(day.store, CASHIER, creditor, "CNY", NEXT, basis="0" * 64)
    with day.store.read() as reader, refused("NOT-FOUND", "no batch"):
        list_batches(reader, creditor)


def sent_back(office: Office, *rows: str, header: str = "") -> bytes:
    """A creditor's file."""
    names = header or "creditor_id,batch,line,account_id,amount_minor,reason,note"
    return "\r\n".join([names, *(f"{creditor_of(office)},{row}" for row in rows), ""]).encode()


def test_rejections_are_imported_whole_or_not(day: Office) -> None:
    """Row and column of each fault; the line returns, repeating says nothing new, and it may be in the next batch."""
    cleared(day)
    creditor = creditor_of(day)
    number_batch(day.store, CASHIER, creditor, "CNY", NEXT)
    with day.store.read() as reader:
        rows = batch_csv(reader, creditor, 1).decode().split("\r\n")
    amount = int(rows[1].split(",")[5])
    good = f"1,1,AC00001,{amount},amount,try again"
    for row, words in (
        (f"1,9,AC00001,{amount},amount,", "row 3, line '9'"),
        (f"2,1,AC00001,{amount},amount,", "row 3, line '1'"),
        (f"1,2,AC00002,{amount},amount,", "row 3, account_id 'AC00002'"),
        ("1,2,AC00001,1,amount,", "row 3, amount_minor '1'"),
        (f"1,2,AC00001,{amount},lost,", "row 3, reason 'lost'"),
    ):
        with refused("IMPORT-MALFORMED", words):
            import_file(day, CREDITOR, "rejections", "rejections.csv", sent_back(day, good, row))
    assert bodies(day, RemittanceRejected) == []
    with refused("ROLE-MISSING", "creditor"):
        import_file(day, SUPERVISOR, "rejections", "rejections.csv", sent_back(day, good))
    assert import_file(day, CREDITOR, "rejections", "r.csv", sent_back(day, good), dry_run=True).new == 1
    assert import_file(day, CREDITOR, "rejections", "r.csv", sent_back(day, good)).new == 1
    assert import_file(day, CREDITOR, "rejections", "r.csv", sent_back(day, good)).same == 1
    with refused("IMPORT-MALFORMED", "rejected before: amount"):
        import_file(day, CREDITOR, "rejections", "r.csv", sent_back(day, good.replace(",amount,", ",other,")))
    reconcile(day)
    with day.store.read() as reader:
        (batch,) = list_batches(reader, creditor)
    assert (batch.rejected, batch.rejected_minor) == (1, amount)
    assert draft(day).amount_minor == amount


def account_row(office: Office, more: str, value: str) -> bytes:
    """The tiny world's accounts with another column, an hour later."""
    lines = (TINY / "accounts.csv").read_text("utf-8-sig").splitlines()
    found = [f"{lines[0]},{more}", f"{lines[1]},{value}"]
    column = lines[0].split(",").index("as_of")
    cells = found[1].split(",")
    cells[column] = "2026-03-05T06:00:00+08:00"
    return "\r\n".join([found[0], ",".join(cells), ""]).encode()


def test_a_statement_absorbs_only_batches_that_were_sent(day: Office) -> None:
    """A number beyond the last is a fault with row and column; the last one is taken over."""
    cleared(day)
    number_batch(day.store, CASHIER, creditor_of(day), "CNY", NEXT)
    reconcile(day)
    with refused("IMPORT-MALFORMED", "row 2, absorbs_through '2'", "sent 1 batches"):
        import_file(day, CREDITOR, "accounts", "accounts.csv", account_row(day, "absorbs_through", "2"))
    data = account_row(day, "absorbs_through,absorbs_references", "1,REF1;REF2")
    assert import_file(day, CREDITOR, "accounts", "accounts.csv", data).new == 1
    reconcile(day)
    with day.store.read() as reader:
        state = reader.aggregate("account:AC00001")
    assert state is not None
    assert (state["absorbed_minor"], state["remitted_minor"], state["absorbs_through"]) == (13_000, 13_000, 1)
    assert state["debt_left_minor"] == state["payoff_minor"] - 2_000


# -- commands
def test_remitting_by_command(doorstep: Shell, tmp_path: Path) -> None:
    """Drafts say why nothing can go; refusals are one line; rejections are a file like any other."""
    drafted = json.loads(doorstep.told("remit", "draft", BANK, "--json"))
    assert (drafted["number"], drafted["lines"], drafted["waiting"]) == (1, [], [])
    assert "batch 1 would be 0 lines, 0.00 CNY" in doorstep.told("remit", "draft", BANK, "--lang", "zh")
    file = tmp_path / "rejections.csv"
    file.write_text("creditor_id,batch,line,account_id,amount_minor,reason\nCR01,1,1,AC00001,1,amount\n")
    for arguments, code in (
        (("remit", "batch", BANK), "STATE-FORBIDS"),
        (("remit", "batch", "nobody"), "NOT-FOUND"),
        (("remit", "batch", BANK, "--day", "2026-02-30"), "ARGUMENT-WRONG"),
        (("remit", "batch", BANK, "--role", "creditor"), "ROLE-MISSING"),
        (("remit", "list", BANK), "NOT-FOUND"),
        (("remit", "csv", BANK, "1"), "NOT-FOUND"),
        (("refund", "authorise", "AC00001", "PAY-OVER"), "NOT-FOUND"),
        (("refund", "pay", "AC00001.R1", "--branch", "YC"), "NOT-FOUND"),
        (("refund", "pay", "nonsense", "--branch", "YC"), "NOT-FOUND"),
        (("import", str(file), "--role", "creditor"), "IMPORT-MALFORMED"),
    ):
        result = doorstep(*arguments)
        assert result.exit_code == 1, arguments
        assert result.stderr.startswith(f"{code}: "), result.output
        assert result.stderr.count("\n") == 1
    assert json.loads(doorstep.told("refund", "list", "AC00001", "--json")) == []


def test_a_batch_and_a_refund_by_command(day: Office, tmp_path: Path, key_folder: Path) -> None:
    """Numbered, listed, written to a file, sent back; what comes without an account is refunded by two people."""
    cleared(day)
    day.store.close()
    shutil.copytree(key_folder, tmp_path / "keys")
    shell = Shell(tmp_path)
    assert "2 lines, 130.00 CNY; 1 stay out" in shell.told("remit", "draft", BANK)
    assert shell.told("remit", "batch", BANK, "--day", NEXT) == "CR01 batch 1: 2 lines, 130.00 CNY\n"
    (batch,) = json.loads(shell.told("remit", "list", BANK, "--json"))
    file = tmp_path / "batch.csv"
    shell.told("remit", "csv", BANK, "1", "--out", str(file))
    content = file.read_bytes()
    assert hashlib.sha256(content).hexdigest() == batch["lines_sha256"]
    assert shell("remit", "csv", BANK, "1").stdout_bytes == content
    wallet = next(row for row in csv.DictReader(io.StringIO(content.decode())) if row["method"] == "alipay")
    back = tmp_path / "rejections.csv"
    row = f"CR01,1,{wallet['line']},AC00001,{wallet['amount_minor']},account_closed"
    back.write_text(f"creditor_id,batch,line,account_id,amount_minor,reason\n{row}\n")
    assert "1 rows, 1 new" in shell.told("import", str(back), "--role", "creditor", "--user", "li")
    decision = ("decide", "REMIT-REJECTED", "account:AC00001", "--outcome", "refund", "--amount", "8000")
    assert "refund" in shell.told(*decision, "--user", "qian")
    told = shell.told("refund", "authorise", "AC00001", "REMIT-REJECTED", "--user", "qian")
    assert told == "AC00001.R1: 80.00 CNY authorised\n"
    pay = ("refund", "pay", "AC00001.R1", "--branch", "YC", "--day", NEXT, "--provider", "alipay")
    assert shell(*pay, "--user", "qian").stderr.startswith("OWN-RECORD")
    assert shell.told(*pay, "--user", "bai") == "AC00001.R1: 80.00 CNY paid out of bank:alipay\n"
    assert "paid" in shell.told("refund", "list", "AC00001")
    assert "sound" in shell.told("verify")
