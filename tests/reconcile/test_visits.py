"""Rules about a visit: who had it, whether it was on, and whom the agent spoke to."""

from __future__ import annotations

import pytest

from sync.operations.field import NoticeDelivered, PromiseMade
from sync.operations.office import IdentityJudged, VisitCancelled, VisitMoved
from sync.reconcile.replay import Replay
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, World, found, same_in_any_order, sentences


def visit_of(result: Replay, visit: str = "V1") -> dict[str, object]:
    """State of a visit."""
    return result.outcomes[f"visit:{visit}"].state


def cancel(world: World) -> None:
    """The office cancels the visit."""
    world.office(VisitCancelled(visit="V1", reason="customer"))


def move(world: World, day: str = NEXT_DAY) -> None:
    """The office moves the visit to another day."""
    world.office(VisitMoved(visit="V1", service_day=day, window_starts_s=0, window_ends_s=0))


def test_reassigned_fires_for_the_agent_from_whom_it_was_taken(world: World, phone: Phone) -> None:
    """The visit stands as info, and it is the other agent's in the plan."""
    phone.conclude()
    world.assign("V1", "agent-2")
    phone.sync()
    result = same_in_any_order(world)
    reassigned = found(result, "VISIT-REASSIGNED")
    assert reassigned is not None
    assert (reassigned.severity, reassigned.open, reassigned.agent) == ("info", False, "")
    assert "agent-2" in sentences(reassigned)[0]
    assert "agent-1" in sentences(reassigned)[1]
    assert (visit_of(result)["outcome"], visit_of(result)["agent"]) == ("paid", "agent-2")


def test_reassigned_does_not_fire_for_the_agent_who_has_it_again(world: World, phone: Phone) -> None:
    """Taken away and given back before it was concluded."""
    world.assign("V1", "agent-2")
    world.assign("V1", "agent-1")
    phone.conclude()
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-REASSIGNED") is None


def test_an_agent_who_never_had_it_is_for_review(world: World) -> None:
    """Not the agent from whom it was taken: somebody has to look."""
    stranger = world.phone("agent-3")
    stranger.conclude()
    stranger.sync()
    reassigned = found(same_in_any_order(world), "VISIT-REASSIGNED")
    assert reassigned is not None
    assert (reassigned.severity, reassigned.open) == ("review", True)


def test_a_moved_visit_is_nobodys_until_it_is_given_again(world: World, phone: Phone) -> None:
    """Moving within the day takes it from the agent, but nobody else has it, so nobody did another's visit."""
    move(world, DAY)
    phone.conclude()
    phone.sync()
    result = same_in_any_order(world)
    assert visit_of(result)["agent"] == ""
    assert found(result, "VISIT-REASSIGNED") is None
    assert found(result, "VISIT-CANCELLED") is None


def test_visit_twice_fires_for_two_agents(world: World, phone: Phone) -> None:
    """Both stand."""
    other = world.phone("agent-2")
    phone.conclude()
    other.conclude()
    other.sync()
    phone.sync()
    result = same_in_any_order(world)
    twice = found(result, "VISIT-TWICE")
    assert twice is not None
    assert (twice.severity, len(twice.operations)) == ("review", 2)
    assert "agent-1, agent-2" in sentences(twice)[0]
    assert visit_of(result)["concluded_by"] == ["agent-1", "agent-2"]


def test_visit_twice_does_not_fire_for_one_agent_on_two_phones(world: World, phone: Phone) -> None:
    """The same agent concluding again is no second agent."""
    spare = world.phone("agent-1")
    phone.conclude()
    spare.conclude()
    phone.sync()
    spare.sync()
    assert found(same_in_any_order(world), "VISIT-TWICE") is None


def test_cancelled_fires_when_concluded_after_the_cancellation(world: World, phone: Phone) -> None:
    """The phone had not heard of it; everything done there stands."""
    cancel(world)
    phone.check()
    phone.collect(10_000)
    phone.conclude()
    phone.sync()
    result = same_in_any_order(world)
    cancelled = found(result, "VISIT-CANCELLED")
    assert cancelled is not None
    assert cancelled.severity == "review"
    assert "cancelled it" in sentences(cancelled)[0]
    assert "取消" in sentences(cancelled)[1]
    assert (visit_of(result)["cancelled"], visit_of(result)["outcome"]) == (True, "paid")


def test_cancelled_does_not_fire_when_it_was_certainly_concluded_before(world: World, phone: Phone) -> None:
    """One boot's monotonic clock says that the visit was over an hour before the office cancelled it."""
    phone.conclude()
    world.tick(60)
    cancel(world)
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-CANCELLED") is None


def test_cancelled_fires_when_only_the_arrival_bounds_the_time(world: World, phone: Phone) -> None:
    """After a restart of the phone nothing says that it was before: possibly after is enough for a review."""
    phone.conclude()
    phone.reboot("other")
    world.tick(60)
    cancel(world)
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-CANCELLED") is not None


def test_moved_to_another_day_fires_and_names_the_day(world: World, phone: Phone) -> None:
    """Concluded on the old day although the office had moved it."""
    move(world)
    phone.conclude()
    phone.sync()
    moved = found(same_in_any_order(world), "VISIT-CANCELLED")
    assert moved is not None
    assert f"moved it to {NEXT_DAY}" in sentences(moved)[0]
    assert f"改期至 {NEXT_DAY}" in sentences(moved)[1]


