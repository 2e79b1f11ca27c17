"""Rules about journals and single operations: gaps, forks, revocation, authors, and what is not understood."""

from __future__ import annotations

import pytest

from sync.operations.field import CashTransferred, NoteTaken
from sync.operations.office import (
    DeviceEnrolled,
    DeviceLocked,
    DeviceUnlocked,
    JournalLost,
    OfficeOpened,
    RecoveryAnswered,
    VisitCancelled,
)
from sync.reconcile.ledger import balances
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import NEXT_DAY, World, found, receipt_of, same_in_any_order, sentences


def notes(phone: Phone, count: int) -> None:
    """So many notes."""
    for number in range(count):
        phone.write(NoteTaken(visit="V1", note=f"{number}"))


def lose(world: World, phone: Phone, from_seq: int, to_seq: int, *, second: str = "mr-wu") -> None:
    """Two persons declare numbers lost."""
    body = JournalLost(
        device=phone.device, epoch=1, from_seq=from_seq, to_seq=to_seq, pack=phone.pack, second=second, reason="broken"
    )
    world.office(body, role="supervisor", user="ms-li")


def gaps(result: Replay, phone: Phone) -> list[list[int]]:
    """Open gaps of a device: epoch, from, to."""
    known: list[list[int]] = result.outcomes[f"device:{phone.device}"].state["gaps"]
    return known


def test_gap_fires_for_missing_numbers_and_closes_when_they_arrive(world: World, phone: Phone) -> None:
    """Numbers 2 and 3 stay on the phone, then come."""
    notes(phone, 5)
    phone.sync(leave_out=frozenset({1, 2}))
    result = same_in_any_order(world)
    gap = found(result, "JOURNAL-GAP")
    assert gap is not None
    assert (gap.severity, gap.open, gap.agent, gap.branch) == ("review", True, "", "B1")
    assert "1/2–3" in sentences(gap)[0]
    assert gaps(result, phone) == [[1, 2, 3]]
    phone.sync()
    assert found(same_in_any_order(world), "JOURNAL-GAP") is None


def test_gap_does_not_fire_for_a_tail_that_is_only_not_yet_sent(world: World, phone: Phone) -> None:
    """What lies above the last operation held is the day's business, not a gap."""
    notes(phone, 3)
    phone.sync(leave_out=frozenset({2}))
    assert found(same_in_any_order(world), "JOURNAL-GAP") is None


def test_a_gap_cannot_be_decided_away(world: World, phone: Phone) -> None:
    """It can be passed on, which leaves it open; only two persons' JournalLost closes over it."""
    notes(phone, 3)
    phone.sync(leave_out=frozenset({0}))
    gap = found(world.replay(), "JOURNAL-GAP")
    assert gap is not None
    world.decide(gap, "escalate")
    passed_on = found(same_in_any_order(world), "JOURNAL-GAP")
    assert passed_on is not None
    assert passed_on.open
    assert passed_on.decision is not None
    assert passed_on.decision.outcome == "escalate"


@pytest.mark.parametrize("second", ["", "ms-li"])
def test_one_person_alone_cannot_declare_a_loss(world: World, phone: Phone, second: str) -> None:
    """Without a second person, or with oneself as the second, the gap stays."""
    notes(phone, 3)
    phone.sync(leave_out=frozenset({0}))
    lose(world, phone, 1, 1, second=second)
    assert found(same_in_any_order(world), "JOURNAL-GAP") is not None


def test_two_declarations_close_a_gap_together(world: World, phone: Phone) -> None:
    """Each takes its numbers out of the gap; what is left is named."""
    notes(phone, 8)
    phone.sync(leave_out=frozenset(range(1, 7)))
    lose(world, phone, 3, 4)
    assert gaps(world.replay(), phone) == [[1, 2, 2], [1, 5, 7]]
    lose(world, phone, 1, 2)
    lose(world, phone, 4, 0)
    assert found(same_in_any_order(world), "JOURNAL-GAP") is None


def test_fork_fires_for_two_operations_at_one_place_and_both_count(world: World, phone: Phone) -> None:
    """A restored phone; its branches growing on is no new ground, a third branch is."""
    notes(phone, 2)
    phone.sync()
    twin, third = phone.clone(), phone.clone()
    phone.check()
    phone.collect(5_000)
    phone.sync()
    twin.check(result="answered", account="A2")
    twin.sync()
    fork = found(same_in_any_order(world), "JOURNAL-FORK")
    assert fork is not None
    assert (fork.severity, fork.open) == ("review", True)
    assert "2 operations" in sentences(fork)[0]
    world.decide(fork, "accept")
    notes(twin, 3)
    twin.sync(leave_out=frozenset({1}))
    grown = found(world.replay(), "JOURNAL-FORK")
    assert grown is not None
    assert not grown.open
    third.check(account="A3")
    third.sync()
    again = found(same_in_any_order(world), "JOURNAL-FORK")
    assert again is not None
    assert again.open
    assert again.values["branches"] == 3


