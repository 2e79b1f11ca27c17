"""Confirming a void: by the code that the customer alone holds, or by the registered contact's answer.

The *void code* is sent with the confirmation of a visit, beside the visit code, and is never in a pack. It follows
from the visit's id and a key of the office, and confirms one void: a second one at the same visit needs the
registered contact.
"""

from __future__ import annotations

import hmac
from typing import Literal

from server.keys import OfficeKeys
from server.ports import Keys, OfficeWork, Reader, Store, Writer
from server.services.identity import open_answer
from server.services.office import SYSTEM, Person, actor_for
from server.services.present import facts_now
from sync.errors import Conflict, Refused
from sync.operations.envelope import Actor
from sync.operations.field import PaymentCollected, PaymentVoided
from sync.operations.office import VoidConfirmed
from sync.reconcile.facts import Fact
from sync.reconcile.payment_status import PaymentStatus, payment_statuses
from sync.visit_code import normal_code

__all__ = ["VoidMeans", "confirm_pending_voids", "confirm_void", "void_code"]

VoidMeans = Literal["void_code", "registered_contact"]
_WAITING = {"void_pending", "void_contested"}
_CURSOR = "voids/cursor"


def void_code(keys: Keys, visit: str) -> str:
    """Six digits for the customer of a visit; nobody without the office's key can work them out."""
    return f"{int.from_bytes(keys.blind('void-code', visit), 'big') % 1_000_000:06d}"


def confirm_void(
    writer: Writer, keys: OfficeKeys, person: Person, series: str, means: VoidMeans, *, code: str = ""
) -> str:
    """Journal that the customer confirmed the void of a receipt series; the operation's hash. One work.

    Raises NOT-FOUND for an unknown series, STATE-FORBIDS when no void waits or the code was used,
    ARGUMENT-WRONG for a wrong code.
    """
    by = actor_for(person, "VoidConfirmed")
    key = f"payment:{series}"
    facts = facts_now(writer, [key])[key]
    if not facts:
        raise Refused("NOT-FOUND", f"no receipt {series[:80]!r}")
    status = _waiting(series, facts)
    if status is None:
        raise Conflict("STATE-FORBIDS", f"no void of receipt {series} waits for a confirmation")
    if means == "void_code":
        _check_code(writer, keys, status, code)
    return _confirm(writer, status, means, by)


def _waiting(series: str, facts: list[Fact]) -> PaymentStatus | None:
    for status in payment_statuses(facts):
        if status.series == series and status.status in _WAITING and not status.confirmed:
            return status
    return None


def _confirm(writer: Writer, status: PaymentStatus, means: VoidMeans, by: Actor) -> str:
    key = f"payment:{status.series}"
    body = VoidConfirmed(payment=status.fact.hash, voided=status.series, means=means)
    rests_on = tuple(void.hash for void in status.voids)
    (entry,) = writer.append_office(
        [OfficeWork(body=body, by=by, rests_on=rests_on)], expect={key: writer.aggregate_head(key)}
    )
    return entry.hash


def _check_code(reader: Reader, keys: Keys, status: PaymentStatus, code: str) -> None:
    visit = status.body.visit
    if not visit:
        raise Conflict("STATE-FORBIDS", "a walk-up payment has no void code: ask the registered contact")
    if not hmac.compare_digest(normal_code(code).encode(), void_code(keys, visit).encode()):
        raise Refused("ARGUMENT-WRONG", "this is not the void code of that visit")
    if _code_was_used(reader, visit):
        raise Conflict("STATE-FORBIDS", f"the void code of visit {visit} was used: ask the registered contact")


def _code_was_used(reader: Reader, visit: str) -> bool:
    key = f"visit:{visit}"
    payments = [f.operation.body for f in facts_now(reader, [key])[key] if isinstance(f.operation.body, PaymentVoided)]
    confirmed = facts_now(reader, {f"payment:{body.voided}" for body in payments})
    return any(
        isinstance(fact.operation.body, VoidConfirmed) and fact.operation.body.means == "void_code" and not fact.held
        for facts in confirmed.values()
        for fact in facts
    )


def confirm_pending_voids(store: Store, keys: OfficeKeys, limit: int) -> int:
    """Open the void codes that agents sealed at the door, for the next `limit` payments; how many were confirmed.

    A job beside `judge_pending`. A code that is wrong or was used confirms nothing and leaves the void waiting.
    """
    with store.read() as reader:
        after = reader.setting(_CURSOR)
        page = reader.aggregates_of("payment", after=after, limit=limit)
    waiting = [state["series"] for _, state in page if any(p["status"] in _WAITING for p in state["payments"])]
    cursor = page[-1][0] if len(page) == limit else ""
    if not waiting and cursor == after:
        return 0

    def work(writer: Writer) -> int:
        writer.put_setting(_CURSOR, cursor)
        return sum(_confirm_sealed(writer, keys, series) for series in waiting)

    return store.write_now(work)


def _confirm_sealed(writer: Writer, keys: OfficeKeys, series: str) -> bool:
    key = f"payment:{series}"
    status = _waiting(series, facts_now(writer, [key])[key])
    if status is None or not isinstance(status.fact.operation.body, PaymentCollected) or not status.body.visit:
        return False
    for void in status.voids:
        body, operation = void.operation.body, void.operation
        if not isinstance(body, PaymentVoided) or not body.void_code:
            continue
        answer = open_answer(writer, keys, body.void_code, operation.device, status.body.visit, operation.prev)
        right = answer and hmac.compare_digest(answer.encode(), void_code(keys, status.body.visit).encode())
        if right and not _code_was_used(writer, status.body.visit):
            _confirm(writer, status, "void_code", SYSTEM)
            return True
    return False
