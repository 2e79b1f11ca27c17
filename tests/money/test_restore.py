"""Money after a restore: nothing is closed, numbered or paid until what stands outside has its place again."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from server.keys import load_keys
from server.services.closing import close_day, obstacles_of
from server.services.money.closing_statement import ClosingStatement, closing_statement
from server.services.money.refunds import RefundLine, authorise_refund, pay_refund
from server.services.money.remittance import draft_batch, list_batches, number_batch
from server.services.money.remittance_file import batch_csv
from server.services.office import Office
from server.services.restore import declare_rollback
from server.services.restore.batches import take_back_batch
from server.services.restore.closings import chain_end, present_closing
from server.services.restore.confirming import RestoreWord, confirm_restore, confirm_revocations
from server.services.restore.refunds import take_back_refund
from server.services.restore.status import restore_status
from server.services.verify import verify
from server.store.sqlite import SqliteStore
from sync.encoding import sha256_hex
from sync.operations.envelope import Actor
from sync.operations.office import DayClosed
from sync.reconcile.ledger import balances
from tests.money.test_remittance_commands import BANK, NEXT, cleared, closed, creditor_of, day, shown
from tests.office.conftest import ADMIN, CASHIER, SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, bodies, refused, write
from tests.office.test_commands import Shell, doorstep

__all__ = ["day", "doorstep", "key_folder", "office", "tiny"]

SECOND = "sun"


class Restored:
    """An office whose database was set back to before its day was closed and its first batch was numbered."""

    def __init__(self, before: Office, folder: Path, keys: Path) -> None:
        source = sqlite3.connect(folder / "doorstep.db")
        copy = sqlite3.connect(folder / "copy.db")
        source.backup(copy)
        source.close()
        copy.close()
        cleared(before)
        number_batch(before.store, CASHIER, creditor_of(before), "CNY", NEXT)
        reconcile(before)
        with before.store.read() as reader:
            self.statement = msgspec.json.encode(closing_statement(reader, before.keys, "YC", DAY))
            self.file = batch_csv(reader, creditor_of(before), 1)
            self.books = balances(reader.postings())
        found = load_keys(keys)
        self.folder = folder / "restored"
        self.folder.mkdir()
        shutil.copy(folder / "copy.db", self.folder / "doorstep.db")
        store = SqliteStore(self.folder / "doorstep.db", found, before.clock)
        store.open_office("again", found.office[-1].public, found.office[-1].id)
        self.office = msgspec.structs.replace(before, store=store)
        self.now_ms = before.clock.now_ms()
        reconcile(self.office)

    def declare(self) -> None:
        """Somebody says so."""
        write(self.office, lambda w: declare_rollback(w, ADMIN, "the disk died", self.now_ms, "f" * 16))
        reconcile(self.office)

    def confirm(self, *, lost: tuple[str, ...] = (), last: int = 1, **others: int) -> None:
        """Revocations, then what is missing."""
        word = RestoreWord(missing="a day", batches={BANK: last} | others, lost=lost)
        with self.office.store.read() as reader:
            waiting = restore_status(reader).downloads_wait
        if waiting:
            write(self.office, lambda w: confirm_revocations(w, SUPERVISOR, 0, self.now_ms))
            reconcile(self.office)
        write(self.office, lambda w: confirm_restore(w, SUPERVISOR, SECOND, word, self.now_ms))
        reconcile(self.office)


@pytest.fixture
def restored(day: Office, tmp_path: Path, key_folder: Path) -> Iterator[Restored]:
    """Set back, and nobody noticed yet."""
    found = Restored(day, tmp_path, key_folder)
    yield found
    found.office.store.close()


def refusal_of_closing(office: Office) -> list[str]:
    """Codes of what is in the way of the day's closing."""
    with office.store.read() as reader:
        return [obstacle.code for obstacle in obstacles_of(reader, "YC", DAY)]