def test_fork_does_not_fire_for_a_new_epoch_or_a_second_delivery(world: World, phone: Phone) -> None:
    """A later epoch starts at number 1 again; the same bytes twice are one operation."""
    notes(phone, 2)
    phone.new_epoch(2)
    notes(phone, 2)
    phone.sync()
    world.lines += world.lines[-3:]
    assert same_in_any_order(world).discrepancies == []


def test_revoked_holds_what_no_head_covers_whatever_its_date(world: World, phone: Phone) -> None:
    """What was held before the revocation counts, what lies above does not post."""
    phone.check()
    phone.collect(5_000)
    known = phone.sync()[-1]
    late = phone.collect(7_000)
    world.revoke(phone, heads=[known])
    phone.sync()
    result = same_in_any_order(world)
    revoked = found(result, "DEVICE-REVOKED")
    assert revoked is not None
    assert (revoked.severity, revoked.operations, revoked.agent) == ("review", (late.hash,), "")
    sentences(revoked)
    assert result.held == {late.hash: "DEVICE-REVOKED"}
    assert balances(result.postings)["debt:A1"] == {"CNY": -5_000}


def test_revoked_spares_what_lies_below_a_head_though_it_arrives_later(world: World, phone: Phone) -> None:
    """Below means ancestor by hash: a gap that is filled after the revocation counts."""
    phone.check()
    phone.collect(5_000)
    phone.collect(6_000)
    known = phone.sync(leave_out=frozenset({1}))[-1]
    world.revoke(phone, heads=[known])
    phone.sync()
    result = same_in_any_order(world)
    assert result.held == {}
    assert found(result, "DEVICE-REVOKED") is None
    assert balances(result.postings)["debt:A1"] == {"CNY": -11_000}


def test_revoked_spares_the_chain_below_a_witness_and_its_own_body(world: World, phone: Phone) -> None:
    """A customer's receipt anchors the journal up to its payment, not beyond."""
    phone.check()
    first = phone.collect(5_000)
    later = phone.collect(6_000)
    world.witness(first)
    world.revoke(phone, witnesses=[receipt_of(first), "not-a-receipt"])
    phone.sync()
    result = same_in_any_order(world)
    assert result.held == {later.hash: "DEVICE-REVOKED"}
    assert balances(result.postings)["debt:A1"] == {"CNY": -5_000}


def test_a_copy_of_a_witnessed_receipt_does_not_bring_another_operation_in(world: World, phone: Phone) -> None:
    """Whoever has the phone now writes the same receipt into a second payment: that one stays held."""
    phone.check()
    first = phone.collect(5_000)
    copy = phone.collect(5_000, receipt=receipt_of(first))
    world.revoke(phone, witnesses=[receipt_of(first)])
    phone.sync()
    result = same_in_any_order(world)
    assert result.held == {copy.hash: "DEVICE-REVOKED"}


def test_a_malformed_operation_is_held_and_does_not_block_those_behind_it(world: World, phone: Phone) -> None:
    """Duplicate keys: kept, without effect, named in its own discrepancy."""
    broken = phone.write_raw(lambda data: data.replace(b'"v":1', b'"v":1,"v":1', 1))
    phone.check()
    phone.collect(5_000)
    phone.sync()
    result = same_in_any_order(world)
    malformed = found(result, "OPERATION-MALFORMED")
    assert malformed is not None
    assert (malformed.subject, malformed.severity) == (f"operation:{broken.hash}", "review")
    assert (malformed.branch, malformed.service_day) == ("B1", "2026-11-23")
    assert "stands twice" in sentences(malformed)[0]
    assert result.held == {broken.hash: "OPERATION-MALFORMED"}
    assert balances(result.postings)["debt:A1"] == {"CNY": -5_000}


def test_an_operation_of_a_newer_version_is_held_until_an_upgrade(world: World, phone: Phone) -> None:
    """And one of an unknown kind as well; it can be passed on, not settled."""
    newer = phone.write_raw(lambda data: data.replace(b'"v":1', b'"v":2', 1))
    phone.sync()
    result = same_in_any_order(world)
    schema = found(result, "SCHEMA-NEWER")
    assert schema is not None
    assert schema.severity == "review"
    sentences(schema)
    assert result.held == {newer.hash: "SCHEMA-NEWER"}
    world.decide(schema, "escalate")
    still = found(same_in_any_order(world), "SCHEMA-NEWER")
    assert still is not None
    assert still.open


def test_an_operation_in_order_is_not_held(world: World, phone: Phone) -> None:
    """Blanks between members are not how we write, and yet no fault."""
    phone.write_raw(lambda data: data.replace(b'{"v":1', b'{ "v" : 1', 1))
    phone.sync()
    assert same_in_any_order(world).held == {}


def test_a_phone_may_not_write_what_is_the_offices(world: World, phone: Phone) -> None:
    """It cancels its own visit: kept, an alarm, no effect."""
    entry = phone.write(VisitCancelled(visit="V1", reason="office"))
    phone.sync()
    result = same_in_any_order(world)
    author = found(result, "AUTHOR-NOT-ALLOWED")
    assert author is not None
    assert author.severity == "alarm"
    sentences(author)
    assert result.held == {entry.hash: "AUTHOR-NOT-ALLOWED"}
    assert result.outcomes["visit:V1"].state["cancelled"] is False