def test_moved_does_not_fire_on_the_new_day_nor_for_what_was_done_before(world: World, phone: Phone) -> None:
    """Moved, then done on the day it was moved to; moved again later, which concerns nothing that is done."""
    move(world)
    phone.day = NEXT_DAY
    phone.conclude()
    world.tick(30)
    move(world, "2026-11-30")
    phone.sync()
    assert found(same_in_any_order(world), "VISIT-CANCELLED") is None


def test_id_conflict_fires_when_checks_disagree_and_the_fail_holds(world: World, phone: Phone) -> None:
    """A third party, then an answer: failed until decided; PAY-UNIDENTIFIED has the same cause and keeps silent."""
    phone.check(result="third_party")
    phone.check()
    phone.collect(10_000)
    phone.sync()
    result = same_in_any_order(world)
    conflict = found(result, "ID-CONFLICT")
    assert conflict is not None
    assert conflict.severity == "review"
    assert "third_party" in sentences(conflict)[0]
    assert "third" not in sentences(conflict)[1]
    assert visit_of(result)["identity"] == "failed"
    assert found(result, "PAY-UNIDENTIFIED") is None


def test_id_conflict_fires_when_the_offices_own_check_fails(world: World, phone: Phone) -> None:
    """The sealed answer is not the right one."""
    check = phone.check()
    phone.sync()
    world.office(IdentityJudged(visit="V1", check=check.hash, matched=False))
    result = same_in_any_order(world)
    assert found(result, "ID-CONFLICT") is not None
    assert visit_of(result)["identity"] == "failed"


def test_id_conflict_does_not_fire_when_checks_agree(world: World, phone: Phone) -> None:
    """Two answers, one of them matched by the office."""
    check = phone.check()
    phone.check()
    phone.sync()
    world.office(IdentityJudged(visit="V1", check=check.hash, matched=True))
    result = same_in_any_order(world)
    assert found(result, "ID-CONFLICT") is None
    assert visit_of(result)["identity"] == "matched"


@pytest.mark.parametrize(("passed", "identity"), [(True, "answered"), (False, "failed")])
def test_a_decision_settles_which_check_holds_until_another_disagrees(
    world: World, phone: Phone, passed: bool, identity: str
) -> None:
    """Decided, the identity follows; a further check is a new ground and the fail holds again."""
    phone.check(result="refused")
    phone.check()
    phone.sync()
    conflict = found(world.replay(), "ID-CONFLICT")
    assert conflict is not None
    world.decide(conflict, "confirm_pass" if passed else "confirm_fail")
    assert visit_of(world.replay())["identity"] == identity
    phone.check(result="third_party")
    phone.sync()
    result = same_in_any_order(world)
    again = found(result, "ID-CONFLICT")
    assert again is not None
    assert again.open
    assert visit_of(result)["identity"] == "failed"


@pytest.mark.parametrize("result_at_door", ["", "refused"])
def test_pay_unidentified_fires_without_a_passed_check(world: World, phone: Phone, result_at_door: str) -> None:
    """The payment stands; ID-SKIPPED yields."""
    if result_at_door:
        phone.check(result="refused")
    phone.collect(10_000)
    promise(phone)
    phone.sync()
    result = same_in_any_order(world)
    unidentified = found(result, "PAY-UNIDENTIFIED")
    assert unidentified is not None
    assert (unidentified.severity, unidentified.values["count"]) == ("review", 1)
    sentences(unidentified)
    assert found(result, "ID-SKIPPED") is None
    assert result.outcomes["account:A1"].state["debt_left_minor"] == 90_000


def test_pay_unidentified_does_not_fire_after_a_passed_check_by_any_agent(world: World, phone: Phone) -> None:
    """The check may come after the payment, and from another phone: it is of the same visit."""
    phone.collect(10_000)
    phone.sync()
    other = world.phone("agent-2")
    other.check()
    other.sync()
    assert found(same_in_any_order(world), "PAY-UNIDENTIFIED") is None


def promise(phone: Phone) -> None:
    """The customer promises to pay."""
    phone.write(PromiseMade(visit="V1", account="A1", customer="C1", amount_minor=1, currency="CNY", due=NEXT_DAY))


def letter(phone: Phone, *, posted: bool = False) -> None:
    """A letter is handed to the customer, or posted."""
    phone.write(
        NoticeDelivered(
            visit="V1",
            account="A1",
            notice="N1",
            version=1,
            manner="posted" if posted else "handed_sealed",
            recipient="nobody" if posted else "customer",
        )
    )


def test_id_skipped_fires_for_a_letter_or_an_agreement_without_a_check(world: World, phone: Phone) -> None:
    """Both are named in both languages, and stand."""
    letter(phone)
    promise(phone)
    phone.sync()
    skipped = found(same_in_any_order(world), "ID-SKIPPED")
    assert skipped is not None
    assert (skipped.severity, len(skipped.operations)) == ("review", 2)
    assert "a letter handed over, an agreement" in sentences(skipped)[0]
    assert "当面交付信函、达成还款约定" in sentences(skipped)[1]


def test_id_skipped_does_not_fire_with_a_check_or_for_a_posted_letter(world: World, phone: Phone) -> None:
    """Posting needs no identity; an agreement after a check is in order."""
    letter(phone, posted=True)
    phone.sync()
    assert found(world.replay(), "ID-SKIPPED") is None
    promise(phone)
    phone.check()
    phone.sync()
    assert found(same_in_any_order(world), "ID-SKIPPED") is None
