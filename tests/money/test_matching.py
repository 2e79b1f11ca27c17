"""Matching by rule and by hand, deadlines, and branch deposits, in a real store."""

from __future__ import annotations

from functools import partial

import pytest

from server.intake.settlements import StatementRow
from server.limits import SETTLEMENT_DEADLINE_MS
from server.ports import Writer
from server.services.cash import count_cash
from server.services.closing import close_day
from server.services.money import (
    deposit_branch_cash,
    import_statement,
    match_by_hand,
    match_by_rule,
    proposals,
    sweep_settlements,
)
from server.services.office import Office
from server.services.packs import issue_pack
from server.services.verify import verify
from sync.operations.envelope import Actor
from sync.operations.field import DayEnded
from sync.operations.money import SettlementMatched, SettlementOverdue
from tests.money.shop import pay_by_wallet
from tests.office.conftest import ADMIN, CASHIER, MORNING_MS, SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, bodies, refused, write
from tests.office.phone import Phone

__all__ = ["key_folder", "office", "tiny"]

ONE = "AG-YC-1"
MINUTE_MS = 60_000


@pytest.fixture
def phone(tiny: Office) -> Phone:
    """An agent under way."""
    write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY))
    return Phone(tiny, ONE)


def lines(office: Office, *found: tuple[str, int, int, str], name: str = "S1") -> None:
    """Lines of (order, amount, minutes after the morning, hint)."""
    rows = [
        StatementRow(
            row=place + 1,
            line=place,
            order=order,
            amount_minor=amount,
            currency="CNY",
            at_ms=MORNING_MS + minutes * MINUTE_MS,
            reversed=False,
            payer_hint=hint,
        )
        for place, (order, amount, minutes, hint) in enumerate(found, start=1)
    ]
    import_statement(office, CASHIER, "s.csv", "alipay", name, rows)
    reconcile(office)


def sound(office: Office) -> bool:
    """Whether the store agrees with a replay of its journals."""
    reconcile(office)
    with office.store.read() as reader:
        return verify(reader, shuffle=5).sound


def test_the_only_pair_that_fits_is_matched_by_rule(tiny: Office, phone: Phone) -> None:
    """Same amount within minutes: 75 %; the account named as well: 100 %. The books follow, and replay agrees."""
    series = pay_by_wallet(phone, 30_000)
    reconcile(tiny)
    lines(tiny, ("O1", 30_000, 5, "00001"), ("O2", 30_001, 5, ""))
    with tiny.store.read() as reader:
        (pair,) = proposals(reader)
    assert (pair.order, pair.series, pair.confidence, pair.certain) == ("O1", series, 100, True)
    assert match_by_rule(tiny.store) == 1
    assert match_by_rule(tiny.store) == 0
    assert sound(tiny)
    assert [body.means for body in bodies(tiny, SettlementMatched)] == ["amount_time_account"]
    with tiny.store.read() as reader:
        state = reader.aggregate("settlement:alipay/O1")
        assert state is not None
        assert (state["agrees"], state["confidence"]) == (True, 100)
        assert proposals(reader) == []


def test_what_fits_twice_or_far_apart_is_left_to_people(tiny: Office, phone: Phone) -> None:
    """Two equal lines, or one half a day away: proposed with confidence, matched by nobody but a person."""
    series = pay_by_wallet(phone, 30_000)
    reconcile(tiny)
    lines(tiny, ("O1", 30_000, 5, ""), ("O2", 30_000, 6, ""), ("O3", 30_000, 700, ""))
    with tiny.store.read() as reader:
        found = proposals(reader)
    assert [(pair.order, pair.confidence, pair.certain) for pair in found] == [
        ("O1", 75, False),
        ("O2", 75, False),
        ("O3", 50, False),
    ]
    assert match_by_rule(tiny.store) == 0
    write(tiny, lambda w: match_by_hand(w, CASHIER, "alipay", "O2", series))
    assert sound(tiny)
    with tiny.store.read() as reader:
        state = reader.aggregate("settlement:alipay/O2")
        assert state is not None
        assert (state["means"], state["agrees"]) == ("person", True)


def _match(order: str, series: str, writer: Writer) -> str:
    return match_by_hand(writer, CASHIER, "alipay", order, series)


