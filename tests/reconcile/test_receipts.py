"""Rules about receipts: witnesses without an operation, bodies that differ, numbers that fork."""

from __future__ import annotations

from typing import Literal

import pytest

from sync.reconcile.ledger import balances, imbalances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World, found, receipt_of, same_in_any_order, sentences

Found = Literal["free", "taken", "forked", "held"]


def orphan(world: World, phone: Phone, *, ended: str = "", at: Found = "free") -> str:
    """A customer shows a receipt over 200.00 CNY that the phone never reports; the deadline passes."""
    receipt = phone.receipt(20_000, account="A1")
    world.unreported(receipt, world.witness(receipt), ended=ended, at=at)
    return receipt


def test_orphan_posts_to_suspense_outside_every_drawer_and_names_nobody(world: World, phone: Phone) -> None:
    """Before the phone's day is ended it may simply not have synced: review, no suspicion."""
    orphan(world, phone)
    result = same_in_any_order(world)
    found_orphan = found(result, "RECEIPT-ORPHAN")
    assert found_orphan is not None
    assert (found_orphan.severity, found_orphan.agent) == ("review", "")
    assert "200.00 CNY" in sentences(found_orphan)[0]
    assert balances(result.postings) == {
        f"suspense:receipt/{phone.device}/1/1": {"CNY": -20_000},
        f"witnessed_unreported:{phone.device}": {"CNY": 20_000},
    }


def test_orphan_does_not_fire_before_the_offices_deadline(world: World, phone: Phone) -> None:
    """A rule about absence reaches the books only through an office operation."""
    world.witness(phone.receipt(20_000, account="A1"))
    result = same_in_any_order(world)
    assert found(result, "RECEIPT-ORPHAN") is None
    assert result.postings == []


def test_orphan_accuses_once_the_day_is_ended_and_the_place_is_free(world: World, phone: Phone) -> None:
    """Then, and only then, the agent is named."""
    orphan(world, phone, ended="e" * 64)
    accused = found(same_in_any_order(world), "RECEIPT-ORPHAN")
    assert accused is not None
    assert accused.agent == "agent-1"


@pytest.mark.parametrize("at", ["taken", "forked", "held"])
def test_orphan_never_accuses_where_its_place_is_not_free(world: World, phone: Phone, at: Found) -> None:
    """Something stands there; what became of the payment is not the agent's to answer for yet."""
    orphan(world, phone, ended="e" * 64, at=at)
    result = same_in_any_order(world)
    found_orphan = found(result, "RECEIPT-ORPHAN")
    assert found_orphan is not None
    assert found_orphan.agent == ""


def test_orphan_withdraws_its_suspicion_when_the_office_finds_the_place_taken_later(world: World, phone: Phone) -> None:
    """An accusation made in good faith ends with what is found afterwards."""
    receipt = orphan(world, phone, ended="e" * 64)
    world.unreported(receipt, world.witness(receipt), ended="e" * 64, at="taken")
    found_orphan = found(same_in_any_order(world), "RECEIPT-ORPHAN")
    assert found_orphan is not None
    assert found_orphan.agent == ""


def test_orphan_withdraws_its_suspicion_when_the_operation_is_held(world: World, phone: Phone) -> None:
    """The phone was revoked before it reported: the money still waits, and nobody is accused."""
    entry = phone.collect(20_000)
    receipt = receipt_of(entry)
    witness = world.witness(receipt)
    world.unreported(receipt, witness, ended="e" * 64)
    world.revoke(phone)
    phone.sync()
    result = same_in_any_order(world)
    found_orphan = found(result, "RECEIPT-ORPHAN")
    assert found_orphan is not None
    assert found_orphan.agent == ""
    assert result.held[entry.hash] == "DEVICE-REVOKED"
    assert balances(result.postings)[f"witnessed_unreported:{phone.device}"] == {"CNY": 20_000}


def test_orphan_is_withdrawn_when_the_operation_arrives(world: World, phone: Phone) -> None:
    """Suspense is left, the payment posts, and the discrepancy is gone."""
    phone.check()
    entry = phone.collect(20_000)
    receipt = receipt_of(entry)
    world.unreported(receipt, world.witness(receipt), ended="e" * 64)
    assert found(world.replay(), "RECEIPT-ORPHAN") is not None
    phone.sync()
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings) == {"agent_cash:agent-1": {"CNY": 20_000}, "debt:A1": {"CNY": -20_000}}
    assert result.outcomes[f"payment:{phone.device}/1/1"].state["unreported"] is False


def test_a_witness_that_an_operation_carries_is_no_discrepancy_however_often_scanned(
    world: World, phone: Phone
) -> None:
    """Repeated scans do no harm."""
    phone.check()
    entry = phone.collect(20_000)
    phone.sync()
    for _ in range(3):
        world.witness(entry)
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert result.outcomes[f"payment:{phone.device}/1/1"].state["scans"] == 3


