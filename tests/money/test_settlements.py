"""Settlement lines beside the payments that claim them."""

from __future__ import annotations

import pytest

from sync.operations.field import CashDeposited
from sync.operations.money import (
    BranchCashDeposited,
    Provider,
    SettlementLineImported,
    SettlementMatched,
    SettlementOverdue,
)
from sync.operations.office import CashCounted
from sync.receipt import read_receipt
from sync.reconcile.ledger import balances, imbalances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, START_MS, World, account_of, found, receipt_of, same_in_any_order, sentences


def line(
    world: World,
    amount_minor: int = 30_000,
    *,
    order: str = "O1",
    provider: Provider = "alipay",
    back: bool = False,
    statement: str = "S1",
    number: int = 1,
) -> None:
    """One line of a statement."""
    world.office(
        SettlementLineImported(
            statement=statement,
            line=number,
            provider=provider,
            order=order,
            amount_minor=amount_minor,
            currency="CNY",
            at_ms=START_MS,
            reversed=back,
        ),
        role="cashier",
    )


def overdue(world: World, settlement: str = "alipay/O1") -> None:
    """The deadline passed."""
    world.office(SettlementOverdue(settlement=settlement, deadline_ms=world.now_ms))


def pay(phone: Phone, amount_minor: int = 30_000, *, order: str = "O1", cheque: str = "") -> str:
    """A wallet payment (or a cheque) at the door; its receipt series."""
    phone.check()
    entry = phone.collect(amount_minor, method="cheque" if cheque else "alipay", provider_order=order, cheque=cheque)
    phone.sync()
    return read_receipt(receipt_of(entry)).body.series


def test_a_claimed_payment_waits_in_clearing(world: World, phone: Phone) -> None:
    """No line yet: information, nobody decides, the debt is reduced."""
    pay(phone)
    result = same_in_any_order(world)
    waiting = found(result, "PAY-UNCONFIRMED")
    assert waiting is not None
    assert (waiting.severity, waiting.open, waiting.subject) == ("info", False, "settlement:alipay/O1")
    sentences(waiting)
    assert balances(result.postings) == {"clearing:alipay": {"CNY": 30_000}, "debt:A1": {"CNY": -30_000}}


@pytest.mark.parametrize("line_first", [True, False])
def test_a_line_with_the_providers_order_confirms_the_payment(world: World, phone: Phone, line_first: bool) -> None:
    """Whichever comes first: the money is in the bank and nothing is left to say."""
    if line_first:
        line(world)
    pay(phone)
    if not line_first:
        line(world)
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings) == {"bank:alipay": {"CNY": 30_000}, "debt:A1": {"CNY": -30_000}}
    state = result.outcomes["settlement:alipay/O1"].state
    assert (state["agrees"], state["confidence"], state["means"], state["waiting_since_ms"]) == (True, 100, "order", 0)


def test_cash_has_no_settlement(world: World, phone: Phone) -> None:
    """Cash is never unconfirmed."""
    phone.check()
    phone.collect(1_000)
    phone.sync()
    assert not [key for key in same_in_any_order(world).outcomes if key.startswith("settlement:")]


def test_the_same_line_in_two_statements_counts_once_and_twice_in_one_counts_twice(world: World, phone: Phone) -> None:
    """Overlapping statements say the same again; one statement with two equal lines means two."""
    pay(phone, 60_000)
    line(world)
    line(world, statement="S2", number=7)
    assert balances(world.replay().postings)["bank:alipay"] == {"CNY": 30_000}
    line(world, statement="S2", number=8)
    result = same_in_any_order(world)
    assert balances(result.postings)["bank:alipay"] == {"CNY": 60_000}
    assert result.discrepancies == []


def test_one_order_may_pay_two_accounts(world: World, phone: Phone) -> None:
    """One transfer over the sum of two payments confirms both."""
    pay(phone, 10_000)
    pay(phone, 20_000)
    line(world, 30_000)
    result = same_in_any_order(world)
    assert balances(result.postings)["bank:alipay"] == {"CNY": 30_000}
    assert "clearing:alipay" not in balances(result.postings)


def test_by_the_deadline_a_claim_without_a_line_is_reviewed_and_stays_in_clearing(world: World, phone: Phone) -> None:
    """One cause, one discrepancy: the information gives way to the review."""
    pay(phone)
    overdue(world)
    result = same_in_any_order(world)
    assert [(item.rule, item.severity) for item in result.discrepancies] == [("WALLET-UNMATCHED", "review")]
    assert sentences(result.discrepancies[0])[0].endswith("show 0, payments claim 300.00 CNY.")
    assert balances(result.postings)["clearing:alipay"] == {"CNY": 30_000}
    line(world)
    assert same_in_any_order(world).discrepancies == []