def test_a_match_is_refused_where_there_is_nothing_or_it_is_taken(tiny: Office, phone: Phone) -> None:
    """Unknown orders and receipts, what is matched or claimed already, the wrong role, an old basis."""
    series = pay_by_wallet(phone, 30_000)
    own = pay_by_wallet(phone, 5_000, "O9")
    reconcile(tiny)
    lines(tiny, ("O1", 30_000, 5, ""), ("O2", 1, 5, ""), ("O9", 5_000, 5, ""))
    for order, receipt, code, word in (
        ("O7", series, "NOT-FOUND", "O7"),
        ("O1", "ff/1/1", "NOT-FOUND", "ff/1/1"),
        ("O1", own, "NOT-FOUND", own),
        ("O9", series, "STATE-FORBIDS", own),
    ):
        with refused(code, word):
            write(tiny, partial(_match, order, receipt))
    with refused("ROLE-MISSING"):
        write(tiny, lambda w: match_by_hand(w, ADMIN, "alipay", "O1", series))
    with refused("STATE-STALE"):
        write(tiny, lambda w: match_by_hand(w, SUPERVISOR, "alipay", "O1", series, basis="0" * 64))
    write(tiny, lambda w: match_by_hand(w, SUPERVISOR, "alipay", "O1", series))
    with refused("STATE-FORBIDS", "matched already"):
        write(tiny, lambda w: match_by_hand(w, SUPERVISOR, "alipay", "O2", series))


def test_the_deadline_is_written_once_for_what_found_no_counterpart(tiny: Office, phone: Phone) -> None:
    """A claim and a line without each other; not before the deadline, not twice, not for what agrees."""
    pay_by_wallet(phone, 30_000, "O1")
    pay_by_wallet(phone, 5_000, "O2")
    reconcile(tiny)
    lines(tiny, ("O2", 5_000, 1, ""), ("O3", 7_000, 1, ""))
    assert sweep_settlements(tiny.store, MORNING_MS + MINUTE_MS, SETTLEMENT_DEADLINE_MS, 100) == 0
    late = MORNING_MS + SETTLEMENT_DEADLINE_MS + 60 * MINUTE_MS
    assert sweep_settlements(tiny.store, late, SETTLEMENT_DEADLINE_MS, 100) == 2
    assert sweep_settlements(tiny.store, late, SETTLEMENT_DEADLINE_MS, 100) == 0
    assert sound(tiny)
    assert sweep_settlements(tiny.store, late, SETTLEMENT_DEADLINE_MS, 100) == 0
    assert [body.settlement for body in bodies(tiny, SettlementOverdue)] == ["alipay/O1", "alipay/O3"]
    with tiny.store.read() as reader:
        found = reader.discrepancies(rule="WALLET-UNMATCHED", open_only=True)
    assert [item.subject for item in found] == ["settlement:alipay/O1", "settlement:alipay/O3"]


def test_a_branch_pays_in_no_more_than_was_counted_and_each_slip_once(tiny: Office, phone: Phone) -> None:
    """Counted 300.00: 200.00 are paid in, then 100.01 are not there, and a slip is no slip twice."""
    write(tiny, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=30_000))
    reconcile(tiny)

    def deposit(amount: int, slip: str, branch: str = "YC") -> int:
        return write(tiny, lambda w: deposit_branch_cash(w, CASHIER, branch, DAY, amount, "CNY", slip)).left_minor

    assert deposit(20_000, "77") == 10_000
    with refused("STATE-FORBIDS", "slip '77'"):
        deposit(1, "77")
    with refused("STATE-FORBIDS", "100.00 CNY", "100.01 CNY"):
        deposit(10_001, "78")
    with refused("NOT-FOUND", "XX"):
        deposit(1, "79", "XX")
    with refused("ARGUMENT-WRONG", "slip"):
        deposit(1, " ")
    with refused("ROLE-MISSING"):
        write(tiny, lambda w: deposit_branch_cash(w, SUPERVISOR, "YC", DAY, 1, "CNY", "80"))
    with refused("STATE-STALE"):
        write(tiny, lambda w: deposit_branch_cash(w, CASHIER, "YC", DAY, 1, "CNY", "80", basis="0" * 64))
    assert deposit(10_000, "78") == 0
    assert sound(tiny)


def test_a_closed_day_takes_no_deposit(tiny: Office, phone: Phone) -> None:
    """After the closing the cash is paid in on the next day."""
    write(tiny, lambda w: count_cash(w, CASHIER, ONE, DAY, "CNY", amount_minor=30_000))
    phone.write(DayEnded(seq=1, receipt_last=0, receipts=0, cash_minor=0, currency="CNY", concluded=0))
    reconcile(tiny)
    close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"))
    reconcile(tiny)
    with refused("STATE-FORBIDS", "closed through"):
        write(tiny, lambda w: deposit_branch_cash(w, CASHIER, "YC", DAY, 1, "CNY", "80"))
    write(tiny, lambda w: deposit_branch_cash(w, CASHIER, "YC", "2026-03-03", 30_000, "CNY", "80"))
    assert sound(tiny)
