"""Whether the office waits after a restore, as a function of the set of facts."""

from __future__ import annotations

from typing import Any

import pytest

from sync.operations.kinds import RESTORE_KEY
from sync.operations.money import RefundAuthorised, RefundPaid
from sync.operations.restore import ClosingPresented, LastBatch, RestoreConfirmed, RevocationsConfirmed, RollbackNoticed
from sync.reconcile.ledger import balances
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, World, same_in_any_order


def state_of(world: World, key: str = RESTORE_KEY) -> dict[str, Any]:
    """What the fold says, whatever the order of the facts."""
    return same_in_any_order(world).outcomes[key].state


def waits(world: World) -> tuple[bool, bool]:
    """Whether documents and books wait."""
    state = state_of(world)
    return state["downloads_wait"], state["books_wait"]


def confirm(world: World, through_ms: int, *, second: str = "lan", **more: Any) -> None:
    """Confirm revocations and what is missing."""
    world.office(RevocationsConfirmed(through_ms=through_ms, revoked=0), role="supervisor")
    world.office(RestoreConfirmed(through_ms=through_ms, second=second, missing="a day", **more), role="supervisor")


def test_a_notice_makes_everything_wait_and_confirmations_end_it(world: World) -> None:
    """Documents go out first, the books follow; nothing of it moves money."""
    before = world.replay().books_digest
    world.office(RollbackNoticed(noticed_ms=100, device="ff"), role="system")
    assert waits(world) == (True, True)
    world.office(RevocationsConfirmed(through_ms=100, revoked=0), role="supervisor")
    assert waits(world) == (False, True)
    world.office(RestoreConfirmed(through_ms=100, second="lan", missing="a day"), role="supervisor")
    assert waits(world) == (False, False)
    assert world.replay().books_digest == before


def test_a_confirmation_covers_only_what_was_noticed_until_then(world: World) -> None:
    """A later notice makes both wait again; an earlier one that arrives late does not."""
    world.office(RollbackNoticed(noticed_ms=100), role="admin")
    confirm(world, 200)
    world.office(RollbackNoticed(noticed_ms=150), role="system")
    assert waits(world) == (False, False)
    world.office(RollbackNoticed(noticed_ms=201), role="system")
    assert waits(world) == (True, True)


def test_one_person_alone_confirms_nothing(world: World) -> None:
    """Neither without a second name nor with the author's own."""
    world.office(RollbackNoticed(noticed_ms=100), role="admin")
    entry = world.office(RestoreConfirmed(through_ms=100, second="", missing="x"), role="supervisor")
    by = entry.operation.by
    assert by is not None
    confirm(world, 100, second=by.user, batches=(LastBatch("bank", 9),))
    assert waits(world) == (False, True)
    assert state_of(world, "creditor:bank")["last"] == 0


def test_a_phone_cannot_say_it(world: World, phone: Phone) -> None:
    """From a phone's journal it is held without effect."""
    world.office(RollbackNoticed(noticed_ms=100), role="admin")
    phone.write(RestoreConfirmed(through_ms=900, second="lan", missing="x"))
    phone.write(RevocationsConfirmed(through_ms=900, revoked=0))
    phone.sync()
    assert waits(world) == (True, True)


def test_numbers_that_a_creditor_got_are_used_up(world: World, phone: Phone) -> None:
    """The highest of what is here and what is outside counts, for that creditor alone."""
    phone.check()
    phone.collect(30_000)
    phone.sync()
    world.remit(world.replay().outcomes["account:A1"].state["unremitted"])
    assert state_of(world, "creditor:bank") == {"creditor": "bank", "batches": 1, "last": 1}
    confirm(world, 1, batches=(LastBatch("bank", 7), LastBatch("other", 3)), lost=("bank/2",))
    assert state_of(world, "creditor:bank") == {"creditor": "bank", "batches": 1, "last": 7}
    assert state_of(world, "creditor:other") == {"creditor": "other", "batches": 0, "last": 3}
    assert state_of(world)["lost"] == ["bank/2"]
    confirm(world, 2, batches=(LastBatch("bank", 0),))
    assert state_of(world, "creditor:bank")["last"] == 7


def test_a_presented_closing_is_listed_once_and_closes_nothing(world: World) -> None:
    """The branch's own last closing stays what it is."""
    body = ClosingPresented(
        branch="B1", service_day=DAY, number=4, closing="c" * 64, books_digest="d" * 64, statement="5" * 64,
        document="6" * 64,
    )  # fmt: skip
    for _ in range(2):
        world.office(body, role="admin")
    assert [item["number"] for item in state_of(world)["presented"]] == [4]
    branch = state_of(world, "branch:B1")
    assert (branch["closings"], branch["last_closing"]) == (0, None)


@pytest.mark.parametrize(("second", "stands"), [("lan", True), ("", False)])
def test_a_forgotten_refund_rests_on_two_persons(world: World, phone: Phone, second: str, *, stands: bool) -> None:
    """Without a decision it counts only so; paid out it is posted, though nothing is too much any more."""
    phone.check()
    phone.collect(30_000)
    phone.sync()
    body = RefundAuthorised(
        refund="A1.R1", account="A1", amount_minor=5_000, currency="CNY", source="credit",
        decision=f"restore:{'a' * 64}", second=second,
    )  # fmt: skip
    world.office(body, role="supervisor", user="wen")
    paid = RefundPaid(refund="A1.R1", account="A1", amount_minor=5_000, currency="CNY", branch="B1", service_day=DAY)
    world.office(paid, role="cashier", user="qian")
    held = balances(same_in_any_order(world).postings)
    assert held.get("branch_cash:B1") == ({"CNY": -5_000} if stands else None)