def test_by_the_deadline_a_line_without_a_claim_waits_in_suspense(world: World, phone: Phone) -> None:
    """Before it the line is shown; from it on the money has a place; a late payment takes it out again."""
    line(world)
    early = same_in_any_order(world)
    assert [(item.rule, item.severity) for item in early.discrepancies] == [("WALLET-UNMATCHED", "info")]
    assert balances(early.postings) == {"bank:alipay": {"CNY": 30_000}, "clearing:alipay": {"CNY": -30_000}}
    overdue(world)
    result = same_in_any_order(world)
    assert [item.severity for item in result.discrepancies] == ["review"]
    assert balances(result.postings) == {
        "bank:alipay": {"CNY": 30_000},
        "suspense:settlement/alipay/O1": {"CNY": -30_000},
    }
    pay(phone)
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings) == {"bank:alipay": {"CNY": 30_000}, "debt:A1": {"CNY": -30_000}}


def test_a_reversed_wallet_payment_gives_the_debt_back(world: World, phone: Phone) -> None:
    """The payment is reversed by posting: nothing in the bank, nothing in clearing, the debt as before."""
    pay(phone)
    line(world)
    line(world, back=True, number=2)
    result = same_in_any_order(world)
    assert [item.rule for item in result.discrepancies] == ["PAY-INSTRUMENT"]
    assert "300.00 CNY" in sentences(result.discrepancies[0])[0]
    assert balances(result.postings) == {}
    assert imbalances(result.postings) == []
    assert account_of(result)["debt_left"] == 100_000


def test_a_bounced_cheque_that_was_never_credited_is_reversed(world: World, phone: Phone) -> None:
    """The bank returns the cheque by its number; the agent's cheques and the debt are as before."""
    pay(phone, order="", cheque="700123")
    assert balances(world.replay().postings)["agent_cheques:agent-1"] == {"CNY": 30_000}
    line(world, order="700123", provider="cheque", back=True)
    result = same_in_any_order(world)
    assert [item.rule for item in result.discrepancies] == ["PAY-INSTRUMENT"]
    assert balances(result.postings) == {}


def test_a_cheque_that_is_credited_leaves_the_agent(world: World, phone: Phone) -> None:
    """The bank has it."""
    pay(phone, order="", cheque="700123")
    line(world, order="700123", provider="cheque")
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings) == {"bank:cheque": {"CNY": 30_000}, "debt:A1": {"CNY": -30_000}}


def test_a_part_taken_back_is_reversed_and_the_rest_stands(world: World, phone: Phone) -> None:
    """Of one payment alone it is certain whose money went back: so much of the debt is back, and nothing waits."""
    pay(phone)
    line(world)
    line(world, 10_000, back=True, number=2)
    result = same_in_any_order(world)
    (item,) = result.discrepancies
    assert item.rule == "PAY-INSTRUMENT"
    assert sentences(item)[0].endswith("100.00 CNY under alipay/O1 was taken back: a part of the payment is reversed,"
                                       " the rest stands.")  # fmt: skip
    assert account_of(result)["debt_left"] == 80_000
    assert balances(result.postings) == {"bank:alipay": {"CNY": 20_000}, "debt:A1": {"CNY": -20_000}}
    state = next(outcome.state for key, outcome in result.outcomes.items() if key.startswith("payment:"))
    assert state["payments"][0]["reversed_minor"] == 10_000
    line(world, 20_000, back=True, number=3)
    result = same_in_any_order(world)
    assert balances(result.postings) == {}
    assert account_of(result)["debt_left"] == 100_000


def test_a_part_taken_back_of_an_order_that_two_payments_share_is_not_split(world: World, phone: Phone) -> None:
    """Nobody says by rule whose part it was: both stand, and what is missing waits in clearing for a review."""
    pay(phone, 20_000)
    pay(phone, 10_000)
    line(world)
    line(world, 10_000, back=True, number=2)
    result = same_in_any_order(world)
    assert {item.rule for item in result.discrepancies} == {"PAY-INSTRUMENT", "PAY-UNCONFIRMED"}
    assert account_of(result)["debt_left"] == 70_000
    assert balances(result.postings)["clearing:alipay"] == {"CNY": 10_000}


def test_a_part_taken_back_of_a_payment_that_was_matched_is_reversed_too(world: World, phone: Phone) -> None:
    """The order is the payment's by a match; a second match with it makes it nobody's alone."""
    series = pay(phone, order="")
    line(world)
    line(world, 10_000, back=True, number=2)
    match = SettlementMatched(provider="alipay", order="O1", series=series, means="amount_time", confidence=75)
    world.office(match)
    assert account_of(same_in_any_order(world))["debt_left"] == 80_000
    world.office(SettlementMatched(provider="alipay", order="O1", series="ff/1/9", means="person", confidence=100))
    assert account_of(same_in_any_order(world))["debt_left"] == 70_000


