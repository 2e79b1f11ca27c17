"""At the office: what a half-reported transfer blocks, and how a loss is approved."""

from __future__ import annotations

from functools import partial

import pytest

from server.ports import Writer
from server.services.closing import close_day, obstacles_of
from server.services.decisions import DecisionCommand, decide, find_discrepancy
from server.services.office import Office
from server.services.packs import issue_pack
from sync.operations.envelope import Actor
from sync.operations.field import CashLossReported, CashTransferred, DayEnded
from tests.office.conftest import SUPERVISOR, key_folder, office, reconcile, tiny
from tests.office.looking import DAY, refused, write
from tests.office.phone import Phone

__all__ = ["key_folder", "office", "tiny"]

ONE, TWO = "AG-YC-1", "AG-YC-2"
TRANSFER = CashTransferred(transfer="T1", from_agent=ONE, to_agent=TWO, amount_minor=2_000, currency="CNY")


@pytest.fixture
def phones(tiny: Office) -> tuple[Phone, Phone]:
    """Two agents under way."""
    write(tiny, lambda w: [issue_pack(w, tiny, agent, DAY, float_minor=5_000) for agent in (ONE, TWO)])
    return Phone(tiny, ONE), Phone(tiny, TWO, 2)


def end_day(phone: Phone, cash_minor: int) -> None:
    """Declare what is held."""
    phone.write(
        DayEnded(seq=phone.head.seq + 1, receipt_last=0, receipts=0, cash_minor=cash_minor, currency="CNY", concluded=0)
    )


def test_a_half_reported_transfer_keeps_the_day_open_by_name(tiny: Office, phones: tuple[Phone, Phone]) -> None:
    """The day closes when the other side has reported, or when two persons carry the transfer forward."""
    one, two = phones
    one.write(TRANSFER)
    end_day(one, 3_000)
    end_day(two, 7_000)
    reconcile(tiny)
    with tiny.store.read() as reader:
        assert [item.name for item in obstacles_of(reader, "YC", DAY)] == ["TRANSFER-OPEN|transfer:T1"]
    with refused("CLOSING-REFUSED", "TRANSFER-OPEN|transfer:T1", "reported alike"):
        close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"))
    two.write(TRANSFER)
    reconcile(tiny)
    close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"))


def _decide(command: DecisionCommand, writer: Writer) -> str:
    return decide(writer, SUPERVISOR, command)


def test_two_persons_carry_a_transfer_forward(tiny: Office, phones: tuple[Phone, Phone]) -> None:
    """The other phone is gone: two persons close over it by name."""
    one, two = phones
    one.write(TRANSFER)
    end_day(one, 3_000)
    end_day(two, 5_000)
    reconcile(tiny)
    carry = ["TRANSFER-OPEN|transfer:T1"]
    with refused("TWO-PERSONS"):
        close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"), "", carry)
    close_day(tiny.store, "YC", DAY, Actor("qian", "supervisor"), "sun", carry)


def test_a_loss_is_approved_by_two_persons_who_are_not_its_author(tiny: Office, phones: tuple[Phone, Phone]) -> None:
    """One person is refused, so is the agent as the second; two approve and the drawer agrees."""
    one, _ = phones
    entry = one.write(CashLossReported(amount_minor=1_000, currency="CNY", cause="stolen"))
    end_day(one, 4_000)
    reconcile(tiny)
    subject = f"loss:{one.device}/1/{entry.head.seq}"
    with tiny.store.read() as reader:
        ground = find_discrepancy(reader, "CASH-LOSS", subject).ground
    command = DecisionCommand(rule="CASH-LOSS", subject=subject, ground=ground, outcome="accept")
    with refused("TWO-PERSONS", "CASH-LOSS"):
        write(tiny, lambda w: decide(w, SUPERVISOR, command))
    for second, code in (("qian", "TWO-PERSONS"), (ONE, "OWN-RECORD")):
        alone = DecisionCommand(rule="CASH-LOSS", subject=subject, ground=ground, outcome="accept", second=second)
        with refused(code):
            write(tiny, partial(_decide, alone))
    both = DecisionCommand(rule="CASH-LOSS", subject=subject, ground=ground, outcome="accept", second="sun")
    write(tiny, lambda w: decide(w, SUPERVISOR, both))
    reconcile(tiny)
    with tiny.store.read() as reader:
        state = reader.aggregate(f"drawer:{ONE}/{DAY}")
        assert state is not None
        assert (state["equations"][0]["lost"], state["equations"][0]["over_short"]) == (1_000, 0)
