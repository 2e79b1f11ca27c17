"""The closing itself: a compare-and-set on the closing before, in the transaction that books its lines."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence

from server.limits import CLOSING_WAIT_S
from server.ports import OfficeWork, Reader, Store, Writer
from server.services.closing.obstacles import lines_to_book, obstacles_of
from server.services.refold import is_refolding
from server.services.restore.closings import chain_end
from sync.encoding import canonical_json
from sync.errors import Conflict, NotAllowed, Refused
from sync.operations.envelope import Actor
from sync.operations.office import DayClosed, Head

__all__ = ["close_day"]


def close_day(
    store: Store, branch: str, service_day: str, by: Actor, second: str = "", carry: Sequence[str] = ()
) -> str:
    """Close a branch's day and return the hash of its `DayClosed`.

    `second` is the name of a second person whose password was checked by the caller; carrying forward needs one.
    Raises NOT-FOUND for an unknown branch, CLOSING-STALE while reconciliation runs, CLOSING-REFUSED with every
    obstacle by name, TWO-PERSONS when something is to be carried by one person.
    """
    if carry and (not second or second == by.user):
        raise NotAllowed("TWO-PERSONS", "carrying forward needs a second person beside the one who closes")
    _await_reconciled(store)
    return store.write_now(lambda writer: _close(writer, branch, service_day, by, second, tuple(sorted(set(carry)))))


def _await_reconciled(store: Store) -> None:
    """A closing rests on views that have caught up with what is stored."""
    deadline = time.monotonic() + CLOSING_WAIT_S
    while True:
        with store.read() as reader:
            waiting = reader.pending_count()
            _refuse_while_refolding(reader)
        if waiting == 0:
            return
        if time.monotonic() > deadline:
            raise Conflict("CLOSING-STALE", f"{waiting} operations are still being reconciled")
        time.sleep(0.05)


def _refuse_while_refolding(reader: Reader) -> None:
    if is_refolding(reader):
        raise Conflict("CLOSING-STALE", "after an upgrade everything is being folded anew; see the job refold")


def _close(writer: Writer, branch: str, service_day: str, by: Actor, second: str, carry: tuple[str, ...]) -> str:
    key = f"branch:{branch}"
    state = writer.aggregate(key)
    if state is None:
        raise Refused("NOT-FOUND", f"no branch {branch!r}")
    if writer.pending_count():
        raise Conflict("CLOSING-STALE", "operations arrived while the day was being closed")
    _refuse_while_refolding(writer)
    last = state["last_closing"]
    if last and last["service_day"] >= service_day:
        raise Conflict("STATE-FORBIDS", f"{branch} is closed through {last['service_day']}")
    drawers = writer.aggregates([f"drawer:{agent}/{service_day}" for agent in state["agents"]])
    if not drawers:
        raise Refused("NOT-FOUND", f"{branch} had no routes on {service_day}")
    obstacles = obstacles_of(writer, branch, service_day)
    names = {obstacle.name for obstacle in obstacles}
    unknown = [name for name in carry if name not in names]
    if unknown:
        raise Refused("ARGUMENT-WRONG", f"nothing to carry forward under {', '.join(unknown)}")
    standing = [obstacle for obstacle in obstacles if obstacle.name not in carry or not obstacle.carriable]
    if standing:
        raise Conflict(
            "CLOSING-REFUSED",
            "; ".join(f"[{obstacle.name}] {obstacle.sentence_en}" for obstacle in standing),
            obstacles=standing,
        )
    heads = _heads(writer, sorted(state["agents"]))
    lines = lines_to_book(writer, branch, service_day)
    heads_document = writer.put_blob(canonical_json(heads))
    lines_document = writer.put_blob(canonical_json(lines))
    # Of a time that this database forgot a signed closing may stand outside: no number is signed twice.
    end = chain_end(writer, branch)
    body = DayClosed(
        branch=branch,
        service_day=service_day,
        number=end.number + 1,
        before=end.closing,
        heads_document=heads_document,
        lines_document=lines_document,
        books_digest=hashlib.sha256(f"{end.books_digest}|{lines_document}".encode()).hexdigest(),
        agents=_agents(writer, state["agents"], {drawer["agent"] for drawer in drawers.values()}),
        carried=carry,
        second=second,
    )
    entry = writer.append_office([OfficeWork(body=body, by=by)], expect={key: writer.aggregate_head(key)})[0]
    writer.cover(heads, f"{body.number:06d}")
    writer.book(branch, lines)
    return entry.hash


def _agents(writer: Writer, agents: Iterable[str], with_drawer: set[str]) -> tuple[str, ...]:
    """Who had a drawer, and who may still turn out to have had one: whoever has a phone can be offline with records."""
    return tuple(sorted(agent for agent in agents if agent in with_drawer or writer.devices(agent=agent, limit=1)))


def _heads(writer: Writer, agents: Sequence[str]) -> list[Head]:
    """Every head of every journal of the branch's devices, branches of a fork included."""
    return [
        Head(device.device, journal.epoch, end.seq, end.hash)
        for agent in agents
        for device in writer.devices(agent=agent)
        for journal in writer.journals(device.device)
        for end in journal.summary.ends
    ]
