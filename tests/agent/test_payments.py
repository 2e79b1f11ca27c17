"""Taking payments and taking them back."""

from __future__ import annotations

import pytest

from agent_client.work.days import day_of, present_frame
from agent_client.work.payments import collect, find_payment, payments, void
from agent_client.work.visits import check_identity, conclude, start_visit
from sync.errors import Conflict, Refused
from sync.journal import verify_chain
from sync.operations import GENESIS, Operation, field, understand
from sync.receipt import FLAG_CLOCK, FLAG_PAYER, FLAG_VOID, read_receipt, verify_receipt
from tests.agent.conftest import Phone


def _advice(recorded: object) -> set[str]:
    return {advice.key for advice in recorded.advice}  # type: ignore[attr-defined]  # a Recorded


def _last_body(phone: Phone) -> object:
    stored = phone.desk.store.journal.last()
    assert stored is not None
    operation = understand(stored.data)
    assert isinstance(operation, Operation)
    return operation.body


def test_receipt_is_of_its_place_in_the_chain(phone: Phone) -> None:
    """The receipt names seq, number and the hash before, carries the account's tag, and verifies with the key."""
    start = start_visit(phone.desk, "V1")
    recorded = collect(phone.desk, "V1", 200_000, "cash")
    assert recorded.receipt is not None
    body = recorded.receipt.body
    assert (body.seq, body.number, body.before) == (2, 1, start.hash[:32])
    assert (body.tag, body.last_four, body.amount_minor, body.method) == ("a1b2c3d4", 4321, 200_000, "cash")
    assert body.flags == FLAG_CLOCK
    verify_receipt(recorded.receipt, phone.desk.signing_key.public_key())
    written = _last_body(phone)
    assert isinstance(written, field.PaymentCollected)
    assert written.receipt == recorded.receipt.text
    assert verify_chain([stored.data for stored in phone.desk.store.journal.all()], prev=GENESIS)


def test_payer_flag_follows_the_identity_check(phone: Phone) -> None:
    """A payment after an answered check says so on the receipt and draws no advice about identity."""
    start_visit(phone.desk, "V1")
    check_identity(phone.desk, "V1", "visit_code", "answered", answer="48 21 07")
    recorded = collect(phone.desk, "V1", 100, "wechat")
    assert recorded.receipt is not None
    assert recorded.receipt.body.flags & FLAG_PAYER
    assert "unidentified" not in _advice(recorded)


def test_a_clock_of_another_boot_is_not_called_trusted(phone: Phone) -> None:
    """After a restart no signed time was seen, and the receipt does not claim one."""
    start_visit(phone.desk, "V1")
    phone.clock.boot = "another-boot"
    recorded = collect(phone.desk, "V1", 100, "cash")
    assert recorded.receipt is not None
    assert not recorded.receipt.body.flags & FLAG_CLOCK


def test_a_stop_that_was_not_started_takes_no_payment(phone: Phone) -> None:
    """Collecting needs an arrival, a second arrival after the conclusion, and writes nothing when refused."""
    with pytest.raises(Conflict, match="not started") as refused:
        collect(phone.desk, "V1", 100, "cash")
    assert refused.value.code == "WORK-REFUSED"
    start_visit(phone.desk, "V1")
    conclude(phone.desk, "V1", "nobody_home")
    with pytest.raises(Conflict, match="concluded"):
        collect(phone.desk, "V1", 100, "cash")
    assert len(list(phone.desk.store.journal.all())) == 2


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_amounts_outside_the_bounds_are_refused(phone: Phone, amount: int) -> None:
    """Zero, negative and absurd amounts never reach the journal."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Refused, match=str(amount)):
        collect(phone.desk, "V1", amount, "cash")
    assert payments(phone.desk) == []


def test_wrong_currency_and_cheque_without_number_are_refused(phone: Phone) -> None:
    """A payment is in the account's currency, and a cheque has a number."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Conflict, match="CNY"):
        collect(phone.desk, "V1", 100, "cash", currency_code="EUR")
    with pytest.raises(Conflict, match="cheque"):
        collect(phone.desk, "V1", 100, "cheque")
    assert collect(phone.desk, "V1", 100, "cheque", cheque="004711").seq == 2


def test_an_unknown_visit_is_refused_unless_it_is_a_walk_up(phone: Phone) -> None:
    """A walk-up payment names its account, carries no tag, and is told to wait in suspense."""
    with pytest.raises(Conflict, match="V9"):
        collect(phone.desk, "V9", 100, "cash")
    with pytest.raises(Conflict, match="--account"):
        collect(phone.desk, "", 100, "cash", walk_up=True)
    recorded = collect(phone.desk, "", 100, "cash", walk_up=True, account="AC-X")
    assert recorded.receipt is not None
    assert recorded.receipt.body.tag == "00000000"
    assert "walk-up" in _advice(recorded)


def test_conduct_never_blocks_a_payment(phone: Phone) -> None:
    """At night, above the payoff and above the cash limit the payment stands, each with its advice."""
    start_visit(phone.desk, "V1")
    phone.clock.move(14 * 60)
    recorded = collect(phone.desk, "V1", 5_000_000, "cash")
    assert {"conduct", "over-payoff", "cash-limit", "unidentified"} <= _advice(recorded)
    again = collect(phone.desk, "V1", 5_000_000, "cash")
    assert "same-amount" in _advice(again)


def test_a_void_names_the_payment_in_every_way(phone: Phone) -> None:
    """Its operation names hash and series, its receipt the identity; the cash leaves the drawer."""
    start_visit(phone.desk, "V1")
    paid = collect(phone.desk, "V1", 300, "cash")
    back = void(phone.desk, "1", "typing_error")
    assert paid.receipt is not None
    assert back.receipt is not None
    body = _last_body(phone)
    assert isinstance(body, field.PaymentVoided)
    assert (body.payment, body.voided) == (paid.hash, paid.receipt.body.series)
    assert back.receipt.body.tag == paid.receipt.identity[:8]
    assert back.receipt.body.kind == "void"
    assert back.receipt.body.flags & FLAG_VOID
    assert (back.receipt.body.number, back.receipt.body.amount_minor) == (2, 300)
    assert "void-unconfirmed" in _advice(back)
    assert day_of(phone.desk, present_frame(phone.desk)).cash == {"CNY": 0}


def test_voids_that_make_no_sense_are_refused(phone: Phone) -> None:
    """Unknown receipts, voids of voids, and second voids are refused by name."""
    start_visit(phone.desk, "V1")
    collect(phone.desk, "V1", 300, "cash")
    with pytest.raises(Conflict, match="no receipt 7"):
        void(phone.desk, "7", "other")
    void(phone.desk, "1", "other")
    with pytest.raises(Conflict, match="already"):
        void(phone.desk, "1", "other")
    with pytest.raises(Conflict, match="itself"):
        void(phone.desk, "2", "other")


def test_a_receipt_is_found_by_each_of_its_names(phone: Phone) -> None:
    """Number, series, short number and `last` lead to the same payment."""
    start_visit(phone.desk, "V1")
    recorded = collect(phone.desk, "V1", 300, "cash")
    assert recorded.receipt is not None
    from sync.receipt import short_number

    for name in ("1", "last", recorded.receipt.body.series, short_number(recorded.receipt).lower()):
        assert find_payment(phone.desk, name).hash == recorded.hash
    assert read_receipt(find_payment(phone.desk, "1").receipt).identity == recorded.receipt.identity
