"""Cases of the rules about journals, single operations and decisions."""

from __future__ import annotations

from sync.operations.field import NoteTaken
from sync.operations.office import JournalLost, VisitCancelled
from tests.reconcile.cases.registry import fires, nearly, ready
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World

__all__: list[str] = []


def _notes(phone: Phone, count: int) -> None:
    for number in range(count):
        phone.write(NoteTaken(visit="V1", note=f"{number}"))


@fires("JOURNAL-GAP")
def a_number_is_missing() -> World:
    """The second of three stays on the phone."""
    world, phone = ready()
    _notes(phone, 3)
    phone.sync(leave_out=frozenset({1}))
    return world


@nearly("JOURNAL-GAP")
def two_persons_declared_the_number_lost() -> World:
    """The gap is closed over."""
    world = a_number_is_missing()
    (phone,) = world.phones
    body = JournalLost(
        device=phone.device, epoch=1, from_seq=2, to_seq=2, pack=phone.pack, second="mr-wu", reason="broken"
    )
    world.office(body, role="supervisor", user="ms-li")
    return world


def _restored(*, fork: bool) -> World:
    world, phone = ready()
    _notes(phone, 2)
    phone.sync()
    twin = phone.clone()
    phone.check()
    phone.sync()
    if fork:
        twin.check(account="A2")
        twin.sync()
    return world


@fires("JOURNAL-FORK")
def two_operations_at_one_place() -> World:
    """A restored phone goes on from its backup."""
    return _restored(fork=True)


@nearly("JOURNAL-FORK")
def a_restored_phone_that_writes_nothing() -> World:
    """One chain."""
    return _restored(fork=False)


def _revoked(*, late: bool) -> World:
    world, phone = ready()
    phone.check()
    known = phone.sync()[-1]
    if late:
        phone.collect(7_000)
    world.revoke(phone, heads=[known])
    phone.sync()
    return world


@fires("DEVICE-REVOKED")
def a_payment_above_the_last_head_known() -> World:
    """It is held."""
    return _revoked(late=True)


@nearly("DEVICE-REVOKED")
def nothing_above_the_last_head_known() -> World:
    """All that there is was known."""
    return _revoked(late=False)


def _raw(old: bytes, new: bytes) -> World:
    world, phone = ready()
    phone.write_raw(lambda data: data.replace(old, new, 1))
    phone.sync()
    return world


@fires("OPERATION-MALFORMED")
def a_member_that_stands_twice() -> World:
    """No client of ours writes that."""
    return _raw(b'"v":1', b'"v":1,"v":1')


@nearly("OPERATION-MALFORMED")
def blanks_between_the_members() -> World:
    """Not how we write, and no fault."""
    return _raw(b'{"v":1', b'{ "v" : 1')


@fires("SCHEMA-NEWER")
def a_version_that_is_not_known_yet() -> World:
    """Held until an upgrade."""
    return _raw(b'"v":1', b'"v":2')


@nearly("SCHEMA-NEWER")
def our_own_version() -> World:
    """With a blank, so that the bytes differ."""
    return _raw(b'"v":1', b'"v": 1')


def _cancelled(*, by_phone: bool) -> World:
    world, phone = ready()
    body = VisitCancelled(visit="V1", reason="office")
    if by_phone:
        phone.write(body)
        phone.sync()
    else:
        world.office(body, role="supervisor")
    return world


@fires("AUTHOR-NOT-ALLOWED")
def a_phone_cancels_its_visit() -> World:
    """That is the office's."""
    return _cancelled(by_phone=True)


@nearly("AUTHOR-NOT-ALLOWED")
def a_supervisor_cancels_the_visit() -> World:
    """That is theirs."""
    return _cancelled(by_phone=False)


def _decided(second: str) -> World:
    world, phone = ready()
    phone.collect(1_000)
    phone.sync()
    (item,) = (item for item in world.replay().discrepancies if item.rule == "PAY-UNIDENTIFIED")
    world.decide(item, "excuse", user="ms-li")
    world.decide(item, second, user="mr-wu")  # type: ignore[arg-type]  # one of the outcomes
    return world


@fires("DECISION-CLASH")
def two_supervisors_decide_differently() -> World:
    """On one ground."""
    return _decided("accept")


@nearly("DECISION-CLASH")
def two_supervisors_decide_alike() -> World:
    """Nothing contradicts."""
    return _decided("excuse")
