"""What phones, customers and the day's page are told of money that others must confirm."""

from __future__ import annotations

import pytest

from server.intake.settlements import StatementRow
from server.services.day_stops import payments_of
from server.services.money import import_statement
from server.services.office import Office
from server.services.packs import issue_pack, refresh_all
from server.services.receipt_answers import receipt_answer
from server.services.visits import assign_visit
from sync.operations.field import PaymentCollected
from sync.receipt import read_receipt
from tests.money.shop import pay_by_wallet
from tests.office.conftest import CASHIER, MORNING_MS, SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, bodies, visit_document, write
from tests.office.phone import Phone

__all__ = ["key_folder", "office", "tiny"]

ONE, TWO = "AG-YC-1", "AG-YC-2"


@pytest.fixture
def paid(tiny: Office) -> Office:
    """V1 is agent 1's; agent 2 took a wallet payment on its account that no statement shows yet."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    write(tiny, lambda w: [issue_pack(w, tiny, agent, DAY) for agent in (ONE, TWO)])
    pay_by_wallet(Phone(tiny, TWO), 8_000, "O1")
    settle(tiny)
    return tiny


def settle(office: Office, *directions: bool) -> None:
    """Lines of a statement (True: taken back), folded and in the packs."""
    rows = [
        StatementRow(
            row=place, line=place, order="O1", amount_minor=8_000, currency="CNY", at_ms=MORNING_MS, reversed=back,
            payer_hint="",
        )
        for place, back in enumerate(directions, start=1)
    ]  # fmt: skip
    import_statement(office, CASHIER, "s", "alipay", "s", rows)
    reconcile(office)
    refresh_all(office)


def forbidden(office: Office) -> list[str]:
    """What agent 1 may not do at V1."""
    document = visit_document(office, ONE, "V1")
    assert document is not None
    return list(document.forbidden)


def test_collecting_pauses_until_the_payment_is_confirmed(paid: Office) -> None:
    """The phone is told why; the statement lifts it."""
    assert forbidden(paid) == ["collect"]
    settle(paid, False)
    assert forbidden(paid) == []


def test_collecting_goes_on_when_the_payment_was_taken_back(paid: Office) -> None:
    """Nothing is left to wait for: the debt is back."""
    settle(paid, False, True)
    assert forbidden(paid) == []


@pytest.mark.parametrize(
    ("directions", "verdict", "status"), [((False,), "genuine", "stands"), ((False, True), "voided", "reversed")]
)
def test_the_receipts_page_and_the_days_page_know_a_reversal(
    paid: Office, directions: tuple[bool, ...], verdict: str, status: str
) -> None:
    """A payment that was taken back is void because the instrument failed, and the day shows it so."""
    settle(paid, *directions)
    (body,) = bodies(paid, PaymentCollected)
    with paid.store.read() as reader:
        answer = receipt_answer(reader, read_receipt(body.receipt))
        (payment,) = payments_of(reader, "YC", DAY)
    assert (answer.verdict, payment.status) == (verdict, status)
    assert answer.void_reason == ("instrument_failed" if status == "reversed" else "")