def test_a_deposit_meets_the_banks_lines_under_its_slip(world: World) -> None:
    """Several lines may make one deposit; what the bank shows is in the bank, the rest waits for the deadline."""
    world.office(CashCounted(agent="agent-1", service_day=DAY, amount_minor=50_000, currency="CNY"), role="cashier")
    world.office(
        BranchCashDeposited(branch="B1", service_day=DAY, amount_minor=50_000, currency="CNY", slip="77"),
        role="cashier",
    )
    result = same_in_any_order(world)
    assert [item.rule for item in result.discrepancies] == ["CASH-VARIANCE"]
    line(world, 30_000, order="77", provider="deposit")
    line(world, 15_000, order="77", provider="deposit", number=2)
    overdue(world, "deposit/77")
    result = same_in_any_order(world)
    short = found(result, "WALLET-UNMATCHED")
    assert short is not None
    assert (short.severity, short.branch) == ("review", "B1")
    assert sentences(short)[0].endswith("show 450.00 CNY, payments claim 500.00 CNY.")
    held = balances(result.postings)
    assert (held["bank:cash/B1"], held["deposited:B1"]) == ({"CNY": 45_000}, {"CNY": 5_000})
    line(world, 5_000, order="77", provider="deposit", statement="S2")
    result = same_in_any_order(world)
    assert found(result, "WALLET-UNMATCHED") is None
    assert "deposited:B1" not in balances(result.postings)
    line(world, 5_000, order="77", provider="deposit", statement="S2", number=9, back=True)
    assert balances(same_in_any_order(world).postings)["deposited:B1"] == {"CNY": 5_000}


def test_a_payment_without_an_order_is_matched_with_one(world: World, phone: Phone) -> None:
    """From then on it stands under that order alone, with the confidence of the match."""
    series = pay(phone, order="")
    line(world)
    world.office(SettlementMatched(provider="alipay", order="O1", series=series, means="amount_time", confidence=75))
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert result.outcomes[f"settlement:alipay/receipt/{series}"].state["moved"] is True
    state = result.outcomes["settlement:alipay/O1"].state
    assert (state["confidence"], state["means"], len(state["payments"])) == (75, "amount_time", 1)
    line(world, back=True, number=2)
    assert account_of(same_in_any_order(world))["debt_left"] == 100_000


def test_a_voided_payment_does_not_claim_what_arrived(world: World, phone: Phone) -> None:
    """The customer confirmed the void, yet the wallet shows the money: a line without a payment."""
    phone.check()
    payment = phone.collect(30_000, method="alipay", provider_order="O1")
    phone.void(payment)
    phone.sync()
    world.confirm_void(payment)
    line(world)
    overdue(world)
    result = same_in_any_order(world)
    assert found(result, "WALLET-UNMATCHED") is not None
    assert balances(result.postings)["suspense:settlement/alipay/O1"] == {"CNY": -30_000}


def test_branch_cash_goes_to_the_bank(world: World, phone: Phone) -> None:
    """Counted cash becomes deposited cash."""
    world.office(CashCounted(agent="agent-1", service_day=DAY, amount_minor=5_000, currency="CNY"), role="cashier")
    world.office(
        BranchCashDeposited(branch="B1", service_day=DAY, amount_minor=4_000, currency="CNY", slip="77"),
        role="cashier",
    )
    result = same_in_any_order(world)
    held = balances(result.postings)
    assert (held["branch_cash:B1"], held["deposited:B1"]) == ({"CNY": 1_000}, {"CNY": 4_000})
    assert result.outcomes["branch:B1"].state["deposits"][0]["slip"] == "77"


def test_only_a_cashier_pays_in_and_imports(world: World) -> None:
    """From a supervisor it is kept without effect."""
    entry = world.office(
        BranchCashDeposited(branch="B1", service_day=DAY, amount_minor=4_000, currency="CNY", slip="77"),
        role="supervisor",
    )
    result = same_in_any_order(world)
    assert result.held == {entry.hash: "AUTHOR-NOT-ALLOWED"}
    assert result.postings == []


def test_a_match_never_counts_for_cash_or_for_another_providers_payment(world: World, phone: Phone) -> None:
    """Whatever a match says, cash stays with the agent and a payment with an order of its own stays there."""
    phone.check()
    cash = phone.collect(30_000)
    wallet = phone.collect(30_000, method="wechat")
    named = phone.collect(30_000, method="alipay", provider_order="O2")
    phone.sync()
    line(world)
    line(world, back=True, number=2)
    for entry in (cash, wallet, named):
        series = read_receipt(receipt_of(entry)).body.series
        world.office(SettlementMatched(provider="alipay", order="O1", series=series, means="person", confidence=100))
    result = same_in_any_order(world)
    assert result.outcomes["settlement:alipay/O1"].state["payments"] == []
    assert balances(result.postings) == {
        "agent_cash:agent-1": {"CNY": 30_000},
        "clearing:alipay": {"CNY": 30_000},
        "clearing:wechat": {"CNY": 30_000},
        "debt:A1": {"CNY": -90_000},
    }


def test_an_agents_own_deposit_meets_the_banks_line_by_the_slips_number(world: World, phone: Phone) -> None:
    """What the agent paid in waits in clearing, and is the branch's money in the bank once the bank shows it."""
    phone.check()
    phone.collect(30_000)
    phone.write(CashDeposited(amount_minor=30_000, currency="CNY", bank="ICBC", slip_number="88"))
    phone.sync()
    assert balances(same_in_any_order(world).postings)["clearing:deposit"] == {"CNY": 30_000}
    line(world, order="88", provider="deposit")
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings) == {"bank:cash/B1": {"CNY": 30_000}, "debt:A1": {"CNY": -30_000}}