def test_closings_batches_and_refunds_wait(restored: Restored) -> None:
    """Each says why in its own way; carrying the obstacle forward is no way around; before a notice nothing waits."""
    office = restored.office
    assert "RESTORE-UNCONFIRMED" not in refusal_of_closing(office)
    restored.declare()
    assert refusal_of_closing(office) == ["RESTORE-UNCONFIRMED"]
    name = "RESTORE-UNCONFIRMED|restore:office"
    with refused("CLOSING-REFUSED", name, "two persons"):
        close_day(office.store, "YC", DAY, Actor("qian", "supervisor"))
    with refused("CLOSING-REFUSED", name):
        close_day(office.store, "YC", DAY, Actor("qian", "supervisor"), SECOND, [name])
    with refused("RESTORE-UNCONFIRMED", "the next batch"):
        number_batch(office.store, CASHIER, creditor_of(office), "CNY", NEXT)
    with refused("RESTORE-UNCONFIRMED", "a refund"):
        write(office, lambda w: authorise_refund(w, SUPERVISOR, "AC00001", "PAY-OVER"))
    with refused("RESTORE-UNCONFIRMED", "a refund"):
        pay_refund(office.store, CASHIER, "AC00001.R1", "YC", NEXT)
    with office.store.read() as reader:
        assert draft_batch(reader, creditor_of(office), "CNY").number == 1


def test_a_kept_closing_keeps_its_place_and_its_day_is_closed_again(restored: Restored) -> None:
    """The next one has the next number and names it; its statement names the kept one's digest."""
    office = restored.office
    restored.declare()
    kept = write(office, lambda w: present_closing(w, ADMIN, restored.statement))
    assert write(office, lambda w: present_closing(w, SUPERVISOR, restored.statement)) == kept
    reconcile(office)
    signed = msgspec.json.decode(restored.statement)
    restored.confirm(last=0)
    closed(office)
    (again,) = bodies(office, DayClosed)
    assert (again.number, again.before, again.service_day) == (2, signed["payload"]["closing"], DAY)
    with office.store.read() as reader:
        statement = msgspec.json.decode(
            closing_statement(reader, office.keys, "YC", DAY).payload, type=ClosingStatement
        )
        status = restore_status(reader)
        found = verify(reader, shuffle=5, from_closing=True)
    payload = restored.statement.partition(b'"payload":')[2].rpartition(b',"signature"')[0]
    assert statement.before == sha256_hex(payload)
    assert statement.number == 2
    assert statement.balances == signed["payload"]["balances"]
    assert [(item.branch, item.number) for item in status.closings] == [("YC", 1)]
    assert found.faults == ()


def test_a_closing_presented_too_late_still_takes_its_number(restored: Restored) -> None:
    """The office closed again under the same number: both are kept, and the next closing goes on from ours."""
    office = restored.office
    restored.declare()
    restored.confirm(last=0)
    closed(office)
    (ours,) = bodies(office, DayClosed)
    assert ours.number == 1
    with office.store.read() as reader:
        own = reader.aggregate_head("branch:YC")
    write(office, lambda w: present_closing(w, ADMIN, restored.statement))
    reconcile(office)
    with office.store.read() as reader:
        end = chain_end(reader, "YC")
    assert (end.number, end.closing) == (1, own)


def test_only_our_own_forgotten_closings_are_kept(restored: Restored, day: Office) -> None:
    """Not a changed one, not one that is here, not any bytes, not from any role."""
    office = restored.office
    with refused("SIGNATURE-WRONG"):
        write(office, lambda w: present_closing(w, ADMIN, restored.statement.replace(b'"number":1', b'"number":3')))
    with refused("ARGUMENT-WRONG", "not a closing statement"):
        write(office, lambda w: present_closing(w, ADMIN, b"{}"))
    with refused("ROLE-MISSING"):
        write(office, lambda w: present_closing(w, CASHIER, restored.statement))
    with refused("STATE-FORBIDS", "is in this database"):
        write(day, lambda w: present_closing(w, ADMIN, restored.statement))


