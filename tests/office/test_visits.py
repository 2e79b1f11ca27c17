"""Assigning, reassigning, moving and calling off visits: clear states, and packs that follow."""

from __future__ import annotations

import pytest

from server.services.office import Office
from server.services.packs import issue_pack, refresh_after
from server.services.plans import plan_day
from server.services.present import visit_now
from server.services.reconcile import Reconciler
from server.services.visit_rows import visits_of_day
from server.services.visits import assign_visit, cancel_visit, move_visit, reassign_visit
from sync.operations.field import VisitConcluded, VisitStarted
from sync.operations.office import PackIssued
from tests.office.conftest import ADMIN, CASHIER, SUPERVISOR, reconcile
from tests.office.looking import DAY, bodies, pack, refused, visit_document, write
from tests.office.phone import Phone

ONE, TWO = "AG-YC-1", "AG-YC-2"


def _conclude(phone: Phone, visit: str, account: str, customer: str) -> None:
    phone.write(VisitConcluded(visit=visit, account=account, customer=customer, reason="nobody_home"))


def test_an_assigned_visit_is_in_the_pack_at_once(tiny: Office) -> None:
    """Assigning issues the pack; the phone gets the frame and the stop."""
    change = write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    frame = pack(tiny, ONE)
    assert frame is not None
    assert frame.visits == ["V1"]
    assert change.documents_changed == 2
    assert visit_document(tiny, ONE, "V1") is not None
    assert [issued.visits for issued in bodies(tiny, PackIssued)] == [("V1",)]


def test_a_reassigned_visit_changes_packs(tiny: Office) -> None:
    """The stop leaves one pack and enters the other; both packs are journaled anew."""
    for visit in ("V1", "V2"):
        write(tiny, lambda w, v=visit: assign_visit(w, tiny, SUPERVISOR, v, ONE))  # type: ignore[misc]  # bound early
    write(tiny, lambda w: reassign_visit(w, tiny, SUPERVISOR, "V1", TWO))
    assert visit_document(tiny, ONE, "V1") is None
    assert visit_document(tiny, TWO, "V1") is not None
    issued = bodies(tiny, PackIssued)
    assert {(body.agent, body.visits) for body in issued[-2:]} == {(ONE, ("V2",)), (TWO, ("V1",))}


def test_only_what_changed_goes_to_the_phones(tiny: Office) -> None:
    """Renewing a pack in which nothing changed gives the phone nothing to download."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V2", ONE))
    tiny.clock.wall_ms += 60_000  # type: ignore[attr-defined]  # a FixedClock
    assert write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY))[1] == 0
    change = write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V1", "customer"))
    assert change.documents_changed == 2  # the frame, and the stop that left


def test_assigning_what_somebody_has_is_refused(tiny: Office) -> None:
    """Assign and reassign are two commands, so that nobody takes a visit away by mistake."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    with refused("STATE-FORBIDS", ONE, "reassign"):
        write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", TWO))
    with refused("STATE-FORBIDS", "already"):
        write(tiny, lambda w: reassign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    with refused("STATE-FORBIDS", "nobody's"):
        write(tiny, lambda w: reassign_visit(w, tiny, SUPERVISOR, "V2", ONE))


def test_a_stale_basis_is_refused(tiny: Office) -> None:
    """A command that names the operation it saw is refused when another came since, and leaves nothing."""
    with tiny.store.read() as reader:
        seen = visit_now(reader, "V1").head
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE, basis=seen))
    with refused("STATE-STALE", "visit:V1"):
        write(tiny, lambda w: reassign_visit(w, tiny, SUPERVISOR, "V1", TWO, basis=seen))
    with refused("STATE-STALE"):
        write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V1", "office", basis=seen))
    with refused("STATE-STALE"):
        write(tiny, lambda w: move_visit(w, tiny, SUPERVISOR, "V1", DAY, 32_400, 36_000, basis=seen))
    assert pack(tiny, TWO) is None


