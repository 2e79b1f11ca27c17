"""Closing over what a device never delivered: two persons, by name; what arrives later still counts."""

from __future__ import annotations

from server.ports import OfficeWork, Writer
from server.services.office import Person, actor_for, second_person
from sync.errors import Conflict, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.operations.office import JournalLost

__all__ = ["declare_journal_lost"]


def declare_journal_lost(
    writer: Writer,
    person: Person,
    device: str,
    epoch: int,
    from_seq: int,
    to_seq: int,
    pack: str,
    reason: str,
    second: str,
) -> str:
    """Journal that numbers `from_seq` to `to_seq` are lost (`to_seq` 0: the tail from there on); the hash. One work.

    Raises DEVICE-UNKNOWN, NOT-FOUND for an epoch never assigned, TWO-PERSONS, STATE-FORBIDS when one of the numbers
    is held, ARGUMENT-WRONG.
    """
    by = actor_for(person, "JournalLost")
    second_person(person, second, "a lost journal")
    known = writer.device(device)
    if known is None or not known.agent:
        raise Refused("DEVICE-UNKNOWN", f"no device {device[:32]!r} is enrolled")
    if not 0 < len(reason.strip()) <= TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a reason has 1 to {TEXT_LENGTH_MAX} characters")
    if from_seq < 1 or (to_seq and to_seq < from_seq):
        raise Refused("ARGUMENT-WRONG", f"numbers {from_seq} to {to_seq} are no stretch")
    day, _, agent = pack.partition("/")
    if pack and not (day and agent == known.agent):
        raise Refused("ARGUMENT-WRONG", f"pack {pack[:80]!r} is not one of {known.agent}")
    if epoch not in {assigned.epoch for assigned in writer.epochs(device)}:
        raise Refused("NOT-FOUND", f"device {device} was never given epoch {epoch}")
    held = writer.operations_of(device, epoch, from_seq, 1)
    if held and (not to_seq or held[0].seq <= to_seq):
        raise Conflict("STATE-FORBIDS", f"operation {epoch}/{held[0].seq} of {device} is held: it is not lost")
    body = JournalLost(
        device=device, epoch=epoch, from_seq=from_seq, to_seq=to_seq, pack=pack, second=second, reason=reason.strip()
    )
    key = f"device:{device}"
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: writer.aggregate_head(key)})
    return entry.hash