def test_a_batch_that_the_creditor_has_is_taken_back_and_not_sent_again(restored: Restored) -> None:
    """To the byte, under its number; then its money is not due any more and the next number is free."""
    office, creditor = restored.office, creditor_of(restored.office)
    with refused("STATE-FORBIDS", "only after a restore"):
        take_back_batch(office.store, CASHIER, restored.file)
    restored.declare()
    with refused("STATE-FORBIDS", f"{creditor}/1 is with its creditor"):
        restored.confirm()
    batch = take_back_batch(office.store, CASHIER, restored.file)
    assert (batch.number, batch.lines, batch.amount_minor) == (1, 2, 13_000)
    reconcile(office)
    with refused("STATE-FORBIDS", "is in this database"):
        take_back_batch(office.store, CASHIER, restored.file)
    restored.confirm()
    with office.store.read() as reader:
        assert batch_csv(reader, creditor, 1) == restored.file
    cleared(office)
    with office.store.read() as reader:
        assert draft_batch(reader, creditor, "CNY").number == 2
        assert balances(reader.postings()) == restored.books
        assert verify(reader, shuffle=3).faults == ()
    with refused("STATE-FORBIDS", "nothing can be passed on"):
        number_batch(office.store, CASHIER, creditor, "CNY", NEXT)
    shown(office, "alipay", "O2", 2_000, number=2)
    assert number_batch(office.store, CASHIER, creditor, "CNY", NEXT).number == 2


def test_a_batch_given_up_uses_its_number_up(restored: Restored) -> None:
    """By name, and only one that is missing; the list goes on without it."""
    office, creditor = restored.office, creditor_of(restored.office)
    restored.declare()
    with refused("ARGUMENT-WRONG", "is not missing"):
        restored.confirm(lost=(f"{creditor}/1", f"{creditor}/4"), last=3)
    with refused("STATE-FORBIDS", f"{creditor}/2, {creditor}/3 is with"):
        restored.confirm(lost=(f"{creditor}/1",), last=3)
    with refused("ARGUMENT-WRONG", f"ask {creditor}"):
        write(office, lambda w: confirm_restore(w, SUPERVISOR, SECOND, RestoreWord(missing="x"), restored.now_ms))
    restored.confirm(lost=tuple(f"{creditor}/{n}" for n in (1, 2, 3)), last=3)
    cleared(office)
    assert number_batch(office.store, CASHIER, creditor, "CNY", NEXT).number == 4
    reconcile(office)
    with office.store.read() as reader:
        assert [batch.number for batch in list_batches(reader, creditor)] == [4]
        assert verify(reader).faults == ()
    restored.declare()
    restored.confirm(last=4)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"CNY", b"USD", "IMPORT-MALFORMED"),
        (b"5000,", b"5001,", "IMPORT-MALFORMED"),
        (b"AC00001", b"AC9", "IMPORT-MALFORMED"),
        (b"alipay", b"wechat", "IMPORT-MALFORMED"),
        (b",1,1,", b",1,9,", "IMPORT-MALFORMED"),
        (b",1,1,", b",0,1,", "IMPORT-MALFORMED"),
        (b",1,1,", b",x,1,", "IMPORT-MALFORMED"),
        (b"creditor_id", b"creditor", "IMPORT-MALFORMED"),
        (b"\r\n", b"\n", "IMPORT-MALFORMED"),
        (b"/1/1", b"/1/99", "NOT-FOUND"),
        (b"YC", b"\xff", "IMPORT-MALFORMED"),
    ],
)
def test_another_file_is_not_a_batch_of_ours(restored: Restored, old: bytes, new: bytes, code: str) -> None:
    """What is not what we would write of the very payments is refused, and nothing is journaled."""
    restored.declare()
    changed = restored.file.replace(old, new)
    assert changed != restored.file
    with refused(code):
        take_back_batch(restored.office.store, CASHIER, changed)
    with refused("IMPORT-MALFORMED"):
        take_back_batch(restored.office.store, CASHIER, restored.file.partition(b"\r\n")[0] + b"\r\n")
    with refused("ROLE-MISSING"):
        take_back_batch(restored.office.store, ADMIN, restored.file)


def test_a_forgotten_refund_is_authorised_again_under_its_name(restored: Restored) -> None:
    """By two persons, while the restore waits; a third enters its payment; later names differ from all before."""
    office = restored.office

    def take_back(second: str, name: str = "AC00001.R1") -> RefundLine:
        return write(office, lambda w: take_back_refund(w, SUPERVISOR, second, name, 1_000, "CNY", "credit"))

    with refused("STATE-FORBIDS", "only after a restore"):
        take_back(SECOND)
    restored.declare()
    with refused("TWO-PERSONS"):
        take_back("")
    with refused("NOT-FOUND"):
        take_back(SECOND, "AC9.R1")
    with refused("ARGUMENT-WRONG", "ACCOUNT.R1"):
        take_back(SECOND, "AC00001")
    line = take_back(SECOND)
    assert (line.refund, line.status) == ("AC00001.R1", "authorised")
    reconcile(office)
    with refused("STATE-FORBIDS", "is in this database"):
        take_back(SECOND)
    restored.confirm(lost=(f"{BANK}/1",))
    closed(office)
    assert pay_refund(office.store, CASHIER, "AC00001.R1", "YC", NEXT).status == "paid"
    reconcile(office)
    with office.store.read() as reader:
        assert verify(reader).faults == ()