def test_a_concluded_visit_is_left_alone(tiny: Office) -> None:
    """What happened at the door cannot be called off, moved or given to somebody else."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    _conclude(Phone(tiny, ONE), "V1", "AC00001", "CU00001")
    reconcile(tiny)
    for command in (
        lambda w: cancel_visit(w, tiny, SUPERVISOR, "V1", "customer"),
        lambda w: move_visit(w, tiny, SUPERVISOR, "V1", "2026-03-03", 0, 1),
        lambda w: reassign_visit(w, tiny, SUPERVISOR, "V1", TWO),
        lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE),
    ):
        with refused("STATE-FORBIDS", "concluded by AG-YC-1"):
            write(tiny, command)


def test_a_cancelled_visit_stays_cancelled(tiny: Office) -> None:
    """Calling off twice is refused, and so is giving out what was called off."""
    write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V1", "unsafe"))
    with refused("STATE-FORBIDS", "called off"):
        write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V1", "unsafe"))
    with refused("STATE-FORBIDS", "called off"):
        write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))


def test_a_moved_visit_is_nobodys_and_found_on_its_new_day(tiny: Office) -> None:
    """Moving takes it from the pack; it can be assigned on the other day."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    write(tiny, lambda w: move_visit(w, tiny, SUPERVISOR, "V1", "2026-03-03", 36_000, 39_600))
    assert visit_document(tiny, ONE, "V1") is None
    with tiny.store.read() as reader:
        present = visit_now(reader, "V1")
        assert (present.agent, present.service_day, present.window_starts_s) == ("", "2026-03-03", 36_000)
        assert visits_of_day(reader, "YC", "2026-03-03") == ["V1"]
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", TWO))
    document = visit_document(tiny, TWO, "V1")
    assert document is not None
    assert (document.window_starts_s, document.window_ends_s) == (36_000, 39_600)


def test_unknown_things_are_not_found(tiny: Office) -> None:
    """An unknown visit and an unknown agent are named."""
    with refused("NOT-FOUND", "V99"):
        write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V99", "office"))
    with refused("NOT-FOUND", "AG-9"):
        write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", "AG-9"))


@pytest.mark.parametrize(("position", "eta_s"), [(0, 0), (-1, 0), (1, -1), (1, 90_000)])
def test_places_and_times_must_make_sense(tiny: Office, position: int, eta_s: int) -> None:
    """A position below one or an arrival outside the day is refused."""
    with refused("ARGUMENT-WRONG"):
        write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE, position=position, eta_s=eta_s))


def test_windows_must_make_sense(tiny: Office) -> None:
    """A window that ends before it starts is refused."""
    with refused("ARGUMENT-WRONG", "window"):
        write(tiny, lambda w: move_visit(w, tiny, SUPERVISOR, "V1", "2026-03-03", 2, 1))


def test_roles_are_checked(tiny: Office) -> None:
    """A cashier plans nothing."""
    with refused("ROLE-MISSING", "bai"):
        write(tiny, lambda w: assign_visit(w, tiny, CASHIER, "V1", ONE))


def test_an_agent_of_another_branch_gets_nothing(tiny: Office) -> None:
    """Visits stay within their branch."""
    from server.services.imports import import_file
    from tests.office.conftest import TINY

    data = (TINY / "agents.csv").read_text("utf-8").replace("AG-YC-1,周甲,YC", "AG-XY-1,周甲,XY")
    import_file(tiny, ADMIN, "agents", "agents.csv", data.encode())
    with refused("STATE-FORBIDS", "branch XY"):
        write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", "AG-XY-1"))


def test_a_visit_done_by_its_former_agent_leaves_the_others_pack(tiny: Office) -> None:
    """The reconciler's hook takes the stop from the pack of the one who has it now."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    write(tiny, lambda w: reassign_visit(w, tiny, SUPERVISOR, "V1", TWO))
    _conclude(Phone(tiny, ONE), "V1", "AC00001", "CU00001")
    assert visit_document(tiny, TWO, "V1") is not None
    reconciler = Reconciler(tiny.store, refresh_after(tiny))
    while reconciler.run_pending(100):
        pass
    assert visit_document(tiny, TWO, "V1") is None
    frame = pack(tiny, TWO)
    assert frame is not None
    assert frame.visits == []


def test_a_visit_done_by_its_own_agent_stays_in_the_pack(tiny: Office) -> None:
    """The phone goes on showing what was done today."""
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    phone = Phone(tiny, ONE)
    phone.write(VisitStarted(visit="V1"))
    _conclude(phone, "V1", "AC00001", "CU00001")
    reconcile(tiny)
    write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY))
    assert visit_document(tiny, ONE, "V1") is not None


def test_planning_leaves_hand_made_changes_visible(tiny: Office) -> None:
    """A visit that was called off is on nobody's route afterwards."""
    write(tiny, lambda w: cancel_visit(w, tiny, SUPERVISOR, "V2", "settled"))
    kept = plan_day(tiny, ADMIN, "YC", DAY, iterations=20)
    assert "V2" not in {stop.visit_id for route in kept.plan.routes for stop in route.stops}
