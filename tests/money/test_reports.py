"""Reports and the signed statement of a closing, over a small day."""

from __future__ import annotations

import msgspec
import pytest

from server.services.cash import count_cash
from server.services.closing import close_day
from server.services.money.closing_statement import (
    ClosingStatement,
    check_closing_statement,
    closing_statement,
)
from server.services.money.report_titles import TITLES
from server.services.money.reports import (
    COLUMNS,
    Report,
    agent_report,
    receipts_report,
    remittance_report,
    trial_balance,
)
from server.services.office import Office
from server.services.visits import assign_visit
from sync.encoding import sha256_hex
from sync.messages import Signed
from sync.operations.envelope import Actor
from sync.operations.field import CashHandedOver, DayEnded
from sync.reconcile.places import PLACE_FAMILIES, PLACE_FAMILIES_ZH
from tests.money.shop import pay_by_wallet
from tests.office.conftest import CASHIER, SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, refused, write
from tests.office.phone import Phone

__all__ = ["key_folder", "office", "tiny"]

ONE = "AG-YC-1"
NEXT = "2026-03-03"


@pytest.fixture
def day(tiny: Office) -> Office:
    """50.00 in cash, handed over and counted; 80.00 by wallet; receipt 3 was drawn and never recorded."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    phone = Phone(tiny, ONE)
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V1", "AC00001", "CU00001", 5_000)
    pay_by_wallet(phone, 8_000, "O1")
    phone.receipt(1, "AC00001")
    phone.write(CashHandedOver(amount_minor=5_000, currency="CNY"))
    phone.write(DayEnded(seq=5, receipt_last=3, receipts=2, cash_minor=0, currency="CNY", concluded=0))
    reconcile(tiny)
    write(tiny, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=4_900))
    reconcile(tiny)
    return tiny


def test_the_trial_balance_balances(day: Office) -> None:
    """Every place with its meaning; debits equal credits; one branch's own are no more than all."""
    with day.store.read() as reader:
        found, branch, other = trial_balance(reader), trial_balance(reader, "YC"), trial_balance(reader, "XX")
    assert sum(row["debit_minor"] for row in found.rows) == sum(row["credit_minor"] for row in found.rows) > 0
    balances = {row["place"]: row["balance_minor"] for row in found.rows if row["balance_minor"]}
    assert balances == {
        "branch_cash:YC": 4_900,
        "clearing:alipay": 8_000,
        "debt:AC00001": -13_000,
        f"over_short:{ONE}": 100,
    }
    assert all(row["meaning"] and list(row) == list(found.columns) for row in found.rows)
    assert (branch.rows, other.rows, found.pending) == (found.rows, [], 0)


def test_an_agents_days_show_their_equations(day: Office) -> None:
    """One row for each day and currency within the days asked for; an unknown agent is refused."""
    with day.store.read() as reader:
        (row,) = agent_report(reader, ONE).rows
        assert agent_report(reader, ONE, NEXT).rows == []
        assert agent_report(reader, ONE, "", "2026-03-01").rows == []
        with refused("NOT-FOUND", "AG-9"):
            agent_report(reader, "AG-9")
    assert (row["service_day"], row["collected"], row["handed_over"], row["counted"], row["over_short"]) == (
        DAY, 5_000, 5_000, 4_900, -100,
    )  # fmt: skip
    assert row["closed"] is False


def test_what_is_due_to_a_creditor_stands_by_account(day: Office) -> None:
    """Both payments reduce one account of the creditor; another creditor has nothing."""
    with day.store.read() as reader:
        found = remittance_report(reader)
        (row,) = found.rows
        assert remittance_report(reader, row["creditor"]).rows == [row]
        assert remittance_report(reader, "nobody").rows == []
    assert (row["account"], row["reduced_minor"], row["credit_minor"], row["payments"]) == ("AC00001", 13_000, 0, 2)
    assert row["creditor"]
    assert (row["remitted_minor"], row["due_minor"], row["waiting_minor"]) == (0, 13_000, 0)


def test_every_column_and_place_has_a_name_in_both_languages() -> None:
    """A report in Chinese says what it shows, and no name is left over."""
    assert {column for columns in COLUMNS.values() for column in columns} == set(TITLES)
    assert all(english and chinese and english != chinese for english, chinese in TITLES.values())
    assert set(PLACE_FAMILIES) == set(PLACE_FAMILIES_ZH)


def test_receipt_numbers_that_nothing_carries_are_listed(day: Office) -> None:
    """The third number was declared and never recorded."""
    with day.store.read() as reader:
        found: Report = receipts_report(reader, ONE)
        with refused("NOT-FOUND", "AG-9"):
            receipts_report(reader, "AG-9")
    assert [(row["epoch"], row["number"], row["state"]) for row in found.rows] == [(1, 3, "missing")]


def test_a_closings_statement_is_signed_chained_and_always_the_same(day: Office) -> None:
    """The second names the first by its payload's hash; both are made again with the same bytes."""
    with day.store.read() as reader, refused("NOT-FOUND", DAY):
        closing_statement(reader, day.keys, "YC", DAY)
    close_day(day.store, "YC", DAY, Actor("qian", "supervisor"))
    reconcile(day)
    with day.store.read() as reader:
        first = closing_statement(reader, day.keys, "YC", DAY)
        found = check_closing_statement(reader, msgspec.json.encode(first))
    assert (found.number, found.before, found.by, found.agents) == (1, "", "qian", (ONE,))
    assert found.balances["branch_cash:YC"] == {"CNY": 4_900}
    assert [head.seq for head in found.heads] == [5]
    phone = Phone(day, ONE, 2, day=NEXT)
    phone.write(DayEnded(seq=1, receipt_last=0, receipts=0, cash_minor=0, currency="CNY", concluded=0))
    reconcile(day)
    close_day(day.store, "YC", NEXT, Actor("qian", "supervisor"))
    reconcile(day)
    with day.store.read() as reader:
        second = closing_statement(reader, day.keys, "YC", NEXT)
        assert bytes(closing_statement(reader, day.keys, "YC", DAY).payload) == bytes(first.payload)
    assert msgspec.json.decode(second.payload, type=ClosingStatement).before == sha256_hex(bytes(first.payload))


def test_a_changed_statement_is_not_ours(day: Office) -> None:
    """An amount, a key or other bytes: refused each with its reason."""
    close_day(day.store, "YC", DAY, Actor("qian", "supervisor"))
    with day.store.read() as reader:
        signed = closing_statement(reader, day.keys, "YC", DAY)
        forged = Signed(
            payload=msgspec.Raw(bytes(signed.payload).replace(b"4900", b"4800")),
            signature=signed.signature,
            key=signed.key,
        )
        with refused("SIGNATURE-WRONG", "does not verify"):
            check_closing_statement(reader, msgspec.json.encode(forged))
        stranger = Signed(payload=signed.payload, signature=signed.signature, key="0" * 16)
        with refused("SIGNATURE-WRONG", "no office key"):
            check_closing_statement(reader, msgspec.json.encode(stranger))
        with refused("ARGUMENT-WRONG", "not a closing statement"):
            check_closing_statement(reader, b"{}")