@pytest.mark.parametrize(("shown", "waits"), [(20_000, 15_000), (5_000, 0), (3_000, 0)])
def test_mismatch_with_the_same_tag_holds_only_the_excess(world: World, phone: Phone, shown: int, waits: int) -> None:
    """The customer's receipt shows more than was reported: the operation posts, the rest waits."""
    phone.check()
    real = phone.receipt(shown, account="A1", method="cash" if shown != 5_000 else "wechat")
    phone.collect(5_000, receipt=phone.receipt(5_000, account="A1", number=1))
    phone.sync()
    world.witness(real)
    result = same_in_any_order(world)
    mismatch = found(result, "RECEIPT-MISMATCH")
    assert mismatch is not None
    assert (mismatch.severity, mismatch.agent) == ("alarm", "")
    sentences(mismatch)
    assert balances(result.postings).get(f"witnessed_unreported:{phone.device}", {}).get("CNY", 0) == waits
    assert balances(result.postings)["debt:A1"] == {"CNY": -5_000}
    assert imbalances(result.postings) == []


def test_mismatch_with_another_tag_holds_the_whole_amount(world: World, phone: Phone) -> None:
    """Two customers, one number: one of them is not in the books at all."""
    phone.check()
    real = phone.receipt(4_000, account="A2")
    phone.collect(5_000, receipt=phone.receipt(5_000, account="A1", number=1))
    phone.sync()
    world.witness(real)
    result = same_in_any_order(world)
    assert balances(result.postings)[f"witnessed_unreported:{phone.device}"] == {"CNY": 4_000}
    mismatch = found(result, "RECEIPT-MISMATCH")
    assert mismatch is not None
    assert "40.00 CNY" in sentences(mismatch)[0]


def test_a_tag_of_zero_is_nobodys_so_walk_ups_are_never_the_same_account(world: World, phone: Phone) -> None:
    """Two walk-ups under one number may be of two people: the whole amount waits."""
    real = phone.receipt(4_000, method="wechat")
    phone.collect(4_000, visit="", receipt=phone.receipt(4_000, number=1))
    phone.sync()
    world.witness(real)
    world.witness(phone.receipt(4_000, method="card", number=1))
    result = same_in_any_order(world)
    assert found(result, "RECEIPT-MISMATCH") is not None
    assert balances(result.postings)[f"witnessed_unreported:{phone.device}"] == {"CNY": 8_000}


@pytest.mark.parametrize(
    ("change", "field"),
    [("amount", "amount"), ("currency", "currency"), ("number", "seq"), ("method", "method"), ("key", "key")],
)
def test_mismatch_fires_when_an_operation_contradicts_its_own_receipt(
    world: World, phone: Phone, change: str, field: str
) -> None:
    """The operation posts with its own amount; the field is named in both languages."""
    phone.check()
    if change == "number":
        receipt = phone.receipt(5_000, account="A1")
        phone.check()
    elif change == "key":
        receipt = world.phone("agent-2").receipt(5_000, account="A1")
    else:
        receipt = phone.receipt(
            4_000 if change == "amount" else 5_000,
            account="A1",
            currency="USD" if change == "currency" else "CNY",
            method="card" if change == "method" else "cash",
        )
    phone.collect(5_000, receipt=receipt)
    phone.sync()
    result = same_in_any_order(world)
    mismatch = found(result, "RECEIPT-MISMATCH")
    assert mismatch is not None
    english, chinese = sentences(mismatch)
    assert field in english
    assert field not in chinese
    assert balances(result.postings)["debt:A1"] == {"CNY": -5_000}


def test_mismatch_states_a_contradiction_and_an_unmatched_witness_together(world: World, phone: Phone) -> None:
    """A decision about the contradiction does not hide a witness that comes later."""
    phone.check()
    phone.collect(5_000, receipt=phone.receipt(4_000, account="A1"))
    phone.sync()
    first = found(world.replay(), "RECEIPT-MISMATCH")
    assert first is not None
    world.decide(first, "accept")
    world.witness(phone.receipt(9_000, account="A1", number=1))
    again = found(same_in_any_order(world), "RECEIPT-MISMATCH")
    assert again is not None
    assert again.open
    assert "90.00 CNY" in sentences(again)[1]


def test_receipt_fork_keeps_and_posts_both(world: World, phone: Phone) -> None:
    """A restored phone issues number 1 a second time."""
    phone.check()
    twin = phone.clone()
    phone.collect(5_000)
    phone.sync()
    twin.unsent.clear()
    twin.collect(7_000)
    twin.sync()
    result = same_in_any_order(world)
    fork = found(result, "RECEIPT-FORK")
    assert fork is not None
    assert (fork.severity, fork.values["count"], len(fork.operations)) == ("alarm", 2, 2)
    sentences(fork)
    assert balances(result.postings)["debt:A1"] == {"CNY": -12_000}
    assert imbalances(result.postings) == []


def test_receipt_fork_does_not_fire_for_the_same_number_in_another_epoch(world: World, phone: Phone) -> None:
    """Numbers count per key id and epoch."""
    phone.check()
    phone.collect(5_000)
    phone.new_epoch(2)
    phone.collect(7_000)
    phone.sync()
    assert found(same_in_any_order(world), "RECEIPT-FORK") is None


def test_a_payment_without_a_readable_receipt_is_kept_without_effect(world: World, phone: Phone) -> None:
    """It has no number, so no fold could take its money in: held as OPERATION-MALFORMED, and the books balance."""
    entry = phone.collect(5_000, receipt="not-a-receipt")
    phone.sync()
    result = same_in_any_order(world)
    assert result.held[entry.hash] == "OPERATION-MALFORMED"
    assert result.postings == []