def test_an_agent_may_not_write_into_anothers_pack_nor_move_others_cash(world: World, phone: Phone) -> None:
    """Neither a payment under agent-2's pack nor a transfer between two others counts."""
    entries = [
        phone.collect(5_000, pack="2026-11-23/agent-2"),
        phone.write(CashTransferred(transfer="T", from_agent="x", to_agent="y", amount_minor=1, currency="CNY")),
    ]
    phone.sync()
    result = same_in_any_order(world)
    assert result.held == {entry.hash: "AUTHOR-NOT-ALLOWED" for entry in entries}
    assert result.postings == []


def test_an_office_role_that_may_not_is_not_heard_and_one_that_may_is(world: World) -> None:
    """An auditor cancels a visit; then a supervisor does."""
    wrong = world.office(VisitCancelled(visit="V1", reason="office"), role="auditor")
    assert world.replay().held == {wrong.hash: "AUTHOR-NOT-ALLOWED"}
    world.office(VisitCancelled(visit="V1", reason="office"), role="supervisor")
    result = same_in_any_order(world)
    assert result.outcomes["visit:V1"].state["cancelled"] is True
    assert len(result.held) == 1


def test_money_without_a_pack_is_held_because_it_has_no_drawer(world: World, phone: Phone) -> None:
    """Neither a payment nor a declaration can be placed."""
    entry = phone.collect(5_000, pack="")
    phone.sync()
    result = same_in_any_order(world)
    assert result.held == {entry.hash: "OPERATION-MALFORMED"}
    assert result.postings == []


def test_a_phone_cannot_make_itself_an_office_nor_enrol_another(world: World, phone: Phone) -> None:
    """An opening in a phone's journal opens nothing, whatever its clock says."""
    phone.clock_error_ms = -(10**9)
    thief = Phone(world, "thief", "B1", 0xEE)
    entries = [
        phone.write(OfficeOpened(process="p", public_key=phone.public_key)),
        phone.write(DeviceEnrolled(device=thief.device, agent="thief", branch="B1", public_key=thief.public_key)),
    ]
    entries.append(thief.collect(9_000))
    phone.sync()
    world.lines += [entry.data for entry in thief.unsent]
    result = same_in_any_order(world)
    assert {entry.hash for entry in entries} <= set(result.held)
    assert set(result.held.values()) == {"AUTHOR-NOT-ALLOWED"}
    assert result.postings == []


def test_a_device_keeps_the_agent_of_its_first_enrolment(world: World, phone: Phone) -> None:
    """Enrolled again for another, in whatever order the lines are read: it speaks for the first."""
    body = DeviceEnrolled(device=phone.device, agent="agent-9", branch="B9", public_key=phone.public_key)
    world.office(body)
    phone.check()
    phone.collect(5_000)
    phone.sync()
    result = same_in_any_order(world, seeds=12)
    assert result.held == {}
    assert balances(result.postings)["agent_cash:agent-1"] == {"CNY": 5_000}


def test_an_arrival_stays_within_the_epoch_that_the_exchange_brought(world: World, phone: Phone) -> None:
    """A new epoch arrives before the end of the old one, which comes the next day from another boot."""
    phone.check()
    phone.collect(5_000)
    phone.new_epoch(2)
    phone.check()
    phone.sync(leave_out=frozenset({0, 1}))
    world.tick(24 * 60)
    phone.day = NEXT_DAY
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "CLOCK-DRIFT") is None
    assert found(result, "JOURNAL-GAP") is None


def test_the_latest_lock_or_unlocking_holds(world: World, phone: Phone) -> None:
    """In any order of arrival; one by somebody who may not lock has no effect, and nothing is held for it."""
    device = phone.device

    def state() -> tuple[bool, bool, int]:
        found = same_in_any_order(world).outcomes[f"device:{device}"].state
        return found["locked"], found["wipe_after_upload"], found["recoveries"]

    world.office(DeviceLocked(device=device, reason="mislaid"), role="cashier", user="mr-bai")
    assert state() == (False, False, 0)
    world.office(DeviceLocked(device=device, reason="mislaid"), role="supervisor", user="ms-li")
    phone.collect(5_000)
    phone.sync()
    assert state() == (True, False, 0)
    world.office(DeviceLocked(device=device, reason="left", wipe_after_upload=True), role="admin", user="ms-wen")
    assert state() == (True, True, 0)
    world.office(DeviceUnlocked(device=device, reason="found"), role="supervisor", user="ms-li")
    world.office(RecoveryAnswered(device=device, request="0" * 64, identified="in_person"), role="admin", user="ms-wen")
    assert state() == (False, False, 1)
    assert balances(same_in_any_order(world).postings)["debt:A1"] == {"CNY": -5_000}