def test_a_restore_by_command(restored: Restored, key_folder: Path, tmp_path: Path) -> None:
    """Declared, looked at, taken back, presented, confirmed; each refusal is one line."""
    restored.office.store.close()
    shutil.copytree(key_folder, restored.folder / "keys")
    shell = Shell(restored.folder)
    file, kept = tmp_path / "batch.csv", tmp_path / "kept.json"
    file.write_bytes(restored.file)
    kept.write_bytes(restored.statement)
    assert "never set back" in shell.told("restore", "status")
    for arguments, code in (
        (("batch", str(file)), "STATE-FORBIDS"),
        (("closing", str(tmp_path / "no")), "FILE-UNREADABLE"),
        (("revocations", "--revoked", "0"), "STATE-FORBIDS"),
        (("confirm", "--missing", "x", "--second", "sun"), "STATE-FORBIDS"),
        (("confirm", "--missing", "x", "--second", "sun", "--batch", "CR01"), "ARGUMENT-WRONG"),
        (("refund", "AC00001.R1", "--amount", "5", "--second", "sun"), "STATE-FORBIDS"),
    ):
        result = shell("restore", *arguments)
        assert result.exit_code == 1, arguments
        assert result.stderr.startswith(f"{code}: "), result.output
    assert "see doorstep restore status" in shell.told("restore", "declare", "--reason", "backup of noon")
    told = shell.told("restore", "status")
    assert "set back, noticed 2" in told
    assert "backup of noon" in told
    assert "documents: wait" in told
    assert "closings, batches and refunds: wait" in told
    assert "RESTORE-UNCONFIRMED" in shell("remit", "batch", BANK).stderr
    assert "documents go out" in shell.told("restore", "revocations", "--revoked", "0")
    assert shell.told("restore", "batch", str(file)) == "CR01 batch 1 is back: 2 lines, 130.00 CNY\n"
    assert shell.told("restore", "closing", str(kept)).startswith("kept, ")
    refund = ("restore", "refund", "AC00001.R1", "--amount", "1000", "--second", "sun", "--user", "qian")
    assert shell.told(*refund) == "AC00001.R1 is back: 10.00 CNY authorised\n"
    confirm = ("restore", "confirm", "--missing", "two hours", "--batch", "CR01=1", "--user", "qian")
    assert shell(*confirm, "--second", "qian").stderr.startswith("TWO-PERSONS")
    assert shell.told(*confirm, "--second", "sun").startswith("confirmed with sun")
    told = shell.told("restore", "status")
    assert "go out, confirmed" in told
    assert "CR01: batches up to 1\n" in told
    assert "kept: closing 1 of YC for 2026-03-02" in told
    assert msgspec.json.decode(shell.told("restore", "status", "--json"))["books_wait"] is False
    shell.told("close", "YC", DAY)
    # A refund that is authorised from now on bears another name than any of the forgotten time.
    rows = csv.DictReader(io.StringIO(restored.file.decode()))
    wallet = next(row for row in rows if row["method"] == "alipay")
    back = tmp_path / "rejections.csv"
    row = f"CR01,1,{wallet['line']},AC00001,{wallet['amount_minor']},account_closed"
    back.write_text(f"creditor_id,batch,line,account_id,amount_minor,reason\n{row}\n")
    shell.told("import", str(back), "--role", "creditor", "--user", "li")
    shell.told(
        "decide", "REMIT-REJECTED", "account:AC00001", "--outcome", "refund", "--amount", "2000", "--user", "qian"
    )
    told = shell.told("refund", "authorise", "AC00001", "REMIT-REJECTED", "--user", "qian")
    assert re.fullmatch(r"AC00001\.R2-[0-9a-f]{6}: 20\.00 CNY authorised\n", told), told
    assert "sound" in shell.told("verify", "--from-closing")
